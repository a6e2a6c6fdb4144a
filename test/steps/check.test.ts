import { describe, expect, it } from "vitest";
import { check } from "../../lib/steps/check.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { cluster, snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { deafBus, toldOf } from "./points.ts";

describe("Check", () => {
  it("looks at a whole batch in one call, and at nothing once all is done", async () => {
    const clusters = Array.from({ length: 80 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters } }, async (night) => {
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(10);
      night.simulator.calls.clear();
      const waiting = await check({ run, batch, work: taken }, night.context());
      expect(night.simulator.calls.byOperation()).toEqual({ "rds.DescribeDBClusterSnapshots": 1 });
      expect(waiting.next).toBe("Wait");
      night.simulator.clock.advance(600);
      const done = await check({ run, batch, work: waiting }, night.context());
      expect([done.next, done.result.counts]).toEqual(["Done", { available: 80 }]);
      night.simulator.calls.clear();
      await check({ run, batch, work: done }, night.context());
      expect(night.simulator.calls.total).toBe(0);
    });
  });

  it("looks again when the last snapshot should be done by its progress, and no sooner", async () => {
    const settings = { snapshotBaseSeconds: 60, snapshotSecondsPerGib: 60 };
    // Listed before the large one, and after it.
    for (const small of ["brief", "small"]) {
      const clusters = [cluster(small, { sizeGib: 9 }), cluster("large", { sizeGib: 19 })];
      await withNight({ fleet: { clusters, settings } }, async (night) => {
        const { run, batch } = await discovered(night);
        const taken = await snapshot({ run, batch }, night.context());
        night.simulator.clock.advance(300);
        const { waitSeconds } = await check({ run, batch, work: taken }, night.context());
        expect(waitSeconds).toBe(900);
      });
    }
  });

  it("changes nothing while the clock stands still", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      for (let look = 0; look < 5; look += 1) {
        const { tasks } = await check({ run, batch, work: taken }, night.context());
        expect(tasks).toEqual(taken.tasks);
      }
    });
  });

  it("sends a failed snapshot back to Snapshot, for another attempt", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      night.simulator.world.works.befall({ kind: "create", failAtPercent: 10 });
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(60);
      const failed = await check({ run, batch, work: taken }, night.context());
      const name = taken.tasks[0]?.name;
      expect([failed.next, failed.tasks]).toEqual(["Snapshot", [{ id: "orders", phase: "due", name }]]);
      const again = await snapshot({ run, batch, work: failed }, night.context());
      expect(again.tasks[0]?.name).toBe(`${taken.tasks[0]?.name}-2`);
    });
  });

  it("bears with a listing that lags behind", async () => {
    const settings = { listingDelaySeconds: 120 };
    await withNight({ fleet: { clusters: [cluster("orders")], settings } }, async (night) => {
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(60);
      const unseen = await check({ run, batch, work: taken }, night.context());
      expect(unseen.tasks).toEqual(taken.tasks);
      night.simulator.clock.advance(120);
      const seen = await check({ run, batch, work: unseen }, night.context());
      expect(seen.tasks[0]?.phase).toBe("available");
    });
  });

  it("bears with a region that does not answer, and goes on where it was, until the deadline", async () => {
    await withNight({ fleet: { clusters: [cluster("orders"), cluster("busy")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const busy = night.simulator.world.store("us-east-1").clusters.get("busy");
      if (busy) busy.status = "backing-up";
      const taken = await snapshot({ run, batch }, night.context());
      if (busy) busy.status = "available";
      night.simulator.clock.advance(600);
      night.simulator.faults.add({ operation: "DescribeDBClusterSnapshots", times: 50, kind: "internal" });
      const silent = await check({ run, batch, work: taken }, night.context());
      expect([silent.next, silent.tasks, silent.result]).toEqual(["Wait", taken.tasks, taken.result]);
      const over = { ...run, deadline: run.at };
      const { next, result } = await check({ run: over, batch, work: silent }, night.context());
      expect([next, result.problems.map(({ code }) => code)]).toEqual(["Done", ["deadline", "deadline"]]);
      night.simulator.faults.clear();
      const heard = await check({ run, batch, work: silent }, night.context());
      expect([heard.next, heard.tasks.map(({ phase }) => phase).toSorted()]).toEqual([
        "Snapshot",
        ["available", "due"],
      ]);
    });
  });

  it("bears with an index of tags that lags behind, where AWS's answers leave them out", async () => {
    const settings = { omitTagList: ["neptune"], taggingDelaySeconds: 300 };
    const graph = cluster("graph", { engine: "neptune" });
    await withNight({ fleet: { clusters: [graph], settings } }, async (night) => {
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(240);
      const untold = await check({ run, batch, work: taken }, night.context());
      expect([untold.next, untold.tasks]).toEqual(["Wait", taken.tasks]);
      night.simulator.clock.advance(240);
      const told = await check({ run, batch, work: untold }, night.context());
      expect(told.tasks).toEqual([{ id: "graph", phase: "available", name: taken.tasks[0]?.name }]);
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toEqual([taken.tasks[0]?.name]);
    });
  });

  it("ends at the deadline with a row for everything that is unfinished", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      night.simulator.world.works.befall({ kind: "create", stuckAtPercent: 50 });
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(12 * 3600);
      const { next, result } = await check({ run, batch, work: taken }, night.context());
      expect(next).toBe("Done");
      expect(result.problems).toEqual([{ cluster: "orders", region: "us-east-1", code: "deadline" }]);
    });
  });

  it("hands on no more rows than there is room for, however many are unfinished", async () => {
    const clusters = Array.from({ length: 80 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters } }, async (night) => {
      const { run, batch } = await discovered(night);
      const over = { ...run, deadline: run.at };
      const taken = await snapshot({ run: over, batch }, night.context());
      const { result } = await check({ run: over, batch, work: taken }, night.context());
      expect([result.counts, result.problems.length]).toEqual([{ failed: 80 }, 20]);
      expect(JSON.stringify(result).length).toBeLessThan(2048);
    });
  });

  it("does not take a stranger's snapshot of the name for its own", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      const [held] = night.simulator.world.store("us-east-1").clusterSnapshots.values();
      if (held) held.tags = new Map([["owner", "somebody"]]);
      const { tasks } = await check({ run, batch, work: taken }, night.context());
      expect(tasks).toEqual([{ id: "orders", phase: "due", name: taken.tasks[0]?.name }]);
    });
  });
});

