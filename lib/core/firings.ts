import { dayOf, wallClock, yearOf } from "./calendar.ts";
import { daysOf } from "./cron-day.ts";
import { cronFields } from "./cron-field.ts";
import { longestGapSeconds, type Schedule } from "./schedule.ts";

type Cron = Extract<Schedule, { readonly kind: "cron" }>;

const dayMs = 86_400_000;

/**
 * The next times at which EventBridge Scheduler fires, in epoch milliseconds and in order: `count` of them, or
 * fewer where the schedule names its years and they end. A local time that daylight saving skips is not run,
 * one that it shows twice runs once, the first time. A rate is counted from `after`, since only Scheduler
 * knows when it was created.
 */
export const nextFirings = (
  schedule: Schedule,
  timeZone: string,
  after: number,
  count: number,
): readonly number[] => {
  if (schedule.kind === "rate")
    return Array.from({ length: count }, (_, at) => after + (at + 1) * schedule.seconds * 1000);
  const firings: number[] = [];
  if (count === 0) return firings;
  for (const at of firingsOf(schedule, timeZone, after)) {
    firings.push(at);
    if (firings.length === count) break;
  }
  return firings;
};

/**
 * The last times at which it has fired, `now` among them, the newest first: `count` of them, or fewer where it names its
 * years. Of a rate none, since only Scheduler knows.
 */
export const lastFirings = (
  schedule: Schedule,
  timeZone: string,
  now: number,
  count: number,
): readonly number[] => {
  if (schedule.kind === "rate") return [];
  // One time in each gap, and one more gap for what daylight saving skips.
  const since = now - (count + 1) * (longestGapSeconds(schedule) * 1000 + dayMs);
  const fired: number[] = [];
  for (const at of firingsOf(schedule, timeZone, since)) {
    if (at > now) break;
    fired.push(at);
  }
  return fired.slice(-count).toReversed();
};

/** Every time at which it fires, in order. */
function* firingsOf(schedule: Cron, timeZone: string, after: number): Generator<number, void> {
  const clock = wallClock(timeZone);
  for (const local of localTimes(schedule, clock.at(after))) {
    const [instant] = clock.shows(local);
    if (instant !== undefined && instant > after) yield instant;
  }
}

/** Local times from the day of `from` on, in order, to the last year that EventBridge knows. */
function* localTimes({ days, months, years, times }: Cron, from: number): Generator<number, void> {
  for (const year of yearsFrom(years, yearOf(from)))
    for (const month of months)
      for (const day of daysOf(days, { year, month }))
        if (day >= dayOf(from)) for (const seconds of times) yield day * dayMs + seconds * 1000;
}

const yearsFrom = (years: Cron["years"], first: number): readonly number[] => {
  const { last } = cronFields.years;
  if (years !== "every") return years.filter((year) => year >= first);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
};
