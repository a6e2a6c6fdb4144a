import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Batch } from "../../lib/core/batch.ts";
import {
  callsWithin,
  inTurns,
  lanesOf,
  prunesAtOnce,
  type SharingName,
  type Untried,
} from "../../lib/core/lanes.ts";
import type { Part } from "../../lib/core/part.ts";
import type { Config } from "../../lib/core/plan.ts";
import type { Run } from "../../lib/core/run.ts";
import type { BatchWork } from "../../lib/steps/batch-work.ts";
import type { PartInput } from "../../lib/steps/discover.ts";
import { partOf, planOf } from "./samples.ts";

/** From two regions into a third, and between the first two. */
const config: Config = {
  regions: ["us-east-1", "us-west-2", "eu-west-1"],
  plans: {
    plain: planOf({ name: "plain" }),
    daily: between(["us-east-1", "us-west-2"], ["eu-west-1"]),
    both: between(["us-east-1", "us-west-2"], ["us-west-2", "eu-west-1"]),
  },
};

function between(regions: readonly string[], copies: readonly string[]) {
  return planOf({
    select: { ...planOf().select, regions },
    copies: copies.map((region) => ({ region, retention: { last: 1 }, unencrypted: true })),
  });
}

describe("who shares the budget", () => {
  const batch = { lanes: { region: 2, run: 12 } };
  // Of more batches three have their turn.
  const inTurn = 3 / 0.7;
  const part = partOf({ slice: { number: 2, of: 6 }, number: 3, of: 10 });
  const whole = partOf({ number: 3, of: 10 });
  const plain = { plan: "plain" };
  const lanes = (name: string, event: unknown, region = "us-east-1") => lanesOf(name, event, config)(region);

  it.each(["Discover", "Snapshot", "Check", "Copy", "Prune"] satisfies SharingName[])(
    "knows %s by its door's name",
    (name) => {
      const path = new URL(`../../functions/${name.toLowerCase()}.ts`, import.meta.url);
      expect(readFileSync(path, "utf8")).toContain(`name: "${name}"`);
    },
  );

  it("reads of an event what the steps write into it", () => {
    expectTypeOf<Pick<BatchWork, "untried">>().toEqualTypeOf<Untried>();
    expectTypeOf<PartInput>().toExtend<Pick<Run, "plan" | "part">>();
  });

  it.each([
    ["Snapshot", { run: plain, batch }, 2],
    ["Prune", { run: plain, batch }, 4],
    ["Prune", { run: plain, batch: { lanes: { region: 1, run: 2 } } }, 2],
    ["Check", { run: plain, batch: {} }, 1],
    ["Watch", undefined, 1],
    ["Discover", { request: { plan: "daily", part } }, 6],
    ["Discover", { request: { plan: "daily", part: whole } }, 1],
    ["Snapshot", { run: { ...plain, part }, batch }, inTurn],
    ["Snapshot", { run: { ...plain, part: whole }, batch }, 2],
    ["Check", { run: { ...plain, part }, batch: {} }, 6 / 0.3],
    ["Prune", { run: { ...plain, part }, batch }, 10],
    ["Report", { run: { ...plain, part } }, 10],
  ])("%s with %j: %i functions", (name, event, count) => {
    expect(lanes(name, event)).toBeCloseTo(count);
  });

  it.each([
    ["daily", "us-east-1"],
    ["daily", "eu-west-1"],
    ["both", "us-east-1"],
    ["both", "us-west-2"],
    ["both", "eu-west-1"],
  ])(
    "batches and pumps of %s together have no more than there is of %s, in parts as well",
    (plan, region) => {
      const { select, copies } = config.plans[plan] ?? planOf();
      const isSource = select.regions.includes(region);
      const together = (of: Part | undefined): number => {
        const run = { plan, ...(of && { part: of }) };
        const slices = of?.slice?.of ?? 1;
        const pumps = copies.map((to) => ({ run, destination: { region: to.region } }));
        return (
          (isSource ? shareOfBatches({ run, batch }, 2 * slices) : 0) +
          slices * pumps.reduce((sum, pump) => sum + shareIn(pump), 0)
        );
      };
      // Where they take turns, looks have three tenths of it.
      const shareOfBatches = (event: object, count: number): number => {
        const [turn, look] = [lanes("Snapshot", event, region), lanes("Check", event, region)];
        return turn === look ? count / look : count / look / 0.3;
      };
      const shareIn = (pump: { destination: { region: string } }): number =>
        isSource || pump.destination.region === region ? 1 / lanes("Copy", pump, region) : 0;
      expect(together(undefined)).toBeLessThanOrEqual(1 + 1e-9);
      expect(together(undefined)).toBeGreaterThan(0.8);
      // As many slices as parts: each of them does the same.
      expect(together(partOf({ slice: { number: 1, of: 5 }, of: 5 }))).toBeCloseTo(together(undefined));
    },
  );

  it("leaves batches and pumps theirs where other parts are at their prunes already", () => {
    const last = partOf({ regions: ["us-west-2"], of: 5, number: 5 });
    const run = { plan: "both", part: last };
    const batches = 1 / lanes("Snapshot", { run, batch: {} }, "us-west-2");
    const looks = 0.1;
    const pump = 5 / lanes("Copy", { run, destination: { region: "us-west-2" } }, "us-west-2");
    const prunes = 5 / lanes("Prune", { run, batch }, "us-west-2");
    expect(batches + looks + Math.max(pump, prunes) + (pump - prunes)).toBeCloseTo(1);
    expect(5 / lanes("Prune", { run, batch }, "eu-west-1")).toBe(1);
    expect(4 / lanes("Prune", { run: { plan: "both" }, batch }, "us-west-2")).toBe(1);
  });

  it("leaves a pump that looks at its sources a tenth, and where it copies to all that no batch calls", () => {
    const pump = { run: { plan: "daily" }, destination: { region: "eu-west-1" } };
    expect([lanes("Copy", pump), lanes("Copy", pump, "eu-west-1")]).toEqual([10, 1]);
    const inParts = { ...pump, run: { plan: "daily", part } };
    expect([lanes("Copy", inParts), lanes("Copy", inParts, "eu-west-1")]).toEqual([60, 10]);
  });

  it("lets one prune of each part run at once, and four of a run that is whole", () => {
    expect([prunesAtOnce(undefined), prunesAtOnce(part)]).toEqual([4, 1]);
  });
});

