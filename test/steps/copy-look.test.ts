import { describe, expect, it } from "vitest";
import type { Batch } from "../../lib/core/batch.ts";
import { snapshotName } from "../../lib/core/naming.ts";
import { stampSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { type Run, runId } from "../../lib/core/run.ts";
import { copy } from "../../lib/steps/copy.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { partOf } from "../core/samples.ts";
import { cluster, nightAfter, plainPlan, service, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { warehouseOf } from "./points.ts";
import { withPump } from "./pump.ts";

type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

/** A snapshot of ours of a night, of a plan and a resource. */
const point = (
  nights: number,
  { plan = "daily", resource = "cluster-ORDERS" },
  more: Partial<FleetSnapshot> = {},
): FleetSnapshot => {
  const when = nightAfter(nights);
  const of = { id: "orders", arn: "arn:aws:rds:us-east-1:123456789012:cluster:orders", resource, tags: {} };
  const run: Run = { plan, at: when, id: runId(plan, when), deadline: when };
  return {
    ...{ region: "us-east-1", cluster: "orders", engine: "aurora-postgresql", created: when },
    id: snapshotName({ service, run, cluster: of }),
    tags: { ...stampSnapshot({ service, run, cluster: of, retention: { daily: 3 } }) },
    ...more,
  };
};

/** The first pass over a cluster that was stopped when the run began: only what there is can be copied. */
const firstPass = async (snapshots: readonly FleetSnapshot[], more: Partial<Fleet> = {}) => {
  const orders = cluster("orders", { resourceId: "cluster-ORDERS", status: "stopped" });
  let output: CopyOutput | undefined;
  await withNight({ fleet: { clusters: [orders], snapshots: [...snapshots], ...more } }, async (night) => {
    const { run, batches } = await discovered(night);
    output = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
    // What AWS shows is reckoned with beforehand, not learnt by being refused.
    expect(night.simulator.calls.entries.filter(({ code }) => code !== undefined)).toEqual([]);
  });
  return output?.tasks.map(({ phase, source }) => `${phase} ${source.slice(0, 15)} ${source.slice(-16)}`);
};

describe("the first look of the pump", () => {
  it("copies the newest that there is of a cluster of which nothing new can come", async () => {
    expect(await firstPass([point(-2, {}), point(-1, {})])).toEqual([
      "copying holdfast-daily- 20261119t030000z",
    ]);
    expect(await firstPass([])).toEqual([]);
  });

  it("counts neither another plan's recovery points, nor those of a cluster that had the name before", async () => {
    const others = [point(-1, { plan: "weekly" }), point(-1, { resource: "cluster-BEFORE" })];
    expect(await firstPass([...others, point(-3, {})])).toEqual(["copying holdfast-daily- 20261117t030000z"]);
    expect(await firstPass(others)).toEqual([]);
  });

  it("takes nobody else's available snapshots for copies that run, and other copies that run for places taken", async () => {
    const foreign = (index: number, status: string): FleetSnapshot => ({
      ...{ region: "eu-west-1", cluster: "x", engine: "aurora-postgresql", created: nightAfter(-9), status },
      id: `theirs-${index}`,
      sourceArn: `arn:aws:rds:us-east-1:123456789012:cluster-snapshot:theirs-${index}`,
    });
    const five = (status: string) => Array.from({ length: 5 }, (_, index) => foreign(index, status));
    const ours = point(-1, {});
    expect(await firstPass([ours, ...five("available")])).toEqual([
      "copying holdfast-daily- 20261119t030000z",
    ]);
    expect(await firstPass([ours, ...five("copying")])).toEqual(["due holdfast-daily- 20261119t030000z"]);
  });

  it("takes no copy that Redshift makes by itself for one that holds a place", async () => {
    const arriving = Array.from(
      { length: 5 },
      (_, index): FleetSnapshot => ({
        ...{ region: "eu-west-1", cluster: "house", engine: "redshift", created: nightAfter(-1) },
        ...{ id: `copy:theirs-${index}`, sourceRegion: "us-east-1", status: "copying" },
      }),
    );
    const orders = cluster("orders", { resourceId: "cluster-ORDERS", status: "stopped" });
    const house = warehouseOf("house", { snapshotCopy: { destination: "eu-west-1" }, status: "paused" });
    const snapshots = [point(-1, {}), ...arriving];
    expect(await firstPass(snapshots, { clusters: [orders, house] })).toEqual([
      "copying holdfast-daily- 20261119t030000z",
    ]);
  });

  it("copies nothing that is only a copy itself", async () => {
    const elsewhere = point(-1, {});
    const tags = {
      ...elsewhere.tags,
      [tagKeys.source]: "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:x",
    };
    expect(await firstPass([{ ...elsewhere, tags }])).toEqual([]);
  });

  it("copies nothing into the region where it is already", async () => {
    const orders = cluster("orders", { region: "eu-west-1" });
    const config = plainPlan.replace("{ tags:", "{ regions: [us-east-1, eu-west-1], tags:");
    await withNight({ fleet: { clusters: [orders] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const output = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
      expect([batches.length, output.next, output.tasks]).toEqual([1, "Done", []]);
    });
  });
});

/**
 * Passes over a cluster whose snapshot no filter finds, at some minutes, each in a function that remembers nothing:
 * how many calls went to its region, and in which phase its task came out.
 */
const passesOver = async (
  minutes: readonly number[],
  { part, startsAfter }: Pick<Run, "part"> & Pick<Batch, "startsAfter"> = {},
) => {
  const clusters = [cluster("graph", { engine: "neptune" })];
  const settings = { snapshotFilters: { neptune: "unsupported" as const } };
  const passes: string[] = [];
  await withNight({ fleet: { clusters, settings } }, async (night) => {
    const { run, batch } = await discovered(night);
    const batches = [{ ...batch, ...(startsAfter && { startsAfter }) }];
    const input = { run: { ...run, ...(part && { part }) }, batches, destination: { region: "eu-west-1" } };
    const first = await copy(input, night.context());
    await snapshot({ run, batch }, night.context());
    for (const [index, minute] of minutes.entries()) {
      night.simulator.clock.advance(60 * (minute - (minutes[index - 1] ?? 0)));
      night.simulator.calls.clear();
      const { tasks } = await copy({ ...input, work: first }, night.freshContext());
      const looks = night.simulator.calls.entries.filter(
        ({ operation, region }) => operation === "DescribeDBClusterSnapshots" && region === "us-east-1",
      );
      passes.push(`${minute}: ${looks.length} ${tasks.map(({ phase }) => phase)}`);
    }
  });
  return passes;
};

describe("a snapshot that a filter leaves out", () => {
  it("is not missed before it can have been taken, and is asked for by its name from then on", async () => {
    expect(await passesOver([2, 12])).toEqual(["2: 1 awaited", "12: 2 copying"]);
  });

  it("is not missed before its batch's turn has come, and ten minutes gone since", async () => {
    expect(await passesOver([15, 21], { startsAfter: 600 })).toEqual(["15: 1 awaited", "21: 2 copying"]);
  });

  it("is looked for at once where it was seen before, however early it is", async () => {
    const clusters = [cluster("graph", { engine: "neptune" })];
    const settings = { snapshotFilters: { neptune: "unsupported" as const }, snapshotSecondsPerGib: 0 };
    await withNight({ fleet: { clusters, settings } }, async (night) => {
      const { run, batches, batch } = await discovered(night);
      const input = { run, batches, destination: { region: "eu-west-1" } };
      const first = await copy(input, night.context());
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(90);
      // Due, and too heavy a table to carry what was found of it.
      const tasks = first.tasks.map((task) => ({ ...task, phase: "due" as const }));
      const { problems, ...second } = await copy(
        { ...input, work: { ...first, tasks } },
        night.freshContext(),
      );
      expect([problems, phasesOf(second)]).toEqual([[], { graph: "copying" }]);
    });
  });

  it("is not taken for lost while it is a copy that runs", async () => {
    const clusters = [cluster("graph", { engine: "neptune", sizeGib: 100 })];
    const settings = {
      ...{ snapshotFilters: { neptune: "unsupported" as const }, snapshotSecondsPerGib: 0 },
      copySecondsPerGib: 60,
    };
    await withNight({ fleet: { clusters, settings } }, async (night) => {
      const { run, batches, batch } = await discovered(night);
      const input = { run, batches, destination: { region: "eu-west-1" } };
      let last = await copy(input, night.context());
      await snapshot({ run, batch }, night.context());
      for (const seconds of [12 * 60, 15 * 60, 60]) {
        night.simulator.clock.advance(seconds);
        last = await copy({ ...input, work: last }, night.freshContext());
      }
      expect(last.tasks).toMatchObject([{ phase: "copying" }]);
      expect(last.tasks[0]?.lost).toBeUndefined();
      expect(night.simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBe(1);
    });
  });

  it("is waited for as long as snapshots may come where a run has parts, since all of them would look", async () => {
    const part = partOf();
    expect(await passesOver([12, 41], { part })).toEqual(["12: 1 awaited", "41: 2 copying"]);
  });
});

/**
 * Passes at some minutes over a cluster whose first attempt failed, with the next one there; somebody, or another
 * execution's Prune, has deleted the failed one before a pass could see it. How many calls went to its region, and the task.
 */
const passesAfterFailure = async (minutes: readonly number[], { part }: Pick<Run, "part"> = {}) => {
  const passes: string[] = [];
  await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
    const { run, batches, batch } = await discovered(night);
    const input = { run: { ...run, ...(part && { part }) }, batches, destination: { region: "eu-west-1" } };
    let last = await copy(input, night.context());
    await snapshot({ run, batch }, night.context());
    const { clusterSnapshots } = night.simulator.world.store("us-east-1");
    for (const one of [...clusterSnapshots.values()].filter(({ id }) => id === last.tasks[0]?.source)) {
      clusterSnapshots.delete(one.id);
      const next = { id: `${one.id}-2`, arn: `${one.arn}-2` };
      clusterSnapshots.set(next.id, { ...one, ...next, status: "available", percent: 100 });
    }
    for (const [index, minute] of minutes.entries()) {
      night.simulator.clock.advance(60 * (minute - (minutes[index - 1] ?? 0)));
      night.simulator.calls.clear();
      last = await copy({ ...input, work: last }, night.context());
      const looks = night.simulator.calls.entries.filter(({ region }) => region === "us-east-1").length;
      const seen = [...last.tasks, ...last.result.problems].map((one) =>
        "code" in one ? one.code : `${one.phase} ${one.source.slice(-2)}`,
      );
      passes.push(`${minute}: ${looks} ${seen}`);
    }
  });
  return passes;
};

describe("a snapshot whose first attempt failed and is gone", () => {
  it("is copied from its next attempt, which is asked for once the first must be there", async () => {
    expect(await passesAfterFailure([5, 12])).toEqual(["5: 1 awaited 0z", "12: 3 copying -2"]);
  });

  it("is asked for so at the end of its time in a run in parts", async () => {
    expect(await passesAfterFailure([12, 41], { part: partOf() })).toEqual([
      "12: 1 awaited 0z",
      "41: 3 copying -2",
    ]);
  });
});

/** What is asked of AWS in a pass, by service, operation and region. */
const askedIn = async ({ calls }: Simulator, pass: () => Promise<CopyOutput>) => {
  calls.clear();
  const output = await pass();
  return { output, asked: calls.entries.map((one) => `${one.service}.${one.operation} ${one.region}`) };
};

const phasesOf = ({ tasks }: Pick<CopyOutput, "tasks">) =>
  Object.fromEntries(tasks.map(({ cluster: name, phase }) => [name, phase]));

describe("a later look of the pump", () => {
  it("asks for sources only while there is a free place, and again as soon as there is one", async () => {
    const clusters = [cluster("quick"), cluster("slow", { sizeGib: 900 })];
    const config = `${plainPlan}    copies-in-flight: 1\n`;
    await withPump({ fleet: { clusters }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      const second = await pump(first);
      expect(phasesOf(second)).toEqual({ quick: "copying", slow: "awaited" });
      const third = await askedIn(simulator, () => pump(second));
      expect(third.asked).toEqual(["rds.DescribeDBClusterSnapshots eu-west-1"]);
      simulator.clock.advance(1200);
      const fourth = await askedIn(simulator, () => pump(third.output));
      expect(fourth.asked).toContain("rds.DescribeDBClusterSnapshots us-east-1");
      expect([fourth.output.done, phasesOf(fourth.output)]).toEqual([1, { slow: "copying" }]);
    });
  });

  const theirs = {
    ...{ region: "eu-west-1", id: "by-hand", cluster: "other", engine: "aurora-postgresql" as const },
    ...{ created: "2026-11-20T02:50:00Z", status: "copying", percent: 1 },
    sourceArn: "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:other",
  };

  it("has the place of somebody's copy once that has ended", async () => {
    const fleet = { clusters: [cluster("orders")], snapshots: [theirs] };
    const config = `${plainPlan}    copies-in-flight: 1\n`;
    await withPump({ fleet, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      const second = await pump(first);
      expect([phasesOf(second).orders, second.others]).toEqual(["awaited", ["by-hand"]]);
      const held = simulator.world.store("eu-west-1").clusterSnapshots.get("by-hand");
      if (held) held.status = "available";
      const third = await pump(second);
      expect([phasesOf(third).orders, third.others]).toEqual(["copying", []]);
    });
  });

  it("gives a running copy of its own one place, after it has begun anew as before", async () => {
    const clusters = [1, 100, 1].map((sizeGib, nth) => cluster(`c${nth}`, { sizeGib }));
    const settings = { snapshotSecondsPerGib: 0, copyBaseSeconds: 60, copySecondsPerGib: 60 };
    const config = `${plainPlan}    copies-in-flight: 2\n`;
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      const running = ({ tasks }: CopyOutput) =>
        tasks.filter(({ phase }) => phase === "copying").map(({ cluster: id }) => id);
      simulator.clock.advance(90);
      expect(running(await pump())).toEqual(["c0", "c1"]);
      const anew = await pump();
      simulator.clock.advance(600);
      expect(running(await pump(anew)).toSorted()).toEqual(["c1", "c2"]);
    });
  });

  it("asks in one call for what runs into the destination, whosever it is", async () => {
    const fleet = { clusters: [cluster("orders")], snapshots: [theirs] };
    await withPump({ fleet }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      const second = await pump(first);
      expect([phasesOf(second).orders, second.others]).toEqual(["copying", ["by-hand"]]);
      const third = await askedIn(simulator, () => pump(second));
      expect(third.asked).toEqual(["rds.DescribeDBClusterSnapshots eu-west-1"]);
      expect([phasesOf(third.output).orders, third.output.others]).toEqual(["copying", ["by-hand"]]);
    });
  });

  /** A pump over two clusters that are copied and one that AWS copies by itself: which minutes ask Redshift? */
  const withBoth = (
    copySecondsPerGib: number,
    work: (redshiftAt: (minute: number) => Promise<boolean>, last: () => CopyOutput) => Promise<void>,
  ): Promise<void> => {
    const clusters = [
      cluster("lake", { sizeGib: 1000 }),
      cluster("pond", { sizeGib: 100 }),
      cluster("warehouse", { engine: "redshift", sizeGib: 900, snapshotCopy: { destination: "eu-west-1" } }),
    ];
    const settings = { snapshotSecondsPerGib: 0, copySecondsPerGib };
    return withPump({ fleet: { clusters, settings } }, async (pump, { simulator }) => {
      let last = await pump();
      let minutes = 0;
      const redshiftAt = async (minute: number): Promise<boolean> => {
        simulator.clock.advance((minute - minutes) * 60);
        minutes = minute;
        const { output, asked } = await askedIn(simulator, () => pump(last));
        last = output;
        return asked.some((one) => one.startsWith("redshift."));
      };
      await work(redshiftAt, () => last);
    });
  };

  it("asks for what AWS copies by itself every half hour beside others", async () => {
    await withBoth(8, async (redshiftAt, last) => {
      expect(await redshiftAt(2)).toBe(false);
      expect(phasesOf(last())).toEqual({ lake: "copying", pond: "copying", warehouse: "awaited" });
      expect([await redshiftAt(29), last().arrivals]).toEqual([false, undefined]);
      expect([await redshiftAt(30), last().arrivals]).toEqual([true, 30]);
      expect(phasesOf(last())).toEqual({ lake: "copying", warehouse: "arriving" });
      expect([await redshiftAt(59), await redshiftAt(61), last().arrivals]).toEqual([false, true, 61]);
    });
  });

  it("asks for it in every pass once nothing else is left", async () => {
    await withBoth(0, async (redshiftAt, last) => {
      expect(await redshiftAt(2)).toBe(false);
      expect(await redshiftAt(5)).toBe(true);
      expect([last().done, last().next]).toEqual([3, "Done"]);
    });
  });

  describe("where RDS alone does not answer in the copy region", () => {
    const silence = { service: "rds", region: "eu-west-1", times: 1e6, kind: "unavailable" } as const;
    const clusters = [
      cluster("orders"),
      cluster("warehouse", { engine: "redshift", snapshotCopy: { destination: "eu-west-1" } }),
    ];

    it("recognises what Redshift brings, and goes on with its own copies once RDS answers", async () => {
      await withPump({ fleet: { clusters, snapshots: [theirs] } }, async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(90);
        const second = await pump(first);
        expect(phasesOf(second)).toEqual({ orders: "copying", warehouse: "awaited" });
        const answers = simulator.faults.add(silence);
        simulator.clock.advance(3600);
        const mute = await pump(second);
        expect([mute.done, phasesOf(mute), mute.problems]).toEqual([1, { orders: "copying" }, []]);
        expect([mute.others, Object.keys(mute.unreached ?? {})]).toEqual([["by-hand"], ["eu-west-1"]]);
        answers();
        const again = await pump(mute);
        expect([again.done, again.next, again.problems]).toEqual([2, "Done", []]);
      });
    });

    it("ends a copy that nobody can look at for forty minutes", async () => {
      await withPump({ fleet: { clusters } }, async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(600);
        const second = await pump(first);
        simulator.faults.add(silence);
        const third = await pump(second);
        simulator.clock.advance(39 * 60);
        const fourth = await pump(third);
        expect(phasesOf(fourth).orders).toBe("copying");
        simulator.clock.advance(60);
        const fifth = await pump(fourth);
        expect(fifth.problems).toEqual([{ cluster: "orders", region: "us-east-1", code: "unlisted" }]);
      });
    });

    // Found by the simulation's seed 6000.
    it("gives nobody the place of a copy that it has ended so, until that is done", async () => {
      const config = `${plainPlan}    copies-in-flight: 1\n`;
      const slow = { snapshotSecondsPerGib: 0, copySecondsPerGib: 100 };
      const two = ["billing", "orders"].map((id) => cluster(id, { sizeGib: 100 }));
      await withPump({ config, fleet: { clusters: two, settings: slow } }, async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(120);
        const second = await pump(first);
        expect(phasesOf(second).billing).toBe("copying");
        const answers = simulator.faults.add(silence);
        const third = await pump(second);
        simulator.clock.advance(41 * 60);
        const fourth = await pump(third);
        expect(fourth.problems).toEqual([{ cluster: "billing", region: "us-east-1", code: "unlisted" }]);
        answers();
        const fifth = await pump(fourth);
        expect(phasesOf(fifth).orders).not.toBe("copying");
        simulator.clock.advance(3 * 3600);
        expect(phasesOf(await pump(fifth))).toEqual({ orders: "copying" });
      });
    });

    it("asks for no copy anew while nobody knows whether another pump has", async () => {
      await withPump({ fleet: { clusters } }, async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(600);
        const tasks = first.tasks.flatMap((task) =>
          task.cluster === "orders" ? [{ ...task, phase: "due" as const, lost: 1 }] : [],
        );
        const listing = { ...silence, operation: "DescribeDBClusterSnapshots" };
        const answers = simulator.faults.add(listing);
        const mute = await pump({ ...first, tasks });
        expect([phasesOf(mute), mute.problems]).toEqual([{ orders: "due" }, []]);
        expect(simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBeUndefined();
        answers();
        expect(phasesOf(await pump(mute))).toEqual({ orders: "copying" });
      });
    });
  });

  it("looks sooner after one that was late, until it looks when copies end", async () => {
    const clusters = Array.from({ length: 12 }, (_, index) => cluster(`c${index}`, { sizeGib: 5 }));
    const config = `${plainPlan}    copies-in-flight: 1\n`;
    const settings = { snapshotSecondsPerGib: 0, copySecondsPerGib: 60 };
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      let last = await pump();
      simulator.clock.advance(1500);
      last = await pump(last);
      // A look that comes twenty minutes late.
      simulator.clock.advance(1500);
      const waits: number[] = [];
      for (last = await pump(last); last.next === "Wait"; last = await pump(last)) {
        waits.push(last.waitSeconds);
        simulator.clock.advance(last.waitSeconds);
      }
      const copySeconds = simulator.world.settings.copyBaseSeconds + 300;
      expect(waits[0]).toBeGreaterThan(2 * copySeconds);
      expect(waits.slice(-3).every((seconds) => seconds <= copySeconds + 60)).toBe(true);
    });
  });
});

