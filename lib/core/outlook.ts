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
  /** Net, of a week: by what everybody's number of manual snapshots grows, or shrinks. */
  readonly weeklyGrowth: number;
  /** At that growth, until the quota is full; `null` where it does not come to that. */
  readonly daysLeft: number | null;
  /** What to ask AWS for, so that the plan has room beside what others keep; `null` where it has. */
  readonly request: number | null;
}

export interface OutlookInput extends Pick<QuotaOutlook, "region" | "family" | "used" | "max"> {
  /** What holds for each of the plan's clusters here. */
  readonly policies: readonly RetentionPolicy[];
  /** So many points of each cluster no prune goes below. */
  readonly floor: number;
  readonly gapSeconds: number;
  readonly creates: number;
  readonly prunes: number;
  /** Points of this plan that are there already, and that its policies decide on: what is held stays beside these. */
  readonly own: number;
  /**
   * Net growth of a week. What was deleted leaves no trace, so that nobody can measure the last one: the plan's
   * own is that of the next week's runs, and others' what they made in the last and still have.
   */
  readonly ownGrowth: number;
  readonly othersGrowth: number;
}

/**
 * Quotas are arithmetic: for each cluster the most that its policy keeps, or the floor, and one for the run, beside what others
 * keep.
 */
export const quotaOutlook = (input: OutlookInput): QuotaOutlook => {
  const { region, family, used, max, policies, floor, gapSeconds, creates, prunes, own } = input;
  const needed = policies.reduce((sum, policy) => sum + Math.max(floor, mostKept(policy, gapSeconds)) + 1, 0);
  const others = Math.max(0, used - own);
  const wanted = others + needed;
  return {
    ...{ region, family, used, max },
    ...{ afterRun: used + creates - prunes, weeklyGrowth: input.ownGrowth + input.othersGrowth },
    needed: Number.isFinite(needed) ? needed : null,
    daysLeft: daysUntil(Math.max(0, max - used), { ...input, mostMore: Math.max(0, needed - own) }),
    request: Number.isFinite(wanted) && wanted > max ? roundUp(wanted) : null,
  };
};

interface Growth extends Pick<OutlookInput, "ownGrowth" | "othersGrowth"> {
  /** By how many the plan's own points can grow at all. */
  readonly mostMore: number;
}

/** Days until there is no room: both grow together, until the plan has all that its policies keep. */
const daysUntil = (room: number, { ownGrowth, othersGrowth, mostMore }: Growth): number | null => {
  const together = ownGrowth + othersGrowth;
  const weeks = together > 0 ? room / together : Number.POSITIVE_INFINITY;
  if (ownGrowth <= 0 || ownGrowth * weeks <= mostMore)
    return Number.isFinite(weeks) ? Math.floor(7 * weeks) : null;
  return othersGrowth > 0 ? Math.floor((7 * (room - mostMore)) / othersGrowth) : null;
};

/** Requests are made in round numbers. */
const roundUp = (count: number): number => Math.ceil(count / 10) * 10;
