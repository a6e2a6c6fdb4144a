import { dayOf, hourOf, monthOf, type WallClock, wallClock, weekOf, yearOf } from "./calendar.ts";
import { formatSpan, isZeroSpan, parseSpan, type Span } from "./span.ts";

/** Rules that keep the newest point in each of the last n periods that have one. */
export const countRules = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;

/** Rules that keep every point, or the newest in each period, of a time that ends with the newest point. */
export const withinRules = [
  "within",
  "within-hourly",
  "within-daily",
  "within-weekly",
  "within-monthly",
  "within-yearly",
] as const;

type CountRule = (typeof countRules)[number];
type WithinRule = (typeof withinRules)[number];
type RuleName = CountRule | WithinRule;

/** What to keep, in the words of restic's `forget`. A rule that is absent or zero keeps nothing. */
export type RetentionPolicy = Readonly<
  Partial<Record<CountRule, number>> & Partial<Record<WithinRule, Span>>
>;

/** A recovery point as retention sees it. Ids are unique within one decision. */
export interface TimedPoint {
  readonly id: string;
  /** Epoch milliseconds, UTC. */
  readonly takenAt: number;
}

export interface Reasoned {
  readonly id: string;
  readonly because: readonly string[];
}

/** Every point is in one of the two, newest first. */
export interface RetentionVerdict {
  readonly keep: readonly Reasoned[];
  readonly remove: readonly Reasoned[];
}

/** The points of one retention set; the zone decides where periods begin; `now` only which points are future. */
export interface RetentionInput {
  readonly points: readonly TimedPoint[];
  readonly policy: RetentionPolicy;
  readonly timeZone: string;
  readonly now: number;
}

/**
 * Which points a policy keeps and which it removes, as restic 0.14.0's `forget` does.
 *
 * A policy without a rule in force removes nothing. Points dated after `now` are kept and set aside: the
 * rules see the others only, so that a wrong clock neither uses up a count nor moves what `within` counts
 * back from. The newest of the others is always kept. Points of one time are ordered by id.
 */
export const decideRetention = ({ points, policy, timeZone, now }: RetentionInput): RetentionVerdict => {
  const ordered = points.toSorted(newestFirst);
  const rules = rulesInForce(policy);
  if (rules.length === 0) return { keep: ordered.map(reasoned("no policy")), remove: [] };
  const clock = wallClock(timeZone);
  const past = ordered.filter(({ takenAt }) => takenAt <= now).map((point) => toCandidate(point, clock));
  const startOf = (span: Span): number => clock.before(past[0]?.takenAt ?? now, span);
  for (const [name, value] of rules) applyRule(toRule(name, value, startOf), past);
  return {
    keep: [
      // Asked as the exact opposite of "past", so that a time that is not a number is kept as well.
      ...ordered.filter(({ takenAt }) => !(takenAt <= now)).map(reasoned("dated in the future")),
      ...past.filter(({ because }) => because.length > 0).map(({ id, because }) => ({ id, because })),
    ],
    remove: past.filter(({ because }) => because.length === 0).map(reasoned("no rule keeps it")),
  };
};

/**
 * The same under several policies: a point goes only if every one of them would let it go. No policy at all
 * removes nothing, and neither does a list with a policy without rules in it.
 */
export const decideByAny = ({
  policies,
  ...rest
}: Omit<RetentionInput, "policy"> & { readonly policies: readonly RetentionPolicy[] }): RetentionVerdict => {
  const verdicts = (policies.length === 0 ? [{}] : policies).map((policy) =>
    decideRetention({ ...rest, policy }),
  );
  const reasons = Map.groupBy(
    verdicts.flatMap(({ keep }) => keep),
    ({ id }) => id,
  );
  const because = (id: string): readonly string[] => [
    ...new Set((reasons.get(id) ?? []).flatMap((one) => one.because)),
  ];
  const ordered = rest.points.toSorted(newestFirst);
  return {
    keep: ordered.filter(({ id }) => reasons.has(id)).map(({ id }) => ({ id, because: because(id) })),
    remove: ordered.filter(({ id }) => !reasons.has(id)).map(reasoned("no rule keeps it")),
  };
};

const newestFirst = (a: TimedPoint, b: TimedPoint): number => b.takenAt - a.takenAt || (a.id < b.id ? -1 : 1);

const reasoned =
  (...because: readonly string[]) =>
  ({ id }: TimedPoint): Reasoned => ({ id, because });

/** A point on its way through the rules, each of which may add a reason to keep it. */
interface Candidate extends TimedPoint {
  readonly local: number;
  readonly because: string[];
}

