import type { MakeChecker } from "./checker.ts";
import { isAvailable, isOurs, planOf, resourceOf } from "./ownership.ts";

/** No resource falls below its floor of a plan's available recovery points in a region through us. */
export const floor: MakeChecker = (scene, complain, count) => ({
  deleted: ({ invocation, snapshot, before }) => {
    count();
    if (!isAvailable(snapshot) || !isOurs(snapshot, scene.service)) return;
    // What others took away or re-tagged since the call began was for the verdict as it had been, at first.
    const changed = scene.removedByOthers(snapshot.region, invocation.startedAt).toReversed();
    const seen = new Map([...before, ...changed].map((one) => [one.id, one]));
    const judged = seen.get(snapshot.id) ?? snapshot;
    const resource = resourceOf(judged);
    const left = [...seen.values()].filter(
      (one) =>
        one.id !== judged.id &&
        isAvailable(one) &&
        isOurs(one, scene.service) &&
        resourceOf(one) === resource &&
        planOf(one) === planOf(judged),
    ).length;
    const plans = scene.plans();
    const least =
      plans.find(({ name }) => name === planOf(judged))?.floor ??
      Math.min(2, ...plans.map((plan) => plan.floor));
    if (left < least)
      complain(
        `${resource} has ${left} recovery points left in ${snapshot.region} after ${snapshot.id}; ${least} must stay`,
      );
  },
});
