import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayOf, hourOf, monthOf, wallClock, weekOf, yearOf } from "../../lib/core/calendar.ts";
import { parseSpan } from "../../lib/core/span.ts";

const instant = (iso: string): number => Date.parse(iso);

/** What the zone's clock shows, as ISO 8601 without an offset. */
const shown = (zone: string, iso: string): string =>
  new Date(wallClock(zone).at(instant(iso))).toISOString().slice(0, 19);

const earlier = (zone: string, iso: string, text: string): string => {
  const span = parseSpan(text);
  if (span === undefined) throw new Error(`${text} is no span`);
  return `${new Date(wallClock(zone).before(instant(iso), span)).toISOString().slice(0, 19)}Z`;
};

describe("a wall clock", () => {
  test.each([
    ["UTC", "2026-11-21T03:00:00Z", "2026-11-21T03:00:00"],
    ["Asia/Kathmandu", "2026-11-20T18:15:00Z", "2026-11-21T00:00:00"],
    ["America/St_Johns", "2026-11-21T03:29:59Z", "2026-11-20T23:59:59"],
    ["Pacific/Chatham", "2026-11-21T03:00:00Z", "2026-11-21T16:45:00"],
    ["Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"],
    ["Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"],
    ["Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59"],
    ["Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00"],
    ["Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05T01:59:59"],
    ["Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30:00"],
    // Samoa had no 30 December 2011.
    ["Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59"],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"],
    // Newfoundland's clocks were turned a minute past midnight, which is no quarter of an hour in UTC.
    ["America/St_Johns", "2010-11-07T02:30:59Z", "2010-11-07T00:00:59"],
    ["America/St_Johns", "2010-11-07T02:31:00Z", "2010-11-06T23:01:00"],
    // Local mean time has seconds.
    ["Europe/Berlin", "1890-01-01T00:00:00Z", "1890-01-01T00:53:28"],
  ])("in %s shows at %s %s", (zone, at, local) => {
    expect(shown(zone, at)).toBe(local);
  });

  test("shows what Intl shows, at any time and in any zone", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    const seconds = fc.integer({ min: instant("1990-01-01") / 1000, max: instant("2040-01-01") / 1000 });
    fc.assert(
      fc.property(zones, seconds, (zone, second) => {
        const format = new Intl.DateTimeFormat("sv-SE", {
          timeZone: zone,
          dateStyle: "short",
          timeStyle: "medium",
        });
        const iso = new Date(second * 1000).toISOString();
        expect(shown(zone, iso)).toBe(format.format(second * 1000).replace(" ", "T"));
      }),
    );
  });

  test("refuses a zone that is not", () => {
    expect(() => wallClock("Europe/Atlantis")).toThrow(RangeError);
  });
});

