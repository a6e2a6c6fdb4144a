import type { Family } from "./cluster.ts";
import { countRules, type RetentionPolicy, withinRules } from "./retention.ts";
import { isZeroSpan, type Span } from "./span.ts";

/** How many manual snapshots AWS lets an account keep in a region, unless it was asked for more. */
export const defaultQuotas: Readonly<Record<Family, number>> = { rds: 100, redshift: 20 };

/**
 * The most recovery points of one cluster that a policy can keep in one region: an upper bound, since rules may
 * keep the same points. Only the newest is certain to be kept by every rule, and is counted once.
 * `gapSeconds`: the shortest time between two runs. A policy without rules removes nothing.
 */
export const mostKept = (policy: RetentionPolicy, gapSeconds: number): number => {
  const counts = countRules.map((rule) => policy[rule] ?? 0);
  const spans = withinRules.map((rule) => {
    const span = policy[rule];
    return span === undefined || isZeroSpan(span) ? 0 : mostWithin(span, gapSeconds, periodSeconds[rule]);
  });
  const kept = [...counts, ...spans].filter((most) => most > 0);
  return kept.length === 0 ? Number.POSITIVE_INFINITY : kept.reduce((sum, most) => sum + most - 1, 1);
};

/** How many clusters a quota has room for: besides what is kept, each needs a place for the next run's snapshot. */
export const roomFor = (quota: number, kept: number): number => Math.floor(quota / (kept + 1));

const hour = 3600;
const day = 24 * hour;

/** The shortest that a rule's periods can be; `within` itself has none and keeps every point. */
const periodSeconds: Readonly<Record<(typeof withinRules)[number], number>> = {
  within: 0,
  "within-hourly": hour,
  "within-daily": day,
  "within-weekly": 7 * day,
  "within-monthly": 28 * day,
  "within-yearly": 365 * day,
};

const mostWithin = (span: Span, gapSeconds: number, period: number): number => {
  const seconds = longestSeconds(span);
  const points = Math.ceil(seconds / gapSeconds);
  // A stretch of time that is cut anywhere touches one period more than fit into it.
  return period === 0 ? points : Math.min(points, Math.ceil(seconds / period) + 1);
};

/** With the hour that a night may have more, or less, when clocks are turned. */
const longestSeconds = ({ years, months, days, hours }: Span): number =>
  (years * 366 + months * 31 + days) * day + (hours + 1) * hour;
