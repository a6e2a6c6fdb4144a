import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRetention, parsePolicy } from "../../lib/core/retention.ts";
import { keptBy, type Rules, readRules } from "./checkers/keeping.ts";

/** The checkers' own arithmetic, before it judges the product's: as restic keeps, and on hard calendars as we do. */

interface Vectors {
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly cases: readonly {
    readonly set: string;
    readonly policy: Rules;
    readonly keep: readonly number[];
  }[];
}

const fixture = new URL("../fixtures/retention-vectors.json", import.meta.url);
const { sets, cases }: Vectors = JSON.parse(readFileSync(fixture, "utf8"));
const pointsAt = (times: readonly number[]) =>
  times.map((takenAt, index) => ({ id: String(index).padStart(5, "0"), takenAt }));

describe("what the checkers keep", () => {
  it.each(cases.map((one) => [`${one.set} ${JSON.stringify(one.policy)}`, one] as const))(
    "is what restic kept: %s",
    (_, { set, policy, keep }) => {
      const points = pointsAt((sets[set] ?? []).map((time) => Date.parse(time)));
      const kept = keptBy(points, policy, { timeZone: "UTC", now: Date.parse("9999-01-01") });
      expect([...kept].map(Number).toSorted((a, b) => a - b)).toEqual(keep);
    },
  );

  const hour = 3_600_000;
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];
  const starts = ["2026-03-29T00:00Z", "2026-10-25T00:00Z", "2026-11-01T05:00Z", "2027-01-01T00:00Z"];
  const rule = fc.oneof(
    fc.tuple(
      fc.constantFrom("within", "within-hourly", "within-daily", "within-weekly", "within-monthly"),
      fc.constantFrom("1d", "2d", "24h", "36h", "1d1h", "1m", "1m2d", "1y", "3d12h"),
    ),
    fc.tuple(
      fc.constantFrom("last", "hourly", "daily", "weekly", "monthly"),
      fc.integer({ min: 1, max: 4 }).map(String),
    ),
  );
  const scene = fc.record({
    zone: fc.constantFrom(...zones),
    start: fc.constantFrom(...starts),
    quarters: fc.uniqueArray(fc.integer({ min: -4 * 24 * 40, max: 4 * 24 * 40 }), {
      minLength: 1,
      maxLength: 40,
    }),
    rules: fc.uniqueArray(rule, { selector: ([name]) => name, minLength: 1, maxLength: 3 }),
  });

  it("is what the product keeps where clocks are turned and months differ", () => {
    fc.assert(
      fc.property(scene, ({ zone, start, quarters, rules }) => {
        const words = rules.map(([name, value]) => `${name}=${value}`).join(" ");
        const points = pointsAt(quarters.map((quarter) => Date.parse(start) + (quarter * hour) / 4));
        const now = Date.parse(start) + 20 * 24 * hour;
        const policy = parsePolicy(words) ?? {};
        const kept = keptBy(points, readRules(words) ?? {}, { timeZone: zone, now });
        const ours = decideRetention({ points, policy, timeZone: zone, now }).keep.map(({ id }) => id);
        expect([...kept].toSorted()).toEqual(ours.toSorted());
      }),
      { numRuns: 300 },
    );
  });
});
