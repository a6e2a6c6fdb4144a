import { describe, expect, it } from "vitest";
import { snapshotName } from "../../lib/core/naming.ts";
import { stampSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { type Run, runId } from "../../lib/core/run.ts";
import { prune } from "../../lib/steps/prune.ts";
import { at, cluster, nightAfter, plainPlan, service, snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { copyOf, type FleetSnapshot, orders, past, pastOf } from "./past-points.ts";

const noCopies = plainPlan.replace(/ {4}copies:.*\n/, "");
const daysIn = (ids: Record<string, string>): string[] =>
  Object.keys(ids).map((id) => /-(\d{8})t/.exec(id)?.[1] ?? id);

describe("Prune", () => {
  it("removes what no rule keeps and says why, and leaves alone what is not ours", async () => {
    const others: FleetSnapshot[] = [
      { region: "us-east-1", cluster: "orders", id: "by-hand", created: at },
      { region: "us-east-1", cluster: "orders", id: "awsbackup:job-1", type: "awsbackup", created: at },
      {
        region: "us-east-1",
        cluster: "orders",
        id: "rds:orders-2026-11-19-04-10",
        type: "automated",
        created: at,
      },
      past(40, {}, { [tagKeys.service]: "holdfast/prod" }),
      { ...past(41), tags: {} },
    ];
    const snapshots = [past(0), past(1), past(2), past(3), past(4), ...others];
    await withNight({ fleet: { clusters: [orders], snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      const { next, result } = await prune({ run, batch }, night.context());
      expect([next, result.counts, result.problems]).toEqual(["Done", { pruned: 2 }, []]);
      const left = daysIn(snapshotsIn(night.simulator, "us-east-1"));
      expect(left).toEqual([
        "20261120",
        "20261119",
        "20261118",
        "by-hand",
        "awsbackup:job-1",
        "20261011",
        "20261010",
      ]);
      const [entry] = night.ledger.of("prune.verdict");
      expect(entry?.verdict.remove.map(({ because }) => because)).toEqual([
        ["no rule keeps it"],
        ["no rule keeps it"],
      ]);
    });
  });

  it("keeps what is held, and what stands until a day that has not come", async () => {
    const snapshots = [
      ...[past(0), past(1), past(2)],
      past(10, {}, { [tagKeys.hold]: "audit" }),
      past(11, {}, { [tagKeys.until]: "2027-01-01T00:00:00Z" }),
      past(12, {}, { [tagKeys.until]: "2026-11-01T00:00:00Z" }),
    ];
    await withNight({ fleet: { clusters: [orders], snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      await prune({ run, batch }, night.context());
      const left = daysIn(snapshotsIn(night.simulator, "us-east-1"));
      expect(left).toEqual(["20261120", "20261119", "20261118", "20261110", "20261109"]);
    });
  });

  it("never deletes the source of a running copy", async () => {
    const snapshots = [past(0), past(1), past(2), past(3), copyOf(0), copyOf(3, { status: "copying" })];
    await withNight({ fleet: { clusters: [orders], snapshots } }, async (night) => {
      const { run, batch } = await discovered(night);
      await prune({ run, batch }, night.context());
      expect(daysIn(snapshotsIn(night.simulator, "us-east-1"))).toContain("20261117");
      const kept = night.ledger.of("prune.verdict")[0]?.verdict.keep.flatMap(({ because }) => because);
      expect(kept).toContain("source of a copy in progress");
    });
  });

  it("never deletes the source of a copy that somebody makes in its own region", async () => {
    const theirs = copyOf(4, { region: "us-east-1", id: "by-hand", tags: {}, status: "copying" });
    const snapshots = [past(0), past(1), past(2), past(3), past(4), theirs];
    await withNight({ fleet: { clusters: [orders], snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      await prune({ run, batch }, night.context());
      const left = daysIn(snapshotsIn(night.simulator, "us-east-1"));
      expect(left).toEqual(["20261120", "20261119", "20261118", "20261116", "by-hand"]);
    });
  });

  it("never deletes a copy that somebody copies on", async () => {
    const copies = [0, 1, 2, 3, 4].map((nights) => copyOf(nights));
    const sourceArn = `arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:${copies[4]?.id}`;
    const theirs = copyOf(4, { id: "by-hand", sourceArn, tags: {}, status: "copying" });
    const snapshots = [past(0), ...copies, theirs];
    await withNight({ fleet: { clusters: [orders], snapshots } }, async (night) => {
      const { run, batch } = await discovered(night);
      await prune({ run, batch }, night.context());
      const left = daysIn(snapshotsIn(night.simulator, "eu-west-1"));
      expect(left).toEqual(["20261120", "20261119", "20261118", "20261116", "by-hand"]);
    });
  });

  it("suspends the sources, not the copies elsewhere, when a copy region cannot be listed", async () => {
    const config = plainPlan.replace("copies: [", "copies: [{ region: eu-central-1 }, ");
    const snapshots = [
      past(0),
      past(1),
      past(2),
      past(3),
      past(4),
      ...[0, 1, 2, 3].map((nights) => copyOf(nights)),
    ];
    await withNight({ fleet: { clusters: [orders], snapshots }, config }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.faults.add({
        region: "eu-central-1",
        times: 20,
        kind: { code: "AccessDenied", status: 403, message: "no" },
      });
      const { result } = await prune({ run, batch }, night.context());
      expect(result.problems).toEqual([{ cluster: "*", region: "us-east-1", code: "prune-suspended" }]);
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(5);
      expect(Object.keys(snapshotsIn(night.simulator, "eu-west-1"))).toHaveLength(3);
    });
  });

  it("deletes nothing at all when the listing of the sources fails", async () => {
    const snapshots = [
      past(0),
      past(1),
      past(2),
      past(3),
      past(4),
      ...[0, 1, 2, 3].map((nights) => copyOf(nights)),
    ];
    await withNight({ fleet: { clusters: [orders], snapshots } }, async (night) => {
      const { run, batch } = await discovered(night);
      night.simulator.faults.add({
        operation: "DescribeDBClusterSnapshots",
        region: "us-east-1",
        times: 20,
        kind: "internal",
      });
      await expect(prune({ run, batch }, night.context())).rejects.toMatchObject({ name: "TransientError" });
      expect(night.simulator.calls.byOperation()["rds.DeleteDBClusterSnapshot"]).toBeUndefined();
    });
  });

  it("stops at the brake with a row, every night, and removes nothing of that set", async () => {
    const config = noCopies.replace("retention:", "brake: 2\n    retention:");
    const snapshots = Array.from({ length: 6 }, (_, nights) => past(nights));
    await withNight({ fleet: { clusters: [orders], snapshots }, config }, async (night) => {
      const { run, batch } = await discovered(night);
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const { result } = await prune({ run, batch }, night.context());
        expect([result.counts, result.problems.map(({ code }) => code)]).toEqual([{ pruned: 0 }, ["brake"]]);
      }
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(6);
    });
  });

  it("counts what another hand has deleted meanwhile as gone, and a refusal as a row", async () => {
    const snapshots = [past(0), past(1), past(2), past(3), past(4)];
    await withNight({ fleet: { clusters: [orders], snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      const gone = { code: "DBClusterSnapshotNotFoundFault", status: 404, message: "not found" };
      const refused = { code: "InvalidDBClusterSnapshotStateFault", status: 400, message: "in use" };
      for (const kind of [gone, refused])
        night.simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 1, kind });
      const { result } = await prune({ run, batch }, night.context());
      expect([result.counts, result.problems.map(({ code }) => code)]).toEqual([
        { pruned: 1 },
        ["undeletable"],
      ]);
    });
  });

  it("treats a cluster that was created again under its name as another", async () => {
    const snapshots = [past(0), past(1), past(2), past(3), past(4)];
    const again = cluster("orders", { resourceId: "cluster-NEW" });
    await withNight({ fleet: { clusters: [again], snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      const { result } = await prune({ run, batch }, night.context());
      expect(result.counts).toEqual({ pruned: 0 });
    });
  });

  it("deletes Redshift's in one call, however many", async () => {
    const warehouse = cluster("warehouse", {
      engine: "redshift",
      resourceId: "7f0c1c4e-0000-4000-8000-000000000001",
    });
    const arn = "arn:aws:redshift:us-east-1:123456789012:cluster:warehouse";
    const of = { id: "warehouse", arn, resource: "7f0c1c4e-0000-4000-8000-000000000001", tags: {} };
    const snapshots = Array.from({ length: 8 }, (_, nights): FleetSnapshot => {
      const when = nightAfter(-nights);
      const run: Run = { plan: "daily", at: when, id: runId("daily", when), deadline: when };
      const tags = { ...stampSnapshot({ service, run, cluster: of, retention: { daily: 3 } }) };
      return {
        region: "us-east-1",
        cluster: "warehouse",
        created: when,
        id: snapshotName({ service, run, cluster: of }),
        tags,
      };
    });
    await withNight({ fleet: { clusters: [warehouse], snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      const { result } = await prune({ run, batch }, night.context());
      expect(result.counts).toEqual({ pruned: 5 });
      expect(night.simulator.calls.byOperation()["redshift.BatchDeleteClusterSnapshots"]).toBe(1);
    });
  });

  it("ends although AWS refuses every one of hundreds of deletions, and asks for each that it may delete", async () => {
    const clusters = Array.from({ length: 25 }, (_, index) =>
      cluster(`c${index}`, { resourceId: `cluster-C${index}` }),
    );
    const snapshots = clusters.flatMap(({ id }) =>
      Array.from({ length: 13 }, (_, nights) => pastOf(id, nights)),
    );
    await withNight({ fleet: { clusters, snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      const refused = { code: "AccessDenied", status: 403, message: "no" };
      const giveUp = night.simulator.faults.add({
        operation: "DeleteDBClusterSnapshot",
        times: 1000,
        kind: refused,
      });
      const { next, result } = await prune({ run, batch }, night.context());
      expect([next, result.counts, result.problems.length]).toEqual(["Done", { pruned: 0 }, 20]);
      giveUp();
      const first = await prune({ run, batch }, night.context());
      const second = await prune({ run, batch, pruned: 200 }, night.context());
      expect([first.next, first.from]).toEqual(["Prune", 0]);
      expect([second.next, second.result.counts]).toEqual(["Done", { pruned: 250 }]);
    });
  });

  it("says of no copies that they are overdue where AWS does not copy the engine's snapshots", async () => {
    const engine = "mysql";
    const snapshots = [0, 1, 2, 3, 4].map((nights) => past(nights, { engine }));
    await withNight({ fleet: { clusters: [{ ...orders, engine }], snapshots } }, async (night) => {
      const { run, batch } = await discovered(night);
      const { result } = await prune({ run, batch }, night.context());
      expect([result.counts, result.problems]).toEqual([{ pruned: 2 }, []]);
    });
  });

  it("asks first for what AWS deletes, and last for the failed ones that it mostly does not", async () => {
    const snapshots = [past(6, { status: "failed" }), past(5), past(4), past(2), past(1), past(0)];
    await withNight({ fleet: { clusters: [orders], snapshots }, config: noCopies }, async (night) => {
      const { run, batch } = await discovered(night);
      await prune({ run, batch }, night.context());
      const asked = night.simulator.calls.entries.filter(({ operation }) => operation.startsWith("Delete"));
      expect(asked.map(({ code }) => code)).toEqual([
        undefined,
        undefined,
        "InvalidDBClusterSnapshotStateFault",
      ]);
    });
  });

  it("keeps copies by the copy region's own retention, and the sources there by the plan's", async () => {
    const config = plainPlan
      .replace("{ tags:", "{ regions: [us-east-1, eu-west-1], tags:")
      .replace("kms-key: alias/backup", "retention: { keep-daily: 2 }");
    const there = cluster("orders", { region: "eu-west-1", resourceId: "cluster-THERE" });
    const ofThere = (nights: number) =>
      past(
        nights,
        { region: "eu-west-1", id: past(nights).id.replace("orders", "others") },
        {
          [tagKeys.resource]: "cluster-THERE",
        },
      );
    const nights = [0, 1, 2, 3];
    const snapshots = nights.flatMap((night) => [past(night), copyOf(night), ofThere(night)]);
    await withNight({ fleet: { clusters: [orders, there], snapshots }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      for (const batch of batches) await prune({ run, batch }, night.context());
      const left = Object.keys(snapshotsIn(night.simulator, "eu-west-1"));
      expect(left.filter((id) => id.includes("orders"))).toHaveLength(2);
      expect(left.filter((id) => id.includes("others"))).toHaveLength(3);
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(3);
    });
  });
});
