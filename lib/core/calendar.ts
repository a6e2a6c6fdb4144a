import type { Span } from "./span.ts";

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * A time zone's wall clock. A *local time* is what that clock shows, written as the epoch milliseconds at
 * which a clock in UTC shows the same, so that periods are integer arithmetic.
 */
export interface WallClock {
  /** The local time at an instant (epoch milliseconds). */
  readonly at: (instant: number) => number;
  /** When it shows a local time, in order: never where it is turned on past it, twice where it is turned back. */
  readonly shows: (local: number) => readonly number[];
  /** The instant a span earlier by this clock and its calendar. */
  readonly before: (instant: number, span: Span) => number;
}

/**
 * The wall clock of an IANA time zone; `RangeError` when there is no such zone.
 *
 * Clocks are remembered, and each remembers the days it was asked about: asking Intl for every point would
 * take a hundred times as long. Nobody can tell from outside, since zones do not change while a process runs.
 */
export const wallClock = (timeZone: string): WallClock => {
  const clock = clocks.get(timeZone) ?? createClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
};

const clocks = new Map<string, WallClock>();

/** The period a local time is in, as an integer that is equal within the period and differs between periods. */
export const hourOf = (local: number): number => Math.floor(local / hourMs);
export const dayOf = (local: number): number => Math.floor(local / dayMs);
/** ISO weeks begin on Monday, and 1970 began on a Thursday. They need no year: week 53 runs on into January. */
export const weekOf = (local: number): number => Math.floor((dayOf(local) + 3) / 7);
export const yearOf = (local: number): number => Math.floor(monthOf(local) / 12);

/**
 * Months since January of year 0, by Hinnant's `civil_from_days`: in years that begin in March the leap day
 * comes last, and the lengths of months are a straight line. `Date` would take several times as long.
 */
export const monthOf = (local: number): number => {
  const day = dayOf(local) + 719_468;
  const era = Math.floor(day / 146_097);
  const inEra = day - era * 146_097;
  const leapDays = Math.floor(inEra / 1460) - Math.floor(inEra / 36_524) + Math.floor(inEra / 146_096);
  const year = Math.floor((inEra - leapDays) / 365);
  const inYear = inEra - (year * 365 + Math.floor(year / 4) - Math.floor(year / 100));
  return (era * 400 + year) * 12 + Math.floor((5 * inYear + 2) / 153) + 2;
};

const createClock = (timeZone: string): WallClock => {
  const offsetAt = offsetsOf(timeZone);
  const at = (instant: number): number => instant + offsetAt(instant);

  // A clock is turned once in two days at most, so one of these two offsets is in force.
  const mayShow = (local: number): readonly number[] =>
    [offsetAt(local - dayMs), offsetAt(local + dayMs)].map((offset) => local - offset);

  const shows = (local: number): readonly number[] =>
    [...new Set(mayShow(local))].filter((instant) => at(instant) === local).toSorted((a, b) => a - b);

  // Where the clock shows a time twice, or never, the earlier instant is meant: the doubt keeps more. Go's
  // choice (and so restic's) can be later than the point that was counted back from, which would remove it.
  const instantOf = (local: number): number => {
    const shown = shows(local);
    return Math.min(...(shown.length > 0 ? shown : mayShow(local)));
  };

  // Hours are elapsed time. With nothing but hours the way over the calendar would only add its doubts.
  const before = (instant: number, span: Span): number => {
    const onlyHours = span.years + span.months + span.days === 0;
    const start = onlyHours ? instant : instantOf(calendarBefore(at(instant), span));
    return start - span.hours * hourMs;
  };
  return { at, shows, before };
};

/** As Go's AddDate, a month before 31 March is 31 February, which is 3 March: so does `setUTCFullYear`. */
const calendarBefore = (local: number, { years, months, days }: Span): number => {
  const date = new Date(local);
  return date.setUTCFullYear(
    date.getUTCFullYear() - years,
    date.getUTCMonth() - months,
    date.getUTCDate() - days,
  );
};

/** A UTC day's offsets: one until `turn`, the other from then on. No zone's clock is turned twice in a day. */
interface DayOffsets {
  readonly turn: number;
  readonly until: number;
  readonly from: number;
}

/** The zone's offset from UTC in milliseconds at an instant; Intl is asked a few times for each UTC day. */
const offsetsOf = (timeZone: string): ((instant: number) => number) => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const ask = (instant: number): number => readOffset(format.format(instant));
  const days = new Map<number, DayOffsets>();
  return (instant) => {
    const day = dayOf(instant);
    const offsets = days.get(day) ?? offsetsOfDay(day, ask);
    days.set(day, offsets);
    return instant < offsets.turn ? offsets.until : offsets.from;
  };
};

/** Halves the day until the second is found at which the offset changes; most days it does not. */
const offsetsOfDay = (day: number, ask: (instant: number) => number): DayOffsets => {
  let [low, turn] = [day * dayMs, (day + 1) * dayMs];
  const [until, from] = [ask(low), ask(turn)];
  while (until !== from && turn - low > 1000) {
    const middle = low + Math.floor((turn - low) / 2000) * 1000;
    if (ask(middle) === until) low = middle;
    else turn = middle;
  }
  return { turn, until, from };
};

/** Reads the end of `11/21/2026, GMT+05:45`; plain `GMT` is no offset, and old local times have seconds. */
const readOffset = (text: string): number => {
  const [, sign = "+", hours = "0", minutes = "0", seconds = "0"] =
    /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? [];
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -offset : offset;
};
