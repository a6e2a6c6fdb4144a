import { describe, expect, it } from "vitest";
import { membersOf } from "../../lib/core/batch.ts";
import { discover, type PartRequest } from "../../lib/steps/discover.ts";
import { partOf } from "../core/samples.ts";
import { at, cluster, type Night, nightAfter, withNight } from "../night.ts";
import { pastOf } from "./past-points.ts";
import { point } from "./points.ts";

const startedAt = "2026-11-20T03:00:09Z";
const named = (id: string) => cluster(id, { resourceId: `cluster-${id.toUpperCase()}` });
const warehouse = (id: string) => cluster(id, { engine: "redshift" });

/** Clusters in the order in which the batches of a run have them. */
const orderOf = async (night: Night, when = at, part?: PartRequest): Promise<readonly string[]> => {
  const request = { plan: "daily", at: when, ...(part && { part }) };
  const { batches } = await discover({ request, startedAt: when }, night.context());
  return batches.flatMap(membersOf).map(({ id }) => id);
};

describe("clusters that a region has not places for", () => {
  const clusters = ["a", "b", "c", "d"].map(named);
  const snapshots = [pastOf("a", 1), pastOf("b", 3), pastOf("b", 2), pastOf("c", 4), pastOf("a", 5)];

  it("come in the order of their newest recovery points, those without one first", async () => {
    const settings = { manualClusterSnapshotsMax: 8 };
    await withNight({ fleet: { clusters, snapshots, settings } }, async (night) => {
      expect(await orderOf(night)).toEqual(["d", "c", "b", "a"]);
    });
  });

  it("go by the newest of each, whichever plan has taken it", async () => {
    const settings = { manualClusterSnapshotsMax: 4 };
    const taken = [point(1, { of: "a" }), point(6, { of: "a", plan: "weekly" }), point(3, { of: "b" })];
    const fleet = { clusters: ["a", "b"].map(named), snapshots: taken, settings };
    await withNight({ fleet }, async (night) => {
      expect(await orderOf(night)).toEqual(["b", "a"]);
    });
  });

  it("come so in a slice as well, whose clusters are not all that come for the places", async () => {
    const all = Array.from("abcdefghij", named);
    const taken = all.map(({ id }, nth) => pastOf(id, nth + 1));
    const fleet = { clusters: all, snapshots: taken, settings: { manualClusterSnapshotsMax: 13 } };
    await withNight({ fleet }, async (night) => {
      const part = { ...partOf({ slice: { number: 1, of: 2 } }), since: startedAt };
      // For these two alone the three places that are left would be enough.
      expect(await orderOf(night, at, part)).toEqual(["g", "c"]);
    });
  });

  it("cost one call where all find room, and come by their names then", async () => {
    const settings = { manualClusterSnapshotsMax: 9 };
    await withNight({ fleet: { clusters, snapshots, settings } }, async (night) => {
      expect(await orderOf(night)).toEqual(["a", "b", "c", "d"]);
      expect(night.simulator.calls.byOperation()).toEqual({
        "rds.DescribeDBClusters": 1,
        "rds.DescribeAccountAttributes": 1,
        "redshift.DescribeClusters": 1,
      });
    });
  });

  it("leave the places to those that are worst off, in a whole night", async () => {
    const settings = { manualClusterSnapshotsMax: 7 };
    await withNight({ fleet: { clusters, snapshots, settings } }, async ({ run }) => {
      const { document } = await run({ plan: "daily", at });
      const rows = document.clusters.map((row) => [row.cluster, row.status]);
      expect(new Map(rows.map(([id, status]) => [id, status]))).toEqual(
        new Map([
          ["a", "absent"],
          ["b", "absent"],
          ["c", "available"],
          ["d", "available"],
        ]),
      );
    });
  });

  it("are one cluster's alone to take where there is only one, without a look", async () => {
    await withNight({ fleet: { clusters: [named("a")] } }, async (night) => {
      await orderOf(night);
      expect(night.simulator.calls.byOperation()).not.toHaveProperty("rds.DescribeAccountAttributes");
    });
  });
});

describe("clusters of which AWS does not tell what they find room for", () => {
  const nights = [0, 1, 2, 3, 4, 5, 6, 7].map(nightAfter);

  it.each([
    { what: "Redshift's", clusters: ["a", "b", "c"].map(warehouse), denied: false },
    { what: "those of a role that may not ask", clusters: ["a", "b", "c"].map(named), denied: true },
  ])("draw lots in every run anew, the same at each attempt: $what", async ({ clusters, denied }) => {
    await withNight({ fleet: { clusters } }, async (night) => {
      const refusal = { code: "AccessDenied", status: 403, message: "User: x is not authorized" };
      if (denied)
        night.simulator.faults.add({ operation: "DescribeAccountAttributes", times: 1e6, kind: refusal });
      const orders = await Promise.all(nights.map((when) => orderOf(night, when)));
      expect(await Promise.all(nights.map((when) => orderOf(night, when)))).toEqual(orders);
      expect(new Set(orders.map(([first]) => first))).toEqual(new Set(["a", "b", "c"]));
      expect(orders.every((order) => new Set(order).size === 3)).toBe(true);
      expect(night.ledger.of("quota.untold").length > 0).toBe(denied);
    });
  });

  it("draw them where a region has more snapshots than are looked through", async () => {
    const clusters = ["a", "b", "c", "d"].map(named);
    const many = Array.from({ length: 5_001 }, (_, nth) => ({
      ...pastOf("a", 1),
      id: `by-hand-${nth}`,
      tags: {},
    }));
    const settings = { manualClusterSnapshotsMax: 5_002 };
    await withNight({ fleet: { clusters, snapshots: many, settings } }, async (night) => {
      const orders = await Promise.all(nights.map((when) => orderOf(night, when)));
      expect(new Set(orders.map(([first]) => first)).size).toBeGreaterThan(1);
    });
  });
});
