import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  longestGapSeconds,
  parseSchedule,
  type Schedule,
  shortestGapSeconds,
} from "../../lib/core/schedule.ts";

const read = (text: string): Schedule => {
  const verdict = parseSchedule(text);
  if ("problems" in verdict) throw new Error(`${text} ${verdict.problems.join(", ")}`);
  return verdict.schedule;
};

const problemsOf = (text: string): readonly string[] => {
  const verdict = parseSchedule(text);
  return "problems" in verdict ? verdict.problems : [];
};

const minute = 60;
const hour = 3600;
const day = 24 * hour;

/** Expressions, with the longest and the shortest time between two runs. */
const right: readonly (readonly [string, number, number])[] = [
  ["cron(0 3 * * ? *)", day, day],
  ["cron(0 3 ? * * *)", day, day],
  ["rate(1 minute)", minute, minute],
  ["rate(12 hours)", 12 * hour, 12 * hour],
  ["rate(1 day)", day, day],
  ["rate(99999 days)", 99_999 * day, 99_999 * day],
  ["cron(* * * * ? *)", minute, minute],
  ["cron(0/15 * * * ? *)", 15 * minute, 15 * minute],
  ["cron(*/40 * * * ? *)", 40 * minute, 20 * minute],
  ["cron(0 3,4 * * ? *)", 23 * hour, hour],
  ["cron(0 */5 * * ? *)", 5 * hour, 4 * hour],
  ["cron(0 8-18/5 * * ? *)", 14 * hour, 5 * hour],
  ["cron(0/30 8-17 ? * MON-FRI *)", 3 * day - 9.5 * hour, 30 * minute],
  ["cron(0 3 ? * SUN *)", 7 * day, 7 * day],
  ["cron(0 3 ? * 1 *)", 7 * day, 7 * day],
  ["cron(0 3 ? * MON-FRI *)", 72 * hour, day],
  ["cron(0 3 ? * 2-6 *)", 72 * hour, day],
  ["cron(0 3 ? * TUE,FRI *)", 4 * day, 3 * day],
  ["cron(0 3 ? * L *)", 7 * day, 7 * day],
  ["cron(0 3 1 * ? *)", 31 * day, 28 * day],
  ["cron(0 3 1,15 * ? *)", 17 * day, 14 * day],
  ["cron(0 3 */2 * ? *)", 2 * day, day],
  ["cron(0 3 10/10 * ? *)", 19 * day, 10 * day],
  ["cron(0 3 L * ? *)", 31 * day, 28 * day],
  ["cron(0 3 LW * ? *)", 33 * day, 28 * day],
  ["cron(0 3 1W * ? *)", 33 * day, 28 * day],
  ["cron(0 3 15W * ? *)", 32 * day, 28 * day],
  ["cron(0 3 31 * ? *)", 61 * day, 31 * day],
  ["cron(0 3 ? * 5L *)", 35 * day, 28 * day],
  ["cron(0 3 ? * 3#2 *)", 35 * day, 28 * day],
  ["cron(0 3 ? * TUE#5 *)", 119 * day, 63 * day],
  ["cron(0 3 1 */3 ? *)", 92 * day, 90 * day],
  ["cron(0 3 1 JAN,JUL ? *)", 184 * day, 181 * day],
  ["cron(0 3 1 1 ? *)", 366 * day, 365 * day],
  ["cron(0 3 29 2 ? *)", 1461 * day, 1461 * day],
  ["cron(0 3 ? 2 6#5 *)", 28 * 365.25 * day, 28 * 365.25 * day],
  ["cron(0 3 1 1 ? 2030-2032)", 365 * day, 365 * day],
  ["cron(0 3 1 1 ? 2030/10)", 3653 * day, 3652 * day],
  ["cron(0 3 29 2 ? 2096-2104)", 2921 * day, 2921 * day],
  ["cron(0 3 1 1 ? 2030,2033)", 1096 * day, 1096 * day],
  ["cron(0 0 * * ? 1970-2199)", day, day],
];