const toCandidate = ({ id, takenAt }: TimedPoint, clock: WallClock): Candidate => ({
  id,
  takenAt,
  local: clock.at(takenAt),
  because: [],
});

/** Which period a point is in; `met` is how many the rule has met, for the rules that take each point by itself. */
type PeriodOf = (local: number, met: number) => number;

/** A new period for every point, and a lower one, as all periods are on the way back in time. */
const itself: PeriodOf = (_local, met) => -met;

const periods: Readonly<Record<RuleName, PeriodOf>> = {
  last: itself,
  hourly: hourOf,
  daily: dayOf,
  weekly: weekOf,
  monthly: monthOf,
  yearly: yearOf,
  within: itself,
  "within-hourly": hourOf,
  "within-daily": dayOf,
  "within-weekly": weekOf,
  "within-monthly": monthOf,
  "within-yearly": yearOf,
};

/** Both kinds of rule in one form: a count has no limit in time, and a span has none in number. */
interface Rule {
  readonly periodOf: PeriodOf;
  readonly periodsMax: number;
  /** Points of this instant or earlier are out of reach. */
  readonly after: number;
  readonly reason: (period: number) => string;
}

/** `startOf` counts a span back from the newest point. */
const toRule = (name: RuleName, value: number | Span, startOf: (span: Span) => number): Rule => {
  const periodOf = periods[name];
  if (typeof value === "number") {
    const reason = (period: number) => `${name} ${period} of ${value}`;
    return { periodOf, periodsMax: value, after: Number.NEGATIVE_INFINITY, reason };
  }
  const because = `${name} ${formatSpan(value)}`;
  return { periodOf, periodsMax: Number.POSITIVE_INFINITY, after: startOf(value), reason: () => because };
};

/**
 * Gives the newest point of each period in the rule's reach its reason; candidates come newest first.
 *
 * On the way back in time every new period is lower than those before. Only a clock that was set back shows
 * periods again, in some zones two hours in a row, so only then are those that were met searched.
 */
const applyRule = (rule: Rule, candidates: readonly Candidate[]): void => {
  const met: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  for (const point of candidates) {
    if (met.length >= rule.periodsMax || point.takenAt <= rule.after) return;
    const period = rule.periodOf(point.local, met.length);
    // From the end, since mostly it is the one met last.
    if (period >= lowest && met.lastIndexOf(period) >= 0) continue;
    lowest = Math.min(lowest, period);
    met.push(period);
    point.because.push(rule.reason(met.length));
  }
};

/** The rules that keep anything, in the order of the two tables. */
const rulesInForce = (policy: RetentionPolicy): readonly [RuleName, number | Span][] =>
  [...countRules, ...withinRules].flatMap((name): [RuleName, number | Span][] => {
    const value = policy[name] ?? 0;
    const inForce = typeof value === "number" ? value > 0 : !isZeroSpan(value);
    return inForce ? [[name, value]] : [];
  });

/**
 * The stamp that a recovery point carries: `last=2 daily=7 within=1y6m`, in the order of the two tables.
 * Rules that are zero are left out, so that policies of one meaning have one stamp; "" removes nothing.
 */
export const formatPolicy = (policy: RetentionPolicy): string =>
  rulesInForce(policy)
    .map(([name, value]) => `${name}=${typeof value === "number" ? value : formatSpan(value)}`)
    .join(" ");

const countMax = 3650;

/**
 * Reads a stamp, its words in any order; "" is the policy without rules. `undefined` for anything malformed,
 * and for the whole of it: a policy that is half understood would remove what the other half keeps.
 */
export const parsePolicy = (stamp: string): RetentionPolicy | undefined => {
  const words = stamp === "" ? [] : stamp.split(" ");
  const rules = words.map(parseWord).filter((rule) => rule !== undefined);
  const names = new Set(rules.map(([name]) => name));
  // A malformed word and a doubled one both leave fewer names than words.
  return names.size === words.length ? Object.fromEntries(rules) : undefined;
};

const parseWord = (word: string): [RuleName, number | Span] | undefined => {
  const [, text = "", value = ""] = /^([a-z-]+)=(\w+)$/.exec(word) ?? [];
  const count = countRules.find((name) => name === text);
  if (count !== undefined) return isCount(value) ? [count, Number(value)] : undefined;
  const within = withinRules.find((name) => name === text);
  const span = parseSpan(value);
  return within === undefined || span === undefined ? undefined : [within, span];
};

const isCount = (text: string): boolean => /^\d{1,4}$/.test(text) && Number(text) <= countMax;
