import { type ExecutionInput, readDefinition, runWorkflow } from "../cli/workflow.ts";
import { parseConfig } from "../lib/runtime/config-file.ts";
import { log } from "../lib/runtime/log.ts";
import { makePace } from "../lib/runtime/pace.ts";
import { makeRuntime } from "../lib/runtime/runtime.ts";
import type { CallEntry } from "../simulator/calls.ts";
import { createCore } from "../simulator/core.ts";
import type { Fleet } from "../simulator/fleet.ts";
import { createRandom } from "../simulator/random.ts";
import type { World } from "../simulator/world.ts";
import { fleetOf } from "./fleet.ts";
import { foreignKey, startForeigner } from "./foreigner.ts";
import { type Invocation, makeSandboxes } from "./sandboxes.ts";
import { at, home, plansOf, type Scenario, type Scheduled, scheduled, service } from "./scenario.ts";
import { lastingTime } from "./time.ts";
import { transportTo } from "./transport.ts";

/** What a night came to, as the simulator and the interpreter recorded it. */
export interface Night {
  readonly scenario: Scenario;
  readonly fleet: Fleet;
  readonly calls: readonly CallEntry[];
  readonly foreignCalls: readonly CallEntry[];
  /** States entered, by name. */
  readonly states: Readonly<Record<string, number>>;
  readonly largestPayloadBytes: number;
  /** Told to EventBridge. */
  readonly events: number;
  readonly invocations: readonly Invocation[];
  /** What was done afterwards beside the runs, each once. */
  readonly beside: readonly Beside[];
  /** Virtual seconds from the run's start until the last snapshot, and the last copy, was seen available and told. */
  readonly lastSnapshotSeconds: number;
  readonly lastCopySeconds: number;
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
}

/** One call of a function beside the runs, or all passes of one sweep. */
export interface Beside extends Scheduled {
  readonly calls: readonly CallEntry[];
  readonly invocations: readonly Invocation[];
  readonly transitions: number;
}

/** How far a night has come. */
export interface NightProgress {
  readonly virtualSeconds: number;
  readonly calls: number;
}

/** One night of a scenario: the real definition, handlers and SDK against a simulator in this process. */
export const runNight = async (
  scenario: Scenario,
  onProgress: (progress: NightProgress) => void = () => {},
): Promise<Night> => {
  log.setLogLevel("SILENT");
  const fleet = fleetOf(scenario);
  const core = createCore({ fleet });
  const time = lastingTime(core.clock);
  const clock = () => core.clock.now().getTime();
  const config = parseConfig(plansOf(scenario), { path: "the bench's plan", home });
  const clients = {
    endpoint: "http://aws.invalid",
    credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
    requestHandler: transportTo(core, time),
  };
  const sandboxes = makeSandboxes({
    clock,
    makeSandbox: () => {
      const pace = makePace({ callsPerSecond: config.callsPerSecond, clock, sleep: time.pass, random });
      const runtime = makeRuntime({
        ...{ service, home, config, clock, journal: () => {} },
        clients: { ...clients, pace },
      });
      return { runtime, pace };
    },
  });
  const random = createRandom(scenario.seed);
  const progress = (): NightProgress => ({
    virtualSeconds: (clock() - Date.parse(at)) / 1000,
    calls: core.calls.total,
  });
  const states: Record<string, number> = {};
  const began = performance.now();
  const leave = scenario.foreigner ? startForeigner(home, time, clients) : () => {};
  const { status, error, cause, largestPayloadBytes } = await runWorkflow({
    request: { plan: "daily", at },
    ...{ clock, time, invoke: sandboxes.invoke },
    onTransition: (state) => {
      states[state] = (states[state] ?? 0) + 1;
      onProgress(progress());
    },
  });
  leave();
  if (status !== "SUCCEEDED") throw new Error(`the bench's night failed: ${error}: ${cause}`);
  const ended = progress();
  const invocations = [...sandboxes.invocations];
  const beside: Beside[] = [];
  for (const one of scheduled) {
    onProgress(progress());
    const before = { calls: core.calls.total, invocations: sandboxes.invocations.length };
    const parts = { clock, time, invoke: sandboxes.invoke };
    const transitions = one.name === "sweep" ? await sweepOnce(parts) : await callOnce(one.name, parts);
    beside.push({
      ...{ ...one, transitions },
      calls: core.calls.entries.slice(before.calls),
      invocations: sandboxes.invocations.slice(before.invocations),
    });
  }
  const nights = core.calls.entries.slice(0, ended.calls);
  return {
    ...{ scenario, fleet, states, largestPayloadBytes, invocations },
    calls: nights.filter(({ accessKeyId }) => accessKeyId !== foreignKey.accessKeyId),
    foreignCalls: nights.filter(({ accessKeyId }) => accessKeyId === foreignKey.accessKeyId),
    beside,
    events: core.world.store(home).events.length,
    lastSnapshotSeconds: lastTold(core.world, "Holdfast Recovery Point Created"),
    lastCopySeconds: lastTold(core.world, "Holdfast Recovery Point Copied"),
    virtualSeconds: ended.virtualSeconds,
    wallSeconds: (performance.now() - began) / 1000,
  };
};

type Parts = Pick<ExecutionInput, "clock" | "time" | "invoke">;

/** State transitions that it took. */
const callOnce = async (name: string, { time, invoke }: Parts): Promise<number> => {
  await time.busy(() => invoke(name, { at }));
  return 0;
};

const sweepOnce = async (parts: Parts): Promise<number> => {
  const definition = readDefinition("sweep");
  const { status, error, cause, transitions } = await runWorkflow({ request: { at }, definition, ...parts });
  if (status !== "SUCCEEDED") throw new Error(`the bench's sweep failed: ${error}: ${cause}`);
  return transitions;
};

const lastTold = (world: World, type: string): number => {
  const told = world.store(home).events.filter(({ detailType }) => detailType === type);
  return (Math.max(...told.map(({ at: when }) => when.getTime())) - Date.parse(at)) / 1000;
};
