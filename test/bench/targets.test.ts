import { beforeAll, describe, expect, it } from "vitest";
import { type Figures, figuresOf } from "../../bench/figures.ts";
import { runNight } from "../../bench/night.ts";
import { measureRetention } from "../../bench/retention.ts";
import { scenarioOf, tightened } from "../../bench/scenario.ts";

/** What a night of 100 clusters may cost: the ratios that the bench is about, held at every change. */
describe("a night of 100 clusters", () => {
  let figures: Figures;
  beforeAll(async () => {
    figures = figuresOf(await runNight(scenarioOf(100)));
  });

  it("makes at most 1.10 times the calls that AWS makes unavoidable, and no deed twice", () => {
    expect(figures.calls.ratio).toBeLessThanOrEqual(1.1);
    const { byOperation, floor } = figures.calls;
    const deeds = Object.keys(floor).filter((name) => /\.(Create|Copy|DeleteDB)/.test(name));
    expect(deeds).toHaveLength(5);
    for (const deed of deeds) expect([deed, byOperation[deed]]).toEqual([deed, floor[deed]]);
  });

  it("enters few states: 0.6 for each cluster's snapshot, 4 for each wave of copies", () => {
    expect(figures.transitions.snapshotsPerCluster).toBeLessThanOrEqual(0.6);
    expect(figures.transitions.pumpPerWave).toBeLessThanOrEqual(4);
    expect(figures.transitions.waves).toBe(19);
  });

  it("is done soon after AWS is: snapshots in 45 minutes, copies within a tenth of what the limit allows", () => {
    expect(figures.time.lastSnapshotSeconds).toBeLessThan(45 * 60);
    expect(figures.time.lastCopySeconds / figures.time.floor.lastCopySeconds).toBeLessThan(1.1);
  });

  it("is not throttled, and carries little", () => {
    expect(figures.calls.throttled).toBe(0);
    expect(figures.largestPayloadBytes).toBeLessThan(200 * 1024);
  });
});

describe("a night in an account whose limit is tight", () => {
  it("ends, only later, and leaves somebody else their calls", async () => {
    const figures = figuresOf(await runNight(tightened(scenarioOf(10), 2)));
    const { total, throttled } = figures.calls.foreign;
    expect(total).toBeGreaterThan(1000);
    expect(throttled / total).toBeLessThan(0.02);
    expect(figures.calls.byOperation["rds.CreateDBClusterSnapshot"]).toBeGreaterThanOrEqual(9);
  });
});

describe("a listing", () => {
  it("holds at most 300 bytes of each recovery point, and at most 100 where only ages are wanted", async () => {
    const { listed, bytesPerListed, bytesPerSighting } = await measureRetention(1);
    expect(listed).toBeGreaterThan(1000);
    expect(bytesPerListed).toBeLessThanOrEqual(300);
    expect(bytesPerSighting).toBeLessThanOrEqual(100);
  });
});
