import { type Deed, dryRun } from "../lib/engines/dry-run.ts";
import type { Engines } from "../lib/engines/engine.ts";
import type { Runtime } from "../lib/runtime/runtime.ts";
import type { RunRequest } from "../lib/steps/discover.ts";
import type { Account } from "./account.ts";
import { type Ledger, makeLedger } from "./ledger.ts";
import { type AdvancingClock, virtualTime } from "./virtual-time.ts";
import { type ExecutionResult, inProcess, runWorkflow } from "./workflow.ts";

/** What a run would do, as it told its journal, and what it would have asked AWS for. */
export interface Preview {
  readonly ledger: Ledger;
  readonly deeds: readonly Deed[];
  readonly execution: ExecutionResult;
}

export interface PreviewInput {
  readonly request: RunRequest;
  /** The moment at which the run is imagined to begin, epoch milliseconds. */
  readonly begins: number;
}

/**
 * A whole run, imagined: the deployed definition and the real steps, over engines that read AWS and change
 * nothing. What is waited for comes at once, and time passes without being waited for. Fails with what a step failed by
 * where the run would have no report: of that nothing is foretold.
 */
export const previewRun = async (account: Account, { request, begins }: PreviewInput): Promise<Preview> => {
  const clock = imaginedClock(begins);
  const ledger = makeLedger();
  const { runtime, deeds } = imagined(
    account.runtime(ledger.write, { clock: () => clock.now().getTime() }),
    clock,
  );
  const { invoke, ...rest } = inProcess(runtime);
  let failure: unknown;
  const execution = await runWorkflow({
    ...{ request, time: virtualTime(clock), ...rest, retries: "none" },
    invoke: (name, event) =>
      invoke(name, event).catch((error: unknown) => {
        failure = error;
        throw error;
      }),
  });
  if (execution.status === "FAILED" && ledger.of("run.ended").length === 0)
    throw failure ?? new Error(execution.cause);
  return { ledger, deeds, execution };
};

/** The same runtime with hands tied: what would be written is recorded, and events are told to nobody. */
export const imagined = (
  runtime: Runtime,
  clock: AdvancingClock,
): { readonly runtime: Runtime; readonly deeds: readonly Deed[] } => {
  const deeds: Deed[] = [];
  const options = { record: (deed: Deed) => void deeds.push(deed), clock: () => clock.now().getTime() };
  const engines: Engines = {
    rds: dryRun(runtime.engines.rds, options),
    redshift: dryRun(runtime.engines.redshift, options),
  };
  return { runtime: { ...runtime, engines, events: { publish: async () => {} } }, deeds };
};

const imaginedClock = (begins: number): AdvancingClock => {
  let now = begins;
  return {
    now: () => new Date(now),
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
};
