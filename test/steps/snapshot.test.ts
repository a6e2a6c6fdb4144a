import { describe, expect, it } from "vitest";
import { tagKeys } from "../../lib/core/ownership.ts";
import { check } from "../../lib/steps/check.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { partOf } from "../core/samples.ts";
import { cluster, plainPlan, snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { clusterOf, deafBus, point, toldOf } from "./points.ts";

describe("Snapshot", () => {
  it("creates one snapshot for each cluster of the batch, tagged with everything that we know", async () => {
    const orders = cluster("orders", {
      tags: { backup: "daily", team: "shop", "aws:cloudformation:stack-name": "x" },
    });
    await withNight(
      {
        fleet: { clusters: [orders, cluster("docs", { engine: "docdb" })] },
        config: `${plainPlan}    carry-tags: ["*"]\n`,
      },
      async (night) => {
        const { run, batch } = await discovered(night);
        const work = await snapshot({ run, batch }, night.context());
        expect(work.tasks.map(({ id, phase }) => [id, phase])).toEqual([
          ["docs", "awaited"],
          ["orders", "awaited"],
        ]);
        expect([work.next, work.waitSeconds]).toEqual(["Wait", 90]);
        const taken = [...night.simulator.world.store("us-east-1").clusterSnapshots.values()].find(
          ({ clusterId }) => clusterId === "orders",
        );
        expect(Object.fromEntries(taken?.tags ?? [])).toMatchObject({
          backup: "daily",
          team: "shop",
          [tagKeys.service]: "holdfast/test",
          [tagKeys.plan]: "daily",
          [tagKeys.run]: "daily-20261120t030000z",
          [tagKeys.takenAt]: "2026-11-20T03:00:00Z",
          [tagKeys.keep]: "daily=3",
        });
        expect([...(taken?.tags.keys() ?? [])].filter((key) => key.startsWith("aws:"))).toEqual([]);
      },
    );
  });

  it("costs a listing of clusters, one of snapshots (all attempts in it), and one create for each cluster", async () => {
    const clusters = Array.from({ length: 30 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters } }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.calls.clear();
      await snapshot({ run, batch }, night.context());
      expect(night.simulator.calls.byOperation()).toEqual({
        "rds.DescribeDBClusters": 1,
        "rds.DescribeDBClusterSnapshots": 1,
        "rds.CreateDBClusterSnapshot": 30,
      });
    });
  });

  it("calls missing what is deleted between its look and its call", async () => {
    await withNight({ fleet: { clusters: [cluster("gone"), cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const { calls, world } = night.simulator;
      calls.subscribe(({ operation }) => {
        if (operation === "DescribeDBClusterSnapshots") world.store("us-east-1").clusters.delete("gone");
      });
      const { tasks } = await snapshot({ run, batch }, night.context());
      expect(tasks.map(({ id, phase, problem }) => [id, phase, problem])).toEqual([
        ["gone", "failed", "missing"],
        ["orders", "awaited", undefined],
      ]);
      expect(calls.entries.map(({ code }) => code)).toContain("DBClusterNotFoundFault");
    });
  });

  it("finds its own snapshots when it is retried", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const first = await snapshot({ run, batch }, night.context());
      const second = await snapshot({ run, batch }, night.context());
      expect(second.tasks).toEqual(first.tasks);
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(1);
    });
  });

  it("takes an answer that was lost for what it was: the snapshot is there, once", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.faults.add({ operation: "CreateDBClusterSnapshot", times: 1, kind: "reset-after" });
      const { tasks } = await snapshot({ run, batch }, night.context());
      expect(tasks.map(({ phase }) => phase)).toEqual(["awaited"]);
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(1);
    });
  });

  it.each([
    { code: "AccessDenied", status: 403, message: "User: x is not authorized" },
    { code: "SnapshotQuotaExceeded", status: 400, message: "Cannot create more than 100 manual snapshots" },
    { code: "Odd", status: 200, message: "an answer without a snapshot" },
  ])("looks whether it was taken without an answer, where AWS refuses it then: $code", async (kind) => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const operation = "CreateDBClusterSnapshot";
      night.simulator.faults.add({ operation, times: 1, kind: "reset-after" });
      night.simulator.faults.add({ operation, times: 9, kind });
      const first = await snapshot({ run, batch }, night.context());
      expect([first.next, first.tasks.map(({ phase }) => phase)]).toEqual(["Wait", ["awaited"]]);
      night.simulator.clock.advance(3600);
      const { tasks } = await check({ run, batch, work: first }, night.context());
      expect(tasks.map(({ phase }) => phase)).toEqual(["available"]);
    });
  });

  it("leaves a busy cluster due for half an hour, and then says that it was not available", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const orders = night.simulator.world.store("us-east-1").clusters.get("orders");
      if (orders) orders.status = "modifying";
      const first = await snapshot({ run, batch }, night.context());
      expect(first.tasks).toEqual([{ id: "orders", phase: "due", busySince: 0 }]);
      night.simulator.clock.advance(31 * 60);
      const later = await snapshot({ run, batch, work: first }, night.context());
      expect(later.tasks).toEqual([{ id: "orders", phase: "failed", problem: "unavailable" }]);
      expect(later.next).toBe("Done");
    });
  });

  it("gives half an hour to a cluster that is busy when its first attempt has failed late", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.world.works.befall({ kind: "create", failAtPercent: 50, times: 1 });
      const first = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(3600);
      const failed = await check({ run, batch, work: first }, night.context());
      const orders = night.simulator.world.store("us-east-1").clusters.get("orders");
      if (orders) orders.status = "modifying";
      const waiting = await snapshot({ run, batch, work: failed }, night.context());
      expect([failed.next, waiting.next, waiting.tasks]).toEqual([
        ...["Snapshot", "Wait"],
        [{ id: "orders", phase: "due", busySince: 60 }],
      ]);
      night.simulator.clock.advance(5 * 60);
      const still = await snapshot({ run, batch, work: waiting }, night.context());
      if (orders) orders.status = "available";
      const taken = await snapshot({ run, batch, work: still }, night.context());
      expect([still, taken].map(({ tasks }) => tasks[0]?.phase)).toEqual(["due", "awaited"]);
    });
  });

  it.each(["InvalidDBClusterStateFault", "InvalidDBClusterSnapshotStateFault"])(
    "asks again where AWS answers %s to a create",
    async (code) => {
      await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
        const { run, batch } = await discovered(night);
        const kind = { code, status: 400, message: "not in the state" };
        night.simulator.faults.add({ operation: "CreateDBClusterSnapshot", times: 1, kind });
        const first = await snapshot({ run, batch }, night.context());
        expect([first.next, first.tasks]).toEqual(["Wait", [{ id: "orders", phase: "due" }]]);
        const second = await snapshot({ run, batch, work: first }, night.context());
        expect(second.tasks.map(({ phase }) => phase)).toEqual(["awaited"]);
      });
    },
  );

  it("tells permission from quota from absence, each in its own cluster's row", async () => {
    const clusters = [cluster("denied"), cluster("gone")];
    await withNight({ fleet: { clusters } }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.world.store("us-east-1").clusters.delete("gone");
      const refusal = { code: "AccessDenied", status: 403, message: "User: x is not authorized" };
      night.simulator.faults.add({ operation: "CreateDBClusterSnapshot", times: 1, kind: refusal });
      const { result } = await snapshot({ run, batch }, night.context());
      expect(result.problems.map(({ cluster: id, code }) => [id, code])).toEqual([
        ["denied", "denied"],
        ["gone", "missing"],
      ]);
      expect(night.ledger.of("snapshot.refused")[0]?.error).toMatch(
        /AccessDenied.*check the credentials and the permissions/,
      );
    });
  });

  it("asks no further once the quota is full", async () => {
    const clusters = Array.from({ length: 30 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters, settings: { manualClusterSnapshotsMax: 3 } } }, async (night) => {
      const { run, batch } = await discovered(night);
      const { result } = await snapshot({ run, batch }, night.context());
      expect(result.counts).toEqual({ awaited: 3, failed: 27 });
      expect(night.simulator.calls.byOperation()["rds.CreateDBClusterSnapshot"]).toBeLessThan(10);
    });
  });

  it("uses the next attempt's name where a stranger holds the first", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const [name] = (await snapshot({ run, batch }, night.context())).tasks.flatMap(
        (task) => task.name ?? [],
      );
      const taken = night.simulator.world.store("us-east-1").clusterSnapshots.get(name ?? "");
      if (taken) Object.assign(taken, { tags: new Map([["owner", "somebody"]]), status: "available" });
      const { tasks } = await snapshot({ run, batch }, night.context());
      expect(tasks).toEqual([{ id: "orders", phase: "awaited", name: `${name}-2` }]);
    });
  });

  it("waits for its own that is begun, where tags are told late and the step is made again", async () => {
    const settings = { omitTagList: ["neptune"], taggingDelaySeconds: 300 };
    const graph = cluster("graph", { engine: "neptune" });
    await withNight({ fleet: { clusters: [graph], settings } }, async (night) => {
      const { run, batch } = await discovered(night);
      const { tasks } = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(60);
      expect((await snapshot({ run, batch }, night.freshContext())).tasks).toEqual(tasks);
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toEqual([tasks[0]?.name]);
    });
  });

  it("finds the second attempt where the first, which an earlier look has shown, is gone", async () => {
    const first = point(0);
    const second = { ...first, id: `${first.id}-2`, status: "creating" };
    await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots: [second] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const work = { tasks: [{ id: "orders", phase: "due" as const, name: first.id }], since: run.at };
      const { tasks } = await snapshot({ run, batch, work }, night.context());
      expect(tasks).toEqual([{ id: "orders", phase: "awaited", name: second.id }]);
    });
  });

  it("names the snapshot by the cluster that is there now, if that was made again since the run began", async () => {
    await withNight({ fleet: { clusters: [clusterOf("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const { clusters } = night.simulator.world.store("us-east-1");
      const before = clusters.get("orders");
      if (before) clusters.set("orders", { ...before, resourceId: "cluster-NEW" });
      for (const _ of [1, 2]) await snapshot({ run, batch }, night.context());
      const { id } = point(0, { resource: "cluster-NEW" });
      expect([
        Object.keys(snapshotsIn(night.simulator, "us-east-1")),
        night.ledger.of("snapshot.refused"),
      ]).toEqual([[id], []]);
    });
  });

  it("asks again for what is due only, and keeps what is awaited in its table", async () => {
    await withNight({ fleet: { clusters: [cluster("busy"), cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const busy = night.simulator.world.store("us-east-1").clusters.get("busy");
      if (busy) busy.status = "modifying";
      const first = await snapshot({ run, batch }, night.context());
      if (busy) busy.status = "available";
      night.simulator.calls.clear();
      const { tasks } = await snapshot({ run, batch, work: first }, night.context());
      expect(tasks.map(({ id, phase }) => [id, phase])).toEqual([
        ["orders", "awaited"],
        ["busy", "awaited"],
      ]);
      expect(night.simulator.calls.byOperation()["rds.CreateDBClusterSnapshot"]).toBe(1);
    });
  });

  it.each([
    ["throttled", "Throttling", "Rate exceeded"],
    ["refused for the cluster's state", "InvalidDBClusterStateFault", "not in the available state"],
  ])("leaves due what is %s, and takes it with the next call", async (_, code, message) => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const kind = { code, status: 400, message };
      const pass = night.simulator.faults.add({ operation: "CreateDBClusterSnapshot", times: 9, kind });
      const first = await snapshot({ run, batch }, night.context());
      expect([first.next, first.tasks]).toEqual(["Wait", [{ id: "orders", phase: "due" }]]);
      pass();
      const { tasks } = await snapshot({ run, batch, work: first }, night.context());
      expect(tasks.map(({ phase }) => phase)).toEqual(["awaited"]);
    });
  });
});

