import type { MakeChecker } from "./checker.ts";
import { keptBy } from "./keeping.ts";
import { isAvailable, isHeld, isOurs, planOf, resourceOf, stampOf, takenAt, untilOf } from "./ownership.ts";
import { type Invocation, keyOf, type Scene, type SeenSnapshot } from "./records.ts";
import { policiesIn, termsOf } from "./terms.ts";

/** Longer than any listing lags: what is older has been seen. */
const lagMs = 300_000;

/** No snapshot that a keep rule of its cluster's terms protects is deleted, at the moment of the call. */
export const keepRules: MakeChecker = (scene, complain, count) => ({
  deleted: ({ invocation, snapshot, before }) => {
    const { execution, startedAt } = invocation;
    if (untilOf(snapshot) !== undefined || !isAvailable(snapshot)) return;
    if (execution === undefined) {
      count();
      if (isPromised(snapshot, before, invocation, scene))
        complain(`${keyOf(snapshot)} was swept although what its set was promised keeps it`);
      return;
    }
    const plan = scene.plans().find(({ name }) => name === planOf(snapshot));
    if (plan === undefined) return;
    count();
    const isSame = (one: { readonly id: string; readonly resource: string }): boolean =>
      one.id === snapshot.cluster && one.resource === resourceOf(snapshot);
    const cluster = scene.discovered(execution).find(isSame);
    // What came after the listing moves the rules on; what others took away was there for them.
    const gone = scene.removedByOthers(snapshot.region, startedAt);
    const mine = [...before, ...gone].filter(
      (one) =>
        isOurs(one, scene.service) &&
        planOf(one) === plan.name &&
        isSame({ id: one.cluster, resource: resourceOf(one) }),
    );
    const bearers = mine.filter((one) => one.startedAt < startedAt - lagMs && !scene.touched.has(keyOf(one)));
    const policies =
      cluster && policiesIn(snapshot.region, { cluster, terms: termsOf(plan, cluster.tags) }, bearers);
    if (policies === undefined) {
      complain(`${keyOf(snapshot)} was deleted by a run of ${plan.name} that does not visit it there`);
      return;
    }
    const points = mine
      .filter((one) => isPoint(one) && takenAt(one) <= startedAt)
      .map((one) => ({ id: one.id, takenAt: takenAt(one) }));
    const isKept = policies.some((rules) => {
      if (rules === undefined) return true;
      return keptBy(points, rules, { timeZone: plan.timeZone, now: startedAt }).has(snapshot.id);
    });
    if (isKept) complain(`${keyOf(snapshot)} was deleted although its retention by ${plan.name} keeps it`);
  },
});

/** What no plan's run visits goes by what was promised to it and those beside it, each of which may keep a point. */
const isPromised = (
  snapshot: SeenSnapshot,
  before: readonly SeenSnapshot[],
  { startedAt }: Invocation,
  scene: Scene,
): boolean => {
  const gone = scene.removedByOthers(snapshot.region, startedAt);
  const set = [...before, ...gone].filter(
    (one) =>
      isOurs(one, scene.service) &&
      planOf(one) === planOf(snapshot) &&
      resourceOf(one) === resourceOf(snapshot) &&
      one.cluster === snapshot.cluster,
  );
  const points = set.filter(isPoint).map((one) => ({ id: one.id, takenAt: takenAt(one) }));
  const timeZone = scene.plans().find(({ name }) => name === planOf(snapshot))?.timeZone ?? "UTC";
  return set
    .filter((one) => one.startedAt < startedAt - lagMs && !scene.touched.has(keyOf(one)))
    .some((one) => {
      const rules = stampOf(one);
      return rules === undefined || keptBy(points, rules, { timeZone, now: startedAt }).has(snapshot.id);
    });
};

const isPoint = (one: SeenSnapshot): boolean =>
  isAvailable(one) && !isHeld(one) && untilOf(one) === undefined;
