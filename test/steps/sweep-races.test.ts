import { describe, expect, it } from "vitest";
import { prune } from "../../lib/steps/prune.ts";
import { sweepThrough } from "../../lib/steps/sweep.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { at, plainPlan, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { clusterOf, denied, idsOf, leftIn, points, toldOf } from "./points.ts";

/** Nothing locks the account: a sweep meets another one, and a plan's run, at the same moment. */
const config = plainPlan.replace(/ {4}copies:.*\n/, "");
const deletionsIn = (simulator: Simulator): { readonly done: number; readonly asked: number } => {
  const deletes = simulator.calls.entries.filter(({ operation }) => operation === "DeleteDBClusterSnapshot");
  return { done: deletes.filter(({ status }) => status === 200).length, asked: deletes.length };
};

describe("two sweeps at once", () => {
  const sets = ["orders", "ledger", "carts"];
  const snapshots = sets.flatMap((of) => points(6, { of, keep: { last: 3 } }));
  const kept = sets.flatMap((of) => idsOf(points(3, { of, keep: { last: 3 } })));

  it("delete nothing twice, and no more than one", async () => {
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      const outcomes = await Promise.all([sweepThrough({ at }, context()), sweepThrough({ at }, context())]);
      expect(outcomes.flatMap(({ problems }) => problems)).toEqual([]);
      expect(leftIn(simulator)).toEqual(kept);
      const { done, asked } = deletionsIn(simulator);
      expect(done).toBe(9);
      expect(asked).toBeGreaterThan(done);
      expect(new Set(toldOf(simulator).map(({ detail }) => detail.id)).size).toBe(9);
    });
  });

  it("keep to it while AWS refuses some and loses answers", async () => {
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      const operation = "DeleteDBClusterSnapshot";
      simulator.faults.add({ operation, times: 4, kind: "reset-after", probability: 0.5 });
      simulator.faults.add({ operation, times: 4, kind: denied, probability: 0.5 });
      await Promise.all([sweepThrough({ at }, context()), sweepThrough({ at }, context())]);
      await sweepThrough({ at }, context());
      expect(leftIn(simulator)).toEqual(kept);
    });
  });
});

describe("a sweep and a plan's Prune at once", () => {
  it.each([
    ["the usual floor", "", 2],
    ["a high floor", "floor: 5\n    ", 5],
  ])("leave %s of the cluster, each of its own", async (_, words, floor) => {
    const mine = points(3);
    const gone = points(8, { plan: "gone" });
    const plan = config.replace("keep-daily: 3", "keep-last: 1").replace("retention:", `${words}retention:`);
    const fleet = { clusters: [clusterOf("orders")], snapshots: [...mine, ...gone] };
    await withNight({ fleet, config: plan }, async (night) => {
      const { run, batch } = await discovered(night);
      await Promise.all([sweepThrough({ at }, night.context()), prune({ run, batch }, night.context())]);
      const left = leftIn(night.simulator);
      expect(left.length).toBeGreaterThanOrEqual(floor);
      // Neither counts what the other may be deleting.
      expect(left).toEqual(idsOf([...mine.slice(0, floor), ...gone.slice(0, floor)]));
    });
  });

  it("neither deletes what the other is to judge", async () => {
    const mine = points(5);
    const gone = points(5, { plan: "gone" });
    const fleet = { clusters: [clusterOf("orders")], snapshots: [...mine, ...gone] };
    await withNight({ fleet, config }, async (night) => {
      const { run, batch } = await discovered(night);
      await Promise.all([sweepThrough({ at }, night.context()), prune({ run, batch }, night.context())]);
      const told = toldOf(night.simulator, "Recovery Point Pruned").map(({ detail }) => detail);
      const planOf = Map.groupBy(told, (detail) => `${detail.run}`.split("-")[0]);
      expect(new Set(planOf.get("sweep")?.map(({ plan }) => plan))).toEqual(new Set(["gone"]));
      expect(new Set(planOf.get("daily")?.map(({ plan }) => plan))).toEqual(new Set(["daily"]));
      expect(deletionsIn(night.simulator)).toEqual({ done: 5, asked: 5 });
    });
  });
});

