import { describe, expect, it } from "vitest";
import type { Cluster } from "../../lib/core/cluster.ts";
import {
  type CoverageRow,
  clusterCoverageOf,
  coverageOf,
  isToldBy,
  visibleCoverageOf,
  visiblePlacesOf,
  visibleTimesOf,
} from "../../lib/core/coverage.ts";
import { type OwnedSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import type { Plan } from "../../lib/core/plan.ts";
import { clusterOf, copyOf, dayMs, hourMs, now, planOf, pointOf } from "./samples.ts";

const born = "2026-01-01T00:00:00Z";
const ageOf = (time: string | number): number => (now - new Date(time).getTime()) / 1000;
const hours = (count: number): number => count * 3600;

const orders = clusterOf({ resource: "cluster-ORDERS", createdAt: born });
const ledger = clusterOf({ id: "ledger", resource: "cluster-LEDGER", createdAt: born });
/** A point of a cluster, so many hours ago. */
const taken = (of: Cluster, hoursAgo: number, differs: Parameters<typeof pointOf>[0] = {}): OwnedSnapshot =>
  pointOf({
    at: now - hoursAgo * hourMs,
    region: of.region,
    ...differs,
    tags: { [tagKeys.resource]: of.resource, ...differs.tags },
  });

const copying = planOf({ copies: [{ region: "eu-west-1", unencrypted: true, retention: { last: 2 } }] });
const rowsOf = (
  owned: readonly OwnedSnapshot[],
  { plan = planOf(), clusters = [orders] }: { plan?: Plan; clusters?: readonly Cluster[] } = {},
): readonly CoverageRow[] => coverageOf({ plan, clusters, owned, now });
const only = (rows: readonly CoverageRow[]): CoverageRow => {
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`expected one row, got ${rows.length}`);
  return row;
};

describe("the age of recovery points", () => {
  it("is the newest point's, of the cluster that is worst off", () => {
    const owned = [taken(orders, 1), taken(orders, 25), taken(ledger, 30), taken(ledger, 54)];
    const row = only(rowsOf(owned, { clusters: [orders, ledger] }));
    expect(row).toMatchObject({ region: "us-east-1", kind: "source", clusters: 2 });
    expect(row.recoveryPointAge).toBe(hours(30));
  });

  it("of a cluster that never had one is its own", () => {
    expect(only(rowsOf([])).recoveryPointAge).toBe(ageOf(born));
    const unborn = clusterOf({ resource: "cluster-ORDERS" });
    expect(only(rowsOf([], { clusters: [unborn] })).recoveryPointAge).toBe(now / 1000);
  });

  it.each<[string, OwnedSnapshot]>([
    ["failed", taken(orders, 1, { status: "failed" })],
    ["not finished", taken(orders, 1, { status: "creating" })],
    ["of another plan", taken(orders, 1, { plan: "weekly" })],
    ["dated in the future", taken(orders, -1)],
    ["of a cluster that had the name before", taken(ledger, 1)],
    ["in another region", taken(orders, 1, { region: "eu-west-1" })],
  ])("counts none that is %s", (_, point) => {
    expect(only(rowsOf([point, taken(orders, 50)])).recoveryPointAge).toBe(hours(50));
  });

  it("makes a cluster at risk beyond the plan's objective, and names it", () => {
    const plan = planOf({ objective: { sourceSeconds: hours(26) } });
    const atRisk = (hoursAgo: number) =>
      only(rowsOf([taken(orders, 1), taken(ledger, hoursAgo)], { plan, clusters: [orders, ledger] }));
    expect(atRisk(26)).toMatchObject({ objective: hours(26), atRisk: [] });
    expect(atRisk(26.01).atRisk).toEqual(["ledger"]);
  });

  it("is held to what the schedule can keep, where the plan says nothing", () => {
    expect(only(rowsOf([])).objective).toBe(hours(24) + 15 * 60 + hours(12));
  });
});

