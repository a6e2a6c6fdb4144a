import { nextFirings } from "./firings.ts";
import { decideByAny, type RetentionPolicy, type TimedPoint } from "./retention.ts";
import type { Schedule } from "./schedule.ts";

/** How much longer a recovery point stays, and what decides that: a closed union. */
export type Longevity =
  | RunsLeft
  /** Its hold keeps it until somebody releases it. */
  | { readonly kind: "held" }
  /** A promise keeps it until then, ISO 8601. */
  | { readonly kind: "until"; readonly until: string }
  /** No rule ever removes it: no policy, or one that cannot be read. */
  | { readonly kind: "always" }
  /** Something that passes keeps it from going with the next run: the brake, overdue or running copies. */
  | { readonly kind: "gated" }
  /** No plan's run visits it any more; Sweep goes by the policies stamped on the set. */
  | { readonly kind: "orphan" }
  /** Its plan is switched off, or not known here: nothing says when the next run is. */
  | { readonly kind: "no-runs" };

/** It survives so many more runs, and goes with the one after: 0 is "with the next". Or all that were looked at. */
export type RunsLeft = { readonly kind: "runs" | "over"; readonly runs: number };

/** Runs that are looked ahead: a year of nights and a month. */
export const runsMax = 400;

/** One retention set, and the plan that adds to it and prunes it. */
export interface LongevityInput {
  /** Available, or going to be, and neither held nor promised. Ids are unique. */
  readonly points: readonly TimedPoint[];
  readonly policies: readonly RetentionPolicy[];
  readonly timeZone: string;
  readonly schedule: Schedule;
  /** Recovery points that every prune leaves, of these and the `others` together. */
  readonly floor: number;
  /** Recovery points of the same plan, cluster and region outside the set, held or promised; they are taken to stay. */
  readonly others: number;
  readonly now: number;
}

/**
 * By id, how many further runs each point survives.
 *
 * Imagines the plan's next runs at its schedule's next firings, each of which takes a recovery point and then
 * prunes by the policies and down to the floor. Runs are taken to succeed: where backups stop nothing expires,
 * so every figure is the least that can come true.
 */
export const runsLeft = (input: LongevityInput): ReadonlyMap<string, RunsLeft> => {
  const left = new Map<string, RunsLeft>();
  let [waiting, seen] = [input.points, 0];
  for (const { runs, gone } of runsAhead(input)) {
    for (const { id } of waiting) if (gone.has(id)) left.set(id, { kind: "runs", runs });
    waiting = waiting.filter(({ id }) => !gone.has(id));
    seen = runs + 1;
    if (waiting.length === 0) break;
  }
  for (const { id } of waiting) left.set(id, { kind: "over", runs: seen });
  return left;
};

/** By how many points a set grows, or shrinks, with the runs until a moment; at most `runsMax` runs are looked at. */
export const growthUntil = (until: number, input: LongevityInput): number => {
  let size = input.points.length;
  for (const run of runsAhead(input)) {
    if (run.at > until) break;
    size = run.size;
  }
  return size - input.points.length;
};

interface RunAhead {
  /** Runs before it. */
  readonly runs: number;
  readonly at: number;
  readonly gone: ReadonlySet<string>;
  /** Of the set after it. */
  readonly size: number;
}

function* runsAhead(input: LongevityInput): Generator<RunAhead, void> {
  let set = input.points;
  for (const [runs, at] of nextFirings(input.schedule, input.timeZone, input.now, runsMax).entries()) {
    const points = [...set, { id: `run ${runs + 1}`, takenAt: at }];
    const gone = wouldGo({ ...input, points, now: at });
    set = points.filter(({ id }) => !gone.has(id));
    yield { runs, at, gone, size: set.length };
  }
}

/** What a prune at `now` would remove of the set as it is: by the policies, sparing the newest for the floor. */
export const wouldGo = (input: Omit<LongevityInput, "schedule">): ReadonlySet<string> => {
  const { points, floor, others } = input;
  const going = decideByAny(input).remove.map(({ id }) => id);
  const missing = Math.max(0, floor - (points.length + others - going.length));
  return new Set(going.slice(missing));
};
