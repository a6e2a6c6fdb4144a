import { type Batch, type ChildResult, isSettled, type Task } from "../core/batch.ts";
import { capProblems, type Problem } from "../core/problem.ts";
import { nextWait } from "../core/progress.ts";
import type { Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Context } from "./context.ts";

/** What Snapshot and Check hand to each other about a batch. */
export interface BatchWork {
  readonly tasks: readonly Task[];
  /** When the first look was, ISO 8601: waits and patience are counted from it. */
  readonly since: string;
  readonly next: "Snapshot" | "Wait" | "Done";
  readonly waitSeconds: number;
  readonly result: ChildResult;
}

export interface BatchInput {
  readonly run: Run;
  readonly batch: Batch;
  readonly work?: Pick<BatchWork, "tasks" | "since">;
}

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
  }: BatchInput & Pick<BatchWork, "tasks" | "since"> & { seen: readonly Snapshot[] },
  { now, journal }: Context,
): BatchWork => {
  const percents = seen.map(({ percent }) => percent);
  const wait = nextWait({ now, since: Date.parse(since), deadline: Date.parse(run.deadline), percents });
  const settled = wait === "over" ? tasks.map(cutOff) : tasks;
  journal({ kind: "batch.progress", region: batch.region, family: batch.family, tasks: settled });
  return {
    tasks: settled,
    since,
    next: settled.every(isSettled) ? "Done" : "Wait",
    waitSeconds: wait === "over" ? 0 : wait,
    result: resultOf(batch, settled),
  };
};

const cutOff = (task: Task): Task =>
  isSettled(task) ? task : { ...task, phase: "failed", problem: "deadline" };

const resultOf = ({ region, family }: Batch, tasks: readonly Task[]): ChildResult => {
  const phases = Object.groupBy(tasks, ({ phase }) => phase);
  const problems = tasks.flatMap(({ id, problem }): Problem[] =>
    problem === undefined ? [] : [{ cluster: id, region, code: problem }],
  );
  return {
    region,
    family,
    counts: Object.fromEntries(Object.entries(phases).map(([phase, some]) => [phase, some.length])),
    problems: capProblems(problems),
  };
};
