import { describe, expect, it } from "vitest";
import { prune } from "../../lib/steps/prune.ts";
import { partOf } from "../core/samples.ts";
import { cluster, plainPlan, snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { pastOf } from "./past-points.ts";

const ids = Array.from({ length: 12 }, (_, index) => `c${index}`);
const fleet = {
  clusters: ids.map((id) => cluster(id, { resourceId: `cluster-${id.toUpperCase()}` })),
  snapshots: ids.flatMap((id) => [0, 1, 2, 3].map((nights) => pastOf(id, nights))),
};
const config = plainPlan.replace(/ {4}copies:.*\n/, "");

/** So many parts that a call of each has time for some eight calls to AWS. */
const thin = partOf({ number: 1, of: 70 });

describe("a prune that shares its calls with many", () => {
  it("deals with some clusters a call, as many with each and each of them once, and comes to the end", async () => {
    await withNight({ fleet, config }, async (night) => {
      const { run: whole, batch } = await discovered(night);
      const run = { ...whole, part: thin };
      night.simulator.calls.clear();
      let output = await prune({ run, batch }, night.context());
      const begins = [output.from];
      while (output.next === "Prune") {
        const { from, result } = output;
        const pruned = result.counts.pruned ?? 0;
        output = await prune({ run, batch, from, pruned, problems: result.problems }, night.context());
        begins.push(output.from);
      }
      expect(begins).toEqual([4, 8, 12]);
      expect(output.result.counts).toEqual({ pruned: 12 });
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(12 * 3);
      const looks = night.simulator.calls.byOperation()["rds.DescribeDBClusterSnapshots"];
      expect(looks).toBe(begins.length);
    });
  });

  it("tells with the last call what the calls before it have met", async () => {
    const crowded = [4, 5, 6].map((nights) => pastOf("c0", nights));
    const snapshots = [...fleet.snapshots, ...crowded];
    const braked = config.replace("retention:", "brake: 2\n    retention:");
    await withNight({ fleet: { ...fleet, snapshots }, config: braked }, async (night) => {
      const { run: whole, batch } = await discovered(night);
      const run = { ...whole, part: thin };
      let output = await prune({ run, batch }, night.context());
      while (output.next === "Prune") {
        const { from, result } = output;
        output = await prune({ run, batch, from, problems: result.problems }, night.context());
      }
      expect(output.from).toBe(12);
      expect(output.result.problems).toEqual([{ cluster: "c0", region: "us-east-1", code: "brake" }]);
    });
  });

  it("judges all of a batch at once where nobody shares them", async () => {
    await withNight({ fleet, config }, async (night) => {
      const { run, batch } = await discovered(night);
      const { next, from, result } = await prune({ run, batch }, night.context());
      expect([next, from, result.counts]).toEqual(["Done", 12, { pruned: 12 }]);
    });
  });
});
