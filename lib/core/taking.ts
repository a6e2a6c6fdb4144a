import type { Task } from "./batch.ts";
import type { Cluster } from "./cluster.ts";
import { attemptNames } from "./naming.ts";
import { mayYetBeOurs, ownedBy } from "./ownership.ts";
import type { Plan } from "./plan.ts";
import type { ProblemCode } from "./problem.ts";
import type { Snapshot } from "./snapshot.ts";

/** How long a cluster that is only busy is tried again, and a fresh snapshot, or its tags, may be missing from listings. */
export const busyMinutesMax = 30;
const unseenMinutesMax = 10;

/** Statuses that no waiting mends, and what they mean to the operator. Any other word passes by itself. */
const lastingStatuses: Readonly<Record<string, ProblemCode>> = {
  stopped: "stopped",
  stopping: "stopped",
  paused: "stopped",
  deleting: "missing",
  "inaccessible-encryption-credentials": "unavailable",
  // Stopped by AWS, until somebody has enabled the key and started it.
  "inaccessible-encryption-credentials-recoverable": "unavailable",
  "migration-failed": "unavailable",
};

/** Whether a status is one that a plan may say to expect (`stopped: skip`). */
export const isStopped = (status: string | undefined): boolean =>
  status !== undefined && lastingOf(status) === "stopped";

/** Whether a run may still snapshot a cluster of this status at discovery: it was available, or merely busy. */
export const mayBeTaken = (status: string | undefined): boolean =>
  status === undefined || lastingOf(status) === undefined;

/** A word of AWS's may be any, those that every object answers to included. */
const lastingOf = (status: string): ProblemCode | undefined =>
  Object.hasOwn(lastingStatuses, status) ? lastingStatuses[status] : undefined;

/** What to do about one cluster now. */
export type Take =
  | { readonly do: "create"; readonly name: string }
  | { readonly do: "keep"; readonly task: Task };

export interface TakeInput {
  readonly service: string;
  readonly id: string;
  /** As AWS shows it now; `undefined` when it is gone. */
  readonly cluster: Cluster | undefined;
  readonly name: string;
  /** Every snapshot that holds the name or an attempt's. */
  readonly attempts: readonly Snapshot[];
  readonly stopped: Plan["stopped"];
  readonly minutesElapsed: number;
  /** As the task before has it. */
  readonly busySince?: number | undefined;
}

/**
 * Decides about one cluster: an attempt of this run that lives is kept, a failed one is followed by the next,
 * a cluster that is busy stays due for half an hour. A held name that is not ours counts as used up, after a
 * while also where nobody tells yet whose it is.
 */
export const decideTake = (input: TakeInput): Take => {
  const { id, cluster, name, attempts, minutesElapsed } = input;
  const living = attempts.find((snapshot) => lives(input, snapshot));
  if (living) return keep(taskFor(id, living));
  const untold = minutesElapsed < unseenMinutesMax ? attempts.find(mayYetBeOurs) : undefined;
  if (untold) return keep({ id, phase: "awaited", name: untold.id });
  if (cluster === undefined) return keep(failed(id, "missing"));
  if (cluster.status !== "available") return keep(unavailable(input, cluster.status));
  const attempt = nextAttempt(name, attempts);
  if (attempt === undefined) return keep(failed(id, giveUp(input)));
  return { do: "create", name: attempt };
};

export interface JudgeInput {
  readonly service: string;
  readonly task: Task;
  /** `undefined` is "not in the listing". */
  readonly seen: Snapshot | undefined;
  readonly minutesElapsed: number;
}

/**
 * What the poll of an awaited snapshot means. One that turns out not to be ours leaves the task due. What is due
 * because its name is used up tells the name.
 */
export const judgeTask = ({ service, task, seen, minutesElapsed }: JudgeInput): Task => {
  // A fresh snapshot, or its tags, can be missing from listings for a while; a vanished one is taken again.
  const isUntold = seen === undefined || mayYetBeOurs(seen);
  if (isUntold && minutesElapsed < unseenMinutesMax) return task;
  if (seen === undefined) return { id: task.id, phase: "due" };
  return ownedBy(service, seen) === undefined ? { ...task, phase: "due" } : taskFor(task.id, seen);
};

/** The first attempt's name that nothing holds, or `undefined` when all are used up. */
export const nextAttempt = (name: string, held: readonly Pick<Snapshot, "id">[]): string | undefined => {
  const ids = new Set(held.map(({ id }) => id));
  return attemptNames(name).find((one) => !ids.has(one));
};

const taskFor = (id: string, { id: name, status }: Snapshot): Task => {
  switch (status) {
    case "available":
      return { id, phase: "available", name };
    case "failed":
    case "deleting":
      return { id, phase: "due", name };
    case "creating":
    case "copying":
    case "unknown":
      return { id, phase: "awaited", name };
    default:
      return status satisfies never;
  }
};

const lives = ({ service }: TakeInput, snapshot: Snapshot): boolean =>
  ownedBy(service, snapshot) !== undefined && snapshot.status !== "failed" && snapshot.status !== "deleting";

const unavailable = (input: TakeInput, status: string): Task => {
  const { id, stopped, minutesElapsed, busySince = Math.round(minutesElapsed * 100) / 100 } = input;
  const lasting = lastingOf(status);
  if (isStopped(status) && stopped === "skip") return { id, phase: "skipped" };
  if (lasting) return failed(id, lasting);
  const isNew = minutesElapsed - busySince < busyMinutesMax;
  return isNew ? { id, phase: "due", busySince } : failed(id, "unavailable");
};

const giveUp = ({ service, attempts }: TakeInput): ProblemCode =>
  attempts.some((snapshot) => ownedBy(service, snapshot) === undefined) ? "name-taken" : "snapshot-failed";

const failed = (id: string, problem: ProblemCode): Task => ({ id, phase: "failed", problem });
const keep = (task: Task): Take => ({ do: "keep", task });
