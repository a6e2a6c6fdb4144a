import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mostKept, roomFor } from "../../lib/core/quota.ts";
import { countRules, decideRetention, type RetentionPolicy, withinRules } from "../../lib/core/retention.ts";
import { parseSpan } from "../../lib/core/span.ts";

const day = 86_400;
const span = (text: string) => parseSpan(text) ?? expect.fail(text);

describe("the most that a policy keeps", () => {
  it.each<[string, RetentionPolicy, number, number]>([
    ["counts add up, the newest once", { last: 2, daily: 7, weekly: 4, monthly: 12 }, day, 22],
    ["a rule of zero keeps nothing", { last: 3, daily: 0 }, day, 3],
    ["within keeps every run of its time", { within: span("2d") }, 3600, 49],
    ["within a day of daily runs", { within: span("1d") }, day, 2],
    ["within-daily is bounded by its days, not by the runs", { "within-daily": span("7d") }, 3600, 9],
    ["within-weekly is bounded by its weeks", { "within-weekly": span("28d") }, 3600, 6],
    ["within-weekly of rare runs is bounded by these", { "within-weekly": span("1y") }, 30 * day, 13],
    ["no rule keeps everything", {}, day, Number.POSITIVE_INFINITY],
    ["rules of zero are no rules", { daily: 0 }, day, Number.POSITIVE_INFINITY],
  ])("%s", (_, policy, gap, most) => {
    expect(mostKept(policy, gap)).toBe(most);
  });

  it("leaves room for so many clusters, each with the next run's snapshot", () => {
    expect([roomFor(100, 22), roomFor(22, 22), roomFor(20, 9), roomFor(20, 10)]).toEqual([4, 0, 2, 1]);
    expect(roomFor(100, Number.POSITIVE_INFINITY)).toBe(0);
  });

  const counts = fc.record(
    Object.fromEntries(countRules.map((rule) => [rule, fc.integer({ min: 0, max: 9 })])),
    { requiredKeys: [] },
  );
  const spans = fc.record(
    Object.fromEntries(
      withinRules.map((rule) => [
        rule,
        fc.constantFrom("3h", "25h", "1d", "9d", "20d", "1m", "2m3d", "1y").map(span),
      ]),
    ),
    { requiredKeys: [] },
  );

  it("is a bound: no evenly running schedule ever keeps more, also when clocks are turned", () => {
    fc.assert(
      fc.property(
        ...[counts, spans, fc.constantFrom(3600, 4 * 3600, day, 3 * day, 9 * day)],
        fc.constantFrom("UTC", "Europe/Berlin", "America/Havana"),
        fc.integer({ min: 0, max: 400 }),
        (count, within, gap, timeZone, shift) => {
          const policy = { ...count, ...within } as RetentionPolicy;
          const newest = Date.parse("2026-11-02T03:00:00Z") + shift * day * 1000;
          const points = Array.from({ length: Math.min(900, (500 * day) / gap) }, (_, age) => ({
            id: `${age}`,
            takenAt: newest - age * gap * 1000,
          }));
          const { keep } = decideRetention({ points, policy, timeZone, now: newest });
          expect(keep.length).toBeLessThanOrEqual(mostKept(policy, gap));
        },
      ),
      { numRuns: 300 },
    );
  });
});
