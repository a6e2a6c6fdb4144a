import type { Family } from "./cluster.ts";
import { attemptName, attemptOf, attemptsMax, baseName } from "./naming.ts";
import type { OwnedSnapshot } from "./ownership.ts";
import { partShare } from "./part.ts";
import { bytesOf } from "./payload.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { arnOf, type Snapshot, type SnapshotStatus } from "./snapshot.ts";

/**
 * One cluster's place in a destination's queue. `awaited`: its snapshot is not available yet; `due`: it can be
 * copied; `copying`: a copy runs; `arriving`: AWS copies by itself and the copy has to be recognised.
 * What is done leaves the table: it only shrinks.
 */
export type CopyPhase = "awaited" | "due" | "copying" | "arriving";

export interface CopyTask {
  readonly cluster: string;
  readonly region: string;
  readonly family: Family;
  /** The source snapshot's identifier; for an awaited one, the name that it will have. */
  readonly source: string;
  readonly phase: CopyPhase;
  /** The copy's identifier in the destination, once one was asked for. */
  readonly copy?: string;
  /** When its copy was asked for, or its snapshot, or its next attempt, began to be awaited: minutes since the pump began. */
  readonly asked?: number;
  /** Of a due one: its source as a look has shown it, so that starting the copy needs no look of its own. */
  readonly found?: FoundSource;
  /** Copies that failed or vanished so far. */
  readonly lost?: number;
  /** AWS has not answered a request for the copy that it has not heard of since: it may have begun it. */
  readonly unanswered?: true;
  /** How often AWS refused the copy for want of a source that a listing had shown, and has not begun it since. */
  readonly unbelieved?: number;
  /**
   * How many others are further behind, by the age of each cluster's newest copy: those of one age count once. Absent
   * where it is none.
   */
  readonly rank?: number;
}

/** What has to be known of an available snapshot to copy it, and a listing tells. */
export type FoundSource = Pick<Snapshot, "engine" | "encrypted" | "awsOwnedKey" | "tags"> & {
  readonly arn: string;
};

/**
 * The table with what was found of its sources, for as many tasks in the queue's order as there is room for in what a part
 * may weigh: beyond that, starting a copy looks at its source once more.
 */
export const lightenTable = (tasks: readonly CopyTask[], payloadBytesMax: number): readonly CopyTask[] => {
  const bare = tasks.map(({ found: _, ...task }) => task);
  let room = partShare * payloadBytesMax - bytesOf(bare);
  return tasks.map((task, index) => {
    room -= task.found ? bytesOf(task.found) : 0;
    return room > 0 ? task : (bare[index] ?? task);
  });
};

/** A member of the plan with what AWS shows of it in the source region and in the destination. */
export interface CopyCandidate {
  readonly cluster: string;
  readonly region: string;
  readonly family: Family;
  /** The name of this run's snapshot, first attempt. */
  readonly expected: string;
  /** False where the run cannot snapshot the cluster, which is stopped, say: nothing new will come of it. */
  readonly expectable: boolean;
  /** Minutes since the pump began after which it is taken, where many batches of a region take turns. */
  readonly takenAfter?: number;
  /** Ours, of this plan and resource, in the source region. */
  readonly points: readonly OwnedSnapshot[];
  /** Ours, of this plan and resource, in the destination. */
  readonly copies: readonly OwnedSnapshot[];
}

export interface CopyQueue {
  readonly tasks: readonly CopyTask[];
  /** Recovery points that are in the destination already. */
  readonly done: number;
}

/**
 * The queue of a destination: each cluster's newest recovery point only, the cluster with the oldest copy
 * first. This run's snapshot is waited for where it can still come; else the newest that there is counts.
 * What is copied, or superseded by a newer copy, is not in it.
 */
export const queueCopies = (candidates: readonly CopyCandidate[]): CopyQueue => {
  const ordered = candidates.toSorted(byUrgency);
  const ages = [...new Set(ordered.map(newestCopyAt))];
  const tasks = ordered.flatMap((candidate) => {
    const one = taskOf(candidate);
    const rank = ages.indexOf(newestCopyAt(candidate));
    return one === undefined ? [] : [{ ...one, ...(rank > 0 && { rank }) }];
  });
  const done = ordered.filter((candidate) => hasCopyOf(candidate, wanted(candidate))).length;
  return { tasks, done };
};

const awaitedOf = (candidate: CopyCandidate): CopyTask => ({
  ...task(candidate, candidate.expected, "awaited"),
  ...(candidate.takenAfter && { asked: candidate.takenAfter }),
});

