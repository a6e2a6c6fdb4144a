import { describe, expect, it } from "vitest";
import type { Measurement } from "../../lib/core/measure.ts";
import { tagKeys } from "../../lib/core/ownership.ts";
import { recognise } from "../../lib/steps/recognise.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { at, plainPlan, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import {
  deafBus,
  denied,
  type FleetSnapshot,
  leftIn,
  point,
  points,
  toldOf,
  warehouseOf,
  writesIn,
} from "./points.ts";

const config = `${plainPlan.replace("kms-key: alias/backup", "retention: { keep-last: 2 }")}    carry-tags: [team]\n`;
const onlyRegions = `regions: [us-east-1, eu-west-1]${config.replace("daily:\n", "weekly:\n")}`;
const warehouse = warehouseOf("warehouse", {
  tags: { backup: "daily", team: "sales" },
  snapshotCopy: { destination: "eu-west-1" },
});

const night = (nights: number): FleetSnapshot =>
  point(nights, { of: "warehouse", engine: "redshift", keep: { daily: 3 } });
/** AWS's copy of it, as it comes: under a name of its own and without a tag. */
const arrivalOf = (source: FleetSnapshot, differs: Partial<FleetSnapshot> = {}): FleetSnapshot => ({
  ...source,
  ...{ region: "eu-west-1", id: `copy:${source.id}`, sourceRegion: "us-east-1", tags: {} },
  ...differs,
});
const tagsIn = ({ world }: Simulator, region = "eu-west-1"): readonly Record<string, string>[] =>
  [...world.store(region).redshiftSnapshots.values()].map(({ tags }) => Object.fromEntries(tags));

