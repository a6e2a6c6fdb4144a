import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wallClock } from "../../lib/core/calendar.ts";
import { lastFirings, nextFirings } from "../../lib/core/firings.ts";
import { parseSchedule, type Schedule } from "../../lib/core/schedule.ts";

const read = (text: string): Schedule => {
  const verdict = parseSchedule(text);
  if ("problems" in verdict) throw new Error(`${text} ${verdict.problems.join(", ")}`);
  return verdict.schedule;
};

/** The next firings as ISO 8601 to the minute, in UTC. */
const firings = (text: string, zone: string, after: string, count: number): readonly string[] =>
  nextFirings(read(text), zone, Date.parse(after), count).map(
    (at) => `${new Date(at).toISOString().slice(0, 16)}Z`,
  );

describe("the next firings", () => {
  test("go on to the last year that EventBridge knows, and end there", () => {
    expect(
      firings("cron(0 3 1 1 ? *)", "UTC", "2197-06-01T00:00:00Z", 9).map((at) => at.slice(0, 4)),
    ).toEqual(["2198", "2199"]);
  });

  test.each([
    [
      "of a night in UTC, strictly after the moment",
      ...(["cron(0 3 * * ? *)", "UTC", "2026-11-20T03:00:00Z"] as const),
      ["2026-11-21T03:00Z", "2026-11-22T03:00Z"],
    ],
    [
      "are local times: an hour earlier in summer",
      ...(["cron(0 3 ? * SUN *)", "Europe/Berlin", "2026-10-17T00:00:00Z"] as const),
      ["2026-10-18T01:00Z", "2026-10-25T02:00Z", "2026-11-01T02:00Z"],
    ],
    [
      "leave out a local time that the clock skips in spring",
      ...(["cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-27T12:00:00Z"] as const),
      ["2026-03-28T01:30Z", "2026-03-30T00:30Z"],
    ],
    [
      "run a local time that is shown twice in autumn once, the first time",
      ...(["cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00:00Z"] as const),
      ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
    ],
    [
      "do not run it again where the moment lies between the two",
      ...(["cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-25T00:30:00Z"] as const),
      ["2026-10-26T01:30Z"],
    ],
    [
      "know a clock that is turned by half an hour",
      ...(["cron(45 1 * * ? *)", "Australia/Lord_Howe", "2026-04-04T00:00:00Z"] as const),
      ["2026-04-04T14:45Z", "2026-04-05T15:15Z"],
    ],
    [
      "leave out a day that a zone left out",
      ...(["cron(0 12 * * ? *)", "Pacific/Apia", "2011-12-29T00:00:00Z"] as const),
      ["2011-12-29T22:00Z", "2011-12-30T22:00Z"],
    ],
    [
      "meet the leap day in leap years",
      ...(["cron(0 0 29 2 ? *)", "UTC", "2027-01-01T00:00:00Z"] as const),
      ["2028-02-29T00:00Z", "2032-02-29T00:00Z"],
    ],
    [
      "meet the last Sunday of every month",
      ...(["cron(0 3 ? * 1L *)", "UTC", "2026-11-21T00:00:00Z"] as const),
      ["2026-11-29T03:00Z", "2026-12-27T03:00Z", "2027-01-31T03:00Z"],
    ],
    [
      "go on through ISO week 53 into January",
      ...(["cron(0 3 ? * THU *)", "UTC", "2026-12-25T00:00:00Z"] as const),
      ["2026-12-31T03:00Z", "2027-01-07T03:00Z"],
    ],
    [
      "may be left in the first of the years that are named",
      ...(["cron(0 3 1 12 ? 2026,2028)", "UTC", "2026-06-01T00:00:00Z"] as const),
      ["2026-12-01T03:00Z", "2028-12-01T03:00Z"],
    ],
    [
      "end with the years that are named",
      ...(["cron(0 3 1 1 ? 2026,2028)", "UTC", "2026-06-01T00:00:00Z"] as const),
      ["2028-01-01T03:00Z"],
    ],
    [
      "of a rate are counted from the moment",
      ...(["rate(12 hours)", "Europe/Berlin", "2026-10-24T20:07:00Z"] as const),
      ["2026-10-25T08:07Z", "2026-10-25T20:07Z"],
    ],
  ])("%s", (_, text, zone, after, expected) => {
    expect(firings(text, zone, after, expected.length)).toEqual(expected);
  });

  test("are none where none were asked for, or the years are over", () => {
    expect(firings("cron(0 3 * * ? *)", "UTC", "2026-01-01T00:00:00Z", 0)).toEqual([]);
    expect(firings("cron(0 3 1 * ? 2025)", "UTC", "2026-01-01T00:00:00Z", 5)).toEqual([]);
  });

  test("reach further than the calendar's cycle of 28 years", () => {
    expect(firings("cron(0 3 1 1 ? *)", "UTC", "2026-06-01T00:00:00Z", 60).at(-1)).toBe("2086-01-01T03:00Z");
  });
});