const taskOf = (candidate: CopyCandidate): CopyTask | undefined => {
  const target = wanted(candidate);
  if (target === undefined) return candidate.expectable ? awaitedOf(candidate) : undefined;
  if (target.snapshot.status !== "available") return task(candidate, target.snapshot.id, "awaited");
  const running = candidate.copies.find(
    (copy) => isCopyOf(copy, target) && copy.snapshot.status === "copying",
  );
  if (running) return { ...task(candidate, target.snapshot.id, "copying"), copy: running.snapshot.id };
  // Two requests of one second have snapshots of one time: only a later copy supersedes.
  if (hasCopyOf(candidate, target) || newestDoneAt(candidate) > target.takenAt) return undefined;
  return task(candidate, target.snapshot.id, "due");
};

/** What a due task carries of its source. */
export const foundOf = (snapshot: Snapshot): FoundSource => {
  const { engine, encrypted, awsOwnedKey, tags } = snapshot;
  return { arn: arnOf(snapshot), engine, encrypted, ...(awsOwnedKey && { awsOwnedKey }), tags };
};

/** What should be copied: this run's snapshot if it lives or can come (`undefined`), else the newest available. */
const wanted = ({ expected, expectable, points }: CopyCandidate): OwnedSnapshot | undefined => {
  const ofThisRun = points
    .filter(({ snapshot }) => baseName(snapshot.id) === expected && isLiving(snapshot))
    .toSorted((a, b) => attemptOf(b.snapshot.id) - attemptOf(a.snapshot.id))[0];
  if (ofThisRun || expectable) return ofThisRun;
  return points.filter(isAvailable).toSorted((a, b) => b.takenAt - a.takenAt)[0];
};

const isLiving = ({ status }: OwnedSnapshot["snapshot"]): boolean =>
  status !== "failed" && status !== "deleting";

const hasCopyOf = (candidate: CopyCandidate, target: OwnedSnapshot | undefined): boolean =>
  target !== undefined && candidate.copies.some((copy) => isAvailable(copy) && isCopyOf(copy, target));

/** RDS names the source on every copy; Redshift does not, so the tag that we put there counts as well. */
const isCopyOf = (copy: OwnedSnapshot, { snapshot }: OwnedSnapshot): boolean =>
  [copy.snapshot.sourceArn, copy.source].includes(arnOf(snapshot));

const isAvailable = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "available";

const newestDoneAt = ({ copies }: CopyCandidate): number =>
  Math.max(...copies.filter(isAvailable).map(({ takenAt }) => takenAt));

/** One that still runs counts: its cluster has had its turn, and must not come first once more. */
const newestCopyAt = ({ copies }: CopyCandidate): number =>
  Math.max(...copies.filter((one) => isAvailable(one) || isRunning(one)).map(({ takenAt }) => takenAt));

const isRunning = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "copying";

const byUrgency = (a: CopyCandidate, b: CopyCandidate): number => {
  const [ageA, ageB] = [newestCopyAt(a), newestCopyAt(b)];
  if (ageA !== ageB) return ageA - ageB;
  return a.expected < b.expected ? -1 : 1;
};

const task = (candidate: CopyCandidate, source: string, phase: CopyPhase): CopyTask => {
  const { cluster, region, family, copies } = candidate;
  const failed = copies.filter(
    ({ snapshot }) => snapshot.status === "failed" && baseName(snapshot.id) === baseName(source),
  );
  const lost = lossesOf(failed.map(({ snapshot }) => attemptOf(snapshot.id)));
  return { cluster, region, family, source, phase, ...(lost > 0 && { lost }) };
};

/** RDS deletes no failed copy, and of earlier ones some may have vanished: so many as leave the next attempt's name free. */
const lossesOf = (failed: readonly number[]): number => {
  const taken = new Set(failed);
  let lost = taken.size;
  while (taken.has(lost + 1)) lost += 1;
  return lost;
};

/**
 * The name of a task's next copy: the source's, under the attempt that its losses leave free. After the last
 * attempt it is the last one's again: AWS answers that the name is taken, and the look at it ends the task.
 */
export const copyName = ({ source, lost = 0 }: CopyTask): string =>
  attemptName(baseName(source), Math.min(lost + 1, attemptsMax));

export interface PickInput {
  readonly tasks: readonly CopyTask[];
  /** Copies that run into the destination by AWS's account, ours and others'. */
  readonly inFlight: number;
  readonly limit: number;
  readonly minutesElapsed: number;
}

