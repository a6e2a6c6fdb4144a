import type { MakeChecker } from "./checker.ts";
import { isAvailable, isOurs, planOf, resourceOf } from "./ownership.ts";

/** No resource falls below its floor of a plan's available recovery points in a region through us. */
export const floor: MakeChecker = (scene, complain, count) => ({
  deleted: ({ invocation, snapshot, before }) => {
    count();
    if (!isAvailable(snapshot) || !isOurs(snapshot, scene.service)) return;
    const resource = resourceOf(snapshot);
    const isPoint = (one: typeof snapshot): boolean =>
      isAvailable(one) &&
      isOurs(one, scene.service) &&
      resourceOf(one) === resource &&
      planOf(one) === planOf(snapshot);
    const left = before.filter((one) => isPoint(one) && one.id !== snapshot.id).length;
    // What others took away since the call began was still there for the verdict.
    const taken = scene.removedByOthers(snapshot.region, invocation.startedAt).filter(isPoint).length;
    const plans = scene.plans();
    const least =
      plans.find(({ name }) => name === planOf(snapshot))?.floor ??
      Math.min(2, ...plans.map((plan) => plan.floor));
    if (left + taken < least)
      complain(
        `${resource} has ${left} recovery points left in ${snapshot.region} after ${snapshot.id}; ${least} must stay`,
      );
  },
});
