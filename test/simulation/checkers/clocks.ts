/** Clocks and calendars of time zones as Intl has them, and spans of time that are counted back by them. */

export interface Local {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const locals = new Map<string, Local>();

/** What the clock of a zone shows at an instant. */
export const localOf = (time: number, timeZone: string): Local => {
  const key = `${timeZone} ${time}`;
  const known = locals.get(key);
  if (known !== undefined) return known;
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone, hourCycle: "h23", era: "short" },
      ...{ year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    });
  formats.set(timeZone, format);
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  const local = { year, month, day, hour, minute, second };
  if (locals.size > 50_000) locals.clear();
  locals.set(key, local);
  return local;
};

/** Days since 1970 of a calendar day, for weeks that begin on Mondays. */
export const dayNumber = ({ year, month, day }: Local): number => Date.UTC(year, month - 1, day) / 86_400_000;

const hourMs = 3_600_000;

/**
 * The instant a span such as `1y6m3d12h` earlier: years, months and days by the zone's calendar, where a day that a
 * month lacks is one of the next, and then hours as they pass. Of two instants that may be meant it is the earlier.
 */
export const before = (instant: number, span: string, timeZone: string): number => {
  const part = (letter: string): number => Number(new RegExp(`(\\d+)${letter}`).exec(span)?.[1] ?? 0);
  const [years, months, days, hours] = [part("y"), part("m"), part("d"), part("h")];
  if (years + months + days === 0) return instant - hours * hourMs;
  const { year, month, day, hour, minute, second } = localOf(instant, timeZone);
  const shown = Date.UTC(
    ...([year - years, month - 1 - months, day - days] as const),
    ...([hour, minute, second] as const),
  );
  return instantsOf(shown, timeZone) - hours * hourMs;
};

/** The first instant at which a zone's clock shows a time; where it leaves that out, by the clock of the day after or before. */
const instantsOf = (shown: number, timeZone: string): number => {
  const ahead = [-24, 24].map((hours) => {
    const near = shown + hours * hourMs;
    return asUtc(localOf(near, timeZone)) - near;
  });
  const meant = ahead.map((by) => shown - by);
  const right = meant.filter((instant) => asUtc(localOf(instant, timeZone)) === shown);
  return Math.min(...(right.length === 0 ? meant : right));
};

const asUtc = ({ year, month, day, hour, minute, second }: Local): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);
