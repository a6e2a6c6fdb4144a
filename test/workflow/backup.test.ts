import { describe, expect, it } from "vitest";
import { at, cluster, nightAfter, snapshotsIn, withNight } from "../night.ts";

describe("a night", () => {
  it("snapshots every selected cluster, copies it and ends complete", async () => {
    const clusters = [
      cluster("orders"),
      cluster("graph", { engine: "neptune", encrypted: true }),
      cluster("docs", { engine: "docdb" }),
    ];
    await withNight({ fleet: { clusters } }, async ({ run, simulator }) => {
      const { status, document } = await run({ plan: "daily", at });
      expect(status).toBe("SUCCEEDED");
      expect(document.outcome).toBe("complete");
      expect(document.clusters.map((row) => [row.cluster, row.status, row.copies[0]?.status])).toEqual([
        ["docs", "available", "available"],
        ["graph", "available", "available"],
        ["orders", "available", "available"],
      ]);
      expect(Object.values(snapshotsIn(simulator, "eu-west-1"))).toEqual([
        "available",
        "available",
        "available",
      ]);
    });
  });

  it("takes nothing twice when the same scheduled time runs again", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      await run({ plan: "daily", at });
      const before = snapshotsIn(simulator, "us-east-1");
      simulator.calls.clear();
      const { document } = await run({ plan: "daily", at });
      expect(document.outcome).toBe("complete");
      expect(snapshotsIn(simulator, "us-east-1")).toEqual(before);
      expect(simulator.calls.byOperation()["rds.CreateDBClusterSnapshot"]).toBeUndefined();
      expect(simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBeUndefined();
    });
  });

  it("takes nothing twice when two executions of one scheduled time overlap", async () => {
    const clusters = Array.from({ length: 8 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters } }, async ({ run, simulator }) => {
      const both = await Promise.all([run({ plan: "daily", at }), run({ plan: "daily", at })]);
      expect(both.map(({ document }) => document.outcome)).toEqual(["complete", "complete"]);
      expect(Object.values(snapshotsIn(simulator, "us-east-1"))).toEqual(Array(8).fill("available"));
      expect(Object.values(snapshotsIn(simulator, "eu-west-1"))).toEqual(Array(8).fill("available"));
    });
  });

  it("goes on with the others when one cluster is stopped, and ends incomplete", async () => {
    const clusters = [cluster("orders"), cluster("idle", { status: "stopped" })];
    await withNight({ fleet: { clusters } }, async ({ run }) => {
      const { status, error, document } = await run({ plan: "daily", at });
      expect([status, error]).toEqual(["FAILED", "Incomplete"]);
      expect(document.problems.map(({ cluster: id, code }) => [id, code])).toEqual([["idle", "stopped"]]);
      expect(document.clusters.map((row) => [row.cluster, row.status])).toEqual([
        ["idle", "absent"],
        ["orders", "available"],
      ]);
    });
  });

  it("takes and copies a cluster that is only busy when the run begins", async () => {
    const clusters = [cluster("orders"), cluster("busy", { status: "backing-up" })];
    await withNight({ fleet: { clusters } }, async ({ run, simulator }) => {
      const ready = simulator.clock.now().getTime() + 10 * 60_000;
      simulator.calls.subscribe(() => {
        const busy = simulator.world.store("us-east-1").clusters.get("busy");
        if (busy && simulator.clock.now().getTime() >= ready) busy.status = "available";
      });
      const { document } = await run({ plan: "daily", at });
      expect(document.problems).toEqual([]);
      expect(document.clusters.map((row) => [row.cluster, row.status, row.copies[0]?.status])).toEqual([
        ["busy", "available", "available"],
        ["orders", "available", "available"],
      ]);
    });
  });

  it("says once that a cluster stayed busy, and not that there was nothing to copy", async () => {
    const clusters = [cluster("orders"), cluster("busy", { status: "upgrading" })];
    await withNight({ fleet: { clusters } }, async ({ run }) => {
      const { document } = await run({ plan: "daily", at });
      expect(document.problems.map(({ cluster: id, code }) => [id, code])).toEqual([["busy", "unavailable"]]);
    });
  });

  it("expects a stopped cluster where the plan says so", async () => {
    const config = `
plans:
  daily:
    schedule: rate(1 day)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 3 }
    stopped: skip
`;
    const clusters = [cluster("orders"), cluster("idle", { status: "stopped" })];
    await withNight({ fleet: { clusters }, config }, async ({ run }) => {
      const { status, document } = await run({ plan: "daily", at });
      expect([status, document.outcome]).toEqual(["SUCCEEDED", "complete"]);
    });
  });

  it("reports a full quota in the cluster's own row", async () => {
    const clusters = [cluster("orders"), cluster("sessions")];
    await withNight({ fleet: { clusters, settings: { manualClusterSnapshotsMax: 1 } } }, async ({ run }) => {
      const { document } = await run({ plan: "daily", at });
      expect(document.clusters.map(({ status }) => status).toSorted()).toEqual(["absent", "available"]);
      expect(document.problems.map(({ code }) => code)).toContain("quota-full");
    });
  });

  it("reports a cluster that is deleted while the night runs", async () => {
    await withNight(
      { fleet: { clusters: [cluster("orders"), cluster("brief")] } },
      async ({ run, simulator }) => {
        simulator.calls.subscribe(({ operation }) => {
          if (operation === "CreateDBClusterSnapshot")
            simulator.world.store("us-east-1").clusters.delete("brief");
        });
        simulator.faults.add({ operation: "CreateDBClusterSnapshot", times: 1, kind: "reset-before" });
        const { document } = await run({ plan: "daily", at });
        const brief = document.clusters.find((row) => row.cluster === "brief");
        const orders = document.clusters.find((row) => row.cluster === "orders");
        expect(orders?.status).toBe("available");
        expect([brief?.status, ...(brief?.problems.map(({ code }) => code) ?? [])]).toEqual(
          brief?.status === "available" ? ["available"] : ["absent", "missing"],
        );
      },
    );
  });

  it("follows a failed snapshot by another attempt, which is the one that is copied", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      simulator.world.works.befall({ kind: "create", failAtPercent: 50, times: 1 });
      const { document } = await run({ plan: "daily", at });
      expect(document.clusters[0]?.snapshot).toMatch(/t030000z-2$/);
      expect(document.clusters[0]?.copies[0]?.status).toBe("available");
      // RDS deletes available snapshots only: the failed one stays, and its row says so.
      expect(document.problems.map(({ code }) => code)).toEqual(["undeletable"]);
    });
  });

  it("starts a failed copy again under the next attempt's name", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      simulator.world.works.befall({ kind: "copy", failAtPercent: 50, times: 1 });
      const { document } = await run({ plan: "daily", at });
      expect(document.clusters[0]?.copies[0]?.id).toMatch(/t030000z-2$/);
      expect(document.clusters[0]?.copies[0]?.status).toBe("available");
    });
  });

  it("gives a copy up after three failures, with its row", async () => {
    await withNight(
      { fleet: { clusters: [cluster("orders"), cluster("sessions")] } },
      async ({ run, simulator }) => {
        simulator.world.works.befall({ kind: "copy", arn: /orders/, failAtPercent: 50 });
        const { document } = await run({ plan: "daily", at });
        const codes = document.problems.map(({ cluster: id, code }) => `${id} ${code}`);
        expect(codes).toContain("orders copy-failed");
        expect(codes.filter((words) => words.startsWith("sessions"))).toEqual([]);
      },
    );
  });

  it("waits no longer than the deadline for a snapshot that is stuck, and takes the others all the same", async () => {
    await withNight(
      { fleet: { clusters: [cluster("orders"), cluster("sessions")] } },
      async ({ run, simulator }) => {
        simulator.world.works.befall({ kind: "create", arn: /orders/, stuckAtPercent: 40 });
        const { document } = await run({ plan: "daily", at });
        expect(document.clusters.map(({ cluster: id, status }) => [id, status])).toEqual([
          ["orders", "creating"],
          ["sessions", "available"],
        ]);
        expect(new Set(document.problems.map(({ cluster: id, code }) => `${id} ${code}`))).toEqual(
          new Set(["orders deadline"]),
        );
      },
    );
  });

  it("never runs more copies at once than AWS allows, and is refused at most once in a pass", async () => {
    const clusters = Array.from({ length: 12 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters } }, async ({ run, simulator }) => {
      let most = 0;
      simulator.calls.subscribe(() => {
        const copies = [...simulator.world.store("eu-west-1").clusterSnapshots.values()];
        most = Math.max(most, copies.filter(({ status }) => status === "copying").length);
      });
      const { document } = await run({ plan: "daily", at });
      expect(document.totals?.copies).toBe(12);
      expect(most).toBe(5);
      const refused = simulator.calls.entries.filter(({ code }) => code === "SnapshotQuotaExceeded");
      expect(refused).toEqual([]);
    });
  });

  it("prunes by policy after some nights, here and in the copy region, and keeps what others own", async () => {
    const foreign = {
      region: "us-east-1",
      id: "by-hand",
      cluster: "orders",
      created: "2026-01-01T00:00:00Z",
    };
    await withNight(
      { fleet: { clusters: [cluster("orders")], snapshots: [foreign] } },
      async ({ run, simulator }) => {
        for (let night = 0; night < 6; night += 1) {
          simulator.clock.advance((Date.parse(nightAfter(night)) - simulator.clock.now().getTime()) / 1000);
          const { document } = await run({ plan: "daily", at: nightAfter(night) });
          expect(document.outcome).toBe("complete");
        }
        const days = (region: string) =>
          Object.keys(snapshotsIn(simulator, region)).map((id) => /\d{8}t/.exec(id)?.[0] ?? id);
        expect(days("us-east-1")).toEqual(["by-hand", "20261123t", "20261124t", "20261125t"]);
        expect(days("eu-west-1")).toEqual(["20261123t", "20261124t", "20261125t"]);
      },
    );
  });

  it("prunes nothing when a person asked for the run, and keeps two requests of one second apart by reason", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      await run({ plan: "daily", at, reason: "before the migration" });
      await run({ plan: "daily", at, reason: "after the migration" });
      const asked = ["before the migration", "after the migration"];
      for (const region of ["us-east-1", "eu-west-1"]) {
        const taken = [...simulator.world.store(region).clusterSnapshots.values()];
        expect(taken.map(({ tags }) => tags.get("holdfast:reason")).toSorted()).toEqual(asked.toSorted());
      }
      expect(simulator.calls.byOperation()["rds.DeleteDBClusterSnapshot"]).toBeUndefined();
    });
  });

  it("ends waiting at the plan's deadline, and the next run goes on with the copies", async () => {
    const config = `
plans:
  daily:
    schedule: rate(1 day)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 3 }
    copies: [{ region: eu-west-1 }]
    deadline: 1h
`;
    const clusters = [cluster("huge", { sizeGib: 4000 })];
    await withNight(
      { fleet: { clusters, settings: { snapshotSecondsPerGib: 0.1 } }, config },
      async ({ run, simulator }) => {
        const first = await run({ plan: "daily", at });
        expect(first.document.problems.map(({ code }) => code)).toEqual(["deadline"]);
        expect(Object.values(snapshotsIn(simulator, "eu-west-1"))).toEqual(["copying"]);
        simulator.clock.advance(86_400);
        const again = await run({ plan: "daily", at });
        expect(again.document.outcome).toBe("complete");
        expect(Object.keys(snapshotsIn(simulator, "eu-west-1"))).toHaveLength(1);
      },
    );
  });

  it("goes on without a region that cannot be reached, and says so", async () => {
    const config = `
plans:
  daily:
    schedule: rate(1 day)
    select: { tags: { backup: [daily] }, regions: [us-east-1, us-west-2] }
    retention: { keep-daily: 3 }
`;
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async ({ run, simulator }) => {
      simulator.faults.add({
        region: "us-west-2",
        times: 1000,
        kind: { code: "InternalFailure", status: 400, message: "no" },
      });
      const { document } = await run({ plan: "daily", at });
      expect(document.clusters.map(({ status }) => status)).toEqual(["available"]);
      expect(document.problems.map(({ region, code }) => [region, code])).toEqual([
        ["us-west-2", "unlisted"],
      ]);
    });
  });

  it("fails with a sentence, and does nothing, when the plan is unknown or the event is malformed", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      const unknown = await run({ plan: "dialy", at });
      expect([unknown.error, unknown.cause]).toEqual([
        "UnknownPlanError",
        'there is no plan "dialy" in holdfast.yml; its plans are: daily',
      ]);
      const malformed = await run({ plan: "daily", att: at } as never);
      expect([malformed.error, malformed.cause]).toEqual([
        "InvalidEventError",
        "Discover was called with a malformed event: request has unknown keys att",
      ]);
      expect(simulator.calls.total).toBe(0);
    });
  });
});