describe("a cluster that goes while a sweep looks", () => {
  it("loses nothing that its plan's run still keeps", async () => {
    const snapshots = points(4, { keep: { daily: 3 } });
    const fleet = { clusters: [clusterOf("orders")], snapshots };
    await withNight({ fleet, config }, async ({ simulator, context }) => {
      simulator.calls.subscribe(({ operation }) => {
        if (operation === "DescribeDBClusters") simulator.world.store("us-east-1").clusters.delete("orders");
      });
      await sweepThrough({ at }, context());
      expect(leftIn(simulator)).toHaveLength(4);
      await sweepThrough({ at }, context());
      expect(leftIn(simulator)).toEqual(idsOf(snapshots.slice(0, 3)));
    });
  });
});

describe("a cluster that a plan comes to mean while a sweep lists snapshots", () => {
  const snapshots = points(5, { keep: { last: 2 } });

  it.each<[string, { deleted?: boolean; tags?: Map<string, string> }]>([
    ["was not there when the sweep began", { deleted: true }],
    ["got its tag since the sweep began", { tags: new Map() }],
  ])("keeps its points where it %s", async (_, { deleted = false, tags }) => {
    await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots }, config }, async (night) => {
      const { clusters } = night.simulator.world.store("us-east-1");
      const orders = clusters.get("orders");
      const meant = orders?.tags;
      if (deleted) clusters.delete("orders");
      if (tags && orders) orders.tags = tags;
      // The first look at the clusters is over, and what the others' absence has made orphans is listed once more.
      let looked = false;
      const stop = night.simulator.calls.subscribe(({ operation }) => {
        looked ||= operation === "DescribeDBClusters";
        if (!looked || operation !== "DescribeDBClusterSnapshots" || !orders || !meant) return;
        orders.tags = meant;
        clusters.set("orders", orders);
      });
      expect(await sweepThrough({ at }, night.context())).toEqual({ pruned: 0, problems: [] });
      expect(leftIn(night.simulator)).toEqual(idsOf(snapshots));
      stop();
      clusters.delete("orders");
      expect((await sweepThrough({ at }, night.context())).pruned).toBe(3);
    });
  });

  it("suspends the sweep where the clusters could not be listed at first", async () => {
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      simulator.faults.add({ operation: "DescribeDBClusters", times: 1, kind: denied });
      const { pruned, problems } = await sweepThrough({ at }, context());
      expect([pruned, problems.map(({ code }) => code)]).toEqual([0, ["sweep-suspended"]]);
      expect(leftIn(simulator)).toEqual(idsOf(snapshots));
    });
  });

  it("suspends the sweep where the clusters cannot be listed once more", async () => {
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      let looked = false;
      const stop = simulator.calls.subscribe(({ operation }) => {
        looked ||= operation === "DescribeDBClusters";
        if (!looked || operation !== "DescribeDBClusterSnapshots") return;
        stop();
        simulator.faults.add({ operation: "DescribeDBClusters", times: 50, kind: denied });
      });
      const { pruned, problems } = await sweepThrough({ at }, context());
      expect([pruned, problems.map(({ code }) => code)]).toEqual([0, ["sweep-suspended"]]);
      expect(leftIn(simulator)).toEqual(idsOf(snapshots));
    });
  });
});

describe("a region that falls silent between a sweep's first look and its second", () => {
  it("may hold a copy that is being made of any orphan: nothing is deleted anywhere", async () => {
    const snapshots = points(5, { keep: { last: 2 } });
    await withNight({ fleet: { snapshots } }, async ({ simulator, context }) => {
      const operation = "DescribeDBClusterSnapshots";
      const stop = simulator.calls.subscribe((call) => {
        if (call.operation !== "DescribeDBClusters") return;
        stop();
        simulator.faults.add({ operation, region: "eu-west-1", times: 50, kind: denied });
      });
      const { pruned, problems } = await sweepThrough({ at }, context());
      expect([pruned, problems]).toEqual([
        0,
        [{ cluster: "*", region: "eu-west-1", code: "sweep-suspended" }],
      ]);
      expect(leftIn(simulator)).toEqual(idsOf(snapshots));
    });
  });
});
