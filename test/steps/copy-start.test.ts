import { describe, expect, it } from "vitest";
import { copy } from "../../lib/steps/copy.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { partOf } from "../core/samples.ts";
import { cluster, type Night, plainPlan, snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { withPump } from "./pump.ts";

type Pump = (last?: CopyOutput) => Promise<CopyOutput>;

/** A pump whose snapshots are available: the next pass copies. */
const withAvailable = (
  count: number,
  work: (pump: Pump, night: Night, first: CopyOutput) => Promise<void>,
) => {
  const clusters = Array.from({ length: count }, (_, index) => cluster(`c${index}`));
  return withNight({ fleet: { clusters } }, async (night) => {
    const { run, batches } = await discovered(night);
    for (const batch of batches) await snapshot({ run, batch }, night.context());
    const destination = { region: "eu-west-1" };
    const pump: Pump = (last) =>
      copy({ run, destination, batches, ...(last && { work: last }) }, night.context());
    const first = await pump();
    night.simulator.clock.advance(300);
    await work(pump, night, first);
  });
};

const phasesOf = ({ tasks }: CopyOutput): string[] => tasks.map(({ phase }) => phase);
const operation = "CopyDBClusterSnapshot";

describe("a pump that AWS refuses a copy", () => {
  it("keeps to the plan's places, where AWS names more than these", async () => {
    const clusters = ["a", "b", "c"].map((id) => cluster(id));
    // Two places are all that there are, while somebody else holds the other three.
    const theirs = Array.from({ length: 4 }, (_, index) => ({
      ...{ region: "eu-west-1", id: `theirs-${index}`, cluster: "x", engine: "aurora-postgresql" as const },
      ...{ created: "2026-11-20T02:50:00Z", status: "copying", percent: 1 },
      sourceArn: `arn:aws:rds:us-east-1:123456789012:cluster-snapshot:theirs-${index}`,
    }));
    const settings = { snapshotSecondsPerGib: 0, copiesPerDestination: 5 };
    const config = `${plainPlan}    copies-in-flight: 2\n`;
    await withNight({ fleet: { clusters, settings, snapshots: theirs }, config }, async (night) => {
      const discovery = await discovered(night);
      const input = { run: discovery.run, batches: discovery.batches, destination: { region: "eu-west-1" } };
      for (const batch of input.batches) await snapshot({ run: input.run, batch }, night.context());
      const first = await copy(input, night.context());
      const free = { ...first, others: [] };
      night.simulator.clock.advance(90);
      const second = await copy({ ...input, work: free }, night.context());
      expect(night.simulator.calls.entries.filter(({ code }) => code !== undefined)).toHaveLength(1);
      expect([first.limit, second.limit]).toEqual([2, 2]);
    });
  });
});

it.each(["pending", "creating"])("a copy of others' that AWS calls %s holds its place", async (status) => {
  const theirs = {
    ...{ region: "eu-west-1", id: "theirs", cluster: "x", engine: "aurora-postgresql" as const },
    ...{ created: "2026-11-20T02:50:00Z", status: "stuck", percent: 0 },
    sourceArn: "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:theirs",
  };
  const config = `${plainPlan}    copies-in-flight: 1\n`;
  await withNight({ fleet: { clusters: [cluster("a")], snapshots: [theirs] }, config }, async (night) => {
    const { run, batches } = await discovered(night);
    for (const batch of batches) await snapshot({ run, batch }, night.context());
    night.simulator.clock.advance(300);
    const held = night.simulator.world.store("eu-west-1").clusterSnapshots.get("theirs");
    if (held) held.status = status;
    const { tasks } = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
    expect(tasks.map(({ phase }) => phase)).toEqual(["due"]);
  });
});

describe("a pump that AWS refuses a copy in words that nobody knows", () => {
  const kind = { code: "SnapshotQuotaExceeded", status: 400, message: "Too many copies at the moment." };

  it("takes it for back-pressure while copies run, and keeps its places", async () => {
    await withAvailable(3, async (pump, { simulator }, first) => {
      const one = await pump({ ...first, limit: 1 });
      simulator.faults.add({ operation, times: 1, kind });
      simulator.calls.clear();
      const refused = await pump({ ...one, limit: 5 });
      expect([refused.problems, refused.limit, phasesOf(refused)]).toEqual([
        ...[[], 5, ["copying", "due", "due"]],
      ]);
      expect(simulator.calls.byOperation()[`rds.${operation}`]).toBe(1);
      expect(phasesOf(await pump(refused))).toEqual(["copying", "copying", "copying"]);
    });
  });

  it("takes it for back-pressure as well where the copy that runs was begun by the same pass", async () => {
    await withAvailable(2, async (pump, { simulator }, first) => {
      const stop = simulator.calls.subscribe((call) => {
        if (call.operation !== operation) return;
        stop();
        simulator.faults.add({ operation, times: 1, kind });
      });
      const second = await pump(first);
      expect([second.problems, phasesOf(second)]).toEqual([[], ["copying", "due"]]);
    });
  });

  it("takes it for a full quota where none runs", async () => {
    await withAvailable(2, async (pump, { simulator }, first) => {
      simulator.faults.add({ operation, times: 1, kind });
      const { next, problems } = await pump(first);
      expect([next, problems.map(({ code }) => code)]).toEqual([
        ...["Done", ["copy-quota-full", "copy-quota-full"]],
      ]);
    });
  });
});

describe("a pump of which nothing runs", () => {
  it("waits where AWS says that others hold all places", async () => {
    await withAvailable(2, async (pump, { simulator }, first) => {
      const kind = {
        ...{ code: "SnapshotQuotaExceeded", status: 400 },
        message: "Cannot copy more than 5 snapshots across regions",
      };
      simulator.faults.add({ operation, times: 1, kind });
      const { next, problems, tasks } = await pump(first);
      expect([next, problems, tasks.length]).toEqual(["Wait", [], 2]);
    });
  });
});

describe("the pump of a part", () => {
  it("takes its share of the places that the plan has, and of those that AWS says there are", async () => {
    const clusters = Array.from({ length: 8 }, (_, index) => cluster(`c${index}`));
    const settings = { copiesPerDestination: 2 };
    const config = `${plainPlan}    copies-in-flight: 9\n`;
    await withNight({ fleet: { clusters, settings }, config }, async (night) => {
      const discovery = await discovered(night);
      const run = { ...discovery.run, part: partOf() };
      const input = { run, batches: discovery.batches, destination: { region: "eu-west-1" } };
      for (const batch of input.batches) await snapshot({ run, batch }, night.context());
      const first = await copy(input, night.context());
      night.simulator.clock.advance(300);
      const second = await copy({ ...input, work: first }, night.context());
      expect([first.limit, second.limit, second.problems]).toEqual([5, 1, []]);
      expect(phasesOf(second).filter((phase) => phase === "copying")).toHaveLength(2);
    });
  });

  it("lists of the destination what is its own", async () => {
    const clusters = ["own", "other"].map((id) => cluster(id));
    const snapshots = Array.from({ length: 450 }, (_, index) => ({
      ...{
        region: "eu-west-1",
        id: `by-hand-${index}`,
        cluster: "other",
        engine: "aurora-postgresql" as const,
      },
      created: "2026-11-01T00:00:00Z",
    }));
    const settings = { manualClusterSnapshotsMax: 1000 };
    await withNight({ fleet: { clusters, snapshots, settings } }, async (night) => {
      const { run: whole, batch } = await discovered(night);
      const members = batch.members.filter(({ id }) => id === "own");
      const input = { batches: [{ ...batch, members }], destination: { region: "eu-west-1" } };
      const pagesOf = async (run: typeof whole) => {
        night.simulator.calls.clear();
        const { tasks } = await copy({ ...input, run }, night.context());
        expect(tasks.map(({ cluster: id }) => id)).toEqual(["own"]);
        return night.simulator.calls.entries.filter(({ region }) => region === "eu-west-1").length;
      };
      const part = partOf();
      // The whole of it is five pages; two runs' names, and what there is of its own cluster, are a call each.
      expect([await pagesOf(whole), await pagesOf({ ...whole, part })]).toEqual([5, 3]);
    });
  });
});

describe("starting copies", () => {
  it.each([
    ["one by one where the limit is AWS's own, which may refuse the next", 5, 1],
    ["five at once in an account whose limit is raised", 20, 5],
  ])("asks for them %s", async (_, limit, atOnce) => {
    const clusters = Array.from({ length: 10 }, (_unused, index) => cluster(`c${index}`));
    const config = `${plainPlan}    copies-in-flight: ${limit}\n`;
    await withNight(
      { fleet: { clusters, settings: { copiesPerDestination: limit } }, config },
      async (night) => {
        const { run, batches } = await discovered(night);
        for (const batch of batches) await snapshot({ run, batch }, night.context());
        night.simulator.clock.advance(300);
        let [asking, most] = [0, 0];
        const context = night.context();
        const { rds } = context.engines;
        const overheard = {
          ...rds,
          copySnapshot: async (order: Parameters<typeof rds.copySnapshot>[0]) => {
            asking += 1;
            most = Math.max(most, asking);
            return rds.copySnapshot(order).finally(() => {
              asking -= 1;
            });
          },
        };
        const input = { run, batches, destination: { region: "eu-west-1" } };
        const { tasks } = await copy(input, { ...context, engines: { ...context.engines, rds: overheard } });
        expect(tasks.filter(({ phase }) => phase === "copying")).toHaveLength(Math.min(limit, 10));
        expect(most).toBe(atOnce);
      },
    );
  });

  it("leaves due what is throttled, without a row, and starts it with the next pass", async () => {
    await withAvailable(1, async (pump, { simulator }, first) => {
      const calm = simulator.faults.add({ operation, times: 9, kind: "throttle" });
      const second = await pump(first);
      expect([phasesOf(second), second.problems]).toEqual([["due"], []]);
      calm();
      expect(phasesOf(await pump(second))).toEqual(["copying"]);
    });
  });

  it("takes a copy whose answer was lost for its own, and counts it once it is there", async () => {
    await withAvailable(1, async (pump, { simulator }, first) => {
      simulator.faults.add({ operation, times: 1, kind: "reset-after" });
      const second = await pump(first);
      expect([phasesOf(second), second.problems]).toEqual([["copying"], []]);
      simulator.clock.advance(3600);
      const third = await pump(second);
      expect([third.next, third.result.counts]).toEqual(["Done", { copied: 1, unfinished: 0 }]);
      expect(Object.keys(snapshotsIn(simulator, "eu-west-1"))).toHaveLength(1);
    });
  });

  // Found by seed 212000, with 40 clusters.
  describe.each([
    { code: "AccessDenied", status: 403, message: "not authorized to perform it" },
    { code: "SnapshotQuotaExceeded", status: 400, message: "Cannot create more than 100 manual snapshots" },
    { code: "DBClusterSnapshotNotFoundFault", status: 404, message: "not found" },
  ])("that were asked for without an answer, and refused then: $code", (kind) => {
    const copied = async (pump: Pump, { simulator }: Night, last: CopyOutput) => {
      simulator.clock.advance(3600);
      const { next, result } = await pump(last);
      expect([next, result]).toMatchObject(["Done", { counts: { copied: 1 }, problems: [] }]);
    };

    it("are looked for, where the SDK has asked again", async () => {
      await withAvailable(1, async (pump, night, first) => {
        night.simulator.faults.add({ operation, times: 1, kind: "reset-after" });
        night.simulator.faults.add({ operation, times: 9, kind });
        const second = await pump(first);
        expect([phasesOf(second), second.problems]).toEqual([["copying"], []]);
        await copied(pump, night, second);
      });
    });

    it("are looked for, where the next pass has asked again", async () => {
      await withAvailable(1, async (pump, night, first) => {
        const { faults } = night.simulator;
        faults.add({ operation, times: 1, kind: "reset-after" });
        const dead = faults.add({ operation, times: 9, kind: "reset-before" });
        const second = await pump(first);
        expect(phasesOf(second)).toEqual(["due"]);
        dead();
        faults.add({ operation, times: 9, kind });
        const third = await pump(second);
        expect([phasesOf(third), third.problems]).toEqual([["copying"], []]);
        await copied(pump, night, third);
      });
    });
  });

  it("say why they were refused once a look has shown that none was begun", async () => {
    await withAvailable(1, async (pump, { simulator }, first) => {
      const kind = { code: "AccessDenied", status: 403, message: "not authorized to perform it" };
      simulator.faults.add({ operation, times: 1, kind: "reset-before" });
      simulator.faults.add({ operation, times: 9, kind });
      const second = await pump(first);
      simulator.clock.advance(11 * 60);
      const third = await pump(second);
      expect([phasesOf(second), third.next, third.problems.map(({ code }) => code)]).toEqual([
        ["copying"],
        "Done",
        ["denied"],
      ]);
    });
  });

  it("are refused at once where AWS has only throttled what came before", async () => {
    await withAvailable(1, async (pump, { simulator }, first) => {
      const kind = { code: "AccessDenied", status: 403, message: "not authorized to perform it" };
      simulator.faults.add({ operation, times: 1, kind: "throttle" });
      simulator.faults.add({ operation, times: 1, kind });
      const { next, problems } = await pump(first);
      expect([next, problems.map(({ code }) => code)]).toEqual(["Done", ["denied"]]);
    });
  });

  it("does not take a stranger's snapshot of the name for its copy, and copies under the next name", async () => {
    await withAvailable(1, async (pump, { simulator }, first) => {
      const second = await pump(first);
      const store = simulator.world.store("eu-west-1").clusterSnapshots;
      for (const held of store.values()) held.tags = new Map([["owner", "somebody"]]);
      simulator.clock.advance(3600);
      const third = await pump(second);
      expect([phasesOf(third), third.done]).toEqual([["copying"], 0]);
      expect([...store.keys()].map((id) => /z(-\d)?$/.exec(id)?.[1])).toEqual([undefined, "-2"]);
    });
  });

  it("takes over the copy that another pump of the run has made under a later name", async () => {
    await withAvailable(1, async (pump, { simulator }, first) => {
      const vanish = (): void => {
        for (const id of Object.keys(snapshotsIn(simulator, "eu-west-1")))
          simulator.world.store("eu-west-1").clusterSnapshots.delete(id);
        simulator.clock.advance(11 * 60);
      };
      const asked = await pump(first);
      vanish();
      const askedAgain = await pump(asked);
      vanish();
      const askedLast = await pump(askedAgain);
      // The other has not looked since the first was lost, and finds the second name free.
      const other = await pump(asked);
      expect([phasesOf(askedLast), phasesOf(other)]).toEqual([["copying"], ["copying"]]);
      expect(Object.keys(snapshotsIn(simulator, "eu-west-1"))).toHaveLength(1);
      simulator.clock.advance(3600);
      // One that comes later still finds it available.
      const ends = [await pump(askedLast), await pump(other), await pump(asked)];
      expect(ends.map(({ result }) => result.counts)).toEqual(Array(3).fill({ copied: 1, unfinished: 0 }));
      expect(Object.keys(snapshotsIn(simulator, "eu-west-1"))).toHaveLength(1);
    });
  });

  describe.each([
    { code: "DBClusterSnapshotNotFoundFault", status: 404, message: "not found", row: "no-snapshot" },
    { code: "InvalidDBClusterSnapshotStateFault", status: 400, message: "not available", row: "no-snapshot" },
    { code: "InvalidDBClusterStateFault", status: 400, message: "in this state", row: "refused" },
  ])("that AWS does not copy just now, though its source is listed: $code", ({ row, ...kind }) => {
    it("looks at the source anew and asks again, since the destination may not know it yet", async () => {
      await withAvailable(1, async (pump, { simulator }, first) => {
        simulator.faults.add({ operation, times: 2, kind });
        const second = await pump(first);
        simulator.clock.advance(60);
        const third = await pump(second);
        simulator.clock.advance(60);
        const fourth = await pump(third);
        expect([second, third, fourth].map(phasesOf)).toEqual([["awaited"], ["awaited"], ["copying"]]);
        simulator.clock.advance(3600);
        const { next, result } = await pump(fourth);
        expect([next, result]).toMatchObject(["Done", { counts: { copied: 1 }, problems: [] }]);
      });
    });

    it("counts from the beginning once AWS has found it, for a copy that is lost later", async () => {
      await withAvailable(1, async (pump, { simulator }, first) => {
        const { clusterSnapshots } = simulator.world.store("eu-west-1");
        const unseen = (times: number) => void simulator.faults.add({ operation, times, kind });
        const pass = async (before: CopyOutput): Promise<CopyOutput> => {
          const after = await pump(before);
          simulator.clock.advance(60);
          return after;
        };
        unseen(2);
        const begun = await pass(await pass(await pass(first)));
        for (const id of Object.keys(snapshotsIn(simulator, "eu-west-1"))) clusterSnapshots.delete(id);
        simulator.clock.advance(11 * 60);
        unseen(2);
        const again = await pass(await pass(await pass(begun)));
        expect([begun, again].map(phasesOf)).toEqual([["copying"], ["copying"]]);
        simulator.clock.advance(3600);
        expect((await pump(again)).result).toMatchObject({ counts: { copied: 1 }, problems: [] });
      });
    });

    it("believes it in the end", async () => {
      await withAvailable(1, async (pump, { simulator }, first) => {
        simulator.faults.add({ operation, times: 9, kind });
        const { next, problems } = await pump(await pump(await pump(first)));
        expect([next, problems.map(({ code }) => code)]).toEqual(["Done", [row]]);
        expect(simulator.calls.entries.filter(({ code }) => code === kind.code)).toHaveLength(3);
      });
    });
  });

  it("adds up over the passes what is done, and what went wrong", async () => {
    await withAvailable(3, async (pump, { simulator }, first) => {
      const kind = { code: "AccessDenied", status: 403, message: "not authorized to perform it" };
      simulator.faults.add({ operation, times: 1, kind });
      simulator.world.works.befall({ kind: "copy", seconds: 5000, times: 1 });
      const second = await pump(first);
      expect(second.problems.map(({ code }) => code)).toEqual(["denied"]);
      simulator.clock.advance(3000);
      const third = await pump(second);
      simulator.clock.advance(3000);
      const { result } = await pump(third);
      expect([third.done, result.counts]).toEqual([1, { copied: 2, unfinished: 0 }]);
      expect(result.problems).toHaveLength(1);
    });
  });

  it("asks for no further copy of a pass once the destination is full", async () => {
    await withAvailable(40, async (pump, { simulator }, first) => {
      simulator.world.settings.manualClusterSnapshotsMax = 0;
      const { next, result } = await pump({ ...first, limit: 40 });
      expect([next, result.problems.length]).toEqual(["Done", 20]);
      expect(simulator.calls.byOperation()[`rds.${operation}`]).toBeLessThan(10);
      expect(JSON.stringify(result).length).toBeLessThan(2048);
    });
  });

  it("gives up for a full destination what is due, and not what may find room later", async () => {
    const clusters = [cluster("quick"), cluster("slow", { sizeGib: 900 })];
    await withPump({ fleet: { clusters } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(300);
      const { settings } = simulator.world;
      const most = settings.manualClusterSnapshotsMax;
      settings.manualClusterSnapshotsMax = 0;
      const full = await pump(first);
      expect(full.problems).toEqual([{ cluster: "quick", region: "us-east-1", code: "copy-quota-full" }]);
      expect(full.tasks).toMatchObject([{ cluster: "slow", phase: "awaited" }]);
      settings.manualClusterSnapshotsMax = most;
      simulator.clock.advance(4 * 3600);
      expect(phasesOf(await pump(full))).toEqual(["copying"]);
    });
  });

  it("awaits once more what is due in a region that does not answer, and copies it when it does", async () => {
    await withAvailable(1, async (pump, { simulator }, first) => {
      // Due, and too heavy a table to carry what was found of it.
      const tasks = first.tasks.map((task) => ({ ...task, phase: "due" as const }));
      const silence = { operation: "DescribeDBClusterSnapshots", region: "us-east-1", times: 9 };
      const answers = simulator.faults.add({ ...silence, kind: "internal" });
      const silent = await pump({ ...first, tasks });
      expect([silent.problems, phasesOf(silent)]).toEqual([[], ["awaited"]]);
      answers();
      expect(phasesOf(await pump(silent))).toEqual(["copying"]);
    });
  });

  it("answers with less than 2 KB however much is left at the deadline", async () => {
    await withAvailable(60, async (pump, { simulator }, first) => {
      simulator.clock.advance(12 * 3600);
      const { next, tasks, result } = await pump(first);
      expect([next, tasks, result.counts.unfinished]).toEqual(["Done", [], 60]);
      expect(JSON.stringify(result).length).toBeLessThan(2048);
    });
  });
});