describe("a snapshot that shows no tags", () => {
  const graph = cluster("graph", { engine: "neptune" });
  const tellsLate = { omitTagList: ["neptune"], taggingDelaySeconds: 300 };

  it("is waited for where AWS's answers leave them out and the index that has them lags behind", async () => {
    await withPump({ fleet: { clusters: [graph], settings: tellsLate } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(240);
      const second = await pump(first);
      expect(second.tasks).toEqual(first.tasks);
      simulator.clock.advance(120);
      const third = await pump(second);
      expect(third.tasks).toMatchObject([{ phase: "copying", source: first.tasks[0]?.source }]);
    });
  });

  it("is passed over for the next attempt's, which is asked for once the first must be there", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batches, batch } = await discovered(night);
      const input = { run, batches, destination: { region: "eu-west-1" } };
      const first = await copy(input, night.context());
      await snapshot({ run, batch }, night.context());
      const { clusterSnapshots } = night.simulator.world.store("us-east-1");
      const [held] = clusterSnapshots.values();
      if (held === undefined) throw new Error("nothing was taken");
      const next = { id: `${held.id}-2`, arn: `${held.arn}-2` };
      clusterSnapshots.set(next.id, { ...held, ...next, status: "available", percent: 100 });
      held.tags = new Map();
      night.simulator.clock.advance(300);
      const second = await copy({ ...input, work: first }, night.context());
      expect(second.tasks).toEqual(first.tasks);
      night.simulator.clock.advance(300);
      const third = await copy({ ...input, work: second }, night.context());
      expect(third.tasks).toMatchObject([{ phase: "copying", source: next.id }]);
    });
  });

  it("is given up with its task's time where nothing follows it", async () => {
    await withPump({ fleet: { clusters: [cluster("orders")] } }, async (pump, { simulator }) => {
      const first = await pump();
      for (const one of simulator.world.store("us-east-1").clusterSnapshots.values()) one.tags = new Map();
      simulator.clock.advance(39 * 60);
      const second = await pump(first);
      expect(second.tasks).toEqual(first.tasks);
      simulator.clock.advance(60);
      expect((await pump(second)).problems.map(({ code }) => code)).toEqual(["no-snapshot"]);
    });
  });
});