describe("what Snapshot tells the event bus", () => {
  const atOnce = { settings: { snapshotBaseSeconds: 0, snapshotSecondsPerGib: 0 } };

  it("is nothing while a snapshot is not there yet", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      await snapshot({ run, batch }, night.context());
      expect(toldOf(night.simulator)).toEqual([]);
    });
  });

  it("is a recovery point that is available in AWS's very answer", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")], ...atOnce } }, async (night) => {
      const { run, batch } = await discovered(night);
      const { tasks } = await snapshot({ run, batch }, night.context());
      expect(tasks.map(({ phase }) => phase)).toEqual(["available"]);
      expect(toldOf(night.simulator)).toMatchObject([
        {
          type: "Recovery Point Created",
          detail: { cluster: expect.stringContaining(":orders"), run: run.id },
        },
      ]);
    });
  });

  it("is the same once more, with the same id, when a retried step finds it", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      for (const _ of [1, 2]) await snapshot({ run, batch }, night.context());
      const told = toldOf(night.simulator);
      expect([told.length, new Set(told.map(({ detail }) => detail.id)).size]).toEqual([2, 1]);
    });
  });

  it("costs no snapshot when it is not taken, and is a problem of the batch until the end", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")], ...atOnce } }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.faults.add(deafBus);
      const work = await snapshot({ run, batch }, night.context());
      const untold = [{ cluster: "*", region: "us-east-1", code: "untold" }];
      expect([work.next, work.untold, work.result.problems]).toEqual(["Done", true, untold]);
      expect(Object.values(snapshotsIn(night.simulator, "us-east-1"))).toEqual(["available"]);
      night.simulator.faults.clear();
      const again = await snapshot({ run, batch, work: { ...work, tasks: [] } }, night.context());
      expect(again.result.problems).toEqual(untold);
    });
  });
});