describe("counting back", () => {
  test.each([
    ["an hour", "2026-11-21T03:00:00Z", "36h", "2026-11-19T15:00:00Z"],
    ["a year and a month", "2026-11-21T03:00:00Z", "1y1m", "2025-10-21T03:00:00Z"],
    ["a month and a day", "2026-11-21T03:00:00Z", "1m1d", "2026-10-20T03:00:00Z"],
    ["a day over a month's end", "2026-03-01T00:00:00Z", "1d", "2026-02-28T00:00:00Z"],
    [
      "a month from a 31st, as Go does: 31 February is 3 March",
      "2026-03-31T12:00:00Z",
      "1m",
      "2026-03-03T12:00:00Z",
    ],
    ["a month from a 31st in a leap year", "2024-03-31T12:00:00Z", "1m", "2024-03-02T12:00:00Z"],
    [
      "a month from 31 December: 31 November is 1 December",
      "2026-12-31T00:00:00Z",
      "1m",
      "2026-12-01T00:00:00Z",
    ],
    ["a year from a leap day", "2024-02-29T12:00:00Z", "1y", "2023-03-01T12:00:00Z"],
    ["four years from a leap day", "2024-02-29T12:00:00Z", "4y", "2020-02-29T12:00:00Z"],
    ["months over a year's end", "2026-01-15T00:00:00Z", "14m", "2024-11-15T00:00:00Z"],
    // Year and month first, normalised once with the day: 31 - 1 of February, not 3 March - 1.
    ["all units at once", "2026-03-31T03:00:00Z", "1y1m1d1h", "2025-03-02T02:00:00Z"],
    ["into the first century", "2026-01-01T00:00:00Z", "1950y", "0076-01-01T00:00:00Z"],
  ])("%s", (_what, from, span, to) => {
    expect(earlier("UTC", from, span)).toBe(to);
  });

  test.each([
    ["a day is 23 hours in spring", "Europe/Berlin", "2026-03-29T12:00:00Z", "1d", "2026-03-28T13:00:00Z"],
    ["a day is 25 hours in autumn", "Europe/Berlin", "2026-10-25T12:00:00Z", "1d", "2026-10-24T11:00:00Z"],
    ["24 hours are 24 hours", "Europe/Berlin", "2026-10-25T12:00:00Z", "24h", "2026-10-24T12:00:00Z"],
    [
      "the month begins by the local clock",
      "Asia/Kathmandu",
      "2026-03-30T20:00:00Z",
      "1m",
      "2026-03-02T20:00:00Z",
    ],
    [
      "a time shown twice is the earlier one",
      "Europe/Berlin",
      "2026-10-26T01:30:00Z",
      "1d",
      "2026-10-25T00:30:00Z",
    ],
    [
      "a time never shown is the earlier one",
      "Europe/Berlin",
      "2026-03-30T00:30:00Z",
      "1d",
      "2026-03-29T00:30:00Z",
    ],
    ["a day never shown as well", "Pacific/Apia", "2011-12-30T20:00:00Z", "1d", "2011-12-29T20:00:00Z"],
    [
      "hours from the first of two equal hours",
      "Europe/Berlin",
      "2026-10-25T00:30:00Z",
      "1h",
      "2026-10-24T23:30:00Z",
    ],
    ["hours from the second of them", "Europe/Berlin", "2026-10-25T01:30:00Z", "1h", "2026-10-25T00:30:00Z"],
  ])("%s", (_what, zone, from, span, to) => {
    expect(earlier(zone, from, span)).toBe(to);
  });
});

describe("a period", () => {
  test.each([
    ["hour", hourOf, "2026-11-21T03:00:00Z", "2026-11-21T03:59:59.999Z"],
    ["day", dayOf, "2026-11-21T00:00:00Z", "2026-11-21T23:59:59.999Z"],
    ["day before 1970", dayOf, "1969-12-31T00:00:00Z", "1969-12-31T23:59:59.999Z"],
    ["week from Monday to Sunday", weekOf, "2026-11-16T00:00:00Z", "2026-11-22T23:59:59.999Z"],
    ["week 53 of 2020, which ends in 2021", weekOf, "2020-12-28T00:00:00Z", "2021-01-03T23:59:59.999Z"],
    ["week 1 of 2025, which begins in 2024", weekOf, "2024-12-30T00:00:00Z", "2025-01-05T23:59:59.999Z"],
    ["February of a leap year", monthOf, "2024-02-01T00:00:00Z", "2024-02-29T23:59:59.999Z"],
    ["February of no leap year", monthOf, "2100-02-01T00:00:00Z", "2100-02-28T23:59:59.999Z"],
    ["year", yearOf, "2026-01-01T00:00:00Z", "2026-12-31T23:59:59.999Z"],
  ])("%s", (_what, periodOf, first, last) => {
    const period = periodOf(instant(first));
    expect(periodOf(instant(last))).toBe(period);
    expect(periodOf(instant(first) - 1)).toBe(period - 1);
    expect(periodOf(instant(last) + 1)).toBe(period + 1);
  });

  test("months and years are Date's", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(yearOf(date.getTime())).toBe(date.getUTCFullYear());
        expect(monthOf(date.getTime())).toBe(date.getUTCFullYear() * 12 + date.getUTCMonth());
      }),
    );
  });
});
