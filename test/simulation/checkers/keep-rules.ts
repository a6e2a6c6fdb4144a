import type { MakeChecker } from "./checker.ts";
import { keptBy } from "./keeping.ts";
import { isAvailable, isHeld, isOurs, planOf, resourceOf, takenAt, untilOf } from "./ownership.ts";
import { keyOf, type SeenSnapshot } from "./records.ts";
import { policiesIn, termsOf } from "./terms.ts";

/** Longer than any listing lags: what is older has been seen. */
const lagMs = 300_000;

/** No snapshot that a keep rule of its cluster's terms protects is deleted, at the moment of the call. */
export const keepRules: MakeChecker = (scene, complain, count) => ({
  deleted: ({ invocation, snapshot, before }) => {
    const { execution, startedAt } = invocation;
    if (execution === undefined || untilOf(snapshot) !== undefined || !isAvailable(snapshot)) return;
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
      complain(`${keyOf(snapshot)} was deleted by a run of ${plan.name} that does not come by there`);
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

const isPoint = (one: SeenSnapshot): boolean =>
  isAvailable(one) && !isHeld(one) && untilOf(one) === undefined;
