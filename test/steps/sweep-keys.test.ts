import { describe, expect, it } from "vitest";
import type { Measurement } from "../../lib/core/measure.ts";
import { countKeys, type KeyLook, keysIn, keysMax, type SweepWork } from "../../lib/core/sweep-work.ts";
import { sweepWithKeys } from "../../lib/steps/sweep.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { at, type Night, plainPlan, withNight } from "../night.ts";
import { clusterOf, denied, leftIn, point, points } from "./points.ts";

const orders = clusterOf("orders");

interface Swept {
  readonly figures: Readonly<Record<string, number>>;
  readonly unusable: readonly { readonly region: string; readonly count: number; readonly reason: string }[];
  readonly night: Night;
  readonly passes: number;
}

/** What a whole sweep tells of the keys, by `KeysUnusable us-east-1` and the like and in the log. */
const swept = (
  {
    disturb = () => {},
    pagesMax,
    ...fleet
  }: Fleet & { readonly disturb?: (night: Night) => void; readonly pagesMax?: number },
  judge: (swept: Swept) => void,
): Promise<void> =>
  withNight({ fleet, config: plainPlan, ...(pagesMax && { pagesMax }) }, async (night) => {
    disturb(night);
    const figures: Measurement[] = [];
    const context = { ...night.context(), measure: (one: Measurement): void => void figures.push(one) };
    let passes = 1;
    for (let pass = await sweepWithKeys({ at }, context); pass.next === "Sweep"; passes += 1)
      pass = await sweepWithKeys({ at, work: pass.work }, context);
    const unusable = night.ledger
      .of("key.unusable")
      .map(({ region, points: count, reason }) => ({ region, count, reason }))
      .toSorted((a, b) => b.count - a.count);
    const keyed = figures.filter(({ name }) => name === "KeysUnusable");
    const byRegion = keyed.map(({ name, dimensions, value }) => [`${name} ${dimensions.region}`, value]);
    expect(new Set(byRegion.map(([name]) => name)).size).toBe(byRegion.length);
    judge({ figures: Object.fromEntries(byRegion), unusable, night, passes });
  });

describe("the keys that kept recovery points need", () => {
  const keyed = (nights: number, kmsKey: string, differs = {}) =>
    point(nights, { differs: { encrypted: true, kmsKey, ...differs } });
  const keys = [
    { region: "us-east-1", alias: "alias/good" },
    { region: "us-east-1", alias: "alias/off", state: "Disabled" as const },
    { region: "us-east-1", alias: "alias/going", state: "PendingDeletion" as const },
  ];

  it("are named with the number of points where they cannot be used, and counted by region", async () => {
    const snapshots = [
      ...[1, 2].map((nights) => keyed(nights, "alias/good")),
      ...[3, 4, 5].map((nights) => keyed(nights, "alias/off")),
      keyed(6, "alias/going"),
      keyed(7, "alias/going", { status: "failed" }),
      point(8),
    ];
    await swept({ keys, clusters: [orders], snapshots }, ({ figures, unusable }) => {
      expect(unusable).toEqual([
        { region: "us-east-1", count: 3, reason: expect.stringMatching(/is Disabled$/) },
        { region: "us-east-1", count: 1, reason: expect.stringMatching(/is PendingDeletion$/) },
      ]);
      expect(figures).toEqual({ "KeysUnusable us-east-1": 2, "KeysUnusable eu-west-1": 0 });
    });
  });

  it("are asked for once each, and said to be well with a zero", async () => {
    const snapshots = [1, 2, 3].map((nights) => keyed(nights, "alias/good"));
    await swept({ keys, clusters: [orders], snapshots }, ({ figures, night }) => {
      expect(figures).toMatchObject({ "KeysUnusable us-east-1": 0 });
      expect(night.simulator.calls.byOperation()["kms.DescribeKey"]).toBe(1);
    });
  });

  it.each([
    ["rds", "DescribeDBClusterSnapshots"],
    ["redshift", "DescribeClusterSnapshots"],
  ])("are not said to be well in a region whose snapshots were not seen: %s", async (service, operation) => {
    const disturb = ({ simulator }: Night): void =>
      void simulator.faults.add({ service, operation, region: "eu-west-1", times: 50, kind: denied });
    const snapshots = [keyed(1, "alias/good")];
    await swept({ keys, clusters: [orders], snapshots, disturb }, ({ figures }) => {
      expect(figures).toMatchObject({ "KeysUnusable us-east-1": 0 });
      expect(figures).not.toHaveProperty("KeysUnusable eu-west-1");
    });
  });

  it("are not said to be well there either after passes that have seen all the others", async () => {
    const operation = "DescribeDBClusterSnapshots";
    const disturb = ({ simulator }: Night): void =>
      void simulator.faults.add({ operation, region: "eu-west-1", times: 50, kind: denied });
    const snapshots = points(201, { differs: { encrypted: true, kmsKey: "alias/good" } });
    await swept({ keys, clusters: [orders], snapshots, disturb, pagesMax: 1 }, ({ figures, passes }) => {
      expect(passes).toBe(3);
      expect(figures).toEqual({ "KeysUnusable us-east-1": 0 });
    });
  });

  it("are said to be well where only clusters were not seen: all points were", async () => {
    const disturb = ({ simulator }: Night): void =>
      void simulator.faults.add({ operation: "DescribeDBClusters", times: 50, kind: denied });
    await swept({ keys, clusters: [orders], snapshots: [keyed(1, "alias/good")], disturb }, ({ figures }) => {
      expect(figures).toEqual({ "KeysUnusable us-east-1": 0, "KeysUnusable eu-west-1": 0 });
    });
  });

  it("are told where they cannot be used, though not all of their region was seen", async () => {
    const fault = { operation: "DescribeClusterSnapshots", region: "us-east-1", times: 50, kind: denied };
    const disturb = ({ simulator }: Night): void => void simulator.faults.add(fault);
    await swept({ keys, snapshots: [keyed(1, "alias/off")], disturb }, ({ figures }) => {
      expect(figures["KeysUnusable us-east-1"]).toBe(1);
    });
  });

  it("are those of orphans too, and nobody else's", async () => {
    const orphan = point(3, { plan: "gone", differs: { encrypted: true, kmsKey: "alias/off" } });
    const theirs = { ...keyed(4, "alias/going"), tags: {} };
    await swept({ keys, snapshots: [orphan, theirs] }, ({ unusable }) => {
      expect(unusable).toMatchObject([{ count: 1, reason: expect.stringMatching(/Disabled/) }]);
    });
  });

  it("are counted once for each point, also where a pass has to look at its pages again", async () => {
    const differs = { encrypted: true, kmsKey: "alias/off" };
    const names = Array.from({ length: 20 }, (_, nth) => `shop-${10 + nth}`);
    const snapshots = names.flatMap((of) => points(11, { plan: "gone", of, keep: { last: 2 }, differs }));
    await swept({ keys, snapshots }, ({ unusable, night, passes }) => {
      expect([passes, leftIn(night.simulator).length]).toEqual([2, 40]);
      // The first deletes a hundred and fifty; the second counts what it sees, and deletes the others.
      expect(unusable).toMatchObject([{ count: 70 }]);
    });
  });

  it.each([
    ["may not be looked at", { ...denied, code: "AccessDeniedException" }],
    ["do not answer", "internal" as const],
  ])("count as unusable where they %s", async (_, kind) => {
    const disturb = ({ simulator }: Night): void =>
      void simulator.faults.add({ operation: "DescribeKey", times: 9, kind });
    await swept({ keys, snapshots: [keyed(1, "alias/good")], disturb }, ({ figures, unusable }) => {
      expect(unusable).toMatchObject([{ count: 1, reason: expect.stringContaining("DescribeKey") }]);
      expect(figures["KeysUnusable us-east-1"]).toBe(1);
    });
  });
});

