import { describe, expect, it } from "vitest";
import { prune } from "../../lib/steps/prune.ts";
import { plainPlan, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { clusterOf, copyOf, deafBus, idsOf, leftIn, point, points, toldOf } from "./points.ts";

const clusters = [clusterOf("orders")];
const here = points(5);
const there = [2, 3, 4, 5].map((nights) => copyOf(point(nights)));

describe("what Prune tells the event bus", () => {
  it("is each recovery point that it has deleted, in both regions, with the reasons", async () => {
    await withNight({ fleet: { clusters, snapshots: [...here, ...there] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const { result } = await prune({ run, batch }, night.context());
      const gone = toldOf(night.simulator, "Recovery Point Pruned").map(({ detail }) => detail);
      expect(result.counts).toEqual({ pruned: gone.length });
      expect(gone.map(({ region, snapshot }) => [region, snapshot]).toSorted()).toEqual(
        [
          ["eu-west-1", there[3]?.id],
          ["us-east-1", here[3]?.id],
          ["us-east-1", here[4]?.id],
        ].toSorted(),
      );
      expect(new Set(gone.flatMap(({ because }) => because))).toEqual(new Set(["no rule keeps it"]));
      expect(new Set(gone.map((detail) => detail.run))).toEqual(new Set([run.id]));
      expect(new Set(gone.map(({ id }) => id)).size).toBe(3);
    });
  });

  it("is counted as well where the other region stops answering, and is finished by the next call", async () => {
    await withNight({ fleet: { clusters, snapshots: [...here, ...there] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const fault = { operation: "DeleteDBClusterSnapshot", region: "us-east-1", times: 99 };
      const lift = night.simulator.faults.add({ ...fault, kind: "throttle" });
      const first = await prune({ run, batch }, night.context());
      expect([first.next, first.from, first.result.counts]).toEqual(["Prune", 0, { pruned: 1 }]);
      lift();
      const { pruned = 0 } = first.result.counts;
      const second = await prune({ run, batch, from: first.from, pruned }, night.context());
      expect([second.next, second.result.counts]).toEqual(["Done", { pruned: 3 }]);
      expect(toldOf(night.simulator, "Recovery Point Pruned")).toHaveLength(3);
    });
  });

  it("is nothing of what is kept", async () => {
    await withNight({ fleet: { clusters, snapshots: points(3) } }, async (night) => {
      const { run, batch } = await discovered(night);
      await prune({ run, batch }, night.context());
      expect(toldOf(night.simulator)).toEqual([]);
    });
  });

  it("costs no deletion when the bus is deaf, and is a problem of the batch", async () => {
    const snapshots = points(5);
    const config = plainPlan.replace(/ {4}copies:.*\n/, "");
    await withNight({ fleet: { clusters, snapshots }, config }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.faults.add(deafBus);
      const { next, result } = await prune({ run, batch }, night.context());
      const untold = [{ cluster: "*", region: "us-east-1", code: "untold" }];
      expect([next, result.counts, result.problems]).toEqual(["Done", { pruned: 2 }, untold]);
      expect(leftIn(night.simulator)).toEqual(idsOf(snapshots.slice(0, 3)));
    });
  });
});