describe("very many batches", () => {
  const batchOf = (region: string, count: number, family: Batch["family"] = "rds"): Batch => ({
    ...{ region, family, arnPrefix: `arn:aws:${family}:${region}:123456789012:cluster:` },
    members: [],
    lanes: { region: count, run: 2 * count },
  });
  const batchesIn = (region: string, count: number, family?: Batch["family"]) =>
    Array.from({ length: count }, () => batchOf(region, count, family));
  const run = { plan: "daily" };
  const waitsOf = (batches: readonly Batch[], of: Pick<Run, "plan" | "part"> = run, limits = {}) =>
    inTurns(batches, of, { ...config, ...limits }).map(({ startsAfter }) => startsAfter);

  it("create three at a time, the next ones when these are done", () => {
    // Of 10 a second pumps have one, and of nine those 6.3 whose turn it is: 93 calls of each take 45 seconds.
    expect(waitsOf(batchesIn("us-east-1", 7))).toEqual([0, 0, 0, 55, 55, 55, 110]);
    expect(waitsOf(batchesIn("us-east-1", 3))).toEqual([0, 0, 0]);
    expect(waitsOf(batchesIn("us-east-1", 2), run, { callsPerSecond: 1 })).toEqual([0, 158]);
  });

  it("take turns in each region by itself", () => {
    const [east, west] = [batchesIn("us-east-1", 4), batchesIn("us-west-2", 4)];
    expect(waitsOf(east.flatMap((one, at) => [one, west[at] as Batch]))).toEqual([0, 0, 0, 0, 0, 0, 55, 55]);
  });

  it("take turns in each family by itself, whose budget is its own", () => {
    const both = [...batchesIn("us-east-1", 3), ...batchesIn("us-east-1", 2, "redshift")];
    expect(waitsOf(both)).toEqual([0, 0, 0, 0, 74]);
  });

  it("take turns with those of the region's other slices", () => {
    const slices = [1, 2, 3, 4].map((number) => partOf({ slice: { number, of: 4 }, number, of: 6 }));
    const waits = slices.map((part) => waitsOf(batchesIn("us-east-1", 2), { ...run, part }));
    expect(waits).toEqual([
      [0, 55],
      [0, 55],
      [0, 110],
      [55, 110],
    ]);
  });

  it.each([0.5, 1, 5, 10, 40])(
    "of whom three have a turn have no more than there is, at %d a second",
    (callsPerSecond) => {
      const limited = { ...config, callsPerSecond };
      for (const count of [1, 2, 3, 4, 10, 52]) {
        const batches = batchesIn("us-east-1", count);
        const waits = waitsOf(batches, run, limited);
        const together = Math.max(
          ...[...Map.groupBy(waits, (wait) => wait).values()].map(({ length }) => length),
        );
        const rate = (name: string, work?: object): number =>
          1 / lanesOf(name, { run, batch: batches[0], work }, limited)("us-east-1");
        const [turn, later, look] = [
          rate("Snapshot"),
          rate("Snapshot", { tasks: [] }),
          rate("Check", { tasks: [] }),
        ];
        expect(later).toBe(look);
        expect(rate("Snapshot", { tasks: [], untried: 3 })).toBe(turn);
        const all = count <= together ? count * turn : together * turn + count * look;
        expect(all).toBeLessThanOrEqual(0.9 + 1e-9);
        // Whoever has a turn is done before the next ones have theirs.
        const next = [...new Set(waits)][1];
        if (next !== undefined) expect(93 / (turn * callsPerSecond)).toBeLessThan(next);
      }
    },
  );
});

describe("the calls that a share allows", () => {
  it.each([
    [180, { lanes: 1 }, 1800],
    [180, { lanes: 20 }, 90],
    [180, { lanes: 64 }, 28],
    [180, { lanes: 64, callsPerSecond: 5 }, 14],
    [1, { lanes: 64 }, 1],
  ])("in %i seconds with %j are %i", (seconds, share, calls) => {
    expect(callsWithin(seconds, share)).toBe(calls);
  });
});