describe("a schedule that is right", () => {
  test.each(right)("%s is read as written; runs are %j to %j seconds apart", (text, longest, shortest) => {
    const schedule = read(text);
    expect(schedule.text).toBe(text);
    expect(longestGapSeconds(schedule)).toBe(longest);
    expect(shortestGapSeconds(schedule)).toBe(shortest);
  });

  test.each([
    [" cron(  0 3  *\t* ? * ) ", "cron(0 3 * * ? *)"],
    ["cron (0 3 * * ? *)", "cron(0 3 * * ? *)"],
    ["cron(00 03 01-07 jan-Mar ? 2030-2040)", "cron(0 3 1-7 JAN-MAR ? 2030-2040)"],
    ["cron(0 3 lw * ? *)", "cron(0 3 LW * ? *)"],
    ["cron(0 3 ? * fril *)", "cron(0 3 ? * FRIL *)"],
    ["rate( 12  hours )", "rate(12 hours)"],
  ])("%j is sent as %s", (text, sent) => {
    expect(read(text)).toEqual(read(sent));
    expect(read(text).text).toBe(sent);
  });

  test("has Saturday for the last day of the week", () => {
    expect({ ...read("cron(0 3 ? * L *)"), text: "" }).toEqual({ ...read("cron(0 3 ? * SAT *)"), text: "" });
  });

  // Saturday and Sunday give way to a weekday of the same month: 1 and 31 August 2026 and 1 November 2026.
  test.each([
    ["cron(0 3 1W 8,9 ? 2026)", 29],
    ["cron(0 3 1W 10,11 ? 2026)", 32],
    ["cron(0 3 LW 5,6 ? 2026)", 32],
    ["cron(0 3 31W 1,5 ? 2026)", 119],
    ["cron(0 3 16W 5,6 ? 2026)", 32],
  ])("%s runs twice, %j days apart", (text, days) => {
    expect(longestGapSeconds(read(text))).toBe(days * day);
  });

  test("is measured at once", () => {
    const schedules = ["cron(* * * * ? *)", "cron(0 3 ? * MON-FRI *)", "cron(0 3 L * ? *)"].map(read);
    const measure = (): number => {
      const start = performance.now();
      for (const schedule of schedules) longestGapSeconds(schedule);
      return performance.now() - start;
    };
    expect(Math.min(...Array.from({ length: 5 }, measure))).toBeLessThan(20 * schedules.length);
  });
});

const frame =
  "use EventBridge's cron(minutes hours day-of-month month day-of-week year) or rate(value unit), for example cron(0 3 * * ? *) or rate(12 hours)";
const six =
  "EventBridge's cron has 6: minutes hours day-of-month month day-of-week year, for example cron(0 3 * * ? *)";
const minuteForms = "lists (0,30), ranges (0-10) or steps (*/15)";
const monthDayForms = "lists (1,15), ranges (1-7), steps (*/10), L, LW or 15W";
const weekdayForms = "lists (MON,THU), ranges (MON-FRI), L, 6L or 6#2";
const alone = "let it stand alone there";
const never = "never runs: no month that it names has its day; for the last day of a month use L";
const units = "use minutes, hours or days, for example rate(12 hours)";
const once = "runs on a single day, and a plan recurs; put * in year";