/** So long every free place may be kept for who is further behind; then one is open to anybody. */
const reservedMinutesMax = 60;

/**
 * The next copies to start: as many of the due ones, in the queue's order, as there are free places. A place is
 * kept for a cluster that is further behind and whose snapshot is still being created: else whoever's snapshots
 * are quick would take every place, every night.
 */
export const pickCopies = ({ tasks, inFlight, limit, minutesElapsed }: PickInput): readonly CopyTask[] => {
  const free = Math.max(0, limit - inFlight);
  const reservedMax = minutesElapsed < reservedMinutesMax ? free : Math.max(0, free - 1);
  const awaited = tasks.filter(({ phase }) => phase === "awaited").map(({ rank = 0 }) => rank);
  const picked: CopyTask[] = [];
  for (const task of tasks.filter(({ phase }) => phase === "due")) {
    const reserved = awaited.filter((rank) => rank < (task.rank ?? 0)).length;
    if (picked.length + Math.min(reserved, reservedMax) >= free) break;
    picked.push(task);
  }
  return picked;
};

/** A task after a look, or why it leaves the table. */
export type CopyStep = CopyTask | { readonly done: true } | { readonly problem: ProblemCode };

/** How long a snapshot that nobody has seen yet may still come: the Snapshot step's own patience and some. */
export const comingMinutesMax = 40;

/** What a look at the source snapshot means for a task that awaits it; `undefined` is "not in the listing". */
export const judgeSource = (
  task: CopyTask,
  status: SnapshotStatus | undefined,
  minutesElapsed: number,
): CopyStep => {
  switch (status) {
    case "available":
      return { ...task, phase: "due" };
    case "failed":
    case "deleting":
      return followAttempt(task, minutesElapsed);
    case "creating":
    case "copying":
    case "unknown":
      return task;
    case undefined:
      return minutesElapsed - (task.asked ?? 0) < comingMinutesMax ? task : { problem: "no-snapshot" };
    default:
      return status satisfies never;
  }
};

/** A region that does not answer keeps its tasks for a while: the others must not lose their night to it. */
export const judgeUnreached = (task: CopyTask, minutesUnreached: number): CopyStep =>
  minutesUnreached < comingMinutesMax ? task : { problem: "unlisted" };

/** A failed snapshot is followed by one under the next attempt's name, if there may be one. */
const followAttempt = (task: CopyTask, minutesElapsed: number): CopyStep => {
  const next = attemptOf(task.source) + 1;
  if (next > attemptsMax) return { problem: "no-snapshot" };
  // However late the last one failed, the next has its own time to come.
  return {
    ...task,
    source: attemptName(baseName(task.source), next),
    asked: Math.floor(minutesElapsed),
  };
};

/** A fresh copy can be missing from listings for so long before it counts as lost. */
const unseenMinutesMax = 10;

/** What a look at the running copy means. A copy may be available at once, or never be seen `copying`. */
export const judgeCopy = (
  task: CopyTask,
  status: SnapshotStatus | undefined,
  minutesElapsed: number,
): CopyStep => {
  if (status === "available") return { done: true };
  const unseenMinutes = minutesElapsed - (task.asked ?? 0);
  if (status === undefined && unseenMinutes < unseenMinutesMax) return task;
  return status === undefined || status === "failed" || status === "deleting" ? again(task) : task;
};

/** Due once more, under the name that its losses leave free; three losses end it. */
const again = ({ copy: _, asked: __, lost = 0, ...task }: CopyTask): CopyStep =>
  lost + 1 < attemptsMax ? { ...task, phase: "due", lost: lost + 1 } : { problem: "copy-failed" };

/** How often AWS may refuse a copy for want of its source before that is believed. */
const unbelievedMax = 2;

/**
 * A task whose copy AWS refused since the source is not there, or not available, or a cluster is in the wrong state;
 * `undefined` once that is to be believed.
 * A listing had shown it available, and another region may learn that later: it is looked at anew, and asked for again.
 */
export const lookedAtAnew = ({ found: _, unbelieved = 0, ...task }: CopyTask): CopyTask | undefined =>
  unbelieved < unbelievedMax ? { ...task, phase: "awaited", unbelieved: unbelieved + 1 } : undefined;

/** The problem rows of tasks that leave the table unfinished. */
export const copyProblem = ({ cluster, region }: CopyTask, code: ProblemCode): Problem => ({
  cluster,
  region,
  code,
});
