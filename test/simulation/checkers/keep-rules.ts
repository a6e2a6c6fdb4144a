import type { MakeChecker } from "./checker.ts";
import { keptBy } from "./keeping.ts";
import { isAvailable, isHeld, isOurs, planOf, resourceOf, takenAt, untilOf } from "./ownership.ts";
import { keyOf, type SeenSnapshot } from "./records.ts";

/** No snapshot that a keep rule of its plan protects is deleted, at the moment of the call. */
export const keepRules: MakeChecker = (scene, complain, count) => ({
  deleted: ({ invocation, snapshot, before }) => {
    if (invocation.plan === undefined || untilOf(snapshot) !== undefined || !isAvailable(snapshot)) return;
    const plan = scene.plans().find(({ name }) => name === planOf(snapshot));
    if (plan === undefined) return;
    count();
    const to = plan.copies.find(({ region }) => region === snapshot.region);
    const policy =
      to === undefined || plan.regions.includes(snapshot.region)
        ? plan.retention
        : (to.retention ?? plan.retention);
    const isPoint = (one: SeenSnapshot): boolean =>
      isOurs(one, scene.service) &&
      isAvailable(one) &&
      !isHeld(one) &&
      untilOf(one) === undefined &&
      planOf(one) === plan.name &&
      one.cluster === snapshot.cluster &&
      resourceOf(one) === resourceOf(snapshot);
    // What came after the listing moves the rules on; what others took away was there for them.
    const gone = scene.removedByOthers(snapshot.region, invocation.startedAt);
    const points = [...before, ...gone]
      .filter((one) => isPoint(one) && takenAt(one) <= invocation.startedAt)
      .map((one) => ({ id: one.id, takenAt: takenAt(one) }));
    const kept = keptBy(points, policy, { timeZone: plan.timeZone, now: invocation.startedAt });
    if (kept.has(snapshot.id))
      complain(`${keyOf(snapshot)} was deleted although ${plan.name}'s retention keeps it`);
  },
});
