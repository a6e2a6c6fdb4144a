import type { MakeChecker } from "./checker.ts";
import { planOf } from "./ownership.ts";
import { keyOf, type SeenCluster } from "./records.ts";
import { isVisited } from "./terms.ts";

/**
 * What waits for its plan's runs is left alone: Sweep deletes nothing of a set that one visits, also of a plan that is
 * switched off; and such a plan takes, copies and prunes nothing but what a person asks for.
 */
export const leftAlone: MakeChecker = (scene, complain, count) => {
  /** Of each sweep, every cluster as it was shown it. */
  const shown = new Map<number, SeenCluster[]>();
  const isOff = (plan: string | undefined): boolean =>
    scene.plans().some(({ name, enabled }) => name === plan && !enabled);
  return {
    found: ({ invocation, clusters }) => {
      if (invocation.function !== "sweep") return;
      shown.set(invocation.number, [...(shown.get(invocation.number) ?? []), ...clusters]);
    },
    answered: ({ invocation: { plan, asked }, operation, region, status }) => {
      if (!/^(Create|Copy).*Snapshot$/.test(operation) || status !== 200) return;
      count();
      if (isOff(plan) && !asked)
        complain(`${operation} in ${region} is done for ${plan}, which is switched off`);
    },
    deleted: ({ invocation, snapshot }) => {
      count();
      const clusters = shown.get(invocation.number) ?? [];
      const plan = scene.plans().find(({ name }) => name === planOf(snapshot));
      if (invocation.function === "prune" && isOff(planOf(snapshot)))
        complain(`${keyOf(snapshot)} was pruned, and ${planOf(snapshot)} is switched off`);
      if (invocation.asked) complain(`${keyOf(snapshot)} was deleted by a run that a person asked for`);
      if (plan && clusters.some((cluster) => isVisited(snapshot, cluster, plan)))
        complain(`${keyOf(snapshot)} was swept, and the runs of ${plan.name} visit it there`);
    },
    invocationEnded: ({ number }) => void shown.delete(number),
  };
};
