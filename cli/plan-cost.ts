import { type Cost, type CostedCluster, costOf } from "../lib/core/cost.ts";
import { nextFirings } from "../lib/core/firings.ts";
import { type Plan, scheduleOf } from "../lib/core/plan.ts";
import { shortestGapSeconds } from "../lib/core/schedule.ts";
import type { Look } from "./look.ts";
import type { ForetoldRun } from "./preview-document.ts";

export interface PlanCostInput {
  readonly plan: Plan;
  readonly document: ForetoldRun;
  readonly look: Pick<Look, "clusters" | "owned">;
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
const sizesIn = ({ owned }: Pick<Look, "owned">): ReadonlyMap<string, number> =>
  new Map(
    owned
      .toSorted((a, b) => a.takenAt - b.takenAt)
      .flatMap(({ resource, snapshot }) =>
        snapshot.sizeGib === undefined ? [] : [[resource, snapshot.sizeGib] as const],
      ),
  );

const monthSeconds = 30 * 86_400;

/** The next run and those of thirty days from then on: of a schedule with longer gaps its own, at most. */
const runsOfMonth = (plan: Plan, at: number): number => {
  if (!plan.enabled) return 0;
  const schedule = scheduleOf(plan);
  const most = Math.ceil(monthSeconds / shortestGapSeconds(schedule));
  const later = nextFirings(schedule, plan.timeZone, at, most);
  return 1 + later.filter((one) => one < at + monthSeconds * 1000).length;
};
