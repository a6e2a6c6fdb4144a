import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  countRules,
  decideByAny,
  decideRetention,
  formatPolicy,
  parsePolicy,
  type RetentionInput,
  type RetentionPolicy,
  type RetentionVerdict,
  type TimedPoint,
  withinRules,
} from "../../lib/core/retention.ts";
import { parseSpan, type Span } from "../../lib/core/span.ts";

/** What restic kept. Another file of the same form may be put in its place. */
interface Vectors {
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly cases: readonly {
    readonly set: string;
    readonly policy: Readonly<Record<string, number | string>>;
    readonly keep: readonly number[];
  }[];
}

const fixture = new URL("../fixtures/retention-vectors.json", import.meta.url);
const vectors: Vectors = JSON.parse(readFileSync(process.env.RETENTION_VECTORS || fixture, "utf8"));

const spanOf = (text: string): Span => {
  const span = parseSpan(text);
  if (span === undefined) throw new Error(`${text} is no span`);
  return span;
};

const policyOf = (words: Readonly<Record<string, number | string>>): RetentionPolicy =>
  Object.fromEntries(
    Object.entries(words).map(([rule, value]) => [rule, typeof value === "string" ? spanOf(value) : value]),
  );

/** Points whose ids tell their place in the list, and sort as the list does. */
const pointsAt = (times: readonly string[]): readonly TimedPoint[] =>
  times.map((time, index) => ({ id: String(index).padStart(6, "0"), takenAt: Date.parse(time) }));

const idsOf = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

const everHence = Date.parse("9999-01-01");

/** What holds for every verdict, whatever the policy. */
const expectLaws = (input: RetentionInput, verdict: RetentionVerdict): void => {
  const { points, now } = input;
  const kept = new Set(idsOf(verdict.keep));

  const both = [...verdict.keep, ...verdict.remove];
  expect(idsOf(both).toSorted(), "keep and remove partition the points").toEqual(idsOf(points).toSorted());
  expect(both.every(({ because }) => because.length > 0)).toBe(true);

  const past = points.filter(({ takenAt }) => takenAt <= now);
  const newest = Math.max(...past.map(({ takenAt }) => takenAt));
  const newestKept = past.some(({ id, takenAt }) => takenAt === newest && kept.has(id));
  expect(newestKept, "the newest is kept").toBe(past.length > 0);

  const again = decideRetention({ ...input, points: points.filter(({ id }) => kept.has(id)) });
  expect(again, "on what was kept, the same is kept for the same reasons").toEqual({
    keep: verdict.keep,
    remove: [],
  });

  const reordered = [points.toReversed(), points.toSorted((a, b) => hash(a.id) - hash(b.id))];
  for (const order of reordered) {
    expect(decideRetention({ ...input, points: order }), "input order is irrelevant").toEqual(verdict);
  }
};

/** Puts points into some other order that is the same in every run. */
const hash = (id: string): number => [...id].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 9973, 7);

describe("restic 0.14.0 keeps the same, and the laws hold", () => {
  test("there are cases", () => {
    expect(vectors.cases.length).toBeGreaterThan(0);
  });

  test.each(
    vectors.cases.map((vector, index) => ({ ...vector, index, words: JSON.stringify(vector.policy) })),
  )("case $index: $set $words", ({ set, policy: words, keep }) => {
    const times = vectors.sets[set];
    if (times === undefined) throw new Error(`there is no set ${set}`);
    const points = pointsAt(times);
    const policy = policyOf(words);
    const input = { points, policy, timeZone: "UTC", now: everHence };
    const verdict = decideRetention(input);
    expect(idsOf(verdict.keep).map(Number)).toEqual(keep);
    expectLaws(input, verdict);
    expect(parsePolicy(formatPolicy(policy))).toEqual(policy);
  });
});

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Australia/Lord_Howe",
  "Antarctica/Troll",
];

/** Times that crowd around what is difficult: clock changes, a missing day, ends of months and years. */
const corners = [
  "2026-03-29T01:00:00Z",
  "2026-10-25T01:00:00Z",
  "2026-11-01T06:00:00Z",
  "2011-12-30T10:00:00Z",
  "2024-02-29T12:00:00Z",
  "2021-01-03T12:00:00Z",
].map((time) => Date.parse(time));

