import type { MakeChecker } from "./checker.ts";
import { keptBy, type Rules } from "./keeping.ts";
import { isAvailable, isHeld, isOurs, planOf, resourceOf, stampOf, takenAt, untilOf } from "./ownership.ts";
import { type Invocation, keyOf, type Listing, type SeenSnapshot } from "./records.ts";
import { policiesIn, termsOf } from "./terms.ts";

/** Longer than any listing lags: what is older has been seen. */
const lagMs = 300_000;

/** No snapshot that a keep rule of its cluster's terms protects is deleted, at the moment of the call. */
export const keepRules: MakeChecker = (scene, complain, count) => {
  const lists = makeLists();
  return {
    listed: lists.listed,
    invocationEnded: ({ number }) => lists.forget(number),
    deleted: ({ invocation, snapshot, before }) => {
      const { execution, startedAt } = invocation;
      if (untilOf(snapshot) !== undefined || !isAvailable(snapshot)) return;
      // What came after the listing moves the rules on; what others took away was there for them.
      const all = [...before, ...scene.removedByOthers(snapshot.region, startedAt)];
      const set = all.filter((one) => isOurs(one, scene.service) && isOfSet(one, snapshot));
      const points = lists.pointsIn(set, invocation);
      const bearers = set.filter(
        (one) => one.startedAt < startedAt - lagMs && !scene.touched.has(keyOf(one)),
      );
      const plan = scene.plans().find(({ name }) => name === planOf(snapshot));
      const clock = { timeZone: plan?.timeZone ?? "UTC", now: startedAt };
      const isKept = (some: readonly Point[], policies: readonly (Rules | undefined)[]): boolean =>
        policies.some((rules) => rules === undefined || keptBy(some, rules, clock).has(snapshot.id));
      if (execution === undefined) {
        count();
        // What no plan's run visits goes by what was promised to it and those beside it, each of which may keep a point.
        if (isKept(points, bearers.map(stampOf)))
          complain(`${keyOf(snapshot)} was swept although what its set was promised keeps it`);
        return;
      }
      if (plan === undefined) return;
      count();
      const cluster = scene
        .discovered(execution)
        .find((one) => one.id === snapshot.cluster && one.resource === resourceOf(snapshot));
      const policies =
        cluster && policiesIn(snapshot.region, { cluster, terms: termsOf(plan, cluster.tags) }, bearers);
      if (policies === undefined) {
        complain(`${keyOf(snapshot)} was deleted by a run of ${plan.name} that does not visit it there`);
        return;
      }
      const judged = points.filter(({ takenAt: time }) => time <= startedAt);
      if (isKept(judged, policies))
        complain(`${keyOf(snapshot)} was deleted although its retention by ${plan.name} keeps it`);
    },
  };
};

type Point = Parameters<typeof keptBy>[0][number];

/** Of one plan, cluster and name: the rules are over these together. */
const isOfSet = (one: SeenSnapshot, other: SeenSnapshot): boolean =>
  planOf(one) === planOf(other) && resourceOf(one) === resourceOf(other) && one.cluster === other.cluster;

/**
 * What invocations were last shown. What is held stands beside the rules; what somebody has held since it was listed was
 * still among them for the verdict.
 */
const makeLists = () => {
  const shown = new Map<number, Map<string, readonly SeenSnapshot[]>>();
  const placeOf = ({ family, region }: Pick<Listing, "family" | "region">): string => `${family} ${region}`;
  const wasFree = (one: SeenSnapshot, number: number): boolean => {
    const seen = shown
      .get(number)
      ?.get(placeOf(one))
      ?.find(({ id }) => id === one.id);
    return seen !== undefined && !isHeld(seen);
  };
  return {
    listed: ({ invocation: { number }, snapshots, named, ...place }: Listing): void => {
      if (named) return;
      const own = shown.get(number) ?? new Map();
      shown.set(number, own.set(placeOf(place), snapshots));
    },
    forget: (number: number): void => void shown.delete(number),
    pointsIn: (set: readonly SeenSnapshot[], { number }: Invocation): readonly Point[] =>
      set
        .filter((one) => isAvailable(one) && untilOf(one) === undefined)
        .filter((one) => !isHeld(one) || wasFree(one, number))
        .map((one) => ({ id: one.id, takenAt: takenAt(one) })),
  };
};
