import type { Family } from "./cluster.ts";
import { mostKept } from "./quota.ts";
import type { RetentionPolicy } from "./retention.ts";

/** How a region's quota of manual snapshots stands against what a plan is going to keep there. */
export interface QuotaOutlook {
  readonly region: string;
  readonly family: Family;
  readonly used: number;
  readonly max: number;
  /** Once the plan's next run has created and pruned. */
  readonly afterRun: number;
  /** The most that the plan's own points, and a run's new ones, can take; `null` where its policy removes nothing. */
  readonly needed: number | null;
  /** At the next run's growth, until the quota is full; `null` where it does not grow. */
  readonly daysLeft: number | null;
  /** What to ask AWS for, so that the plan has room beside what others keep; `null` where it has. */
  readonly request: number | null;
}

export interface OutlookInput extends Pick<QuotaOutlook, "region" | "family" | "used" | "max"> {
  readonly clusters: number;
  readonly policy: RetentionPolicy;
  readonly gapSeconds: number;
  readonly creates: number;
  readonly prunes: number;
  /** Points of this plan that are there already. */
  readonly own: number;
}

const daySeconds = 86_400;

/** Quotas are arithmetic: clusters times the most that the policy keeps and one for the run, beside what others keep. */
export const quotaOutlook = (input: OutlookInput): QuotaOutlook => {
  const { region, family, used, max, clusters, policy, gapSeconds, creates, prunes, own } = input;
  const needed = clusters * (mostKept(policy, gapSeconds) + 1);
  const growth = creates - prunes;
  const others = Math.max(0, used - own);
  const wanted = others + needed;
  return {
    ...{ region, family, used, max },
    afterRun: used + growth,
    needed: Number.isFinite(needed) ? needed : null,
    daysLeft: growth > 0 ? Math.floor(((max - used) / growth) * (gapSeconds / daySeconds)) : null,
    request: Number.isFinite(wanted) && wanted > max ? roundUp(wanted) : null,
  };
};

/** Requests are made in round numbers. */
const roundUp = (count: number): number => Math.ceil(count / 10) * 10;
