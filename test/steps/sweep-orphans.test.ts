import { describe, expect, it } from "vitest";
import { removeOrphans } from "../../lib/steps/sweep-orphans.ts";
import { clusterOf } from "../core/samples.ts";
import { at, plainPlan, withNight } from "../night.ts";
import { denied, idsOf, leftIn, points } from "./points.ts";

const config = plainPlan.replace(/ {4}copies:.*\n/, "");
const setOf = (cluster: string, region = "us-east-1") => ({
  ...{ plan: "daily", resource: `cluster-${cluster.toUpperCase()}`, region, cluster },
});

describe("orphans of more clusters than are judged together", () => {
  const names = Array.from({ length: 120 }, (_, nth) => `shop-${100 + nth}`);
  const snapshots = names.flatMap((of) => points(3, { of }));

  it.each([
    { deletionsMax: 100, more: true },
    { deletionsMax: 110, more: true },
    { deletionsMax: 120, more: false },
  ])("lose $deletionsMax points all together, where no more may go", async ({ deletionsMax, more }) => {
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      const order = { family: "rds", at, known: [], orphans: names.map((id) => setOf(id)) } as const;
      const removal = await removeOrphans({ ...order, deletionsMax }, context());
      expect(removal).toMatchObject({ pruned: deletionsMax, more, unlisted: [] });
      expect(leftIn(simulator)).toHaveLength(360 - deletionsMax);
    });
  });

  it("are counted that went before a region fell silent", async () => {
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      const stop = simulator.calls.subscribe(({ operation }) => {
        if (operation !== "DeleteDBClusterSnapshot") return;
        stop();
        simulator.faults.add({ operation: "DescribeDBClusterSnapshots", times: 50, kind: denied });
      });
      const orphans = names.map((id) => setOf(id));
      const order = { family: "rds", at, known: [], orphans, deletionsMax: 120 } as const;
      const removal = await removeOrphans(order, context());
      expect(removal).toMatchObject({ sets: 100, pruned: 100, more: false, unlisted: ["us-east-1"] });
    });
  });
});

describe("orphans of a cluster that has other points", () => {
  it("are all that is judged: of the others nobody has looked whether a plan's run visits them", async () => {
    const snapshots = [...points(3), ...points(3, { plan: "gone" })];
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      const orphans = [{ ...setOf("orders"), plan: "gone" }];
      const order = { family: "rds", at, known: [], orphans, deletionsMax: 10 } as const;
      expect(await removeOrphans(order, context())).toMatchObject({ sets: 1, pruned: 1 });
      expect(leftIn(simulator)).toHaveLength(5);
    });
  });
});

describe("orphans of a cluster that only the first look shows", () => {
  it.each([
    ["was a plan's", {}],
    ["had no id that could be read", { resource: "orders@2026-01-01T00:00:00Z", tags: {} }],
  ])("are left alone: it %s", async (_, differs) => {
    await withNight({ fleet: { snapshots: points(4) }, config }, async ({ simulator, context }) => {
      const known = [clusterOf({ resource: "cluster-ORDERS", ...differs })];
      const order = { family: "rds", at, orphans: [setOf("orders")], deletionsMax: 10 } as const;
      expect(await removeOrphans({ ...order, known }, context())).toMatchObject({ sets: 0, pruned: 0 });
      expect(leftIn(simulator)).toHaveLength(4);
      expect(await removeOrphans({ ...order, known: [] }, context())).toMatchObject({ pruned: 2 });
    });
  });
});

describe("orphans of an engine whose snapshots AWS does not filter", () => {
  it("are judged all the same: the set's own region must show them", async () => {
    const engine = "neptune";
    const settings = { snapshotFilters: { neptune: "unsupported" } } as const;
    const graphs = points(3, { of: "graph", differs: { engine } });
    const fleet = { snapshots: [...graphs, ...points(3, { of: "orders" })], settings };
    await withNight({ fleet, config }, async ({ simulator, context }) => {
      const orphans = [setOf("graph"), setOf("orders")];
      const order = { family: "rds", at, known: [], orphans, deletionsMax: 10 } as const;
      expect(await removeOrphans(order, context())).toMatchObject({ pruned: 2, problems: [] });
      expect(leftIn(simulator)).toEqual([...idsOf(graphs.slice(0, 2)), ...idsOf(points(2))]);
    });
  });
});

describe("orphans of one region", () => {
  it("are looked for by a filter alone where none of them is", async () => {
    await withNight(
      { fleet: { snapshots: points(3) }, config: plainPlan },
      async ({ simulator, context }) => {
        const order = { family: "rds", at, known: [], orphans: [setOf("orders")], deletionsMax: 10 } as const;
        expect(await removeOrphans(order, context())).toMatchObject({ pruned: 1, problems: [] });
        expect(simulator.calls.byOperation()).toMatchObject({ "rds.DescribeDBClusterSnapshots": 2 });
      },
    );
  });
});
