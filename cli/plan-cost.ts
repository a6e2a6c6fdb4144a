import { type Cost, type CostedCluster, costOf } from "../lib/core/cost.ts";
import { nextFirings } from "../lib/core/firings.ts";
import { runsMax } from "../lib/core/longevity.ts";
import { type Plan, scheduleOf } from "../lib/core/plan.ts";
import type { Look } from "./look.ts";
import type { ForetoldRun } from "./preview-document.ts";

export interface PlanCostInput {
  readonly plan: Plan;
  readonly document: ForetoldRun;
  readonly look: Look;
  /** GiB to take for clusters of which AWS tells no size, as of Aurora's. */
  readonly assumedGib: number | undefined;
}

/** What a plan's recovery points cost a month as they are after its next run, and what its copies send. */
export const planCost = ({ plan, document, look, assumedGib }: PlanCostInput): Cost => {
  const clusters = new Map(look.clusters.map((cluster) => [cluster.arn, cluster]));
  const sizes = sizesIn(look);
  const costed = document.clusters.flatMap(({ arn, keep, copies }): readonly CostedCluster[] => {
    const cluster = clusters.get(arn);
    if (cluster === undefined) return [];
    const sizeGib = sizes.get(cluster.resource) ?? assumedGib;
    const automated = document.enables.some((one) => one.arn === arn);
    const sent = copies.filter(({ action }) => action === "start" || action === "arrives").length;
    return [{ engine: cluster.engine, sizeGib, points: keep.length, copies: sent, automated }];
  });
  return costOf(costed, runsOfMonth(plan, Date.parse(document.at)));
};

/** Of each cluster's newest recovery point that AWS tells a size of. */
const sizesIn = ({ owned }: Look): ReadonlyMap<string, number> =>
  new Map(
    owned
      .toSorted((a, b) => a.takenAt - b.takenAt)
      .flatMap(({ resource, snapshot }) =>
        snapshot.sizeGib === undefined ? [] : [[resource, snapshot.sizeGib] as const],
      ),
  );

const monthMs = 30 * 86_400_000;

const runsOfMonth = (plan: Plan, now: number): number => {
  if (!plan.enabled) return 0;
  return nextFirings(scheduleOf(plan), plan.timeZone, now, runsMax).filter((at) => at <= now + monthMs)
    .length;
};