/** Expressions, and everything that is said of them. */
const wrong: readonly (readonly [string, ...string[]])[] = [
  ["", frame],
  ["daily", frame],
  ["@daily", frame],
  ["0 3 * * *", frame],
  ["cron(0 3 * * ? *", frame],
  ["cron(0 3 * * ? *))", frame],
  ["cron(0 3 * * ? *) rate(1 day)", frame],
  ["every(1 day)", frame],
  ["constructor(1 day)", frame],
  ["0 3 * * ? *", "use cron(0 3 * * ? *)"],
  ["0 03 ? * sun *", "use cron(0 3 ? * SUN *)"],
  ["12 hours", "use rate(12 hours)"],
  ["CRON(0 3 * * ? *)", "use cron(0 3 * * ? *): it is written in lower case"],
  ["Rate(1 day)", "use rate(1 day): it is written in lower case"],
  ["at(2030-01-01T03:00:00)", "is for one time only, and a plan recurs; use cron(…) or rate(…)"],
  ["cron()", `has 0 fields; ${six}`],
  ["cron(0)", `has 1 field; ${six}`],
  ["cron(0 3 * *)", `has 4 fields; ${six}`],
  ["cron(0 3 * * *)", `has 5 fields; ${six}`],
  ["cron(0 0 3 * * ? *)", `has 7 fields; ${six}`],
  ["cron(0 3 * * * *)", "has * in day-of-month and * in day-of-week; put ? into one of the two"],
  ["cron(0 3 1 * MON *)", "has 1 in day-of-month and MON in day-of-week; put ? into one of the two"],
  ["cron(0 3 * * MON *)", "has * in day-of-month and MON in day-of-week; put ? into day-of-month"],
  ["cron(0 3 1 * * *)", "has 1 in day-of-month and * in day-of-week; put ? into day-of-week"],
  ["cron(0 3 ? * ? *)", "has ? in day-of-month and in day-of-week; put * into one of the two"],
  ["cron(60 3 * * ? *)", "has 60 in minutes; use 0 to 59"],
  ["cron(-1 3 * * ? *)", `has "-1" in minutes; use 0 to 59, ${minuteForms}`],
  ["cron(0.5 3 * * ? *)", `has "0.5" in minutes; use 0 to 59, ${minuteForms}`],
  ["cron(, 3 * * ? *)", `has "" in minutes; use 0 to 59, ${minuteForms}`],
  ["cron(*-5 3 * * ? *)", `has "*-5" in minutes; use 0 to 59, ${minuteForms}`],
  ["cron(? 3 * * ? *)", "has ? in minutes, which only the two day fields take; use * there"],
  ["cron(0 3 * ? ? *)", "has ? in month, which only the two day fields take; use * there"],
  ["cron(*/0 3 * * ? *)", "has the step /0 in minutes; use /1 to /59"],
  ["cron(*/60 3 * * ? *)", "has the step /60 in minutes; use /1 to /59"],
  ["cron(*/x 3 * * ? *)", "has the step /x in minutes; use /1 to /59"],
  ["cron(0 24 * * ? *)", "has 24 in hours; use 0 to 23"],
  ["cron(0 20-24 * * ? *)", "has 24 in hours; use 0 to 23"],
  ["cron(0 22-6 * * ? *)", "has the range 22-6 in hours, which runs backwards; use 22-23,0-6"],
  ["cron(0 3 0 * ? *)", "has 0 in day-of-month; use 1 to 31"],
  ["cron(0 3 32W * ? *)", "has 32 in day-of-month; use 1 to 31"],
  ["cron(0 3 W * ? *)", `has "W" in day-of-month; use 1 to 31, ${monthDayForms}`],
  ["cron(0 3 L-3 * ? *)", `has "L-3" in day-of-month; use 1 to 31, ${monthDayForms}`],
  ["cron(0 3 L,15 * ? *)", `has L, W or # in a list in day-of-month; ${alone}`],
  ["cron(0 3 * 13 ? *)", "has 13 in month; use 1 to 12 or JAN to DEC"],
  [
    "cron(0 3 * JANUARY ? *)",
    'has "JANUARY" in month; use 1 to 12 or JAN to DEC, lists (1,7), ranges (JAN-MAR) or steps (*/3)',
  ],
  ["cron(0 3 1 NOV-FEB ? *)", "has the range NOV-FEB in month, which runs backwards; use NOV-DEC,JAN-FEB"],
  ["cron(0 3 ? * 0 *)", "has 0 in day-of-week; use 1 (SUN) to 7 (SAT)"],
  ["cron(0 3 ? * 8 *)", "has 8 in day-of-week; use 1 (SUN) to 7 (SAT)"],
  ["cron(0 3 ? * 0L *)", "has 0 in day-of-week; use 1 (SUN) to 7 (SAT)"],
  ["cron(0 3 ? * MO *)", `has "MO" in day-of-week; use 1 (SUN) to 7 (SAT), ${weekdayForms}`],
  [
    "cron(0 3 ? * FRI-MON *)",
    "has the range FRI-MON in day-of-week, which runs backwards; use FRI-SAT,SUN-MON",
  ],
  ["cron(0 3 ? * MON/2 *)", "has a step in day-of-week; list its days instead, such as MON,WED,FRI"],
  ["cron(0 3 ? * 3#6 *)", "has #6 in day-of-week; use #1 to #5"],
  ["cron(0 3 ? * 3#1,6#3 *)", `has L, W or # in a list in day-of-week; ${alone}`],
  ["cron(0 3 * * ? 1969)", "has 1969 in year; use 1970 to 2199"],
  ["cron(0 3 * * ? 2030-2025)", "has the range 2030-2025 in year, which runs backwards; use 2025-2030"],
  ["cron(0 0 31 2 ? *)", never],
  ["cron(0 0 30 FEB ? *)", never],
  ["cron(0 0 31W 4,6,9,11 ? *)", never],
  ["cron(0 0 29 2 ? 2026,2027)", never],
  ["cron(0 0 1 1 ? 2030)", once],
  ["cron(0 3,15 1 1 ? 2030)", once],
  [
    "cron(60 24 0 13 ? 1969)",
    "has 60 in minutes; use 0 to 59",
    "has 24 in hours; use 0 to 23",
    "has 0 in day-of-month; use 1 to 31",
    "has 13 in month; use 1 to 12 or JAN to DEC",
    "has 1969 in year; use 1970 to 2199",
  ],
  ["rate()", units],
  ["rate(12 shour)", units],
  ["rate(12h)", units],
  ["rate(2 weeks)", units],
  ["rate(1 constructor)", units],
  ["rate(1 hours)", "use rate(1 hour)"],
  ["rate(5 hour)", "use rate(5 hours)"],
  ["rate(2 DAYS)", "use rate(2 days)"],
  ["rate(0 hours)", "use a whole number from 1 to 99999, for example rate(2 hours)"],
  ["rate(-1 day)", "use a whole number from 1 to 99999, for example rate(2 days)"],
  ["rate(1.5 hours)", "use a whole number from 1 to 99999, for example rate(2 hours)"],
  ["rate(100000 minutes)", "use a whole number from 1 to 99999, for example rate(2 minutes)"],
];

