import { type Longevity, type RunsLeft, runsLeft, wouldGo } from "./longevity.ts";
import type { OwnedSnapshot } from "./ownership.ts";
import { type Plan, scheduleOf } from "./plan.ts";
import { formatPolicy, type RetentionPolicy, type TimedPoint } from "./retention.ts";

/** One retention set, judged as it is now. */
export interface RemainingInput {
  /** The plan whose runs add to the set and prune it; `undefined` where none is known to visit it. */
  readonly plan: Plan | undefined;
  readonly orphan: boolean;
  readonly policies: readonly RetentionPolicy[];
  readonly floor: number;
  readonly points: readonly OwnedSnapshot[];
  /** Available recovery points of the same cluster and region in other sets. */
  readonly others: number;
  /** Ids of those that a prune would leave now. */
  readonly staying: ReadonlySet<string>;
  readonly now: number;
}

/** How much longer each point of a set stays; `undefined` for one that is being deleted. */
export type Remaining = (input: RemainingInput) => (point: OwnedSnapshot) => Longevity | undefined;

/** Remembers what it has counted: most sets of a plan have the same times, and a thousand clusters take long to count. */
export const makeRemaining = (): Remaining => {
  const counted = new Map<string, Counted>();
  return (input) => {
    const set = scheduled(input.points);
    const order = new Map(set.map(({ snapshot }, place) => [snapshot.id, named(place)]));
    const count = once(() => countRuns(input, set, counted));
    return (point) => settled(input, point) ?? fromCount(input, point, { order, count });
  };
};

interface Counted {
  readonly left: ReadonlyMap<string, RunsLeft>;
  /** What a prune would remove now, but for what holds it back. */
  readonly going: ReadonlySet<string>;
}

/** In progress means available by the next run. Newest first, as its place is its name in the count. */
const scheduled = (points: readonly OwnedSnapshot[]): readonly OwnedSnapshot[] =>
  points
    .filter(({ hold, until }) => hold === undefined && until === undefined)
    .filter(({ snapshot: { status } }) => status !== "failed" && status !== "deleting")
    .toSorted((a, b) => b.takenAt - a.takenAt || (a.snapshot.id < b.snapshot.id ? -1 : 1));

/** Retention orders points of one moment by their names, as text: "10" would come before "9". */
const named = (place: number): string => `${place}`.padStart(6, "0");

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Answers where the point itself decides, or who governs its set; `undefined` where runs have to be counted. */
const settled = (
  { plan, orphan, policies, staying, now }: RemainingInput,
  { snapshot, hold, until }: OwnedSnapshot,
): Longevity | undefined => {
  if (hold !== undefined) return { kind: "held" };
  if (until !== undefined && Number.isNaN(until)) return { kind: "always" };
  if (until !== undefined && until > now) return { kind: "until", until: new Date(until).toISOString() };
  if (orphan) return { kind: "orphan" };
  if (until !== undefined || snapshot.status === "failed") {
    if (!isRun(plan)) return { kind: "no-runs" };
    return staying.has(snapshot.id) ? { kind: "gated" } : { kind: "runs", runs: 0 };
  }
  return policies.some((policy) => formatPolicy(policy) === "") ? { kind: "always" } : undefined;
};

const isRun = (plan: Plan | undefined): plan is Plan => plan?.enabled === true;

interface Counting {
  /** A point's place in its set, by which the count knows it. */
  readonly order: ReadonlyMap<string, string>;
  readonly count: () => Counted | undefined;
}

const fromCount = (
  { staying }: RemainingInput,
  { snapshot: { id } }: OwnedSnapshot,
  { order, count }: Counting,
): Longevity | undefined => {
  const place = order.get(id);
  if (place === undefined) return undefined;
  const counted = count();
  const left = counted?.left.get(place);
  if (counted === undefined || left === undefined) return { kind: "no-runs" };
  return left.runs === 0 && staying.has(id) && counted.going.has(place) ? { kind: "gated" } : left;
};

const countRuns = (
  input: RemainingInput,
  set: readonly OwnedSnapshot[],
  counted: Map<string, Counted>,
): Counted | undefined => {
  const { plan, policies, floor, others, now } = input;
  if (!isRun(plan)) return undefined;
  const schedule = scheduleOf(plan);
  const times = set.map(({ takenAt }) => takenAt);
  const key = JSON.stringify([plan.name, policies.map(formatPolicy), floor, others, times]);
  const points: readonly TimedPoint[] = times.map((takenAt, place) => ({ id: named(place), takenAt }));
  const asked = { ...{ points, policies, floor, others, now }, timeZone: plan.timeZone };
  const known = counted.get(key) ?? { left: runsLeft({ ...asked, schedule }), going: wouldGo(asked) };
  counted.set(key, known);
  return known;
};
