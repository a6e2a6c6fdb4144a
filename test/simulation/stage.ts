import { poolSandboxes } from "../../bench/sandboxes.ts";
import { wallTime } from "../../cli/virtual-time.ts";
import { readDefinition, runWorkflow } from "../../cli/workflow.ts";
import { functionNames } from "../../deploy/stack.ts";
import type { JournalEntry } from "../../lib/core/journal.ts";
import type { Measurement } from "../../lib/core/measure.ts";
import { type Part, partName } from "../../lib/core/part.ts";
import type { Config } from "../../lib/core/plan.ts";
import { distinctProblems, type Problem } from "../../lib/core/problem.ts";
import type { Summary } from "../../lib/core/summary.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { log as productLog } from "../../lib/runtime/log.ts";
import { makePace } from "../../lib/runtime/pace.ts";
import { makeRuntime } from "../../lib/runtime/runtime.ts";
import type { RunRequest } from "../../lib/steps/discover.ts";
import { type Core, createCore } from "../../simulator/core.ts";
import type { Authorize } from "../../simulator/iam.ts";
import { randomUuid } from "../../simulator/random.ts";
import { authorityOf, packagedPolicies, packagedSchedules } from "./authority.ts";
import type { Bounds } from "./bounds.ts";
import type { PlanFacts, Report } from "./checkers/records.ts";
import type { Dice } from "./dice.ts";
import { account, drawFleet, home, service, writePlans } from "./estate.ts";
import { currentInvocation, type Doom, makeLambda, never } from "./lambda.ts";
import { sdkSettings } from "./sdk-environment.ts";
import { subjectOf } from "./subject.ts";
import { type EventLog, makeEventLog, newTally, type Tally } from "./tally.ts";
import { inProcessHandler, isInTime, type Passage, type Wire } from "./wire.ts";
import { makeWitness, type Witness } from "./witness.ts";

/** What a fault may do to a call and to an invocation; without one nothing happens to them. */
export interface Trouble {
  passage(call: { readonly function: string; readonly operation: string; readonly region: string }): Passage;
  doom(functionName: string): Doom | undefined;
}

/** An account with the product deployed in it, in virtual time. */
export interface Stage {
  readonly core: Core;
  readonly witness: Witness;
  readonly log: EventLog;
  readonly tally: Tally;
  readonly bounds: Bounds;
  plans(): readonly PlanFacts[];
  /** Whether the schedule of a plan is packaged as one that fires. */
  fires(plan: string): boolean;
  /** Packages and deploys other plans: functions start anew, with roles to match. */
  deploy(plans: readonly PlanFacts[]): void;
  invoke(name: string, event: unknown): Promise<unknown>;
  /** One execution of the state machine, which somebody may stop after so many milliseconds. */
  execute(request: RunRequest, stopsAfter?: number): Promise<Ended>;
  /** One execution of the other, which a sweep's passes are. */
  sweep(at: string): Promise<void>;
  trouble: Trouble;
}

interface Ended {
  readonly execution: number;
  readonly succeeded: boolean;
  readonly report?: Report;
}

interface StageOptions {
  readonly dice: Dice;
  readonly now: string;
  readonly clusters: number;
  readonly plans: readonly PlanFacts[];
  readonly bounds?: Bounds;
  readonly tally?: Tally;
  readonly onLine?: (line: string) => void;
}

const secret = "secret";
/** Longer than any request is on its way. */
const inFlightMs = 60_000;