describe("the age of the last complete run", () => {
  const clusters = [orders, ledger];

  it("is that of the newest time at which every cluster has a point", () => {
    const owned = [taken(orders, 1), taken(orders, 25), taken(ledger, 25), taken(ledger, 49)];
    const row = only(rowsOf(owned, { clusters }));
    expect([row.runAge, row.recoveryPointAge]).toEqual([hours(25), hours(25)]);
    const halves = [taken(orders, 1), taken(ledger, 2), taken(orders, 25), taken(ledger, 25)];
    expect(only(rowsOf(halves, { clusters }))).toMatchObject({
      runAge: hours(25),
      recoveryPointAge: hours(2),
    });
  });

  it("asks nothing of clusters that came after it", () => {
    const young = { ...ledger, createdAt: new Date(now - 10 * hourMs).toISOString() };
    const owned = [taken(orders, 25), taken(orders, 49)];
    const row = only(rowsOf(owned, { clusters: [orders, young] }));
    expect([row.runAge, row.recoveryPointAge]).toEqual([hours(25), hours(25)]);
    const missed = only(rowsOf([...owned, taken(orders, 1)], { clusters: [orders, young] }));
    expect([missed.runAge, missed.recoveryPointAge]).toEqual([hours(25), hours(10)]);
  });

  it("is no longer than there has been a cluster, though a late run took one that was made after its time", () => {
    const late = clusterOf({
      resource: "cluster-LATE",
      createdAt: new Date(now - 10 * hourMs).toISOString(),
    });
    expect(only(rowsOf([taken(late, 12)], { clusters: [late] })).runAge).toBe(hours(10));
    expect(only(rowsOf([], { clusters: [late] })).runAge).toBe(hours(10));
    const both = [taken(late, 12), taken(orders, 12)];
    expect(only(rowsOf(both, { clusters: [late, orders] })).runAge).toBe(hours(12));
  });

  it("is since the first of the clusters was made, where no run ever was", () => {
    const young = { ...ledger, createdAt: "2026-11-01T00:00:00Z" };
    expect(only(rowsOf([taken(young, 1)], { clusters: [orders, young] })).runAge).toBe(ageOf(born));
  });
});

describe("which clusters count", () => {
  it("none that is stopped where the plan says to expect that, and each where it does not", () => {
    const clusters = [orders, { ...ledger, status: "stopped" }];
    const owned = [taken(orders, 1)];
    const skipping = planOf({ stopped: "skip" });
    expect(only(rowsOf(owned, { plan: skipping, clusters }))).toMatchObject({
      clusters: 1,
      runAge: hours(1),
    });
    expect(only(rowsOf(owned, { clusters }))).toMatchObject({ clusters: 2, runAge: ageOf(born) });
  });

  it("none that is still being made", () => {
    const clusters = [orders, { ...ledger, status: "creating" }];
    expect(only(rowsOf([taken(orders, 1)], { clusters })).clusters).toBe(1);
  });

  it("no figure at all of a plan that means nothing", () => {
    expect(rowsOf([taken(orders, 1)], { plan: copying, clusters: [] })).toEqual([]);
  });

  it("nothing that is late where all that the plan means are stopped, as it says to expect", () => {
    const clusters = [{ ...orders, status: "stopped" }];
    const skipping = { ...copying, stopped: "skip" as const };
    const fine = { clusters: 0, recoveryPointAge: 0, runAge: 0, atRisk: [] };
    expect(rowsOf([], { plan: skipping, clusters })).toMatchObject([
      { ...fine, kind: "source" },
      { ...fine, kind: "copy" },
    ]);
  });
});