describe("the keys that passes count", () => {
  const none: SweepWork = { families: [], keys: {}, unseen: [] };
  const uses = (count: number, region = "us-east-1") =>
    Array.from({ length: count }, (_, nth) => ({ region, key: `arn:aws:kms:${region}:1:key/${nth}` }));

  const look = (some: KeyLook["uses"], differs: Partial<KeyLook> = {}): KeyLook => ({
    ...{ family: "rds", uses: some, anew: [] },
    ...differs,
  });

  it("are counted by family and region, over all passes", () => {
    const first = countKeys(none, look([...uses(2), ...uses(1, "eu-west-1"), ...uses(1)]));
    const second = countKeys(countKeys(first, look(uses(1))), look(uses(1), { family: "redshift" }));
    expect(second.keys).toEqual({
      "rds us-east-1": { "arn:aws:kms:us-east-1:1:key/0": 3, "arn:aws:kms:us-east-1:1:key/1": 1 },
      "rds eu-west-1": { "arn:aws:kms:eu-west-1:1:key/0": 1 },
      "redshift us-east-1": { "arn:aws:kms:us-east-1:1:key/0": 1 },
    });
    expect(second.unseen).toEqual([]);
    expect(keysIn(second, "us-east-1").get("arn:aws:kms:us-east-1:1:key/0")).toBe(4);
  });

  it("are counted again, in one family and region, where that is begun anew", () => {
    const first = countKeys(none, look([...uses(2), ...uses(1, "eu-west-1")]));
    const second = countKeys(first, look(uses(3), { family: "redshift" }));
    expect(countKeys(second, look(uses(1), { anew: ["us-east-1"] })).keys).toEqual({
      ...second.keys,
      "rds us-east-1": { "arn:aws:kms:us-east-1:1:key/0": 1 },
    });
  });

  it("are as many as travel, and what has more is not seen whole", () => {
    const full = countKeys(countKeys(none, look(uses(keysMax - 1))), look([...uses(keysMax), ...uses(1)]));
    expect([keysIn(full, "us-east-1").size, full.unseen]).toEqual([keysMax, []]);
    const over = countKeys(full, look([...uses(1, "eu-west-1"), ...uses(1)]));
    expect(over.unseen).toEqual(["eu-west-1"]);
    expect(keysIn(over, "us-east-1").get("arn:aws:kms:us-east-1:1:key/0")).toBe(4);
    expect(JSON.stringify(over).length).toBeLessThan(50 * 1024);
  });
});
