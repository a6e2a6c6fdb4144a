import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextFirings } from "../../lib/core/firings.ts";
import { growthUntil, type LongevityInput, runsLeft, runsMax, wouldGo } from "../../lib/core/longevity.ts";
import { decideRetention, type RetentionPolicy } from "../../lib/core/retention.ts";
import { parseSchedule, type Schedule } from "../../lib/core/schedule.ts";

const read = (text: string): Schedule => {
  const verdict = parseSchedule(text);
  if ("problems" in verdict) throw new Error(`${text} ${verdict.problems.join(", ")}`);
  return verdict.schedule;
};

const nightly = read("cron(0 3 * * ? *)");
const now = Date.parse("2026-11-20T04:00:00Z");
const dayMs = 86_400_000;

/** A point of each of the last nights, `night 0` being tonight's. */
const nights = (count: number) =>
  Array.from({ length: count }, (_, back) => ({
    id: `night ${back}`,
    takenAt: Date.parse("2026-11-20T03:00:00Z") - back * dayMs,
  }));

const inputOf = (differs: Partial<LongevityInput> = {}): LongevityInput => ({
  points: nights(3),
  policies: [{ daily: 3 }],
  timeZone: "UTC",
  schedule: nightly,
  floor: 1,
  others: 0,
  now,
  ...differs,
});

/** `6`, or `over 400`, by id. */
const left = (differs: Partial<LongevityInput> = {}): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...runsLeft(inputOf(differs))].map(([id, { kind, runs }]) => [
      id,
      kind === "runs" ? runs : `over ${runs}`,
    ]),
  );

describe("the runs that a recovery point survives", () => {
  it("count down with every night under a daily rule", () => {
    expect(left()).toEqual({ "night 0": 2, "night 1": 1, "night 2": 0 });
  });

  it("are none for what no rule keeps now", () => {
    expect(left({ points: nights(5) })).toMatchObject({ "night 3": 0, "night 4": 0 });
  });

  it("are more where a rule of longer periods takes over", () => {
    // 20 November 2026 is a Friday, and night 5 a Sunday: its week's newest until Monday begins a third week.
    const runs = left({ points: nights(6), policies: [{ daily: 2, weekly: 2 }] });
    expect(runs).toMatchObject({ "night 0": 1, "night 1": 0, "night 4": 0, "night 5": 2 });
  });

  it("of the newest point of a month reach over the year under a monthly rule", () => {
    const points = [{ id: "october", takenAt: Date.parse("2026-10-31T03:00:00Z") }, ...nights(1)];
    // It goes with the run that begins the twelfth month after it: 1 October 2027, 315 nights from now.
    expect(left({ points, policies: [{ monthly: 12 }] })).toEqual({ october: 314, "night 0": 0 });
  });

  it("are counted to a year and a month, and then said to be more", () => {
    const points = [{ id: "silvester", takenAt: Date.parse("2025-12-31T03:00:00Z") }];
    expect(left({ policies: [{ yearly: 5 }], points })).toEqual({ silvester: `over ${runsMax}` });
    expect(left({ policies: [{}], points: nights(1) })).toEqual({ "night 0": `over ${runsMax}` });
  });

  it("are those of the schedule, however often it fires", () => {
    expect(left({ schedule: read("rate(12 hours)"), policies: [{ last: 3 }] })["night 0"]).toBe(2);
    expect(left({ schedule: read("cron(0 3 ? * SUN *)"), policies: [{ within: span(10) }] })).toMatchObject({
      "night 0": 2,
    });
  });

  it("end with the years that the schedule names", () => {
    expect(left({ schedule: read("cron(0 3 31 12 ? 2026,2027)"), policies: [{ last: 9 }] })).toMatchObject({
      "night 0": "over 2",
    });
  });

  it("are more where the floor spares it, and not where others hold the floor up", () => {
    expect(left({ points: nights(1), policies: [{ last: 1 }], floor: 2 })).toEqual({ "night 0": 1 });
    expect(left({ points: nights(1), policies: [{ last: 1 }], floor: 2, others: 2 })).toEqual({
      "night 0": 0,
    });
  });

  it("go by the policy that keeps longest, where several do", () => {
    expect(left({ policies: [{ daily: 3 }, { daily: 5 }] })).toMatchObject({ "night 0": 4 });
  });

  it("are counted through a night that daylight saving skips", () => {
    const at = Date.parse("2026-03-28T01:30:00Z");
    const input = {
      ...{ schedule: read("cron(30 2 * * ? *)"), timeZone: "Europe/Berlin", now: at + 1 },
      ...{ points: [{ id: "point", takenAt: at }], policies: [{ within: span(2) }] },
    };
    // 29 March has no 2:30: the next runs are those of the 30th and the 31st, and two days back from the
    // first of these is the point's own instant, which is out of reach.
    expect(left(input)).toEqual({ point: 0 });
    expect(left({ ...input, policies: [{ within: span(3) }] })).toEqual({ point: 1 });
  });

  it("count the repeated hour of autumn as one", () => {
    const input = {
      ...{ schedule: read("cron(30 * * * ? *)"), timeZone: "Europe/Berlin", policies: [{ hourly: 4 }] },
      ...{ now: Date.parse("2026-10-24T23:31:00Z") },
    };
    const points = [{ id: "01:30", takenAt: Date.parse("2026-10-24T23:30:00Z") }];
    // 02:30 once, 03:30, 04:30, and then the fifth hour pushes it out.
    expect(left({ ...input, points })).toEqual({ "01:30": 3 });
  });

  it("meet the leap day, and ISO week 53", () => {
    const leap = { id: "leap day", takenAt: Date.parse("2028-02-29T03:00:00Z") };
    const after = { points: [leap], now: leap.takenAt + 1 };
    expect(left({ ...after, policies: [{ monthly: 1 }] })).toEqual({ "leap day": 0 });
    expect(left({ ...after, policies: [{ within: span(1) }] })).toEqual({ "leap day": 0 });
    // Week 53 of 2026 runs from 28 December to 3 January: the point of that Sunday is its newest.
    const sunday = { id: "week 53", takenAt: Date.parse("2027-01-03T03:00:00Z") };
    expect(left({ points: [sunday], now: sunday.takenAt + 1, policies: [{ weekly: 1 }] })).toEqual({
      "week 53": 0,
    });
    expect(left({ points: [sunday], now: sunday.takenAt + 1, policies: [{ weekly: 2 }] })).toEqual({
      "week 53": 7,
    });
  });

  it("set what is dated in the future aside until it is past", () => {
    const future = { id: "future", takenAt: now + 10 * dayMs };
    expect(left({ points: [...nights(1), future], policies: [{ last: 1 }] })).toEqual({
      "night 0": 0,
      future: 10,
    });
  });

  it("are nobody's where there is no point", () => {
    expect(left({ points: [] })).toEqual({});
  });
});

