import { describe, expect, it } from "vitest";
import { tagKeys } from "../../lib/core/ownership.ts";
import type { Engine } from "../../lib/engines/engine.ts";
import { copy } from "../../lib/steps/copy.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import type { FaultKind } from "../../simulator/faults.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { partOf } from "../core/samples.ts";
import { type Night, nightAfter, plainPlan, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { clusterOf, copyOf, denied, type FleetSnapshot, point, warehouseOf } from "./points.ts";

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

  // Of a paused one everything is looked at that there is in its region, every plan's.
  it.each(["available", "paused"])(
    "recognises Redshift's own copies of its plan's earlier nights, and no other plan's, of a cluster that is %s",
    async (status) => {
      const sourceOf = (plan: string) => point(2, { of: "warehouse", engine: "redshift", plan });
      const sources = [sourceOf("daily"), { ...sourceOf("weekly"), created: nightAfter(-3) }];
      const arrived = { region: "eu-west-1", sourceRegion: "us-east-1", tags: {} };
      const copies = sources.map((source) => ({ ...source, ...arrived, id: `copy:${source.id}` }));
      const fleet = { clusters: [{ ...warehouse, status }], snapshots: [...sources, ...copies] };
      await withNight({ fleet }, async (night) => {
        const { run, batches } = await discovered(night);
        await copy({ run, destination, batches }, night.context());
        const there = [...night.simulator.world.store("eu-west-1").redshiftSnapshots.values()];
        expect(there.map(({ tags }) => tags.get(tagKeys.plan))).toEqual(["daily", undefined]);
      });
    },
  );
});

it("tags as many in a pass as its share of the calls allows, and the others in the next, also anew", async () => {
  const clusters = ["one", "two", "three", "four", "five"].map((id, nth) => ({
    ...{ ...warehouse, id, resourceId: `7f0c1c4e-0000-4000-8000-00000000000${nth}` },
  }));
  await withNight({ fleet: { clusters } }, async (night) => {
    const { simulator } = night;
    const { run, batches } = await discovered(night);
    for (const batch of batches) await snapshot({ run, batch }, night.context());
    simulator.clock.advance(3700);
    // Thirty seconds of this are three calls.
    const slow = () => ({ ...night.context(), config: { ...night.context().config, callsPerSecond: 0.1 } });
    const tags = () => simulator.calls.byOperation()["redshift.CreateTags"];
    const first = await copy({ run, destination, batches }, slow());
    expect([first.next, tags()]).toEqual(["Wait", 3]);
    const anew = await copy({ run, destination, batches }, slow());
    expect([anew.next, anew.done, tags()]).toEqual(["Done", 5, 5]);
    const second = await copy({ run, destination, batches, work: first }, slow());
    expect([second.next, second.done, tags()]).toEqual(["Done", 5, 5]);
  });
});

describe("copies of Redshift's that AWS lets nobody tag", () => {
  const two = [warehouse, { ...warehouse, id: "lake", resourceId: "7f0c1c4e-0000-4000-8000-000000000009" }];

  type Pass = ReturnType<typeof copy>;

  /** A pass over two copies that are there, the first of whose tags meet a fault so often. */
  const meeting = async (kind: FaultKind, times: number, look: (night: Night, pass: Pass) => Promise<void>) =>
    withNight({ fleet: { clusters: two } }, async (night) => {
      const { run, batches } = await discovered(night);
      for (const batch of batches) await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(3700);
      night.simulator.faults.add({ operation: "CreateTags", times, kind });
      await look(night, copy({ run, destination, batches }, night.context()));
    });

  it("cost no other its own, and are told", () =>
    meeting(denied, 1, async ({ ledger }, pass) => {
      expect((await pass).done).toBe(1);
      expect(ledger.of("copy.refused")).toMatchObject([
        { region: "eu-west-1", source: expect.stringMatching(/^copy:holdfast-/) },
      ]);
    }));

  it("are not called refused where AWS is only busy: the next pass tags them", () =>
    meeting("throttle", 500, async ({ ledger }, pass) => {
      const { tasks, problems } = await pass;
      expect([tasks.map(({ phase }) => phase), problems]).toEqual([["arriving", "arriving"], []]);
      expect(ledger.of("copy.refused")).toEqual([]);
    }));
});

it("takes no copy setting for absent while nobody answers about the clusters", async () => {
  await withNight({ fleet: { clusters: [warehouse] } }, async (night) => {
    const { run, batches } = await discovered(night);
    night.simulator.faults.add({ operation: "DescribeClusters", times: 50, kind: "internal" });
    const { tasks, problems } = await copy({ run, destination, batches }, night.context());
    expect([tasks.map(({ phase }) => phase), problems]).toEqual([["awaited"], []]);
    expect(night.simulator.calls.byOperation()).toHaveProperty(["redshift.DescribeClusters"]);
  });
});

