import { base32, digest } from "./digest.ts";
import type { Part } from "./part.ts";
import { compactTime, toSecond } from "./time.ts";

/** What a person asked for beyond the schedule. Part of the names of what the run takes. */
export interface Request {
  /** Kept on the recovery point, and protects nothing. */
  readonly reason?: string;
  /** Never pruned while it stands; the reason is kept on the recovery point. */
  readonly hold?: string;
  /** ISO 8601, UTC: untouched until then, removed afterwards, floor permitting. */
  readonly until?: string;
}

/** The reason of whoever asks for a run and gives none. */
export const noReason = "on demand";

/**
 * One run of a plan. `at` is the *scheduled* time (or the start of an execution that a person started),
 * so that a retried step, a doubled event or a second execution of the same (plan, at) is the same run
 * and finds its own snapshots instead of taking a second set.
 */
export interface Run {
  readonly plan: string;
  /** ISO 8601, UTC, to the second. */
  readonly at: string;
  readonly id: string;
  /** ISO 8601: all waiting ends here. */
  readonly deadline: string;
  /** Present on runs that a person asked for: they prune nothing. */
  readonly request?: Request;
  /** Present in an execution that does a part of the run: everything else of the run is the same in all of them. */
  readonly part?: Part;
}

/**
 * A run's id, the same for every execution of the same (plan, at, request).
 * It is a tag value, and Redshift's polls look for it, so it holds letters, digits and hyphens only.
 */
export const runId = (plan: string, at: string, request?: Request): string => {
  const asked = request === undefined ? "" : `-${base32(digest(requestParts(request))).slice(0, 6)}`;
  return `${plan}-${compactTime(at)}${asked}`;
};

/** Clocks differ; a schedule may have fired by a clock that goes faster. */
const aheadMsMax = 3_600_000;

/** A run that nobody came to may be made up for: the scheduler itself gives up after hours, and somebody has to see it. */
const agoMsMax = 7 * 86_400_000;

/**
 * Whether nobody can mean a run's time, as of the moment when it is asked for: both epoch milliseconds. What is taken bears
 * that time. Of a year to come no policy would let it go before, and it would look new to every alarm; of long ago it would
 * stand for that day, and retention would remove what was taken then.
 */
export const mistimed = (at: number, asked: number): "ahead" | "ago" | undefined => {
  if (at > asked + aheadMsMax) return "ahead";
  return at < asked - agoMsMax ? "ago" : undefined;
};

/** The run of a plan that its schedule began at a time, epoch milliseconds: what the names of its points derive from. */
export const scheduledRun = (plan: string, time: number): Pick<Run, "plan" | "at" | "id"> => {
  const at = toSecond(new Date(time).toISOString());
  return { plan, at, id: runId(plan, at) };
};

/** Whether a point is of a run that the plan's schedule began, and not of one that a person asked for. */
export const isScheduled = (
  plan: string,
  { runId: id, takenAt }: { readonly runId: string; readonly takenAt: number },
): boolean => id === scheduledRun(plan, takenAt).id;

/** A request as the list of words that names are derived from. */
export const requestParts = (request: Request): readonly string[] => [
  request.reason ?? "",
  request.hold ?? "",
  request.until ?? "",
];