const hour = 3_600_000;
const near = (range: number) =>
  fc
    .tuple(fc.constantFrom(...corners), fc.integer({ min: -range, max: range }))
    .map(([corner, by]) => corner + by);
const takenAt = fc.oneof(near(4 * hour), near(72 * hour), near(1000 * 24 * hour));
const points = fc
  .array(takenAt, { maxLength: 40 })
  .map((times): readonly TimedPoint[] => times.map((at, index) => ({ id: `p${index}`, takenAt: at })));

const count = fc.option(fc.nat({ max: 9 }), { nil: 0 });
const span = fc
  .constantFrom("1h", "25h", "1d", "2d", "14d", "1m", "1m1d1h", "3m", "1y", "1y6m", "5y", "1950y")
  .map(spanOf);
const policies = fc
  .tuple(
    fc.record(Object.fromEntries(countRules.map((rule) => [rule, count])), { requiredKeys: [] }),
    fc.record(Object.fromEntries(withinRules.map((rule) => [rule, span])), { requiredKeys: [] }),
  )
  .map(([counts, withins]): RetentionPolicy => ({ ...counts, ...withins }));
const inputs = fc.record({
  points,
  policy: policies,
  timeZone: fc.constantFrom(...zones),
  now: fc.constantFrom(...corners, everHence),
});

describe("for any points, policy and zone", () => {
  test("the laws hold", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expectLaws(input, decideRetention(input));
      }),
      { numRuns: 500 },
    );
  });

  test("a policy of counts keeps what a plain reading of the rules and Intl's own clock keep", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const policy = Object.fromEntries(countRules.map((rule) => [rule, input.policy[rule] ?? 0]));
        const expected = plainReading({ ...input, policy });
        expect(new Set(idsOf(decideRetention({ ...input, policy }).keep))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("a longer span or a higher count never keeps less", () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...countRules), fc.nat({ max: 9 }), (input, rule, more) => {
        const before = input.policy[rule] ?? 0;
        fc.pre(formatPolicy(input.policy) !== "");
        const kept = idsOf(decideRetention(input).keep);
        const policy = { ...input.policy, [rule]: before + more };
        expect(idsOf(decideRetention({ ...input, policy }).keep)).toEqual(expect.arrayContaining([...kept]));
      }),
    );
  });
});

/** The counting rules once more, from their definition: slow, by text, and with no code of the library. */
const plainReading = ({ points, policy, timeZone, now }: RetentionInput): Set<string> => {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const ordered = points.toSorted((a, b) => b.takenAt - a.takenAt || a.id.localeCompare(b.id, "en"));
  const past = ordered.filter((point) => point.takenAt <= now);
  const clock = new Map(past.map((point) => [point, format.format(point.takenAt)]));
  if (countRules.every((rule) => !policy[rule])) return new Set(idsOf(points));
  const picked = countRules.flatMap((rule) => {
    const groups = Map.groupBy(past, (point) => names[rule](clock.get(point) ?? "", point.id));
    return [...groups.values()].slice(0, policy[rule] ?? 0).flatMap((group) => group.slice(0, 1));
  });
  return new Set(idsOf([...picked, ...points.filter((point) => point.takenAt > now)]));
};

/** A period's name, from `2026-11-21 03:00:00`. */
const names: Record<(typeof countRules)[number], (clock: string, id: string) => string> = {
  last: (_clock, id) => id,
  hourly: (clock) => clock.slice(0, 13),
  daily: (clock) => clock.slice(0, 10),
  weekly: (clock) => mondayBefore(clock.slice(0, 10)),
  monthly: (clock) => clock.slice(0, 7),
  yearly: (clock) => clock.slice(0, 4),
};

const mondayBefore = (date: string): string => {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
};

/** Decides over points named by their times, and answers with the times that are kept. */
const keptOf = (words: Record<string, number | string>, times: readonly string[], timeZone = "UTC") => {
  const named = times.map((time) => ({ id: time, takenAt: Date.parse(time) }));
  return idsOf(decideRetention({ points: named, policy: policyOf(words), timeZone, now: everHence }).keep);
};

