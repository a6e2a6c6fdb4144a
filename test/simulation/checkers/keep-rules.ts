import type { MakeChecker } from "./checker.ts";
import { keptBy } from "./keeping.ts";
import { isAvailable, isHeld, isOurs, planOf, resourceOf, stampOf, takenAt, untilOf } from "./ownership.ts";
import { type Invocation, keyOf, type Listing, type Scene, type SeenSnapshot } from "./records.ts";
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
      if (execution === undefined) {
        count();
        if (isPromised({ snapshot, set, points, startedAt }, scene))
          complain(`${keyOf(snapshot)} was swept although what its set was promised keeps it`);
        return;
      }
      const plan = scene.plans().find(({ name }) => name === planOf(snapshot));
      if (plan === undefined) return;
      count();
      const cluster = scene
        .discovered(execution)
        .find((one) => one.id === snapshot.cluster && one.resource === resourceOf(snapshot));
      const bearers = set.filter((one) => isSteady(one, startedAt, scene));
      const policies =
        cluster && policiesIn(snapshot.region, { cluster, terms: termsOf(plan, cluster.tags) }, bearers);
      if (policies === undefined) {
        complain(`${keyOf(snapshot)} was deleted by a run of ${plan.name} that does not visit it there`);
        return;
      }
      const judged = points.filter(({ takenAt: time }) => time <= startedAt);
      const isKept = policies.some((rules) => {
        if (rules === undefined) return true;
        return keptBy(judged, rules, { timeZone: plan.timeZone, now: startedAt }).has(snapshot.id);
      });
      if (isKept) complain(`${keyOf(snapshot)} was deleted although its retention by ${plan.name} keeps it`);
    },
  };
};

type Point = Parameters<typeof keptBy>[0][number];

/** Of one plan, cluster and name: the rules are over these together. */
const isOfSet = (one: SeenSnapshot, other: SeenSnapshot): boolean =>
  planOf(one) === planOf(other) && resourceOf(one) === resourceOf(other) && one.cluster === other.cluster;

/** Its promise was seen by everybody, and is what it was. */
const isSteady = (one: SeenSnapshot, startedAt: number, scene: Scene): boolean =>
  one.startedAt < startedAt - lagMs && !scene.touched.has(keyOf(one));

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

interface Swept {
  readonly snapshot: SeenSnapshot;
  readonly set: readonly SeenSnapshot[];
  readonly points: readonly Point[];
  readonly startedAt: number;
}

/** What no plan's run visits goes by what was promised to it and those beside it, each of which may keep a point. */
const isPromised = ({ snapshot, set, points, startedAt }: Swept, scene: Scene): boolean => {
  const timeZone = scene.plans().find(({ name }) => name === planOf(snapshot))?.timeZone ?? "UTC";
  return set
    .filter((one) => isSteady(one, startedAt, scene))
    .some((one) => {
      const rules = stampOf(one);
      return rules === undefined || keptBy(points, rules, { timeZone, now: startedAt }).has(snapshot.id);
    });
};
