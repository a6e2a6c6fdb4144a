import { type Batch, type ChildResult, isSettled, type Task } from "../core/batch.ts";
import { createdEvent } from "../core/event.ts";
import { ownedBy } from "../core/ownership.ts";
import { capProblems, type Problem } from "../core/problem.ts";
import { allDone, nextWait, secondsLeft } from "../core/progress.ts";
import type { Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { announce } from "./announce.ts";
import type { Context } from "./context.ts";

/** What Snapshot and Check hand to each other about a batch. */
export interface BatchWork {
  readonly tasks: readonly Task[];
  /** When the first look was, ISO 8601: waits and patience are counted from it. */
  readonly since: string;
  /** So many of the due tasks, the first of them, nobody has come to yet: the next call is for these alone. */
  readonly untried?: number;
  /** The event bus did not take what was to be told. */
  readonly untold?: true;
  readonly next: "Snapshot" | "Wait" | "Done";
  readonly waitSeconds: number;
  readonly result: ChildResult;
}

export interface BatchInput {
  readonly run: Run;
  readonly batch: Batch;
  readonly work?: Pick<BatchWork, "tasks" | "since" | "untried" | "untold">;
}

/**
 * Tells the event bus which recovery points of a batch are there since this look. Told before the look is
 * handed on, so that a step that dies in between tells them again.
 */
export const announceCreated = async (
  { run, batch, work }: BatchInput,
  snapshots: readonly Snapshot[],
  context: Context<"events">,
): Promise<boolean> => {
  const { service, now } = context;
  const points = snapshots.flatMap((one) => ownedBy(service, one) ?? []);
  const events = points.map((point) => createdEvent({ service, run: run.id, point, now }));
  const problems = await announce({ events, region: batch.region }, context);
  return problems.length > 0 || work?.untold === true;
};

/** Minutes since the batch was first looked at. */
export const minutesSince = (since: string, now: number): number => (now - Date.parse(since)) / 60_000;

/** The batch's state after a look: what comes next, how long to wait, and what the child would answer now. */
export const settleBatch = (
  {
    run,
    batch,
    since,
    tasks,
    seen,
    untold,
  }: BatchInput & Pick<BatchWork, "tasks" | "since"> & { seen: readonly Snapshot[]; untold: boolean },
  { now, journal }: Context,
): BatchWork => {
  const foretold = allDone(leftOf(tasks, seen, (now - Date.parse(since)) / 1000));
  const wait = nextWait({ now, since: Date.parse(since), deadline: Date.parse(run.deadline), foretold });
  const settled = wait === "over" ? tasks.map(cutOff) : tasks;
  journal({ kind: "batch.progress", region: batch.region, family: batch.family, tasks: settled });
  return {
    tasks: settled,
    since,
    ...(untold && { untold }),
    next: settled.every(isSettled) ? "Done" : "Wait",
    waitSeconds: wait === "over" ? 0 : wait,
    result: resultOf(batch, settled, untold),
  };
};

/** Of each snapshot that is awaited. They began when the waiting did. */
const leftOf = (
  tasks: readonly Task[],
  seen: readonly Snapshot[],
  elapsed: number,
): readonly (number | undefined)[] => {
  const byId = new Map(seen.map((one) => [one.id, one]));
  return tasks
    .filter((task) => !isSettled(task))
    .map(({ name }) => secondsLeft(elapsed, byId.get(name ?? "")?.percent));
};

const cutOff = (task: Task): Task =>
  isSettled(task) ? task : { ...task, phase: "failed", problem: "deadline" };

const resultOf = ({ region, family }: Batch, tasks: readonly Task[], untold: boolean): ChildResult => {
  const phases = Object.groupBy(tasks, ({ phase }) => phase);
  const problems = tasks.flatMap(({ id, problem }): Problem[] =>
    problem === undefined ? [] : [{ cluster: id, region, code: problem }],
  );
  return {
    region,
    family,
    counts: Object.fromEntries(Object.entries(phases).map(([phase, some]) => [phase, some.length])),
    problems: capProblems(untold ? [{ cluster: "*", region, code: "untold" }, ...problems] : problems),
  };
};