const zones = [
  ...["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"],
  ...["Asia/Kathmandu", "Africa/Casablanca"],
];
const anyZone = fc.constantFrom(...zones);
const anyMoment = fc.integer({
  min: Date.parse("2010-01-01T00:00:00Z"),
  max: Date.parse("2040-01-01T00:00:00Z"),
});
const anySchedule = fc.oneof(
  fc.tuple(fc.nat(59), fc.nat(23)).map(([minute, hour]) => `cron(${minute} ${hour} * * ? *)`),
  fc.tuple(fc.nat(23), fc.integer({ min: 1, max: 7 })).map(([hour, day]) => `cron(0 ${hour} ? * ${day} *)`),
  fc.constantFrom("cron(0/15 * * * ? *)", "cron(30 1-3 * * ? *)", "cron(0 2 L * ? *)", "rate(5 hours)"),
);

describe("the laws of firings", () => {
  test("each is after the moment and after the one before, and as many come as were asked for", () => {
    fc.assert(
      fc.property(anySchedule, anyZone, anyMoment, fc.nat(40), (text, zone, after, count) => {
        const found = nextFirings(read(text), zone, after, count);
        expect(found.length).toBe(count);
        expect(found.every((at, index) => at > (found[index - 1] ?? after))).toBe(true);
      }),
    );
  });

  test("asking from a firing on gives the rest: nothing is run twice or left out between two looks", () => {
    fc.assert(
      fc.property(anySchedule, anyZone, anyMoment, (text, zone, after) => {
        const all = nextFirings(read(text), zone, after, 12);
        expect(nextFirings(read(text), zone, all[4] ?? after, 7)).toEqual(all.slice(5));
      }),
    );
  });

  test("the clock shows the schedule's time at each, on every local day that has that time exactly once", () => {
    fc.assert(
      fc.property(fc.nat(59), fc.nat(23), anyZone, anyMoment, (minute, hour, zone, after) => {
        const clock = wallClock(zone);
        const found = nextFirings(read(`cron(${minute} ${hour} * * ? *)`), zone, after, 30);
        const inDay = found.map((at) => clock.at(at) % 86_400_000);
        expect(new Set(inDay)).toEqual(new Set([(hour * 60 + minute) * 60_000]));
        const days = found.map((at) => Math.floor(clock.at(at) / 86_400_000));
        expect(new Set(days).size).toBe(days.length);
        for (let day = days[0] ?? 0; day < (days.at(-1) ?? 0); day += 1) {
          const local = day * 86_400_000 + (inDay[0] ?? 0);
          expect(days.includes(day)).toBe(clock.shows(local).length > 0);
        }
      }),
    );
  });
});

describe("the last firings", () => {
  const last = (text: string, zone: string, now: string, count: number): readonly string[] =>
    lastFirings(read(text), zone, Date.parse(now), count).map(
      (at) => `${new Date(at).toISOString().slice(0, 16)}Z`,
    );

  test.each([
    [
      "are the newest first, and one that is now is among them",
      ...(["cron(0 3 * * ? *)", "UTC", "2026-11-20T03:00:00Z"] as const),
      ["2026-11-20T03:00Z", "2026-11-19T03:00Z"],
    ],
    [
      "leave out a local time that the clock skipped",
      ...(["cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-30T00:00:00Z"] as const),
      ["2026-03-28T01:30Z", "2026-03-27T01:30Z"],
    ],
    [
      "reach over a week whose time the clock skipped",
      ...(["cron(30 2 ? * SUN *)", "Europe/Berlin", "2026-04-05T00:00:00Z"] as const),
      ["2026-03-22T01:30Z", "2026-03-15T01:30Z"],
    ],
    [
      "go back over years, where a leap day is meant",
      ...(["cron(0 3 29 2 ? *)", "UTC", "2026-11-20T00:00:00Z"] as const),
      ["2024-02-29T03:00Z", "2020-02-29T03:00Z"],
    ],
    [
      "are fewer where the schedule's years began since",
      ...(["cron(0 3 1 1 ? 2026-2030)", "UTC", "2026-11-20T00:00:00Z"] as const),
      ["2026-01-01T03:00Z"],
    ],
    ["are none of a rate", ...(["rate(12 hours)", "UTC", "2026-11-20T03:00:00Z"] as const), []],
  ])("%s", (_, text, zone, now, found) => {
    expect(last(text, zone, now, 2)).toEqual(found);
  });

  test("are those that come one after the other until now", () => {
    fc.assert(
      fc.property(
        anySchedule.filter((text) => text.startsWith("cron")),
        anyZone,
        anyMoment,
        fc.integer({ min: 1, max: 5 }),
        (text, zone, now, count) => {
          const found = lastFirings(read(text), zone, now, count);
          expect(found).toHaveLength(count);
          const oldest = found.at(-1) ?? now;
          expect(nextFirings(read(text), zone, oldest - 1, count)).toEqual(found.toReversed());
          expect(nextFirings(read(text), zone, oldest, count)[count - 1]).toBeGreaterThan(now);
        },
      ),
    );
  });
});
