import { describe, expect, it } from "vitest";
import { tagKeys } from "../../lib/core/ownership.ts";
import { copy } from "../../lib/steps/copy.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { nightAfter, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { point, warehouseOf } from "./points.ts";

const destination = { region: "eu-west-1" };
const warehouse = warehouseOf("warehouse", { snapshotCopy: { destination: "eu-west-1" } });

describe("a pump that begins where Redshift has copied already", () => {
  it("recognises Redshift's own copy that was there before the pump began", async () => {
    await withNight({ fleet: { clusters: [warehouse] } }, async (night) => {
      const { simulator } = night;
      const { run, batches } = await discovered(night);
      for (const batch of batches) await snapshot({ run, batch }, night.context());
      simulator.clock.advance(3700);
      const { next, done } = await copy({ run, destination, batches }, night.context());
      expect([next, done]).toEqual(["Done", 1]);
      const [arrived] = simulator.world.store("eu-west-1").redshiftSnapshots.values();
      expect(arrived?.tags.get(tagKeys.source)).toContain("us-east-1");
    });
  });

  it("recognises Redshift's own copies of its plan's earlier nights, and no other plan's", async () => {
    const sourceOf = (plan: string) => point(2, { of: "warehouse", engine: "redshift", plan });
    const sources = [sourceOf("daily"), { ...sourceOf("weekly"), created: nightAfter(-3) }];
    const arrived = { region: "eu-west-1", sourceRegion: "us-east-1", tags: {} };
    const copies = sources.map((source) => ({ ...source, ...arrived, id: `copy:${source.id}` }));
    const fleet = { clusters: [warehouse], snapshots: [...sources, ...copies] };
    await withNight({ fleet }, async (night) => {
      const { run, batches } = await discovered(night);
      await copy({ run, destination, batches }, night.context());
      const there = [...night.simulator.world.store("eu-west-1").redshiftSnapshots.values()];
      expect(there.map(({ tags }) => tags.get(tagKeys.plan))).toEqual(["daily", undefined]);
    });
  });
});