describe("a copy setting that the plan manages, while its cluster's snapshot is not taken yet", () => {
  it.each([
    ["absent is awaited, since Snapshot mends it", undefined, [1, []]],
    ["elsewhere is a problem at once, since nobody mends it", "ap-southeast-1", [0, ["setting-elsewhere"]]],
  ] as const)("that is %s", async (_, place, told) => {
    const snapshotCopy = place && { snapshotCopy: { destination: place } };
    const config = plainPlan.replace("alias/backup }", "alias/backup, manage: true }");
    await withNight({ fleet: { clusters: [warehouseOf("house", snapshotCopy)] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const { tasks, problems } = await copy({ run, destination, batches }, night.context());
      expect([tasks.length, problems.map(({ code }) => code)]).toEqual(told);
    });
  });
});

describe("a source that is listed whole", () => {
  it("is one that an untagged copy has come from, and no other", async () => {
    const far = warehouseOf("far", { region: "us-west-2", snapshotCopy: { destination: "eu-west-1" } });
    const near = { ...clusterOf("near"), region: "us-east-1" };
    const source = point(2, { of: "warehouse", engine: "redshift" });
    const from = (sourceRegion: string, tags: FleetSnapshot["tags"]) => ({
      ...{ ...source, region: "eu-west-1", sourceRegion, tags },
      id: `copy:${source.id}`,
    });
    const looked = async (copies: readonly FleetSnapshot[]) => {
      const whole: string[] = [];
      const fleet = { clusters: [warehouse, far, near], snapshots: [source, ...copies] };
      const config = `${plainPlan.replace("select: {", "select: { regions: [us-east-1, us-west-2],")}`;
      await withNight({ fleet, config }, async (night) => {
        const { run, batches } = await discovered(night);
        const { engines, ...context } = night.context();
        const overheard = (engine: Engine): Engine => ({
          ...engine,
          pickSnapshots: (region, pick) => {
            whole.push(`${engine.family} ${region}`);
            return engine.pickSnapshots(region, pick);
          },
        });
        const heard = { rds: overheard(engines.rds), redshift: overheard(engines.redshift) };
        await copy({ run, destination, batches }, { ...context, engines: heard });
      });
      return whole.filter((place) => !place.endsWith(destination.region));
    };
    expect(await looked([from("us-east-1", {})])).toEqual(["redshift us-east-1"]);
    expect(await looked([from("us-west-2", {})])).toEqual(["redshift us-west-2"]);
    expect(await looked([{ ...from("us-east-1", {}), status: "creating" }])).toEqual([]);
    expect(await looked([from("us-east-1", copyOf(source).tags)])).toEqual([]);
  });
});

describe("a pump that begins in a part of a run", () => {
  const ids = ["orders", "ledger", "billing", "carts", "users"] as const;
  const clusters = ids.map((id) => clusterOf(id));
  const failed = { differs: { status: "failed" as const } };
  /** Last night's copies of some; of others only the night's before, one that still runs, and a lost one of tonight. */
  const copies = [
    ...ids.map((of) => copyOf(point(2, { of }))),
    ...(["orders", "carts"] as const).map((of) => copyOf(point(1, { of }))),
    copyOf(point(1, { of: "ledger" }), { differs: { status: "copying" } }),
    copyOf(point(0, { of: "orders" }), failed),
    copyOf(point(1, { of: "users" }), failed),
  ];

  /** Its table, and its looks into the destination. */
  const begun = async (fleet: Fleet, { isPart = true, config = plainPlan } = {}) => {
    let seen: { readonly tasks: readonly unknown[]; readonly looks: number } | undefined;
    await withNight({ fleet: { clusters, ...fleet }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const { calls } = night.simulator;
      calls.clear();
      const part = { part: partOf({ regions: ["us-east-1"] }) };
      const { tasks } = await copy(
        { run: { ...run, ...(isPart && part) }, destination, batches },
        night.context(),
      );
      const looks = calls.entries.filter(
        ({ operation, region }) =>
          operation === "DescribeDBClusterSnapshots" && region === destination.region,
      );
      seen = { tasks, looks: looks.length };
    });
    if (seen === undefined) throw new Error("there was no night");
    return seen;
  };

  it("makes of the last run's copies, by their names, the queue that it makes of everything", async () => {
    const part = await begun({ snapshots: copies });
    const whole = await begun({ snapshots: copies }, { isPart: false });
    expect(part.tasks).toEqual(whole.tasks);
    expect(part.tasks.map((one) => (one as { readonly cluster: string }).cluster)).toEqual([
      ...["billing", "users"],
      ...["carts", "ledger", "orders"],
    ]);
  });

  it("asks for this run's names and the last one's, and lists nothing where all have a copy of that", async () => {
    const many = ids.flatMap((of) => Array.from({ length: 60 }, (_, nth) => copyOf(point(nth + 1, { of }))));
    expect((await begun({ snapshots: many })).looks).toBe(2);
    expect((await begun({ snapshots: many }, { isPart: false })).looks).toBeGreaterThan(2);
  });

  it("lists what there is of the clusters where nobody knows when a rate's last run was", async () => {
    const config = plainPlan.replace("cron(0 3 * * ? *)", "rate(1 day)");
    const part = await begun({ snapshots: copies }, { config });
    expect(part).toEqual({
      tasks: (await begun({ snapshots: copies }, { config, isPart: false })).tasks,
      looks: 1,
    });
  });
});
