/** Which points a list of counts keeps, computed from calendars as Intl has them. */

interface Point {
  readonly id: string;
  readonly takenAt: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const locals = new Map<string, Local>();

interface Local {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
}

const localOf = (time: number, timeZone: string): Local => {
  const key = `${timeZone} ${time}`;
  const known = locals.get(key);
  if (known !== undefined) return known;
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone, hourCycle: "h23", era: "short" },
      ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" },
    });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  const local = {
    year: parts.year ?? 0,
    month: parts.month ?? 0,
    day: parts.day ?? 0,
    hour: parts.hour ?? 0,
  };
  if (locals.size > 50_000) locals.clear();
  locals.set(key, local);
  return local;
};

/** Days since 1970 of a calendar day, for weeks that begin on Mondays. */
const dayNumber = ({ year, month, day }: Local): number => Date.UTC(year, month - 1, day) / 86_400_000;

const periodOf: Readonly<Record<string, (point: Point, local: Local) => string>> = {
  last: ({ id }) => id,
  hourly: (_, { year, month, day, hour }) => `${year}-${month}-${day} ${hour}`,
  daily: (_, { year, month, day }) => `${year}-${month}-${day}`,
  weekly: (_, local) => `${Math.floor((dayNumber(local) + 3) / 7)}`,
  monthly: (_, { year, month }) => `${year}-${month}`,
  yearly: (_, { year }) => `${year}`,
};

/** The ids that some rule keeps: the newest point in each of the last n periods that have one. */
export const keptBy = (
  points: readonly Point[],
  counts: Readonly<Record<string, number>>,
  { timeZone, now }: { readonly timeZone: string; readonly now: number },
): ReadonlySet<string> => {
  if (Object.values(counts).every((count) => count === 0)) return new Set(points.map(({ id }) => id));
  const kept = new Set(points.filter(({ takenAt }) => takenAt > now).map(({ id }) => id));
  const newestFirst = points
    .filter(({ takenAt }) => takenAt <= now)
    .toSorted((a, b) => b.takenAt - a.takenAt || (a.id < b.id ? -1 : 1));
  for (const [rule, count] of Object.entries(counts)) {
    const period = periodOf[rule];
    if (period === undefined) throw new Error(`the checkers know no rule ${rule}`);
    const met = new Set<string>();
    for (const point of newestFirst) {
      if (met.size >= count) break;
      const name = period(point, localOf(point.takenAt, timeZone));
      if (met.has(name)) continue;
      met.add(name);
      kept.add(point.id);
    }
  }
  return kept;
};
