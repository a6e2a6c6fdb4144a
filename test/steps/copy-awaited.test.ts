import { describe, expect, it } from "vitest";
import { copy } from "../../lib/steps/copy.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { recognise } from "../../lib/steps/recognise.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { partOf } from "../core/samples.ts";
import { at, cluster, plainPlan, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { clusterOf, copyOf, point, warehouseOf } from "./points.ts";
import { withPump } from "./pump.ts";

const many = Array.from({ length: 240 }, (_, index) => `c${String(index).padStart(3, "0")}`);
const settings = { snapshotBaseSeconds: 60, snapshotSecondsPerGib: 60, manualClusterSnapshotsMax: 1000 };
const config = `${plainPlan}    copies-in-flight: 3\n`;

/** Calls of a pass that look at sources. */
const looksIn = async ({ calls }: Simulator, pass: () => Promise<CopyOutput>) => {
  calls.clear();
  const output = await pass();
  const looks = calls.entries.filter(
    ({ operation, region }) => operation === "DescribeDBClusterSnapshots" && region === "us-east-1",
  );
  return { output, looks: looks.length };
};

const copyingIn = ({ tasks }: CopyOutput): readonly string[] =>
  tasks.filter(({ phase }) => phase === "copying").map(({ cluster: id }) => id);

describe("what a pass asks of the sources that it awaits", () => {
  it("is one call, where that shows a copy for each free place", async () => {
    const clusters = many.map((id) => cluster(id, { sizeGib: 1 }));
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(300);
      const { output, looks } = await looksIn(simulator, () => pump(first));
      expect([looks, copyingIn(output).length]).toEqual([1, 3]);
      expect(output.tasks).toHaveLength(240);
    });
  });

  it("is as many as it takes to find one, where the first of the queue are slow", async () => {
    const clusters = many.map((id, index) => cluster(id, { sizeGib: index < 230 ? 100 : 1 }));
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(300);
      const { output, looks } = await looksIn(simulator, () => pump(first));
      expect([looks, copyingIn(output)]).toEqual([3, ["c230", "c231", "c232"]]);
    });
  });

  it("is nothing, where what was found before is enough", async () => {
    const clusters = many.map((id) => cluster(id, { sizeGib: 1 }));
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(300);
      const second = await pump(first);
      simulator.clock.advance(3600);
      const { output, looks } = await looksIn(simulator, () => pump(second));
      expect([looks, output.done, copyingIn(output).length]).toEqual([0, 3, 3]);
    });
  });

  it("is remembered of the first hundred while the others are asked about: a stranger's name is used up", async () => {
    const clusters = many.map((id) => clusterOf(id, { sizeGib: 100 }));
    const theirs = { ...point(0, { of: "c000" }), tags: { owner: "somebody" } };
    await withPump({ fleet: { clusters, snapshots: [theirs], settings }, config }, async (pump, night) => {
      const first = await pump();
      // As the pump awaits it that began before Snapshot did.
      const tasks = first.tasks.map((one) => (one.cluster === "c000" ? { ...one, source: theirs.id } : one));
      night.simulator.clock.advance(300);
      const { output, looks } = await looksIn(night.simulator, () => pump({ ...first, tasks }));
      expect([looks, output.tasks.length]).toEqual([3, 240]);
      expect(output.tasks.find(({ cluster: id }) => id === "c000")?.source).toBe(`${theirs.id}-2`);
    });
  });

  it("does not leave out a cluster that is further behind than those", async () => {
    const clusters = ["a", "b", "c", "d", "e"].map((id) => cluster(id, { sizeGib: 1 }));
    const narrow = `${plainPlan}    copies-in-flight: 1\n`;
    await withPump({ fleet: { clusters, settings }, config: narrow }, async (pump, { simulator }) => {
      const first = await pump();
      const tasks = first.tasks.map((task) => ({
        ...task,
        ...(task.cluster === "a" ? { phase: "awaited" as const } : { phase: "due" as const, rank: 1 }),
      }));
      simulator.clock.advance(300);
      const { output, looks } = await looksIn(simulator, () => pump({ ...first, tasks }));
      expect([looks, copyingIn(output)]).toEqual([1, ["a"]]);
    });
  });
});

describe("a region of which only one family answers", () => {
  it("says nothing of the other's snapshots, which are waited for as long as for any silent region's", async () => {
    const house = warehouseOf("house", { sizeGib: 100, snapshotCopy: { destination: "eu-west-1" } });
    const fleet = { clusters: [house, cluster("orders", { sizeGib: 100 })], settings };
    await withPump({ fleet }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(45 * 60);
      const silence = { operation: "DescribeClusterSnapshots", region: "us-east-1", times: 9 };
      simulator.faults.add({ ...silence, kind: "internal" });
      const { tasks, problems, unreached } = await pump(first);
      expect(tasks.map(({ phase }) => phase)).toEqual(["awaited", "awaited"]);
      expect([problems, unreached]).toEqual([[], { "us-east-1": 45 }]);
    });
  });

  it("does not keep the answering one's snapshots from being copied", async () => {
    const house = warehouseOf("house", { sizeGib: 100, snapshotCopy: { destination: "eu-west-1" } });
    const fleet = { clusters: [house, cluster("orders", { sizeGib: 1 })], settings };
    await withPump({ fleet }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(45 * 60);
      const silence = { operation: "DescribeClusterSnapshots", region: "us-east-1", times: 9 };
      simulator.faults.add({ ...silence, kind: "internal" });
      expect(copyingIn(await pump(first))).toEqual(["orders"]);
    });
  });
});