export const setStage = (options: StageOptions): Stage => {
  productLog.setLogLevel("SILENT");
  const { dice, now, clusters, bounds = {}, tally = newTally() } = options;
  const { sound = false } = bounds;
  const lopsided = bounds.payloadBytesMax !== undefined;
  const accounts = functionNames.map((name) => ({ id: account, accessKeyId: name, secretAccessKey: secret }));
  let authorize: Authorize = () => false;
  const core = createCore({
    fleet: { ...drawFleet(dice.fork("fleet"), { now, clusters, lopsided, sound }), accounts },
    seed: dice.fork("simulator").below(2 ** 31),
    wallNow: () => core.clock.now(),
    authorize: (key, permission) => authorize(key, permission),
  });
  const log = makeEventLog(() => core.clock.now().getTime(), options.onLine);
  let plans = options.plans;
  const witness = makeWitness({ ...{ core, service, log, tally, ...bounds }, plans: () => plans });
  const clock = (): number => core.clock.now().getTime();
  const journal = (entry: JournalEntry): void => note(entry, { witness, log });
  const measure = ({ name, value, dimensions }: Measurement): void => {
    const living = currentInvocation();
    if (!living.dead) witness.tell("measured", { invocation: living, name, value, dimensions });
  };
  const ids = dice.fork("invocation ids").random;

  let executions = 0;
  const begin = (): number => {
    tally.executions += 1;
    executions += 1;
    return executions;
  };
  let firing: ReadonlySet<string> = new Set();
  let config = configOf(plans, bounds);
  const sandboxes = poolSandboxes((name) => {
    const { callsPerSecond } = config;
    const pace = callsPerSecond === undefined ? undefined : makePace({ callsPerSecond });
    const runtime = makeRuntime({
      ...{ service, home, journal, measure, clock, config, ...bounds },
      clients: {
        credentials: { accessKeyId: name, secretAccessKey: secret },
        requestHandler: inProcessHandler(wireOf(stage)),
        ...sdkSettings,
        onMade: ({ middlewareStack }) => seedInvocationIds(middlewareStack, () => randomUuid(ids)),
        ...(pace && { pace }),
      },
    });
    return { runtime, ...(pace && { pace }) };
  });

  const invoke = makeLambda({
    now: clock,
    sandboxes,
    doomOf: ({ function: name }) => stage.trouble.doom(name),
    onStart: (invocation) => {
      tally.invocations += 1;
      log.write(`${invocation.function}#${invocation.number} begins`);
    },
    onEnd: (invocation, error) => {
      log.write(`${invocation.function}#${invocation.number} ends${error ? ` by ${error}` : ""}`);
      // A process that was ended takes with it what it remembered, and what it had made and not yet told.
      if (error) {
        for (const place of invocation.made) witness.excuse(place);
        witness.tell("unanswered", invocation);
        // What it had sent takes effect all the same, a little later.
        setTimeout(() => witness.tell("invocationEnded", { ...invocation, died: true }), inFlightMs);
        return;
      }
      witness.tell("invocationEnded", invocation);
    },
  });

  const stage: Stage = {
    ...{ core, witness, log, tally, bounds, invoke },
    plans: () => plans,
    fires: (plan) => firing.has(plan),
    deploy: (next) => {
      plans = next;
      sandboxes.replace();
      config = configOf(next, bounds);
      firing = packagedSchedules(config, service);
      authorize = authorityOf(packagedPolicies(config, service));
      log.write(`deployed ${JSON.stringify(next)}`);
    },
    execute: async (request, stopsAfter) => {
      const execution = begin();
      const partOf = parts(() => {
        tally.parts += 1;
        return begin();
      });
      let report: Summary | undefined;
      // A part hands on its first problems and counts all of them: the log names them.
      const logged: Problem[] = [];
      const listen = (entry: JournalEntry): void => {
        if (entry.kind === "run.ended") report = entry.summary;
        if (entry.kind === "part.ended") logged.push(...entry.summary.problems);
      };
      const stop = new AbortController();
      if (stopsAfter !== undefined) setTimeout(() => stop.abort(), stopsAfter);
      const result = await runWorkflow({
        ...{ request, clock, time: wallTime, retries: "paused", signal: stop.signal },
        invoke: (name, event) =>
          invoke(name, event, {
            execution: partOf(event) ?? execution,
            whole: execution,
            wish: wishOf(request),
            listen,
          }),
      });
      log.write(
        `execution of ${request.plan} ${result.status} ${result.error ?? ""} ${JSON.stringify(report ?? null)}`,
      );
      const said = report && {
        ...report,
        problems: distinctProblems([...report.problems, ...logged]),
      };
      return { execution, succeeded: result.status === "SUCCEEDED", ...(said && { report: said }) };
    },
    sweep: async (at) => {
      const { status, error = "" } = await runWorkflow({
        ...{ request: { at }, clock, definition: readDefinition("sweep"), time: wallTime, retries: "paused" },
        invoke: (name, event) => invoke(name, event),
      });
      log.write(`sweep ${status} ${error}`);
    },
    trouble: calm(dice.fork("latency")),
  };
  stage.deploy(plans);
  return stage;
};