const span = (days: number) => ({ years: 0, months: 0, days, hours: 0 });

const anyPolicy = fc.constantFrom<RetentionPolicy>(
  { last: 1 },
  { last: 2, daily: 7, weekly: 4 },
  { daily: 3, monthly: 2 },
  { within: span(4) },
  { "within-daily": span(9), hourly: 3 },
  { weekly: 5 },
);

const anyInput: fc.Arbitrary<LongevityInput> = fc
  .record({
    hoursAgo: fc.uniqueArray(fc.integer({ min: 0, max: 24 * 60 }), { maxLength: 12 }),
    policies: fc.array(anyPolicy, { minLength: 1, maxLength: 2 }),
    timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"),
    schedule: fc.constantFrom(nightly, read("rate(12 hours)"), read("cron(30 2 ? * MON *)")),
    floor: fc.integer({ min: 1, max: 4 }),
    others: fc.nat(2),
    now: fc.constantFrom(
      ...["2026-11-20T04:00:00Z", "2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z", "2028-02-28T12:00:00Z"],
      "2026-12-27T12:00:00Z",
    ),
  })
  .map(({ hoursAgo, now: moment, ...rest }) => ({
    ...rest,
    now: Date.parse(moment),
    points: hoursAgo.map((hours) => ({ id: `${hours}`, takenAt: Date.parse(moment) - hours * 3_600_000 })),
  }));

const law = (name: string, holds: (input: LongevityInput) => void): void => {
  it(name, () => fc.assert(fc.property(anyInput, holds), { numRuns: 150 }));
};

describe("the laws of longevity", () => {
  law("every point has a figure, and no other", (input) => {
    expect([...runsLeft(input).keys()].toSorted()).toEqual(input.points.map(({ id }) => id).toSorted());
  });

  law("after one more run every figure is one less, and what had none left is gone", (input) => {
    const before = runsLeft(input);
    const [at = 0] = nextFirings(input.schedule, input.timeZone, input.now, 1);
    const points = [...input.points, { id: "new", takenAt: at }];
    const gone = wouldGo({ ...input, points, now: at });
    const after = runsLeft({ ...input, points: points.filter(({ id }) => !gone.has(id)), now: at });
    for (const [id, { kind, runs }] of before) {
      if (kind === "over") continue;
      expect(gone.has(id)).toBe(runs === 0);
      if (runs > 0) expect(after.get(id)).toEqual({ kind: "runs", runs: runs - 1 });
    }
  });

  law("without a floor and with one policy a prune removes what retention says", (input) => {
    const [policy = {}] = input.policies;
    const { remove } = decideRetention({ ...input, policy });
    expect([...wouldGo({ ...input, policies: [policy], floor: 0 })]).toEqual(remove.map(({ id }) => id));
  });

  law("does not care in which order the points are listed", (input) => {
    const sorted = (some: ReturnType<typeof runsLeft>) => [...some].toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(runsLeft({ ...input, points: input.points.toReversed() }))).toEqual(
      sorted(runsLeft(input)),
    );
  });
});

describe("the growth of a set", () => {
  const week = now + 7 * dayMs;
  it("is what the runs until then add and do not take away again", () => {
    expect(growthUntil(week, inputOf({ points: [] }))).toBe(3);
    expect(growthUntil(week, inputOf())).toBe(0);
    expect(growthUntil(week, inputOf({ policies: [{ daily: 12 }] }))).toBe(7);
    expect(growthUntil(week, inputOf({ policies: [{}] }))).toBe(7);
    expect(growthUntil(now + dayMs / 2, inputOf({ policies: [{}] }))).toBe(0);
    expect(growthUntil(Date.parse("2026-11-21T03:00:00Z"), inputOf({ policies: [{}] }))).toBe(1);
  });

  it("is below nothing where a policy was shortened, and stops at the floor", () => {
    expect(growthUntil(week, inputOf({ points: nights(10), policies: [{ last: 2 }] }))).toBe(-8);
    expect(growthUntil(week, inputOf({ points: nights(10), policies: [{ last: 2 }], floor: 5 }))).toBe(-5);
  });
});