describe("a schedule that is wrong", () => {
  test.each(wrong)("%j is told %j", (text, ...told) => {
    expect(problemsOf(text)).toEqual(told);
  });

  test("is told a schedule that is right, wherever one is named", () => {
    const named = wrong.flatMap(([, ...told]) =>
      told.flatMap((words) => words.match(/(cron|rate)\([^…a-z][^)]*\)/g) ?? []),
    );
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].flatMap(problemsOf)).toEqual([]);
  });
});

/** A field in each of its forms, its values within bounds. */
const fieldOf = (first: number, last: number, steps: boolean): fc.Arbitrary<string> => {
  const value = fc.integer({ min: first, max: last });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.tuple(fc.oneof(fc.constant("*"), value.map(String), range), fc.integer({ min: 1, max: 9 }));
  const stepped = step.map(([of, every]) => `${of}/${every}`);
  const item = steps ? fc.oneof(value.map(String), range, stepped) : fc.oneof(value.map(String), range);
  return fc.oneof(
    fc.constant("*"),
    fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(",")),
  );
};

/** Days up to the 28th only: those after it are not in every month. */
const daysField = fc.oneof(
  fc.constantFrom("L", "LW").map((last) => [last, "?"] as const),
  fieldOf(1, 28, true).map((days) => [days, "?"] as const),
  fc.integer({ min: 1, max: 28 }).map((nth) => [`${nth}W`, "?"] as const),
  fieldOf(1, 7, false).map((days) => ["?", days] as const),
  fc.constantFrom("L", "MON", "SUN,WED", "MON-FRI", "5L", "SATL").map((days) => ["?", days] as const),
  fc
    .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }))
    .map(([weekday, nth]) => ["?", `${weekday}#${nth}`] as const),
);

