import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/core/cluster.ts";
import { type OwnedSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import type { Plan } from "../../lib/core/plan.ts";
import { type SweepInput, type SweptSet, sweepSets } from "../../lib/core/sweeping.ts";
import { clusterOf, copyOf, dayMs, hourMs, idOf, idsOf, now, planOf, pointOf } from "./samples.ts";

const nights = (count: number, tags: Tags = {}, plan = "daily"): readonly OwnedSnapshot[] =>
  Array.from({ length: count }, (_, nth) => pointOf({ at: now - hourMs - nth * dayMs, plan, tags }));

/** The plan `daily` runs and nothing is there, unless it is said. */
const inputOf = ({
  plans = [planOf()],
  owned = [],
  ...rest
}: Partial<SweepInput> & { readonly plans?: readonly Plan[] }): SweepInput => ({
  config: {
    regions: ["us-east-1", "eu-west-1"],
    plans: Object.fromEntries(plans.map((plan) => [plan.name, plan])),
  },
  clusters: [],
  owned,
  snapshots: owned.map(({ snapshot }) => snapshot),
  now,
  ...rest,
});
const removedBy = (sets: readonly SweptSet[]): readonly string[] =>
  sets.flatMap(({ verdict }) => idsOf(verdict.remove));
const reasonsIn = (sets: readonly SweptSet[]): readonly string[] =>
  sets.flatMap(({ verdict }) => verdict.keep.flatMap(({ because }) => because));

describe("which sets are swept", () => {
  const four = nights(4);
  const there = four.map((point) => copyOf(point));
  const copying = planOf({
    copies: [{ region: "eu-west-1", unencrypted: true, retention: { last: 2 } }],
  });

  it.each([
    ["the cluster is gone", { clusters: [] }],
    ["the plan is gone", { plans: [], clusters: [clusterOf()] }],
    ["the cluster's tag is another", { clusters: [clusterOf({ tags: { backup: "weekly" } })] }],
    ["the cluster has no tag any more", { clusters: [clusterOf({ tags: {} })] }],
    ["the plan leaves the cluster's engine out", { clusters: [clusterOf({ engine: "neptune" })] }],
    [
      "the plan has left the cluster's region",
      {
        plans: [planOf({ select: { ...planOf().select, regions: ["eu-west-1"] } })],
        clusters: [clusterOf()],
      },
    ],
    ["the cluster was made again under its name", { clusters: [clusterOf({ resource: "cluster-AGAIN" })] }],
    ["the cluster only reads now", { clusters: [clusterOf({ readOnlyReplica: true })] }],
    // Found by a simulated month: a run lists snapshots by their cluster's name, and AWS leaves the old one on those
    // from before a renaming, so they were nobody's for ever.
    ["the cluster was renamed", { clusters: [clusterOf({ id: "orders-2027" })] }],
  ])("%s: by the policy stamped on it", (_, differs) => {
    const sets = sweepSets(inputOf({ ...differs, owned: four }));
    expect(sets).toMatchObject([{ region: "us-east-1", cluster: "orders", arn: clusterOf().arn }]);
    expect(removedBy(sets)).toEqual(four.slice(2).map(idOf));
  });

  it("a copy region that the plan has dropped: there, and not at the source", () => {
    const sets = sweepSets(inputOf({ clusters: [clusterOf()], owned: [...four, ...there] }));
    expect(sets.map(({ region }) => region)).toEqual(["eu-west-1"]);
    expect(removedBy(sets)).toEqual(there.slice(2).map(idOf));
  });

  it.each([
    ["runs", {}, {}],
    ["is switched off", { enabled: false }, {}],
    ["finds the cluster stopped", {}, { status: "stopped" }],
    ["expects stopped clusters, and finds one", { stopped: "skip" as const }, { status: "stopped" }],
    ["cannot read the cluster's tags", {}, { tags: undefined }],
    ["keeps nothing of what it finds", { retention: {} }, {}],
  ])("none that a plan's run visits, in both regions, where the plan %s", (_, plan, cluster) => {
    const input = inputOf({
      plans: [{ ...copying, ...plan }],
      clusters: [clusterOf(cluster)],
      owned: [...four, ...there],
    });
    expect(sweepSets(input)).toEqual([]);
  });

  it("each of several plans' points by itself", () => {
    const weekly = nights(4, {}, "weekly");
    const sets = sweepSets(inputOf({ clusters: [clusterOf()], owned: [...four, ...weekly] }));
    expect(removedBy(sets)).toEqual(weekly.slice(2).map(idOf));
    expect(sets.flatMap(({ owned }) => owned)).toEqual(weekly);
  });

  it("none of a plan whose name every object has", () => {
    const odd = nights(4, {}, "constructor");
    expect(removedBy(sweepSets(inputOf({ owned: odd })))).toEqual(odd.slice(2).map(idOf));
  });

  it.each(["ledger", "old-orders", "orders-2027"])(
    "none of points whose tag says that they are of %s",
    (id) => {
      const doubtful = nights(4, { [tagKeys.cluster]: clusterOf({ id }).arn });
      expect(sweepSets(inputOf({ owned: doubtful }))).toEqual([]);
    },
  );
});

describe("what is kept of a set", () => {
  const stamped = (keep: string) => ({ [tagKeys.keep]: keep });

  it("what any one of its stamps keeps", () => {
    const owned = nights(6, stamped("last=2")).map((point, nth) =>
      nth === 0 ? pointOf({ at: point.takenAt, tags: stamped("daily=4") }) : point,
    );
    expect(removedBy(sweepSets(inputOf({ owned })))).toEqual(owned.slice(4).map(idOf));
  });

  it("what a stamp keeps also after the others that carry it have gone", () => {
    const october = pointOf({ at: "2026-10-31T03:00:00Z", tags: stamped("last=2") });
    const [first, second, third, ...older] = nights(6, stamped("last=2")) as [
      OwnedSnapshot,
      ...OwnedSnapshot[],
    ];
    const monthly = older.map(({ takenAt }) => pointOf({ at: takenAt, tags: stamped("monthly=12") }));
    const owned = [first, second, third, ...monthly, october].flatMap((point) => point ?? []);
    const today = sweepSets(inputOf({ owned }));
    expect(removedBy(today)).toEqual(
      [third, ...monthly.slice(1)].flatMap((point) => (point ? idOf(point) : [])),
    );
    expect(reasonsIn(today)).toContain("the last that carries its retention");
    const left = owned.filter((point) => !removedBy(today).includes(idOf(point)));
    expect(removedBy(sweepSets(inputOf({ owned: left })))).toEqual([]);
  });

  it("the last point with a stamp that keeps everything, although its own time has come", () => {
    const passed = { ...stamped("all"), [tagKeys.until]: "2026-11-01T00:00:00Z" };
    const owned = [...nights(5), pointOf({ at: now - 90 * dayMs, tags: passed })];
    expect(removedBy(sweepSets(inputOf({ owned })))).toEqual([]);
    const [alone] = sweepSets(
      inputOf({ owned: nights(1).map((one) => pointOf({ at: one.takenAt, status: "failed" })) }),
    );
    expect(alone?.verdict.remove).toHaveLength(1);
  });

  it.each([
    ["cannot be read", "last=2 or so"],
    ["keeps everything", "all"],
  ])("all, where one stamp %s", (_, keep) => {
    const owned = [...nights(5), pointOf({ at: now - 90 * dayMs, tags: stamped(keep) })];
    expect(removedBy(sweepSets(inputOf({ owned })))).toEqual([]);
    expect(removedBy(sweepSets(inputOf({ owned: owned.slice(0, 5) })))).toHaveLength(3);
  });

  it("all, where a point carries no stamp at all", () => {
    const bare = pointOf({ at: now - 90 * dayMs });
    const owned = [...nights(5), { ...bare, keep: undefined }];
    expect(removedBy(sweepSets(inputOf({ owned })))).toEqual([]);
  });

  it("two available points when the plan is gone, of its own and not of another plan's", () => {
    const orphans = nights(4, stamped("last=1"), "gone");
    const input = inputOf({ clusters: [clusterOf()], owned: [...nights(6), ...orphans] });
    expect(removedBy(sweepSets(input))).toEqual(orphans.slice(2).map(idOf));
    expect(reasonsIn(sweepSets(input))).toContain("floor of 2");
  });

  it("the floor of a plan that is there, and no failed snapshot towards it", () => {
    const failed = pointOf({ at: now - 1, status: "failed", tags: stamped("last=1") });
    const owned = [failed, ...nights(5, stamped("last=1"))];
    const sets = sweepSets(inputOf({ plans: [planOf({ floor: 4 })], owned }));
    expect(removedBy(sets)).toEqual([owned[5], failed].map((point) => point && idOf(point)));
  });

  it("as much as the highest floor of any plan: such a plan's run may count on these points", () => {
    const owned = nights(6, stamped("last=1"), "gone");
    const plans = [planOf(), planOf({ name: "weekly", floor: 4 })];
    expect(removedBy(sweepSets(inputOf({ plans, owned })))).toEqual(owned.slice(4).map(idOf));
  });

  it("all, and a problem, where more than ten would go; or more than a plan that is there allows", () => {
    const owned = nights(13);
    const braked = sweepSets(inputOf({ plans: [], owned }));
    expect(braked.flatMap(({ verdict }) => verdict.problems)).toEqual([
      { cluster: "orders", region: "us-east-1", code: "brake" },
    ]);
    expect(removedBy(braked)).toEqual([]);
    expect(removedBy(sweepSets(inputOf({ plans: [], owned: owned.slice(0, 12) })))).toHaveLength(10);
    expect(removedBy(sweepSets(inputOf({ plans: [planOf({ brake: 11 })], owned })))).toHaveLength(11);
  });

  it("what is held or promised; what is not promised any more goes", () => {
    const held = pointOf({ at: now - 60 * dayMs, tags: { [tagKeys.hold]: "audit" } });
    const promised = pointOf({ at: now - 61 * dayMs, tags: { [tagKeys.until]: "2027-01-01T00:00:00Z" } });
    const passed = pointOf({ at: now - 62 * dayMs, tags: { [tagKeys.until]: "2026-11-01T00:00:00Z" } });
    const sets = sweepSets(inputOf({ owned: [...nights(2), held, promised, passed] }));
    expect(removedBy(sets)).toEqual([idOf(passed)]);
  });

  it("the source of a copy that anybody is making, in whatever region", () => {
    const owned = nights(4);
    const [, , third] = owned as [OwnedSnapshot, OwnedSnapshot, OwnedSnapshot];
    const elses = {
      ...copyOf(third, { status: "copying" }).snapshot,
      id: "by-hand",
      region: "ap-south-1",
      tags: {},
    };
    const snapshots = [...owned.map(({ snapshot }) => snapshot), elses];
    expect(removedBy(sweepSets(inputOf({ owned, snapshots })))).toEqual([idOf(owned[3] as OwnedSnapshot)]);
    const done = snapshots.map((one) => (one === elses ? { ...elses, status: "available" as const } : one));
    expect(removedBy(sweepSets(inputOf({ owned, snapshots: done })))).toHaveLength(2);
  });

  it("everything dated by the zone of a plan that is there", () => {
    const at = ["2026-11-19T22:30:00Z", "2026-11-19T23:30:00Z", "2026-11-18T12:00:00Z"];
    const owned = at.map((when) => pointOf({ at: when, tags: stamped("daily=2") }));
    const inZone = (timeZone: string) =>
      removedBy(sweepSets(inputOf({ plans: [planOf({ timeZone })], owned })));
    expect(inZone("UTC")).toEqual([idOf(owned[0] as OwnedSnapshot)]);
    expect(inZone("Europe/Berlin")).toEqual([idOf(owned[2] as OwnedSnapshot)]);
  });
});
