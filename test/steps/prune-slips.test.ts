import { expect, it } from "vitest";
import { prune } from "../../lib/steps/prune.ts";
import { plainPlan, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { clusterOf, copyOf, idsOf, leftIn, point } from "./points.ts";

const config = plainPlan.replace(/ {4}copies:.*\n/, "");
const orders = clusterOf("orders", { tags: { backup: "daily", "holdfast:retention": "monhtly=12" } });

it("a slip in a cluster's tag removes nothing that the tag had kept, however many runs visit it", async () => {
  const keep = { monthly: 12 };
  // Kept by the tag alone, as the last of its month; stamped before the tag was set.
  const october = point(25, { keep: { daily: 3 } });
  const stamped = [3, 4, 5].map((nights) => point(nights, { keep }));
  const snapshots = [
    ...[0, 1, 2].map((nights) => point(nights, { keep: { daily: 3 } })),
    ...stamped,
    october,
  ];
  await withNight({ fleet: { clusters: [orders], snapshots }, config }, async (night) => {
    const { run, batch } = await discovered(night);
    for (const _ of ["tonight", "once more"]) await prune({ run, batch }, night.context());
    // The newest that tells of the tag stays, or the next run would know nothing of October's.
    const gone = idsOf(stamped.slice(1));
    expect(leftIn(night.simulator).toSorted()).toEqual(
      idsOf(snapshots)
        .filter((id) => !gone.includes(id))
        .toSorted(),
    );
  });
});

it("nor does it remove a copy that the tag had kept, though no point beside its cluster tells of it", async () => {
  const sources = [0, 1, 2, 3, 25].map((nights) => point(nights, { keep: { daily: 3 } }));
  const copies = sources.map((source, nth) =>
    copyOf(source, { keep: nth < 3 ? { daily: 3 } : { monthly: 12 } }),
  );
  await withNight({ fleet: { clusters: [orders], snapshots: [...sources, ...copies] } }, async (night) => {
    const { run, batch } = await discovered(night);
    await prune({ run, batch }, night.context());
    expect(leftIn(night.simulator)).toEqual(idsOf(sources.slice(0, 3)));
    expect(leftIn(night.simulator, "eu-west-1")).toEqual(idsOf(copies.filter((_, nth) => nth !== 3)));
  });
});