const cron = fc
  .record({
    minutes: fieldOf(0, 59, true),
    hours: fieldOf(0, 23, true),
    days: daysField,
    month: fieldOf(1, 12, true),
    year: fc.constantFrom("*", "2024-2199", "2000/4"),
  })
  .map(
    ({ minutes, hours, days, month, year }) =>
      `cron(${minutes} ${hours} ${days[0]} ${month} ${days[1]} ${year})`,
  );

const someOf = (first: number, last: number): fc.Arbitrary<readonly number[]> =>
  fc
    .uniqueArray(fc.integer({ min: first, max: last }), { minLength: 1, maxLength: 4 })
    .map((values) => values.toSorted((a, b) => a - b));

/** The times between the runs of 56 years, found by asking each day; seconds. */
const walk = (fires: (date: Date) => boolean, times: readonly number[]): readonly number[] => {
  const runs: number[] = [];
  for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2080, 0, 1); at += day * 1000)
    if (fires(new Date(at))) runs.push(...times.map((time) => at / 1000 + time));
  return runs.slice(1).map((run, index) => run - (runs[index] ?? 0));
};

describe("any schedule", () => {
  test("that is right in form is read, and has runs that are some time apart", () => {
    fc.assert(
      fc.property(cron, (text) => {
        const schedule = read(text);
        expect(shortestGapSeconds(schedule)).toBeGreaterThan(0);
        expect(longestGapSeconds(schedule)).toBeGreaterThanOrEqual(shortestGapSeconds(schedule));
        expect(read(schedule.text)).toEqual(schedule);
      }),
    );
  });

  test("has the gaps that asking each day finds", () => {
    const plain = fc.record({
      minutes: someOf(0, 59),
      hours: someOf(0, 23),
      days: someOf(1, 28),
      weekdays: someOf(1, 7),
      months: someOf(1, 12),
      byWeekday: fc.boolean(),
    });
    fc.assert(
      fc.property(plain, ({ minutes, hours, days, weekdays, months, byWeekday }) => {
        const [monthDay, weekday] = byWeekday ? ["?", weekdays] : [days, "?"];
        const schedule = read(`cron(${minutes} ${hours} ${monthDay} ${months} ${weekday} *)`);
        const fires = (date: Date): boolean =>
          months.includes(date.getUTCMonth() + 1) &&
          (byWeekday ? weekdays.includes(date.getUTCDay() + 1) : days.includes(date.getUTCDate()));
        const times = hours.flatMap((h) => minutes.map((m) => h * hour + m * minute));
        const gaps = walk(fires, times);
        expect(longestGapSeconds(schedule)).toBe(gaps.reduce((a, b) => Math.max(a, b)));
        expect(shortestGapSeconds(schedule)).toBe(gaps.reduce((a, b) => Math.min(a, b)));
      }),
      { numRuns: 40 },
    );
  });

  test("that is wrong is told so, in words that follow its name, and nothing throws", () => {
    const cronish = fc.string({ unit: fc.constantFrom(..."0123456789 */-,?LW#cronate()MONJAN") });
    const text = fc.oneof(
      fc.string(),
      cronish,
      cronish.map((body) => `cron(${body})`),
      cronish.map((body) => `rate(${body})`),
      fc
        .tuple(cron, fc.nat(40), cronish)
        .map(([right, at, noise]) => right.slice(0, at) + noise + right.slice(at)),
    );
    fc.assert(
      fc.property(text, (expression) => {
        for (const words of problemsOf(expression)) expect(words).toMatch(/^(use|has|is|runs|never runs)\b/);
      }),
      { numRuns: 2000 },
    );
  });
});