describe("a batch whose share of the calls is small", () => {
  // One a second beside a pump, and of that what the batch has whose turn it is: a call makes 37, and creates 34.
  const config = `calls-per-second: 1\n${plainPlan}`;
  const crowded = { region: 49, run: 49 };
  const few = { config, fleet: { clusters: Array.from({ length: 70 }, (_, index) => cluster(`c${index}`)) } };

  it("creates what its share allows, asks to be called again at once, and comes to the end of it", async () => {
    await withNight(few, async (night) => {
      const { run, batch: alone } = await discovered(night);
      const batch = { ...alone, lanes: crowded };
      const taken = () => Object.keys(snapshotsIn(night.simulator, "us-east-1")).length;
      let work = await snapshot({ run, batch }, night.context());
      const steps = [[taken(), work.next]];
      while (work.next === "Snapshot") {
        work = await snapshot({ run, batch, work }, night.context());
        steps.push([taken(), work.next]);
      }
      expect(steps).toEqual([
        [34, "Snapshot"],
        [68, "Snapshot"],
        [70, "Wait"],
      ]);
      expect(work.tasks.map(({ id, phase }) => `${id} ${phase}`).toSorted()).toEqual(
        few.fleet.clusters.map(({ id }) => `${id} awaited`).toSorted(),
      );
    });
  });

  it("looks only at those that it comes to, and lists nothing whole for want of what is not taken yet", async () => {
    const settings = { manualClusterSnapshotsMax: 500 };
    const others = Array.from({ length: 250 }, (_, index) => ({
      ...{ region: "us-east-1", id: `by-hand-${index}`, cluster: "c1", engine: "aurora-postgresql" as const },
      created: "2026-11-01T00:00:00Z",
    }));
    await withNight({ config, fleet: { ...few.fleet, settings, snapshots: others } }, async (night) => {
      const { run, batch: alone } = await discovered(night);
      const batch = { ...alone, lanes: crowded };
      const first = await snapshot({ run, batch }, night.context());
      // Where none of the seventy is there, no later attempt is asked for.
      expect(night.simulator.calls.byOperation()["rds.DescribeDBClusterSnapshots"]).toBe(1);
      night.simulator.calls.clear();
      const second = await snapshot({ run, batch, work: first }, night.freshContext());
      expect([first.untried, second.untried]).toEqual([36, 2]);
      expect(night.simulator.calls.byOperation()).toEqual({
        "rds.DescribeDBClusters": 1,
        // Of thirty-four, three attempts are more than a call asks for: later ones only where the first is not there.
        "rds.DescribeDBClusterSnapshots": 1,
        "rds.CreateDBClusterSnapshot": 34,
      });
    });
  });

  it("comes to those that nobody has tried before it tries again what was refused, and then does", async () => {
    await withNight(few, async (night) => {
      const { run, batch: alone } = await discovered(night);
      const batch = { ...alone, lanes: crowded };
      const busy = { code: "InvalidDBClusterStateFault", status: 400, message: "busy" };
      night.simulator.faults.add({ operation: "CreateDBClusterSnapshot", times: 34, kind: busy });
      let work = await snapshot({ run, batch }, night.context());
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toEqual([]);
      work = await snapshot({ run, batch, work }, night.context());
      const first = batch.members.slice(0, 34).map(({ id }) => id);
      const created = work.tasks.filter(({ phase }) => phase === "awaited").map(({ id }) => id);
      expect(created).toHaveLength(34);
      expect(created.filter((id) => first.includes(id))).toEqual([]);
      expect(work.next).toBe("Snapshot");
      while (work.tasks.some(({ phase }) => phase === "due"))
        work = await snapshot({ run, batch, work }, night.context());
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(70);
    });
  });

  it("shares with the other slices of its region as well, and with no other part", async () => {
    await withNight(few, async (night) => {
      const { run, batch } = await discovered(night);
      const part = partOf({ slice: { number: 1, of: 49 }, of: 90 });
      const work = await snapshot({ run: { ...run, part }, batch }, night.context());
      expect([Object.keys(snapshotsIn(night.simulator, "us-east-1")).length, work.next]).toEqual([
        34,
        "Snapshot",
      ]);
    });
  });
});
