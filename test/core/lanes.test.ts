import { describe, expect, it } from "vitest";
import { callsWithin, lanesOf, prunesAtOnce } from "../../lib/core/lanes.ts";
import type { Part } from "../../lib/core/part.ts";
import type { Config } from "../../lib/core/plan.ts";
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
  const batch = { lanes: { region: 6, run: 12 } };
  const part = partOf({ slice: { number: 2, of: 6 }, number: 3, of: 10 });
  const whole = partOf({ number: 3, of: 10 });
  const plain = { plan: "plain" };
  const lanes = (name: string, event: unknown, region = "us-east-1") => lanesOf(name, event, config)(region);

  it.each([
    ["Snapshot", { run: plain, batch }, 6],
    ["Prune", { run: plain, batch }, 4],
    ["Prune", { run: plain, batch: { lanes: { region: 1, run: 2 } } }, 2],
    ["Check", { run: plain, batch: {} }, 1],
    ["Watch", undefined, 1],
    ["Discover", { request: { plan: "daily", part } }, 6],
    ["Discover", { request: { plan: "daily", part: whole } }, 1],
    ["Snapshot", { run: { ...plain, part }, batch }, 36],
    ["Snapshot", { run: { ...plain, part: whole }, batch }, 6],
    ["Check", { run: { ...plain, part }, batch: {} }, 6],
    ["Prune", { run: { ...plain, part }, batch }, 10],
    ["Report", { run: { ...plain, part } }, 10],
  ])("%s with %j: %i functions", (name, event, count) => {
    expect(lanes(name, event)).toBe(count);
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
      const perPart = (of: Part | undefined): number => {
        const run = { plan, ...(of && { part: of }) };
        const isSource = select.regions.includes(region);
        const batches = isSource ? 6 / lanes("Snapshot", { run, batch }, region) : 0;
        const pumps = copies.map((to) => ({ run, destination: { region: to.region } }));
        return batches + pumps.reduce((sum, pump) => sum + shareIn(pump, isSource), 0);
      };
      const shareIn = (pump: { destination: { region: string } }, isSource: boolean): number =>
        isSource || pump.destination.region === region ? 1 / lanes("Copy", pump, region) : 0;
      expect(perPart(undefined)).toBeLessThanOrEqual(1 + 1e-9);
      expect(perPart(undefined)).toBeGreaterThan(0.8);
      // As many slices as parts: each of them does the same.
      const slices = partOf({ slice: { number: 1, of: 5 }, of: 5 });
      expect(5 * perPart(slices)).toBeCloseTo(perPart(undefined));
    },
  );

  it("leaves batches and pumps theirs where other parts are at their prunes already", () => {
    const last = partOf({ regions: ["us-west-2"], of: 5, number: 5 });
    const run = { plan: "both", part: last };
    const batches = 6 / lanes("Snapshot", { run, batch }, "us-west-2");
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
