import { type Ledger, makeLedger } from "../cli/ledger.ts";
import { type ResultDocument, resultDocument } from "../cli/result-document.ts";
import { virtualTime } from "../cli/virtual-time.ts";
import { type ExecutionResult, inProcess, runWorkflow } from "../cli/workflow.ts";
import { parseConfig } from "../lib/runtime/config-file.ts";
import { log } from "../lib/runtime/log.ts";
import { makeRuntime, type Runtime, type RuntimeOptions } from "../lib/runtime/runtime.ts";
import type { FullContext } from "../lib/steps/context.ts";
import type { RunRequest } from "../lib/steps/discover.ts";
import type { Fleet } from "../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";

/** A world for tests: a simulated account, a runtime that calls it, and the workflow to run in it. */
export interface Night {
  readonly simulator: Simulator;
  readonly runtime: Runtime;
  readonly ledger: Ledger;
  /** What a step is handed at this moment of virtual time. */
  context(): FullContext;
  /** The same from a function that has just started, and remembers nothing. */
  freshContext(): FullContext;
  /** One execution of the real definition with the real handlers. */
  run(
    request: RunRequest,
  ): Promise<ExecutionResult & { readonly document: ResultDocument; readonly ledger: Ledger }>;
}

export const service = "holdfast/test";
export const home = "us-east-1";

/** A plan that takes every cluster tagged `backup=daily` in us-east-1 and copies it to eu-west-1. */
export const plainPlan = `
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 3 }
    copies: [{ region: eu-west-1, kms-key: alias/backup }]
    objective: { source: 26h, copy: 30h }
`;

export interface NightInput extends Limits {
  readonly fleet: Fleet;
  readonly config?: string;
}

type Limits = Pick<RuntimeOptions, "payloadBytesMax" | "pagesMax">;

/** Starts a simulated account and hands it to `work`; the account is gone afterwards. */
export const withNight = async (
  { fleet, config = plainPlan, ...limits }: NightInput,
  work: (night: Night) => Promise<void>,
): Promise<void> => {
  log.setLogLevel("SILENT");
  const simulator = await startSimulator({
    fleet: { now: "2026-11-20T03:00:00Z", keys: [backupKey], ...fleet },
  });
  try {
    await work(nightOn(simulator, config, limits));
  } finally {
    await simulator.close();
  }
};

const backupKey = { region: "eu-west-1", alias: "alias/backup" } as const;

const nightOn = (simulator: Simulator, config: string, limits: Limits): Night => {
  const ledger = makeLedger();
  const runtimeWith = (journal: Ledger["write"]): Runtime =>
    makeRuntime({
      ...{ service, home, journal, ...limits },
      config: parseConfig(config, { path: "holdfast.yml", home }),
      clock: () => simulator.clock.now().getTime(),
      clients: { endpoint: simulator.endpoint, credentials },
    });
  const runtime = runtimeWith(ledger.write);
  const contextOf = ({ clock, ...rest }: Runtime): FullContext => ({ ...rest, now: clock() });
  return {
    ...{ simulator, runtime, ledger },
    context: () => contextOf(runtime),
    freshContext: () => contextOf(runtimeWith(ledger.write)),
    run: async (request) => {
      const own = makeLedger();
      const result = await runWorkflow({
        request,
        time: virtualTime(simulator.clock),
        ...inProcess(runtimeWith(own.write)),
      });
      return { ...result, document: resultDocument(own, result), ledger: own };
    },
  };
};

const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };

type FleetCluster = NonNullable<Fleet["clusters"]>[number];

/** A cluster that the plain plan takes. */
export const cluster = (id: string, more: Partial<FleetCluster> = {}): FleetCluster => ({
  ...{ region: home, id, engine: "aurora-postgresql", sizeGib: 20, tags: { backup: "daily" } },
  ...more,
});

export const at = "2026-11-20T03:00:00Z";
export const nightAfter = (nights: number): string =>
  new Date(Date.parse(at) + nights * 86_400_000).toISOString().replace(".000", "");

/** Identifiers and statuses of the manual RDS-family snapshots in a region. */
export const snapshotsIn = (simulator: Simulator, region: string): Record<string, string> =>
  Object.fromEntries(
    [...simulator.world.store(region).clusterSnapshots.values()]
      .filter(({ type }) => type === "manual")
      .map(({ id, status }) => [id, status]),
  );
