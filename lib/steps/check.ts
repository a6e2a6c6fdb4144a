import type { Task } from "../core/batch.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { judgeTask } from "../core/taking.ts";
import { announceCreated, type BatchInput, type BatchWork, minutesSince, settleBatch } from "./batch-work.ts";
import type { Context } from "./context.ts";
import { reach } from "./reach.ts";

export type CheckInput = BatchInput & { readonly work: NonNullable<BatchInput["work"]> };

/**
 * Looks at all snapshots of a batch that are awaited, in one listing or two however many they are, and judges
 * each. What is due again (a busy cluster, a failed attempt) sends the batch back to Snapshot.
 * While the region does not answer all stays as it is, until the deadline: the snapshots go on without being looked at.
 */
export const check = async (
  input: CheckInput,
  context: Context<"engines" | "events">,
): Promise<BatchWork> => {
  const { tasks, since } = input.work;
  const seen = await gather(input, tasks, context);
  if (seen === undefined) {
    const untold = input.work.untold ?? false;
    return settleBatch({ ...input, since, tasks, seen: [], untold }, context);
  }
  const byId = new Map(seen.map((one) => [one.id, one]));
  const minutesElapsed = minutesSince(since, context.now);
  const { service } = context;
  const judged = tasks.map((task) =>
    task.phase === "awaited"
      ? judgeTask({ service, task, seen: byId.get(task.name ?? ""), minutesElapsed })
      : task,
  );
  // Nothing was looked at but what was awaited: what is available of that was not before.
  const fresh = judged.filter(({ phase }) => phase === "available");
  const points = fresh.flatMap(({ name }) => byId.get(name ?? "") ?? []);
  const untold = await announceCreated(input, points, context);
  const work = settleBatch({ ...input, since, tasks: judged, seen, untold }, context);
  const again = work.next === "Wait" && work.tasks.some(({ phase }) => phase === "due");
  return again ? { ...work, next: "Snapshot" } : work;
};

const gather = async (
  { run, batch }: CheckInput,
  tasks: readonly Task[],
  context: Context<"engines" | "events">,
): Promise<readonly Snapshot[] | undefined> => {
  const ids = tasks.flatMap(({ phase, name }) => (phase === "awaited" && name !== undefined ? [name] : []));
  if (ids.length === 0) return [];
  const query = { region: batch.region, ids, runId: run.id, expected: ids };
  return reach(batch, () => context.engines[batch.family].findSnapshots(query), context);
};