describe("copies that AWS makes by itself", () => {
  const houses = Array.from({ length: 6 }, (_, index) =>
    cluster(`house${index}`, {
      ...{ engine: "redshift", sizeGib: index === 5 ? 20 : 1 },
      snapshotCopy: { destination: "eu-west-1" },
    }),
  );
  const fleet = { clusters: houses, settings: { ...settings, copyBaseSeconds: 60, copySecondsPerGib: 1 } };

  it("are looked for once the last of their snapshots is there, since each look reads the whole destination", async () => {
    await withPump({ fleet }, async (pump, { simulator }) => {
      const looks = () =>
        simulator.calls.entries.filter(
          ({ operation, region }) => operation === "DescribeClusterSnapshots" && region === "eu-west-1",
        ).length;
      const first = await pump();
      simulator.calls.clear();
      simulator.clock.advance(600);
      const second = await pump(first);
      expect([looks(), second.tasks.length]).toEqual([0, 6]);
      simulator.clock.advance(900);
      const third = await pump(second);
      expect([looks(), third.tasks]).toEqual([1, []]);
    });
  });

  it.each([
    ["the pump itself", false],
    ["Recognise before it", true],
  ])("count once they are there, also of an older point and where %s tags them", async (_, isTagged) => {
    const source = point(1, { of: "warehouse", engine: "redshift" });
    const arrival = { id: `copy:${source.id}`, sourceRegion: "us-east-1", tags: {}, status: "creating" };
    const paused = { snapshotCopy: { destination: "eu-west-1" }, status: "paused" };
    const snapshots = [source, copyOf(source, { differs: arrival })];
    await withPump(
      { fleet: { clusters: [warehouseOf("warehouse", paused)], snapshots } },
      async (pump, night) => {
        const first = await pump();
        expect(first.tasks.map(({ phase }) => phase)).toEqual(["arriving"]);
        night.simulator.clock.advance(3600);
        const [copied] = night.simulator.world.store("eu-west-1").redshiftSnapshots.values();
        if (copied) copied.status = "available";
        if (isTagged) expect((await recognise({ at }, night.context())).recognised).toBe(1);
        const { next, done, problems } = await pump(first);
        expect([next, done, problems]).toEqual(["Done", 1, []]);
      },
    );
  });

  it("are no reason to look at their snapshots while only those of earlier nights, or of others, are there", async () => {
    const source = point(1, { of: "warehouse", engine: "redshift" });
    const copied = copyOf(source, { differs: { id: `copy:${source.id}`, sourceRegion: "us-east-1" } });
    const theirs = { ...copied, id: "copy:theirs", cluster: "theirs", tags: {} };
    const clusters = [warehouseOf("warehouse", { snapshotCopy: { destination: "eu-west-1" } })];
    await withPump(
      { fleet: { clusters, snapshots: [source, copied, theirs] } },
      async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(100);
        const second = await pump(first);
        expect(second.tasks.map(({ phase }) => phase)).toEqual(["arriving"]);
        simulator.calls.clear();
        await pump(second);
        const asked = simulator.calls.entries.map(({ operation, region }) => `${operation} ${region}`);
        expect(asked).toEqual(["DescribeClusterSnapshots eu-west-1"]);
      },
    );
  });

  it("are tagged as many at a time as a pass has time for, and the others with the next", async () => {
    await withNight({ fleet }, async (night) => {
      const discovery = await discovered(night);
      const run = { ...discovery.run, part: partOf({ family: "redshift", of: 75 }) };
      for (const batch of discovery.batches) await snapshot({ run: discovery.run, batch }, night.context());
      const input = { run, batches: discovery.batches, destination: { region: "eu-west-1" } };
      const first = await copy(input, night.context());
      night.simulator.clock.advance(3600);
      const second = await copy({ ...input, work: first }, night.context());
      const third = await copy({ ...input, work: second }, night.context());
      expect([second.done, second.tasks.length, third.done, third.tasks.length]).toEqual([4, 2, 6, 0]);
      // Those that have their tags take nobody's turn.
      const { redshiftSnapshots } = night.simulator.world.store("eu-west-1");
      for (const one of [...redshiftSnapshots.values()].slice(4)) one.tags = new Map();
      const again = await copy(input, night.context());
      expect([again.done, again.tasks]).toEqual([6, []]);
    });
  });
});

describe("a snapshot whose batch's turn comes late", () => {
  it("is awaited from its turn on, as long as any other", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const batches = [{ ...batch, startsAfter: 48 * 60 }];
      const pump = (work?: CopyOutput) =>
        copy({ run, destination: { region: "eu-west-1" }, batches, ...(work && { work }) }, night.context());
      let last = await pump();
      for (const minutes of [41, 46]) {
        night.simulator.clock.advance(minutes * 60);
        last = await pump(last);
        expect([last.next, last.problems]).toEqual(["Wait", []]);
      }
      night.simulator.clock.advance(2 * 60);
      const { next, problems } = await pump(last);
      expect([next, problems.map(({ code }) => code)]).toEqual(["Done", ["no-snapshot"]]);
    });
  });

  it("foretells its end by its progress since its turn, not since the pump began", async () => {
    const clock = { snapshotBaseSeconds: 600, snapshotSecondsPerGib: 0 };
    await withNight({ fleet: { clusters: [cluster("orders")], settings: clock } }, async (night) => {
      const { run, batch } = await discovered(night);
      const input = {
        ...{ run, destination: { region: "eu-west-1" } },
        batches: [{ ...batch, startsAfter: 40 * 60 }],
      };
      const first = await copy(input, night.context());
      night.simulator.clock.advance(40 * 60);
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(5 * 60);
      const { waitSeconds } = await copy({ ...input, work: first }, night.context());
      expect(waitSeconds).toBeLessThanOrEqual(330);
    });
  });
});
