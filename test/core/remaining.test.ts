import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Longevity } from "../../lib/core/longevity.ts";
import { type OwnedSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { decidePrune } from "../../lib/core/pruning.ts";
import { makeRemaining, type RemainingInput } from "../../lib/core/remaining.ts";
import type { RetentionPolicy } from "../../lib/core/retention.ts";
import { dayMs, idOf, idsOf, inputOf, now, planOf, pointOf, runAt } from "./samples.ts";

const night = (back: number, differs: Parameters<typeof pointOf>[0] = {}): OwnedSnapshot =>
  pointOf({ at: Date.parse(runAt) - back * dayMs, ...differs });

const nights = (count: number): readonly OwnedSnapshot[] =>
  Array.from({ length: count }, (_, back) => night(back));

const inputFor = (
  points: readonly OwnedSnapshot[],
  differs: Partial<RemainingInput> = {},
): RemainingInput => ({
  ...{ plan: planOf({ floor: 1 }), orphan: false, policies: [{ last: 2 }], floor: 1, others: 0, now, points },
  staying: new Set(points.map(idOf)),
  ...differs,
});

const remaining = (
  points: readonly OwnedSnapshot[],
  differs: Partial<RemainingInput> = {},
): readonly (Longevity | undefined)[] => points.map(makeRemaining()(inputFor(points, differs)));

const runs = (count: number): Longevity => ({ kind: "runs", runs: count });

describe("how much longer a point stays", () => {
  it("is told of points of one moment in the order in which they go, however many are newer", () => {
    const pairAfter = (newer: number) => [...nights(newer), night(newer), night(newer, { attempt: "-2" })];
    for (const newer of [2, 9, 99])
      expect(remaining(pairAfter(newer), { policies: [{ last: newer + 2 }] }).slice(-2)).toEqual([
        runs(1),
        runs(0),
      ]);
  });

  it("is not told of one that is being deleted, nor by runs where none visit", () => {
    expect(remaining([night(0), night(1, { status: "deleting" })])).toEqual([runs(1), undefined]);
    const noRuns = { kind: "no-runs" };
    expect(remaining([night(0)], { plan: undefined })).toEqual([noRuns]);
    expect(remaining([night(0)], { plan: planOf({ enabled: false }) })).toEqual([noRuns]);
    const due = [
      night(0, { tags: { [tagKeys.until]: "2026-01-01T00:00:00Z" } }),
      night(0, { status: "failed" }),
    ];
    const next = { staying: new Set<string>() };
    expect(remaining(due, next)).toEqual([runs(0), runs(0)]);
    for (const plan of [undefined, planOf({ enabled: false })])
      expect(remaining(due, { ...next, plan })).toEqual([noRuns, noRuns]);
  });

  it("is told apart where something holds back what would go now", () => {
    const [first, second, third] = nights(3);
    if (!first || !second || !third) throw new Error("there are three");
    const gated = { kind: "gated" };
    expect(remaining([first, second, third])).toEqual([runs(1), runs(0), gated]);
    expect(remaining([first, second, third], { staying: new Set([idOf(first)]) })[2]).toEqual(runs(0));
    const failed = night(3, { status: "failed" });
    expect(remaining([first, failed])[1]).toEqual(gated);
    expect(remaining([first, failed], { staying: new Set() })[1]).toEqual(runs(0));
  });

  it("is counted for each set by its own plan, policies and neighbours, although it remembers", () => {
    const points = nights(3);
    const nineDays = { policies: [{ within: { years: 0, months: 0, days: 9, hours: 0 } }] };
    const sundays = planOf({ name: "weekly", schedule: "cron(0 3 ? * SUN *)" });
    const inputs = [
      inputFor(points),
      inputFor(points, { policies: [{ last: 3 }] }),
      inputFor(points, { floor: 3 }),
      inputFor(points, { floor: 3, others: 3 }),
      inputFor(points, nineDays),
      inputFor(points, { ...nineDays, plan: sundays }),
      inputFor(nights(4), { ...nineDays, plan: sundays }),
      // As many points, of other times.
      ...[nights(2), [night(0), night(0, { attempt: "-2" })]].map((some) =>
        inputFor(some, { policies: [{ daily: 2 }] }),
      ),
    ];
    const one = makeRemaining();
    for (const input of inputs)
      expect(input.points.map(one(input))).toEqual(input.points.map(makeRemaining()(input)));
    const told = inputs.map((input) => JSON.stringify(input.points.map(one(input))));
    // Each of these differs from the one before in one respect, which matters.
    for (const index of [1, 3, 5, 6]) expect(told[index]).not.toBe(told[index - 1]);
  });
});

const anyPolicy = fc.constantFrom<RetentionPolicy>(
  ...[
    { last: 1 },
    { last: 10 },
    { last: 11 },
    { last: 12 },
    { daily: 9 },
    { daily: 3, last: 11 },
    { weekly: 2 },
  ],
);

it("names with no run left exactly what the next run's prune removes", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(44), { minLength: 1, maxLength: 24 }),
      fc.array(anyPolicy, { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 1, max: 13 }),
      (places, policies, floor) => {
        // Of a night there may be three: second and third attempts, where the first came in the end as well.
        const attempts = ["", "-2", "-3"];
        const points = places.map((one) => night(Math.floor(one / 3), { attempt: attempts[one % 3] ?? "" }));
        const next = Date.parse(runAt) + dayMs;
        const left = remaining(points, { policies, floor, staying: new Set() });
        const { remove } = decidePrune(
          inputOf({
            ...{ owned: [...points, pointOf({ at: next })], policies, now: next },
            plan: planOf({ floor }),
          }),
        );
        const going = points.filter((_, index) => left[index]?.kind === "runs" && left[index].runs === 0);
        expect(going.map(idOf).toSorted()).toEqual(idsOf(remove).toSorted());
      },
    ),
    { numRuns: 200 },
  );
});