const wishOf = ({ hold, until, reason }: RunRequest) => ({
  ...(hold && { hold }),
  ...(until && { until }),
  ...(reason && { reason }),
});

/**
 * The numbers of a run's part executions, by the part that an event is about: `undefined` for the whole. One that is
 * started again goes on under the number of the one that died.
 */
const parts = (begin: () => number): ((event: unknown) => number | undefined) => {
  const begun = new Map<string, number>();
  return (event) => {
    const { run, request } = event as Record<"run" | "request", { part?: Part }>;
    const part = (run ?? request)?.part;
    if (part === undefined) return undefined;
    const key = partName(part);
    const known = begun.get(key) ?? begin();
    begun.set(key, known);
    return known;
  };
};

const configOf = (plans: readonly PlanFacts[], bounds: Bounds): Config =>
  parseConfig(writePlans(plans, bounds), { path: "holdfast.yml", home });

/** A quiet network: some milliseconds each way. */
export const calm = (dice: Dice): Trouble => ({
  passage: () => ({ outMs: dice.between(5, 60), backMs: 0 }),
  doom: () => undefined,
});

const wireOf = (stage: Stage): Wire => ({
  depart: async (request) => {
    const living = currentInvocation();
    if (living.dead) return never();
    living.calls += 1;
    const { operation, region, service: to, target } = subjectOf(request);
    stage.witness.tell("departed", {
      ...{ operation, region, service: to },
      invocation: living,
      at: stage.core.clock.now().getTime(),
    });
    if (target !== undefined) living.made.push(`${region} ${target}`);
    const passage = stage.trouble.passage({ function: living.function, operation, region });
    const { doom } = living;
    if (doom?.call !== living.calls) return passage;
    if (!doom.sent) {
      living.die(doom.error);
      return never();
    }
    setTimeout(() => living.die(doom.error), passage.outMs + 1);
    return { ...passage, backMs: passage.backMs + 5 };
  },
  answer: (request, passage) => {
    const { fault } = passage;
    const { operation, region } = subjectOf(request);
    const withdraw = fault && stage.core.faults.add({ operation, region, times: 1, kind: fault });
    const answer = stage.witness.answer(request, currentInvocation(), isInTime(passage));
    withdraw?.();
    return answer;
  },
  arrive: async (request, lost) => {
    const { dead } = currentInvocation();
    const { region, target } = subjectOf(request);
    if (target !== undefined && (lost || dead)) stage.witness.excuse(`${region} ${target}`);
    if (dead) await never();
  },
});

/** The SDK draws an id for each call from the system's own chance; here it comes from the seed, before signing. */
const seedInvocationIds = (
  stack: { addRelativeTo(middleware: unknown, options: unknown): void },
  draw: () => string,
): void => {
  const header = "amz-sdk-invocation-id";
  const middleware =
    (next: (args: { request: { headers: Record<string, string> } }) => unknown) =>
    (args: { request: { headers: Record<string, string> } }) => {
      args.request.headers[header] = draw();
      return next(args);
    };
  stack.addRelativeTo(middleware, {
    ...{ name: "seededInvocationId", relation: "after", toMiddleware: "retryMiddleware" },
  });
};

interface Noting {
  readonly witness: Witness;
  readonly log: EventLog;
}

const note = (entry: JournalEntry, { witness, log }: Noting): void => {
  const living = currentInvocation();
  if (living.dead) return;
  living.listen(entry);
  if (entry.kind === "coverage.row")
    witness.tell("watched", { ...entry.row, invocation: living, at: living.startedAt });
  if (entry.kind !== "prune.verdict") return;
  const { region, source, verdict } = entry;
  const remove = verdict.remove.map(({ id }) => id);
  if (remove.length > 0)
    log.write(`${living.function}#${living.number} would remove ${region} ${remove.join(" ")}`);
  witness.tell("judged", {
    ...{ invocation: living, region, clusterArn: source, remove },
    keep: verdict.keep.map(({ id }) => id),
    problems: verdict.problems.map(({ code }) => code),
  });
};
