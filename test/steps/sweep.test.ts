import { describe, expect, it } from "vitest";
import { tagKeys } from "../../lib/core/ownership.ts";
import { sweepThrough } from "../../lib/steps/sweep.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { at, type Night, plainPlan, withNight } from "../night.ts";
import {
  clusterOf,
  copyOf,
  deafBus,
  denied,
  type FleetSnapshot,
  idsOf,
  leftIn,
  point,
  points,
  toldOf,
  warehouseOf,
  writesIn,
} from "./points.ts";

const noCopies = plainPlan.replace(/ {4}copies:.*\n/, "");
const allRegions = `regions: [us-east-1, eu-west-1]${noCopies}`;
const otherPlan = allRegions.replace("daily:\n", "weekly:\n");
const orders = clusterOf("orders");

/** A sweep over what there is; nothing but it has called AWS so far. */
const swept = (
  { config = allRegions, ...fleet }: Fleet & { readonly config?: string },
  work: (outcome: Awaited<ReturnType<typeof sweepThrough>>, night: Night) => void | Promise<void>,
): Promise<void> =>
  withNight({ fleet, config }, async (night) => work(await sweepThrough({ at }, night.context()), night));

describe("Sweep", () => {
  it.each([
    ["whose cluster is gone", { clusters: [] }],
    ["whose plan was taken out", { clusters: [orders], config: otherPlan }],
    ["whose cluster lost its tag", { clusters: [clusterOf("orders", { tags: {} })] }],
    ["whose cluster was made again", { clusters: [clusterOf("orders", { resourceId: "cluster-NEW" })] }],
  ])("prunes a set by the policy stamped on it %s", async (_, world) => {
    const snapshots = points(5);
    await swept({ ...world, snapshots }, (outcome, { simulator, ledger }) => {
      expect(outcome).toEqual({ pruned: 3, problems: [] });
      expect(leftIn(simulator)).toEqual(idsOf(snapshots.slice(0, 2)));
      expect(ledger.of("sweep.ended").map(({ family, sets, pruned }) => [family, sets, pruned])).toEqual([
        ["rds", 1, 3],
        ["redshift", 0, 0],
      ]);
    });
  });

  it("prunes in a copy region that the plan has dropped, and there only", async () => {
    const here = points(5);
    const there = here.map((one) => copyOf(one));
    await swept({ clusters: [orders], snapshots: [...here, ...there] }, ({ pruned }, { simulator }) => {
      expect([pruned, leftIn(simulator), leftIn(simulator, "eu-west-1")]).toEqual([
        3,
        idsOf(here),
        idsOf(there.slice(0, 2)),
      ]);
    });
  });

  it.each([
    ["runs", {}, plainPlan],
    ["is switched off", {}, plainPlan.replace("daily:\n", "daily:\n    enabled: false\n")],
    ["finds its cluster stopped", { status: "stopped" }, plainPlan],
  ])("leaves alone, here and in the copy region, what a plan visits that %s", async (_, differs, config) => {
    const here = points(5);
    const snapshots = [...here, ...here.map((one) => copyOf(one))];
    await swept({ clusters: [clusterOf("orders", differs)], snapshots, config }, (outcome, { simulator }) => {
      expect(outcome).toEqual({ pruned: 0, problems: [] });
      expect(leftIn(simulator)).toHaveLength(5);
      expect(leftIn(simulator, "eu-west-1")).toHaveLength(5);
    });
  });

  it("leaves alone what is not ours, however much like ours it looks", async () => {
    const base = { region: "us-east-1", cluster: "orders", engine: "aurora-postgresql" } as const;
    const old = { ...base, created: "2025-01-01T00:00:00Z" };
    const theirs: FleetSnapshot[] = [
      { ...old, id: "by-hand" },
      { ...old, id: "by-hand-with-our-tags", tags: { ...point(40).tags } },
      { ...point(41), tags: {} },
      point(42, { tags: { [tagKeys.service]: "holdfast/prod" } }),
      { ...old, id: "awsbackup:job-1", type: "awsbackup", tags: { ...point(43).tags } },
      { ...old, id: "rds:orders-2025-01-01", type: "automated", tags: { ...point(44).tags } },
    ];
    const snapshots = [...points(4), ...theirs];
    await swept({ snapshots }, ({ pruned }, { simulator }) => {
      expect(pruned).toBe(2);
      expect(leftIn(simulator)).toEqual([...idsOf(points(2)), ...idsOf(theirs)]);
    });
  });

  it("keeps what any stamp keeps, the whole set by one that cannot be read or keeps all", async () => {
    const union = [point(0, { keep: { daily: 4 } }), ...points(6).slice(1)];
    const unread = points(6, { of: "ledger" }).map((one, nth) =>
      nth === 5 ? { ...one, tags: { ...one.tags, [tagKeys.keep]: "last=2 or so" } } : one,
    );
    const whole = [...points(5, { of: "carts" }), point(5, { of: "carts", keep: {} })];
    const snapshots = [...union, ...unread, ...whole];
    await swept({ snapshots }, (_, { simulator }) => {
      expect(leftIn(simulator)).toEqual(idsOf([...union.slice(0, 4), ...unread, ...whole]));
    });
  });

  it("keeps what is held or promised and removes what failed or is promised no more", async () => {
    const held = point(20, { tags: { [tagKeys.hold]: "audit" } });
    const promised = point(21, { tags: { [tagKeys.until]: "2027-01-01T00:00:00Z" } });
    const passed = point(22, { tags: { [tagKeys.until]: "2026-11-01T00:00:00Z" } });
    const failed = point(23, { differs: { status: "failed" } });
    const snapshots = [failed, ...points(2, { keep: { last: 2 } }), held, promised, passed];
    await swept({ snapshots }, ({ pruned, problems }, { simulator }) => {
      expect(leftIn(simulator)).toEqual(idsOf([failed, ...points(2), held, promised]));
      // The simulator refuses a failed one as AWS mostly does: asked for last, and a row.
      expect([pruned, problems.map(({ code }) => code)]).toEqual([1, ["undeletable"]]);
      const asked = simulator.calls.entries.filter(({ operation }) => operation.startsWith("Delete"));
      expect(asked.map(({ code }) => code)).toEqual([undefined, "InvalidDBClusterSnapshotStateFault"]);
    });
  });

  it("leaves two of a set that is no plan's, counting none of another's, and stops at ten", async () => {
    const gone = points(4, { plan: "gone" });
    const many = points(13, { of: "ledger", plan: "gone" });
    const snapshots = [...points(3), ...gone, ...many];
    await swept({ clusters: [orders], snapshots }, ({ problems }, { simulator }) => {
      expect(leftIn(simulator)).toEqual(idsOf([...points(3), ...gone.slice(0, 2), ...many]));
      expect(problems).toEqual([{ cluster: "ledger", region: "us-east-1", code: "brake" }]);
    });
  });

  it("never deletes the source of a copy that anybody is making, anywhere", async () => {
    const [newest, second, third, fourth] = points(4, { keep: { last: 2 } }) as [
      FleetSnapshot,
      FleetSnapshot,
      FleetSnapshot,
      FleetSnapshot,
    ];
    const byHand = {
      ...copyOf(third, { differs: { status: "copying" } }),
      id: "somebodys-copy",
      tags: {},
    };
    await swept({ snapshots: [newest, second, third, fourth, byHand] }, (_, { simulator, ledger }) => {
      expect(leftIn(simulator)).toEqual(idsOf([newest, second, third]));
      expect(ledger.of("prune.verdict")[0]?.verdict.keep).toContainEqual({
        id: third.id,
        because: ["source of a copy in progress"],
      });
    });
  });

  it.each(["DescribeDBClusters", "DescribeDBClusterSnapshots"])(
    "deletes nothing of a family while %s fails in one region, says so, and sweeps the other family",
    async (operation) => {
      const stores = points(5, { of: "stores", engine: "redshift" });
      const fleet = { snapshots: [...points(5), ...stores] };
      await withNight({ fleet, config: allRegions }, async (night) => {
        night.simulator.faults.add({ operation, region: "eu-west-1", times: 50, kind: denied });
        const { pruned, problems } = await sweepThrough({ at }, night.context());
        expect(problems).toEqual([{ cluster: "*", region: "eu-west-1", code: "sweep-suspended" }]);
        expect(pruned).toBe(3);
        expect(leftIn(night.simulator)).toEqual(idsOf([...points(5), ...stores.slice(0, 2)]));
        expect(night.ledger.of("region.unlisted").map(({ region, family }) => [region, family])).toEqual([
          ["eu-west-1", "rds"],
        ]);
      });
    },
  );

  it("sweeps the RDS family while Redshift cannot be listed", async () => {
    const stores = points(5, { of: "stores", engine: "redshift" });
    await withNight(
      { fleet: { snapshots: [...points(5), ...stores] }, config: allRegions },
      async (night) => {
        night.simulator.faults.add({ operation: "DescribeClusterSnapshots", times: 50, kind: "internal" });
        const { problems } = await sweepThrough({ at }, night.context());
        expect(problems.map(({ region, code }) => `${region} ${code}`).toSorted()).toEqual([
          "eu-west-1 sweep-suspended",
          "us-east-1 sweep-suspended",
        ]);
        expect(leftIn(night.simulator)).toEqual(idsOf([...points(2), ...stores]));
      },
    );
  });

  it("leaves a living Redshift cluster's alone, and prunes those of one that is gone", async () => {
    const kept = points(4, { of: "warehouse", engine: "redshift" });
    const gone = points(4, { of: "stores", engine: "redshift", resource: "another-uuid" });
    const clusters = [warehouseOf("warehouse")];
    await swept({ clusters, snapshots: [...kept, ...gone] }, ({ pruned }, { simulator }) => {
      expect([pruned, leftIn(simulator)]).toEqual([2, idsOf([...kept, ...gone.slice(0, 2)])]);
    });
  });

  it("makes a denied deletion a row, and deletes the others", async () => {
    await withNight({ fleet: { snapshots: points(5) }, config: allRegions }, async (night) => {
      night.simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 1, kind: denied });
      const { pruned, problems } = await sweepThrough({ at }, night.context());
      expect(problems).toEqual([{ cluster: "orders", region: "us-east-1", code: "undeletable" }]);
      expect([pruned, leftIn(night.simulator).length]).toEqual([2, 3]);
      expect(night.ledger.of("snapshot.undeleted")[0]?.error).toMatch(/AccessDenied/);
    });
  });

  it("tells the bus what it deleted and why; a deaf bus costs no deletion, and is a row", async () => {
    const [, , third] = points(3);
    await swept({ snapshots: points(3) }, (_, { simulator }) => {
      expect(toldOf(simulator)).toEqual([
        {
          type: "Recovery Point Pruned",
          resources: [`arn:aws:rds:us-east-1:123456789012:cluster-snapshot:${third?.id}`],
          detail: expect.objectContaining({
            plan: "daily",
            run: "sweep-20261120t030000z",
            snapshot: third?.id,
            because: ["no rule keeps it"],
          }),
        },
      ]);
    });
    await withNight({ fleet: { snapshots: points(3) }, config: allRegions }, async (night) => {
      night.simulator.faults.add(deafBus);
      const outcome = await sweepThrough({ at }, night.context());
      expect(outcome).toEqual({
        pruned: 1,
        problems: [{ cluster: "*", region: "us-east-1", code: "untold" }],
      });
    });
  });

  it("changes nothing in an account where every set has its plan", async () => {
    await swept({ clusters: [orders], snapshots: points(3) }, (_, { simulator }) => {
      expect(writesIn(simulator)).toEqual([]);
      // Where nothing is an orphan, nobody has to know whether it still is one.
      expect(simulator.calls.byOperation()).toMatchObject({ "rds.DescribeDBClusters": 1 });
    });
  });
});
