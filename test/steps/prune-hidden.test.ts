import { expect, it } from "vitest";
import { prune } from "../../lib/steps/prune.ts";
import { snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { copyOf, orders, past } from "./past-points.ts";

/** Of which a listing by a cluster's name shows nothing, since no cluster of the name is in the copy region. */
const settings = { snapshotsByCluster: "existing" as const };
const sources = [0, 1, 2].map((nights) => past(nights));

it("prunes copies that AWS does not list by the name of a cluster of another region", async () => {
  const copies = [0, 1, 2, 3, 4].map((nights) => copyOf(nights));
  const fleet = { clusters: [orders], snapshots: [...sources, ...copies], settings };
  await withNight({ fleet }, async (night) => {
    const { run, batch } = await discovered(night);
    const { result } = await prune({ run, batch }, night.context());
    expect([result.counts, result.problems]).toEqual([{ pruned: 2 }, []]);
    const kept = copies.slice(0, 3).map(({ id }) => id);
    expect(Object.keys(snapshotsIn(night.simulator, "eu-west-1")).toSorted()).toEqual(kept.toSorted());
  });
});

it("asks for them by the name that the first attempt had, whichever attempt their source is", async () => {
  const retried = sources.map((one) => ({ ...one, id: `${one.id}-2` }));
  const copies = [0, 1, 2, 3, 4].map((nights) => copyOf(nights));
  const fleet = { clusters: [orders], snapshots: [...retried, ...copies], settings };
  await withNight({ fleet }, async (night) => {
    const { run, batch } = await discovered(night);
    const { result } = await prune({ run, batch }, night.context());
    expect(result.counts).toEqual({ pruned: 2 });
  });
});

it("keeps the source of a running copy that such a listing leaves out, known by a copy of the newest points", async () => {
  const fleet = {
    ...{ clusters: [orders], settings },
    snapshots: [...sources, past(3), past(4), past(5), copyOf(1), copyOf(3, { status: "copying" })],
  };
  await withNight({ fleet }, async (night) => {
    const { run, batch } = await discovered(night);
    const { result } = await prune({ run, batch }, night.context());
    expect(result.counts).toEqual({ pruned: 2 });
    expect(snapshotsIn(night.simulator, "us-east-1")).toHaveProperty(past(3).id);
  });
});

it.each(["neptune", "docdb"] as const)(
  "prunes what filters leave out of %s, here and there",
  async (engine) => {
    const nights = [0, 1, 2, 3, 4];
    const fleet = {
      clusters: [{ ...orders, engine }],
      snapshots: nights.flatMap((night) => [past(night, { engine }), copyOf(night, { engine })]),
      settings: { snapshotFilters: { [engine]: "unsupported" as const } },
    };
    await withNight({ fleet }, async (night) => {
      const { run, batch } = await discovered(night);
      const { result } = await prune({ run, batch }, night.freshContext());
      expect([result.counts, result.problems]).toEqual([{ pruned: 4 }, []]);
    });
  },
);

it("asks for no copy by its name where the listing shows the cluster's", async () => {
  const fleet = { clusters: [orders], snapshots: [...sources, copyOf(0)] };
  await withNight({ fleet }, async (night) => {
    const { run, batch } = await discovered(night);
    night.simulator.calls.clear();
    await prune({ run, batch }, night.context());
    expect(night.simulator.calls.byOperation()).toEqual({ "rds.DescribeDBClusterSnapshots": 2 });
  });
});