describe("copies", () => {
  it("have a row of their own, held to an objective of their own", () => {
    const plan = { ...copying, objective: { sourceSeconds: hours(26), copySeconds: hours(30) } };
    const owned = [taken(orders, 1), copyOf(taken(orders, 31))];
    expect(rowsOf(owned, { plan })).toMatchObject([
      { region: "us-east-1", kind: "source", recoveryPointAge: hours(1), objective: hours(26), atRisk: [] },
      {
        ...{ region: "eu-west-1", kind: "copy", recoveryPointAge: hours(31), runAge: hours(31) },
        ...{ objective: hours(30), atRisk: ["orders"] },
      },
    ]);
  });

  it("are asked for only of engines that copy, and not where the cluster is itself", () => {
    const plan = planOf({
      ...copying,
      select: { ...planOf().select, regions: ["us-east-1", "eu-west-1"] },
    });
    const multiAz = clusterOf({ id: "billing", resource: "cluster-B", engine: "mysql", createdAt: born });
    const there = clusterOf({ id: "carts", resource: "cluster-C", region: "eu-west-1", createdAt: born });
    const owned = [...[orders, multiAz, there].map((one) => taken(one, 1)), copyOf(taken(orders, 2))];
    expect(rowsOf(owned, { plan, clusters: [orders, multiAz, there] })).toMatchObject([
      { region: "us-east-1", kind: "source", clusters: 2, runAge: hours(1) },
      { region: "eu-west-1", kind: "source", clusters: 1, runAge: hours(1) },
      { region: "eu-west-1", kind: "copy", clusters: 1, runAge: hours(2) },
    ]);
  });

  it("are never taken for primaries of their region, nor primaries for copies", () => {
    const plan = planOf({
      ...copying,
      select: { ...planOf().select, regions: ["us-east-1", "eu-west-1"] },
    });
    const there = clusterOf({ region: "eu-west-1", resource: "cluster-ORDERS", createdAt: born });
    const rows = rowsOf([copyOf(taken(orders, 1)), taken(there, 40)], { plan, clusters: [there, orders] });
    const ages = rows.map(({ region, kind, recoveryPointAge }) => [region, kind, recoveryPointAge]);
    expect(ages).toContainEqual(["eu-west-1", "source", hours(40)]);
    expect(ages).toContainEqual(["eu-west-1", "copy", hours(1)]);
  });

  it("that were all made one day late are a day old", () => {
    const owned = [1, 2, 3].map((nights) => copyOf(taken(orders, nights * 24)));
    const [, copies] = rowsOf(owned, { plan: copying });
    expect(copies).toMatchObject({ recoveryPointAge: dayMs / 1000, runAge: dayMs / 1000 });
  });
});

describe("the coverage of one cluster", () => {
  const plan = { ...copying, objective: { sourceSeconds: hours(26), copySeconds: hours(30) } };

  it("is what the plan's figures are made of", () => {
    const clusters = [orders, ledger];
    const owned = [taken(orders, 1), taken(ledger, 30), copyOf(taken(orders, 31))];
    const rows = clusterCoverageOf({ plan, clusters, owned, now });
    for (const row of coverageOf({ plan, clusters, owned, now })) {
      const own = rows.filter(({ region, kind }) => region === row.region && kind === row.kind);
      expect(own).toHaveLength(row.clusters);
      expect(Math.max(...own.map(({ age }) => age))).toBe(row.recoveryPointAge);
      const late = own.filter(({ age, objective }) => age > objective);
      expect(late.map(({ cluster }) => cluster.id)).toEqual(row.atRisk);
    }
  });

  it("tells when the newest point was taken, and where there never was one", () => {
    const owned = [taken(orders, 1), taken(orders, 25)];
    expect(clusterCoverageOf({ plan, clusters: [orders], owned, now })).toMatchObject([
      { kind: "source", region: "us-east-1", newest: now - hourMs, age: hours(1), objective: hours(26) },
      { kind: "copy", region: "eu-west-1", age: ageOf(born), objective: hours(30) },
    ]);
    expect(clusterCoverageOf({ plan, clusters: [orders], owned, now })[1]).not.toHaveProperty("newest");
  });
});

describe("what can be told while a region is silent", () => {
  const tell = (silent: string, regions = ["us-east-1"]) => {
    const plan = { ...copying, select: { ...copying.select, regions } };
    const owned = [taken(orders, 1), copyOf(taken(orders, 1))];
    const seen = { plan, clusters: [orders], owned, now, unlisted: new Set([silent]) };
    return [visibleCoverageOf(seen), visiblePlacesOf(seen), visibleTimesOf(seen)].map((rows) =>
      rows.map(({ kind, region }) => `${kind} ${region}`),
    );
  };

  it("is everything but the silent copy region's, and nothing where clusters' own region is", () => {
    expect(tell("ap-south-1")).toEqual(Array(3).fill(["source us-east-1", "copy eu-west-1"]));
    expect(tell("eu-west-1")).toEqual(Array(3).fill(["source us-east-1"]));
    expect(tell("us-east-1")).toEqual([[], [], []]);
  });

  it("is nothing where one of several regions of clusters is: its clusters may lack what the others have", () => {
    expect(tell("us-west-2", ["us-east-1", "us-west-2"])).toEqual([[], [], []]);
  });
});

describe("whether a run's points are enough to tell a row by", () => {
  it.each([
    ["every cluster has one", 3600, [], true],
    ["one lacks it: the last complete run is older", 3601, [], false],
    ["one is at risk, though all have it", 3600, ["orders"], false],
  ])("where %s", (_, runAge, atRisk, told) => {
    expect(isToldBy({ runAge, atRisk }, { at: now - hourMs, now })).toBe(told);
  });
});
