import { before, dayNumber, type Local, localOf } from "./clocks.ts";

/** Which points a retention keeps, by the checkers' own reading of its rules. */

/** Rules by name without `keep-`: counts of periods, and spans such as `14d` for `within` and its kind. */
export type Rules = Readonly<Record<string, number | string>>;

interface Point {
  readonly id: string;
  readonly takenAt: number;
}

const periodOf: Readonly<Record<string, (point: Point, local: Local) => string>> = {
  last: ({ id }) => id,
  hourly: (_, { year, month, day, hour }) => `${year}-${month}-${day} ${hour}`,
  daily: (_, { year, month, day }) => `${year}-${month}-${day}`,
  weekly: (_, local) => `${Math.floor((dayNumber(local) + 3) / 7)}`,
  monthly: (_, { year, month }) => `${year}-${month}`,
  yearly: (_, { year }) => `${year}`,
};

/** `within` takes each point by itself, `within-daily` the newest of each day. */
const periodNamed = (rule: string) => periodOf[rule === "within" ? "last" : rule.replace(/^within-/, "")];

/**
 * The ids that some rule keeps: the newest point in each of the last n periods that have one, or in each period of a
 * span that ends with the newest point. No rules keep everything.
 */
export const keptBy = (
  points: readonly Point[],
  rules: Rules,
  { timeZone, now }: { readonly timeZone: string; readonly now: number },
): ReadonlySet<string> => {
  if (Object.values(rules).every((value) => value === 0)) return new Set(points.map(({ id }) => id));
  const kept = new Set(points.filter(({ takenAt }) => takenAt > now).map(({ id }) => id));
  const newestFirst = points
    .filter(({ takenAt }) => takenAt <= now)
    .toSorted((a, b) => b.takenAt - a.takenAt || (a.id < b.id ? -1 : 1));
  for (const [rule, value] of Object.entries(rules)) {
    const period = periodNamed(rule);
    if (period === undefined) throw new Error(`the checkers know no rule ${rule}`);
    const [most, since] =
      typeof value === "number"
        ? [value, Number.NEGATIVE_INFINITY]
        : [Number.POSITIVE_INFINITY, before(newestFirst[0]?.takenAt ?? now, value, timeZone)];
    const met = new Set<string>();
    for (const point of newestFirst) {
      if (met.size >= most || point.takenAt <= since) break;
      const name = period(point, localOf(point.takenAt, timeZone));
      if (met.has(name)) continue;
      met.add(name);
      kept.add(point.id);
    }
  }
  return kept;
};

/**
 * `last=2 within=14d` as rules, `all` as none; `undefined` for what is not that, which nobody may go by: a word that is
 * no rule, a rule that comes twice.
 */
export const readRules = (text: string): Rules | undefined => {
  const words = text.split(" ");
  if (text === "all") return {};
  const rules = words.map((word): [string, number | string] | undefined => {
    const [, rule = "", value = ""] = /^([a-z-]+)=(.+)$/.exec(word) ?? [];
    const isSpan = rule.startsWith("within");
    if (periodNamed(rule) === undefined || rule === "within-last") return undefined;
    if (isSpan) return /^(?=.*[1-9])(\d+y)?(\d+m)?(\d+d)?(\d+h)?$/.test(value) ? [rule, value] : undefined;
    return /^\d{1,4}$/.test(value) && Number(value) <= 3650 ? [rule, Number(value)] : undefined;
  });
  const read = Object.fromEntries(rules.filter((one) => one !== undefined));
  return Object.keys(read).length === words.length ? read : undefined;
};