describe("Recognise", () => {
  it("tags a copy that came after the pump had ended, as the plan promises it, and tells of it", async () => {
    await withNight({ fleet: { clusters: [warehouse] }, config }, async ({ simulator, context }) => {
      const { run, batch } = await discovered({ simulator, context } as never);
      await snapshot({ run, batch }, context());
      simulator.clock.advance(12 * 3600);
      expect(tagsIn(simulator)).toEqual([{}]);
      simulator.calls.clear();
      expect(await recognise({ at }, context())).toEqual({ recognised: 1, problems: [] });
      const [source] = simulator.world.store("us-east-1").redshiftSnapshots.values();
      expect(tagsIn(simulator)).toEqual([
        expect.objectContaining({
          team: "sales",
          [tagKeys.plan]: "daily",
          [tagKeys.run]: run.id,
          [tagKeys.keep]: "last=2",
          [tagKeys.source]: source?.arn,
        }),
      ]);
      expect(toldOf(simulator)).toMatchObject([
        {
          type: "Recovery Point Copied",
          detail: { region: "eu-west-1", run: "recognise-20261120t030000z", source: source?.arn },
        },
      ]);
      expect(writesIn(simulator)).toEqual(["CreateTags", "PutEvents"]);
    });
  });

  it("tags by the source's stamp when the plan is gone", async () => {
    const snapshots = [night(1), arrivalOf(night(1))];
    await withNight({ fleet: { snapshots }, config: onlyRegions }, async ({ simulator, context }) => {
      expect((await recognise({ at }, context())).recognised).toBe(1);
      expect(tagsIn(simulator)[0]).toMatchObject({ [tagKeys.keep]: "daily=3", [tagKeys.plan]: "daily" });
    });
  });

  it("keeps everything of a copy whose source's stamp cannot be read", async () => {
    const source = point(1, {
      ...{ of: "warehouse", engine: "redshift" },
      tags: { [tagKeys.keep]: "last=2 or so" },
    });
    const fleet = { snapshots: [source, arrivalOf(source)] };
    await withNight({ fleet, config: onlyRegions }, async ({ simulator, context }) => {
      await recognise({ at }, context());
      expect(tagsIn(simulator)[0]?.[tagKeys.keep]).toBe("all");
    });
  });

  it("tags nothing twice, and tells of nothing twice", async () => {
    const snapshots = [night(1), arrivalOf(night(1))];
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      await recognise({ at }, context());
      simulator.calls.clear();
      expect(await recognise({ at }, context())).toEqual({ recognised: 0, problems: [] });
      expect(writesIn(simulator)).toEqual([]);
      expect(toldOf(simulator)).toHaveLength(1);
    });
  });

  const nameless = { id: "copy-of-warehouse" };
  it.each<[string, FleetSnapshot]>([
    ["of a snapshot that is not ours", arrivalOf(night(1), { ...nameless, created: "2026-11-19T03:00:01Z" })],
    [
      "of another cluster of the name",
      arrivalOf(night(1), { ...nameless, clusterCreated: "2026-11-01T00:00:00Z" }),
    ],
    ["from another region", arrivalOf(night(1), { sourceRegion: "ap-south-1" })],
    ["that is not there yet", arrivalOf(night(1), { status: "creating" })],
    ["that somebody made by hand there", arrivalOf(night(1), { sourceRegion: undefined })],
    ["that AWS keeps for itself", arrivalOf(night(1), { type: "automated" })],
  ])("leaves a copy alone %s", async (_, stranger) => {
    const { sourceRegion, ...byHand } = stranger;
    const copy = sourceRegion === undefined ? byHand : stranger;
    await withNight({ fleet: { snapshots: [night(1), copy] }, config }, async ({ simulator, context }) => {
      expect(await recognise({ at }, context())).toEqual({ recognised: 0, problems: [] });
      expect(writesIn(simulator)).toEqual([]);
    });
  });

  it("leaves a copy alone whose source is another stage's", async () => {
    const theirs = { ...night(1), tags: { ...night(1).tags, [tagKeys.service]: "holdfast/prod" } };
    const fleet = { snapshots: [theirs, arrivalOf(theirs)] };
    await withNight({ fleet, config }, async ({ simulator, context }) => {
      expect((await recognise({ at }, context())).recognised).toBe(0);
      expect(tagsIn(simulator)).toEqual([{}]);
    });
  });

  it("asks nothing of the RDS family, whose copies are tagged as they are made", async () => {
    await withNight({ fleet: { snapshots: points(3) }, config }, async ({ simulator, context }) => {
      await recognise({ at }, context());
      expect(simulator.calls.entries.filter(({ service }) => service === "rds")).toEqual([]);
    });
  });

  it("goes on in the other regions when one cannot be listed, and says so", async () => {
    const elsewhere = arrivalOf(night(1), { region: "ap-south-1" });
    const fleet = { snapshots: [night(1), elsewhere, arrivalOf(night(1))] };
    const regions = `regions: [ap-south-1, us-east-1, eu-west-1]${config}`;
    await withNight({ fleet, config: regions }, async ({ simulator, context, ledger }) => {
      simulator.faults.add({ service: "redshift", region: "ap-south-1", times: 9, kind: denied });
      const outcome = await recognise({ at }, context());
      expect(outcome).toEqual({
        recognised: 1,
        problems: [{ cluster: "*", region: "ap-south-1", code: "unlisted" }],
      });
      expect([tagsIn(simulator, "ap-south-1"), tagsIn(simulator)[0]?.[tagKeys.plan]]).toEqual([
        [{}],
        "daily",
      ]);
      expect(ledger.of("region.unlisted")[0]?.error).toMatch(/AccessDenied/);
    });
  });

  it("says once of a cluster that AWS refuses its copies' tags", async () => {
    const nights = [1, 2].map(night);
    const fleet = { snapshots: [...nights, ...nights.map((one) => arrivalOf(one))] };
    await withNight({ fleet, config }, async ({ simulator, context }) => {
      simulator.faults.add({ operation: "CreateTags", times: 2, kind: denied });
      const problems = [{ cluster: "warehouse", region: "eu-west-1", code: "refused" }];
      expect(await recognise({ at }, context())).toEqual({ recognised: 0, problems });
    });
  });

  it("measures how many problems there were, and none where there was none", async () => {
    const fleet = { snapshots: [night(1), arrivalOf(night(1))] };
    await withNight({ fleet, config }, async ({ simulator, context }) => {
      const figures: Measurement[] = [];
      const measure = (one: Measurement): void => void figures.push(one);
      simulator.faults.add({ operation: "CreateTags", times: 1, kind: denied });
      await recognise({ at }, { ...context(), measure });
      await recognise({ at }, { ...context(), measure });
      expect(figures).toEqual([
        { name: "SweepProblems", unit: "Count", value: 1, dimensions: {} },
        { name: "SweepProblems", unit: "Count", value: 0, dimensions: {} },
      ]);
    });
  });

  it("promises a copy what its plan promises the region, or else its source, and carries the plan's tags", async () => {
    const inheriting = config.replace(", retention: { keep-last: 2 }", ", kms-key: none");
    for (const [plan, keep] of [
      [config, "last=2"],
      [inheriting, "daily=3"],
      [config.replace("region: eu-west-1", "region: eu-west-2"), "daily=3"],
      [config.replace("[{", "[{ region: eu-west-2, retention: { keep-last: 9 } }, {"), "last=2"],
    ] as const) {
      const source = { ...night(1), tags: { ...night(1).tags, team: "sales", note: "x" } };
      const regions = `regions: [us-east-1, eu-west-1, eu-west-2]${plan}`;
      const fleet = { snapshots: [source, arrivalOf(source)] };
      await withNight({ fleet, config: regions }, async ({ simulator, context }) => {
        await recognise({ at }, context());
        const [tags] = tagsIn(simulator);
        expect([tags?.[tagKeys.keep], tags?.team, tags?.note]).toEqual([keep, "sales", undefined]);
      });
    }
  });

  it("tags and tells of the other copies when AWS refuses to tag one, and says so", async () => {
    const nights = [1, 2, 3].map(night);
    const fleet = { snapshots: [...nights, ...nights.map((one) => arrivalOf(one))] };
    await withNight({ fleet, config }, async ({ simulator, context }) => {
      let tagged = 0;
      simulator.calls.subscribe(({ operation }) => {
        tagged += Number(operation === "CreateTags");
        if (operation === "CreateTags" && tagged === 1)
          simulator.faults.add({ operation: "CreateTags", times: 1, kind: denied });
      });
      const { recognised, problems } = await recognise({ at }, context());
      expect(problems).toEqual([{ cluster: "warehouse", region: "eu-west-1", code: "refused" }]);
      expect([recognised, toldOf(simulator).length]).toEqual([2, 2]);
      await recognise({ at }, context());
      expect(new Set(toldOf(simulator).map(({ detail }) => detail.id)).size).toBe(3);
    });
  });

  it("tags although the bus is deaf, with a problem", async () => {
    const snapshots = [night(1), arrivalOf(night(1))];
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      simulator.faults.add(deafBus);
      const { recognised, problems } = await recognise({ at }, context());
      expect([recognised, problems]).toEqual([1, [{ cluster: "*", region: "eu-west-1", code: "untold" }]]);
      expect(tagsIn(simulator)[0]?.[tagKeys.plan]).toBe("daily");
    });
  });

  it("deletes nothing, whatever it finds", async () => {
    const snapshots = [...[1, 2, 3, 4, 5, 6].map(night), arrivalOf(night(1))];
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      await recognise({ at }, context());
      expect(leftIn(simulator)).toHaveLength(6);
      expect(writesIn(simulator)).toEqual(["CreateTags", "PutEvents"]);
    });
  });
});
