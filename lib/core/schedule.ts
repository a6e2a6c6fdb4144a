import { type DayRule, daysOf, readDays } from "./cron-day.ts";
import { cronFields, type Reading, readValues } from "./cron-field.ts";

/** When a plan runs: an expression of EventBridge Scheduler, understood. `text` is how it is sent there. */
export type Schedule = RateSchedule | CronSchedule;

interface RateSchedule {
  readonly kind: "rate";
  readonly text: string;
  readonly seconds: number;
}

interface CronSchedule {
  readonly kind: "cron";
  readonly text: string;
  /** Seconds since midnight, in order. */
  readonly times: readonly number[];
  readonly days: DayRule;
  readonly months: readonly number[];
  readonly years: readonly number[] | "every";
}

/** Each problem is a predicate: `has 24 in hours; use 0 to 23`; one that begins with "use" is a whole remedy. */
export type ScheduleVerdict = { readonly schedule: Schedule } | { readonly problems: readonly string[] };

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)` or `rate(value unit)`, and names everything
 * that is wrong with another text. Source: "Schedule types in EventBridge Scheduler" of its user guide.
 * Refused although Scheduler takes it: what cannot recur, as `at(…)` or a single day of a single year.
 */
export const parseSchedule = (text: string): ScheduleVerdict => {
  const [, word = "", body = ""] = /^\s*([a-z]+)\s*\(([^()]*)\)\s*$/i.exec(text) ?? [];
  const kind = word.toLowerCase();
  const parse = kinds.get(kind);
  if (parse === undefined) return refuse(bareRemedy(text));
  if (kind !== word) return refuse(`use ${kind}(${body.trim()}): it is written in lower case`);
  return parse(body.trim());
};

const refuse = (...problems: readonly string[]): ScheduleVerdict => ({ problems });

const form = "minutes hours day-of-month month day-of-week year";

/** An expression without its frame is told the frame. */
const bareRemedy = (text: string): string => {
  for (const parse of [parseCron, parseRate]) {
    const verdict = parse(text.trim());
    if ("schedule" in verdict) return `use ${verdict.schedule.text}`;
  }
  return `use EventBridge's cron(${form}) or rate(value unit), for example cron(0 3 * * ? *) or rate(12 hours)`;
};

const unitSeconds = new Map([
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
]);

/** Scheduler takes both spellings of a unit; EventBridge's rules only `1 hour` and `2 hours`. These are right in both. */
const parseRate = (body: string): ScheduleVerdict => {
  const [, value = "", unit = ""] = /^(\S+)\s+(\S+)$/.exec(body) ?? [];
  const singular = unit.toLowerCase().replace(/s$/, "");
  const seconds = unitSeconds.get(singular);
  if (seconds === undefined) return refuse("use minutes, hours or days, for example rate(12 hours)");
  if (!/^[1-9]\d{0,4}$/.test(value))
    return refuse(`use a whole number from 1 to 99999, for example rate(2 ${singular}s)`);
  const right = value === "1" ? singular : `${singular}s`;
  const text = `rate(${value} ${right})`;
  if (unit !== right) return refuse(`use ${text}`);
  return { schedule: { kind: "rate", text, seconds: Number(value) * seconds } };
};

const parseCron = (body: string): ScheduleVerdict => {
  const fields = body.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== 6) return refuse(miscounted(fields.length));
  const [minute = "", hour = "", monthDay = "", month = "", weekday = "", year = ""] = fields;
  const minutes = readValues(cronFields.minutes, minute);
  const hours = readValues(cronFields.hours, hour);
  const days = readDays({ monthDay, weekday });
  const months = readValues(cronFields.months, month);
  const years = readYears(year);
  if ("value" in minutes && "value" in hours && "value" in days && "value" in months && "value" in years)
    return recurring({
      kind: "cron",
      text: `cron(${canonical(fields)})`,
      times: timesOf(hours.value, minutes.value),
      days: days.value,
      months: months.value,
      years: years.value,
    });
  return refuse(
    ...[minutes, hours, days, months, years].flatMap((part) => ("problem" in part ? part.problem : [])),
  );
};

