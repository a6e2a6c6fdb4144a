import { wallClock } from "./calendar.ts";
import { daysOf } from "./cron-day.ts";
import type { Schedule } from "./schedule.ts";

const dayMs = 86_400_000;

/** How far ahead is looked: rules for summer time are known for little longer. */
const daysAhead = 731;

/**
 * The local times, such as `2027-03-28T02:30`, at which a schedule's run is left out, because clocks are turned
 * from before to after them: EventBridge Scheduler skips such a time. Not told where another run begins within
 * the time that was left out, as for a schedule of every hour: nothing is later then than it would have been.
 */
export const skippedRuns = (schedule: Schedule, timeZone: string, now: number): readonly string[] => {
  if (schedule.kind === "rate") return [];
  const first = Math.floor(now / dayMs);
  return Array.from({ length: daysAhead }, (_, index) => first + index).flatMap((day) => {
    const turn = turnNear(day, timeZone);
    if (turn === undefined || !firesOn(schedule, day)) return [];
    const times = schedule.times.map((seconds) => day * dayMs + seconds * 1000);
    const real = times.filter(turn.shows);
    return times
      .filter((time) => !turn.shows(time))
      .filter((time) => !real.some((other) => other > time && other <= time + turn.leapMs))
      .map((time) => new Date(time).toISOString().slice(0, 16));
  });
};

type CronSchedule = Extract<Schedule, { readonly kind: "cron" }>;

const firesOn = ({ days, months, years }: CronSchedule, day: number): boolean => {
  const date = new Date(day * dayMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  if (!months.includes(month) || (years !== "every" && !years.includes(year))) return false;
  return daysOf(days, { year, month }).includes(day);
};

interface Turn {
  readonly leapMs: number;
  /** Whether the clock shows a local time at all. */
  readonly shows: (local: number) => boolean;
}

/** How clocks are turned forward on a day or beside it; `undefined` for most days. */
const turnNear = (day: number, timeZone: string): Turn | undefined => {
  const { at } = wallClock(timeZone);
  const [before, after] = [day - 1, day + 2].map((one) => at(one * dayMs) - one * dayMs) as [number, number];
  if (after <= before) return undefined;
  const shows = (local: number): boolean => [before, after].some((offset) => at(local - offset) === local);
  return { leapMs: after - before, shows };
};