describe("several policies", () => {
  const days = pointsAt([20, 19, 18, 17, 16, 15].map((day) => `2026-11-${day}T03:00:00Z`));
  const rest = { points: days, timeZone: "UTC", now: everHence };

  test("keep what either of them keeps, with the reasons of both, newest first", () => {
    const { keep, remove } = decideByAny({ ...rest, policies: [{ last: 2 }, { daily: 3 }] });
    expect(keep).toEqual([
      { id: "000000", because: ["last 1 of 2", "daily 1 of 3"] },
      { id: "000001", because: ["last 2 of 2", "daily 2 of 3"] },
      { id: "000002", because: ["daily 3 of 3"] },
    ]);
    expect(remove.map(({ id, because }) => [id, because])).toEqual(
      ["000003", "000004", "000005"].map((id) => [id, ["no rule keeps it"]]),
    );
  });

  test.each([
    ["none at all", []],
    ["one without rules", [{ last: 1 }, {}]],
    ["one whose rules are zero", [{ last: 1 }, { daily: 0 }]],
  ])("remove nothing where there is %s", (_, policies) => {
    const { keep, remove } = decideByAny({ ...rest, policies });
    expect([idsOf(keep), remove]).toEqual([idsOf(days), []]);
  });

  test("one alone decides as it does by itself, and the same one twice says nothing twice", () => {
    const one = decideRetention({ ...rest, policy: { weekly: 2, last: 1 } });
    expect(decideByAny({ ...rest, policies: [{ weekly: 2, last: 1 }] })).toEqual(one);
    expect(
      decideByAny({
        ...rest,
        policies: [
          { weekly: 2, last: 1 },
          { weekly: 2, last: 1 },
        ],
      }),
    ).toEqual(one);
  });

  test("the laws: a point goes if and only if each would let it go, in whatever order they stand", () => {
    fc.assert(
      fc.property(inputs, fc.array(policies, { minLength: 1, maxLength: 4 }), (input, several) => {
        const { policy: _, ...shared } = input;
        const verdict = decideByAny({ ...shared, policies: several });
        const removedByEach = several.map(
          (policy) => new Set(idsOf(decideRetention({ ...shared, policy }).remove)),
        );
        const gone = shared.points.filter(({ id }) => removedByEach.every((ids) => ids.has(id)));
        expect(idsOf(verdict.remove).toSorted()).toEqual(idsOf(gone).toSorted());
        expect(idsOf([...verdict.keep, ...verdict.remove]).toSorted()).toEqual(
          idsOf(shared.points).toSorted(),
        );
        expect([...verdict.keep, ...verdict.remove].every(({ because }) => because.length > 0)).toBe(true);
        const turned = decideByAny({
          ...shared,
          points: shared.points.toReversed(),
          policies: several.toReversed(),
        });
        expect([idsOf(turned.keep), idsOf(turned.remove)]).toEqual([
          idsOf(verdict.keep),
          idsOf(verdict.remove),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("periods are in the plan's time zone", () => {
  test.each([
    ["UTC", ["2026-07-02T00:30:00Z", "2026-07-01T23:30:00Z"]],
    ["Europe/Berlin", ["2026-07-02T00:30:00Z"]],
  ])("the day ends at midnight in %s", (zone, kept) => {
    expect(keptOf({ daily: 5 }, ["2026-07-02T00:30:00Z", "2026-07-01T23:30:00Z"], zone)).toEqual(kept);
  });

  test("the quarters of Kathmandu", () => {
    const times = [
      "2026-07-01T18:15:00Z",
      "2026-07-01T18:14:59Z",
      "2026-07-01T17:15:00Z",
      "2026-07-01T17:14:59Z",
    ];
    expect(keptOf({ daily: 5 }, times, "Asia/Kathmandu")).toEqual([times[0], times[1]]);
    expect(keptOf({ hourly: 5 }, times, "Asia/Kathmandu")).toEqual([times[0], times[1], times[3]]);
  });

  test("two points in autumn's repeated hour are one period, counted once", () => {
    const times = [
      "2026-10-25T02:10:00Z",
      "2026-10-25T01:10:00Z",
      "2026-10-25T00:10:00Z",
      "2026-10-24T23:10:00Z",
    ];
    expect(keptOf({ hourly: 3 }, times, "Europe/Berlin")).toEqual([times[0], times[1], times[3]]);
    expect(keptOf({ hourly: 3 }, times, "UTC")).toEqual(times.slice(0, 3));
  });

  test("also where two hours are repeated, so that 01 and 02 come twice", () => {
    const times = [
      "2026-10-25T02:10:00Z",
      "2026-10-25T01:10:00Z",
      "2026-10-25T00:10:00Z",
      "2026-10-24T23:10:00Z",
    ];
    expect(keptOf({ hourly: 4 }, times, "Antarctica/Troll")).toEqual(times.slice(0, 2));
    // Without a point in the second 02 the first one is new, and the first 01 after it still is not.
    expect(keptOf({ hourly: 4 }, times.slice(1), "Antarctica/Troll")).toEqual(times.slice(1, 3));
  });

  test("the two sides of spring's missing hour are two periods", () => {
    const times = ["2026-03-29T01:10:00Z", "2026-03-29T00:50:00Z"];
    expect(keptOf({ hourly: 5 }, times, "Europe/Berlin")).toEqual(times);
  });

  test("Samoa's missing day is no period", () => {
    const times = ["2011-12-30T10:30:00Z", "2011-12-30T09:30:00Z", "2011-12-29T09:30:00Z"];
    expect(keptOf({ daily: 2 }, times, "Pacific/Apia")).toEqual(times.slice(0, 2));
  });

  test.each([
    [
      "53 of 2020 runs on into January",
      ["2021-01-04T00:00:00Z", "2021-01-03T23:00:00Z", "2020-12-28T00:00:00Z"],
      2,
    ],
    [
      "1 of 2025 begins in December",
      ["2025-01-05T00:00:00Z", "2024-12-30T00:00:00Z", "2024-12-29T23:00:00Z"],
      2,
    ],
  ])("ISO week %s", (_what, times, weeks) => {
    expect(keptOf({ weekly: 9 }, times)).toHaveLength(weeks);
  });
});

describe("a time that ends with the newest point", () => {
  test("a month before 31 March is 3 March, and that instant itself is outside", () => {
    const times = [
      "2026-03-31T12:00:00Z",
      "2026-03-03T12:00:01Z",
      "2026-03-03T12:00:00Z",
      "2026-03-01T00:00:00Z",
    ];
    expect(keptOf({ within: "1m" }, times)).toEqual(times.slice(0, 2));
  });

  test("nothing expires when backups stop", () => {
    expect(keptOf({ within: "1d" }, ["2020-01-01T00:00:00Z"])).toHaveLength(1);
  });

  test.each([
    ["in the first of two equal hours", "Europe/Berlin", "1h", "2026-10-25T00:30:00Z"],
    ["on the day after a missing one", "Pacific/Apia", "1d", "2011-12-30T20:00:00Z"],
  ])("the newest is kept %s", (_what, zone, within, newest) => {
    expect(keptOf({ within }, [newest, "2010-01-01T00:00:00Z"], zone)).toEqual([newest]);
  });
});

describe("what a policy cannot mean", () => {
  const times = ["2026-11-21T03:00:00Z", "2026-11-20T03:00:00Z", "2026-11-19T03:00:00Z"];
  const now = Date.parse("2026-11-20T12:00:00Z");
  const decide = (policy: RetentionPolicy) =>
    decideRetention({ points: pointsAt(times), policy, timeZone: "UTC", now });

  test.each([
    ["no rule", {}],
    ["counts of zero", { last: 0, daily: 0 }],
    ["a span of zero", { within: { years: 0, months: 0, days: 0, hours: 0 } }],
  ])("%s removes nothing", (_what, policy) => {
    const because = ["no policy"];
    expect(decide(policy)).toEqual({
      keep: [0, 1, 2].map((index) => ({ id: `00000${index}`, because })),
      remove: [],
    });
  });

  test("a zero beside another rule is no rule", () => {
    expect(decide({ last: 1, daily: 0 })).toEqual(decide({ last: 1 }));
  });

  test("a point dated in the future is kept, and uses up no count", () => {
    expect(decide({ last: 1 })).toEqual({
      keep: [
        { id: "000000", because: ["dated in the future"] },
        { id: "000001", because: ["last 1 of 1"] },
      ],
      remove: [{ id: "000002", because: ["no rule keeps it"] }],
    });
  });

  test("spans are not counted back from the future", () => {
    expect(idsOf(decide({ within: spanOf("1h") }).keep)).toEqual(["000000", "000001"]);
  });

  test("with nothing but future points all are kept", () => {
    const verdict = decideRetention({
      points: pointsAt(times),
      policy: { last: 1 },
      timeZone: "UTC",
      now: 0,
    });
    expect(verdict.keep).toHaveLength(3);
  });

  test("a time or a clock that is not a number removes nothing", () => {
    const odd = [{ id: "odd", takenAt: Number.NaN }];
    const policy = { last: 1 };
    const atOdd = decideRetention({ points: odd, policy, timeZone: "UTC", now });
    const byOdd = decideRetention({ points: pointsAt(times), policy, timeZone: "UTC", now: Number.NaN });
    expect([idsOf(atOdd.keep), idsOf(byOdd.keep)]).toEqual([["odd"], ["000000", "000001", "000002"]]);
  });

  test("no points are no verdict", () => {
    expect(keptOf({ last: 1, within: "1d" }, [])).toEqual([]);
  });
});

describe("reasons", () => {
  test("every rule that keeps a point is named, in the order of the tables", () => {
    const points = pointsAt(["2026-11-21T03:00:00Z", "2026-11-21T02:00:00Z", "2026-11-20T03:00:00Z"]);
    const policy = policyOf({ "within-daily": "14d", within: "1h", daily: 7, last: 2 });
    const { keep } = decideRetention({ points, policy, timeZone: "UTC", now: everHence });
    expect(keep.map(({ because }) => because)).toEqual([
      ["last 1 of 2", "daily 1 of 7", "within 1h", "within-daily 14d"],
      ["last 2 of 2"],
      ["daily 2 of 7", "within-daily 14d"],
    ]);
  });

  test("points of one time are ordered by id", () => {
    const points = ["b", "c", "a"].map((id) => ({ id, takenAt: 0 }));
    const verdict = decideRetention({ points, policy: { last: 1 }, timeZone: "UTC", now: 0 });
    expect(idsOf([...verdict.keep, ...verdict.remove])).toEqual(["a", "b", "c"]);
  });
});

describe("a stamp", () => {
  test("is written in the order of the tables, without zeros", () => {
    const policy = policyOf({ within: "1y6m", monthly: 0, daily: 7, last: 2 });
    expect(formatPolicy(policy)).toBe("last=2 daily=7 within=1y6m");
    expect(formatPolicy({})).toBe("");
    expect(formatPolicy({ daily: 0 })).toBe("");
  });

  test("is read in any order", () => {
    expect(parsePolicy("within-daily=14d last=0 yearly=3650")).toEqual(
      policyOf({ "within-daily": "14d", last: 0, yearly: 3650 }),
    );
    expect(parsePolicy("")).toEqual({});
  });

  test.each([
    "all",
    "last",
    "last=",
    "last=2 ",
    "last=2  daily=7",
    "last=2,daily=7",
    "last=2 last=2",
    "last=2 fortnightly=1",
    "Last=2",
    "last=-1",
    "last=1.5",
    "last=3651",
    "last=0x10",
    "last=1e3",
    "last=7d",
    "last=2=3",
    "within=7",
    "within=0d",
    "within=1d within=2d",
    "constructor=1",
    "__proto__=1",
  ])("is not read from '%s'", (stamp) => {
    expect(parsePolicy(stamp)).toBeUndefined();
  });

  test("is read back as it was written", () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const inForce = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== 0));
        expect(parsePolicy(formatPolicy(policy))).toEqual(inForce);
      }),
    );
  });
});