/** Unix's five fields lack the year. */
const miscounted = (count: number): string =>
  `has ${count} field${count === 1 ? "" : "s"}; EventBridge's cron has 6: ${form}, for example cron(0 3 * * ? *)`;

const readYears = (text: string): Reading<readonly number[] | "every"> =>
  text === "*" ? { value: "every" } : readValues(cronFields.years, text);

/** One spelling of what EventBridge reads in several, and of which some are documented nowhere. */
const canonical = (fields: readonly string[]): string =>
  fields
    .join(" ")
    .toUpperCase()
    .replaceAll(/\b0+(?=\d)/g, "");

const timesOf = (hours: readonly number[], minutes: readonly number[]): readonly number[] =>
  hours.flatMap((hour) => minutes.map((minute) => hour * 3600 + minute * 60));

/** What has no second day is refused like `at(…)`. */
const recurring = (schedule: CronSchedule): ScheduleVerdict => {
  const [first, second] = firingDays(schedule);
  if (second !== undefined) return { schedule };
  return first === undefined
    ? refuse("never runs: no month that it names has its day; for the last day of a month use L")
    : refuse("runs on a single day, and a plan recurs; put * in year");
};

const kinds = new Map<string, (body: string) => ScheduleVerdict>([
  ["cron", parseCron],
  ["rate", parseRate],
  ["at", () => refuse("is for one time only, and a plan recurs; use cron(…) or rate(…)")],
]);

/**
 * The longest time in seconds between two runs that follow one another.
 *
 * Clocks are taken to run evenly: where daylight saving turns one back, an hour more can pass. A schedule of
 * every year is measured over the 28 years after which leap days and weekdays repeat, which is exact until
 * 2099; one that names its years, over all of them.
 */
export const longestGapSeconds = (schedule: Schedule): number => {
  if (schedule.kind === "rate") return schedule.seconds;
  const { times } = schedule;
  const days = gapsIn(firingDays(schedule)).reduce((longest, gap) => Math.max(longest, gap), 0);
  return Math.max(...gapsIn(times), days * daySeconds + overnight(times));
};

/**
 * The shortest such time, with the same limits. Every cold start asks for it, so the days are gone through only
 * until two follow one another, as they mostly do at once.
 */
export const shortestGapSeconds = (schedule: Schedule): number => {
  if (schedule.kind === "rate") return schedule.seconds;
  const { times } = schedule;
  let [days, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const day of firingDays(schedule)) {
    days = Math.min(days, day - last);
    if (days === 1) break;
    last = day;
  }
  return Math.min(...gapsIn(times), days * daySeconds + overnight(times));
};

const daySeconds = 86_400;

/** From the last time of a day to the first of the same: negative, to be added to days. */
const overnight = (times: readonly number[]): number => (times[0] ?? 0) - (times.at(-1) ?? 0);

/** Between values in order. */
const gapsIn = (values: Iterable<number>): readonly number[] => {
  const gaps: number[] = [];
  let last: number | undefined;
  for (const value of values) {
    if (last !== undefined) gaps.push(value - last);
    last = value;
  }
  return gaps;
};

const cycle = { from: 2024, years: 28, days: (28 * 1461) / 4 } as const;

/** Every day on which it fires, in days since 1970. Of an endless one a cycle, and the first day of the next. */
function* firingDays({ days, months, years }: CronSchedule): Generator<number, void> {
  const named = years === "every" ? Array.from({ length: cycle.years }, (_, i) => cycle.from + i) : years;
  let first: number | undefined;
  for (const year of named)
    for (const month of months)
      for (const day of daysOf(days, { year, month })) {
        first ??= day;
        yield day;
      }
  if (years === "every" && first !== undefined) yield first + cycle.days;
}