describe("what Check tells the event bus", () => {
  it("is each recovery point when it becomes available, once, however often it looks", async () => {
    const clusters = [cluster("small", { sizeGib: 1 }), cluster("large", { sizeGib: 900 })];
    await withNight({ fleet: { clusters } }, async (night) => {
      const { run, batch } = await discovered(night);
      let work = await snapshot({ run, batch }, night.context());
      const told: string[][] = [];
      for (const seconds of [30, 60, 60, 900, 600]) {
        night.simulator.clock.advance(seconds);
        work = await check({ run, batch, work }, night.context());
        told.push(toldOf(night.simulator).map(({ detail }) => `${detail.cluster}`.replace(/.*:/, "")));
      }
      const [first, both] = [["small"], ["small", "large"]];
      expect(told).toEqual([[], first, first, both, both]);
      expect(toldOf(night.simulator)[0]?.type).toBe("Recovery Point Created");
    });
  });

  it("is nothing of a snapshot that failed, and the attempt after it by its own name", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      night.simulator.world.works.befall({ kind: "create", failAtPercent: 10, times: 1 });
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(60);
      const failed = await check({ run, batch, work: taken }, night.context());
      expect(toldOf(night.simulator)).toEqual([]);
      const again = await snapshot({ run, batch, work: failed }, night.context());
      night.simulator.clock.advance(600);
      await check({ run, batch, work: again }, night.context());
      expect(toldOf(night.simulator).map(({ detail }) => detail.snapshot)).toEqual([
        expect.stringMatching(/-2$/),
      ]);
    });
  });

  it("is told again by a step that is retried, with the same id", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const work = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      for (const _ of [1, 2]) await check({ run, batch, work }, night.context());
      const ids = toldOf(night.simulator).map(({ detail }) => detail.id);
      expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    });
  });

  it("costs no snapshot when the bus is deaf: the batch goes on with a problem", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const taken = await snapshot({ run, batch }, night.context());
      night.simulator.faults.add(deafBus);
      night.simulator.clock.advance(600);
      const work = await check({ run, batch, work: taken }, night.context());
      expect([work.next, work.result]).toMatchObject([
        "Done",
        { counts: { available: 1 }, problems: [{ cluster: "*", region: "us-east-1", code: "untold" }] },
      ]);
      expect(Object.values(snapshotsIn(night.simulator, "us-east-1"))).toEqual(["available"]);
      night.simulator.faults.clear();
      const { result } = await check({ run, batch, work }, night.context());
      expect(result.problems.map(({ code }) => code)).toEqual(["untold"]);
    });
  });
});
