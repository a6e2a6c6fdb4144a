import { describe, expect, it } from "vitest";
import { TransientError } from "../../lib/errors.ts";
import { surveySnapshots } from "../../lib/steps/survey.ts";
import { sweepThrough } from "../../lib/steps/sweep.ts";
import { watch } from "../../lib/steps/watch.ts";
import { at, plainPlan, withNight } from "../night.ts";
import { clusterOf, denied, leftIn, point, points } from "./points.ts";

const noCopies = `regions: [us-east-1]${plainPlan.replace(/ {4}copies:.*\n/, "")}`;

describe("what Watch cannot read", () => {
  it("gives no figure to a plan that may mean a cluster whose tags nobody tells", async () => {
    const clusters = [clusterOf("orders"), clusterOf("graph", { engine: "neptune" })];
    const fleet = { clusters, snapshots: points(2), settings: { omitTagList: ["neptune"] } };
    await withNight({ fleet }, async (night) => {
      const look = async () => (await watch({ at }, night.context())).rows;
      expect(await look()).toBe(2);
      night.simulator.faults.add({ service: "tagging", times: 50, kind: denied });
      expect(await look()).toBe(0);
    });
  });
});

it("a mistake of ours is not taken for a region that does not answer", async () => {
  await withNight({ fleet: { snapshots: points(1) } }, async (night) => {
    const pick = () => {
      throw new TypeError("a mistake");
    };
    await expect(surveySnapshots("rds", pick, night.context())).rejects.toThrow(TypeError);
  });
});

describe("a family that AWS throttles in the middle of a sweep", () => {
  it("takes nothing from the other, and the sweep fails only when both had their turn", {
    timeout: 30_000,
  }, async () => {
    const warehouse = points(4, { of: "warehouse", engine: "redshift" });
    const snapshots = [...points(4), ...warehouse, point(9, { of: "other" })];
    await withNight({ fleet: { snapshots }, config: noCopies }, async (night) => {
      const operation = "DeleteDBClusterSnapshot";
      const lift = night.simulator.faults.add({ operation, times: 500, kind: "throttle" });
      const figures: number[] = [];
      const context = {
        ...night.context(),
        measure: ({ value }: { value: number }) => void figures.push(value),
      };
      await expect(sweepThrough({ at }, context)).rejects.toThrow(TransientError);
      expect(leftIn(night.simulator).filter((id) => id.includes("warehouse"))).toHaveLength(2);
      // The pass is made again: a problem is only what is left of it then.
      expect(figures).toEqual([]);
      lift();
      expect((await sweepThrough({ at }, context)).pruned).toBe(2);
      expect(figures).toEqual([0]);
    });
  });
});
