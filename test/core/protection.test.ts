import { describe, expect, it } from "vitest";
import type { Cluster } from "../../lib/core/cluster.ts";
import { takeInventory } from "../../lib/core/inventory.ts";
import { type OwnedSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import type { Plan } from "../../lib/core/plan.ts";
import { goneOf, planCoverageOf, plansAtRisk, protectionOf } from "../../lib/core/protection.ts";
import { clusterOf, copyOf, dayMs, hourMs, now, planOf, pointOf } from "./samples.ts";

const born = "2026-08-23T04:00:00Z";
const orders = clusterOf({ resource: "cluster-ORDERS", createdAt: born });
const taken = (hoursAgo: number, of: Cluster = orders): OwnedSnapshot =>
  pointOf({ at: now - hoursAgo * hourMs, region: of.region, tags: { [tagKeys.resource]: of.resource } });

const objective = { sourceSeconds: 26 * 3600, copySeconds: 30 * 3600 };
const daily = planOf({ objective });
const copying = planOf({
  objective,
  copies: [{ region: "eu-west-1", unencrypted: true, retention: { last: 2 } }],
});

interface World {
  readonly plans?: readonly Plan[];
  readonly owned?: readonly OwnedSnapshot[];
  /** Regions, or a family's: `redshift us-east-1`. */
  readonly silent?: readonly string[];
  readonly others?: readonly Cluster[];
  readonly unusable?: Parameters<typeof protectionOf>[0]["unusable"];
}

const judged = (
  cluster: Cluster,
  { plans = [daily], owned = [taken(1)], silent = [], others = [], unusable = [] }: World = {},
) => {
  const config = {
    regions: ["us-east-1", "eu-west-1"],
    plans: Object.fromEntries(plans.map((plan) => [plan.name, plan])),
  };
  const unseen = (family: string, region: string) =>
    silent.includes(region) || silent.includes(`${family} ${region}`);
  const seen = { config, clusters: [cluster, ...others], owned, unseen, now };
  const sets = takeInventory({ ...seen, snapshots: owned.map(({ snapshot }) => snapshot) });
  const [one] = protectionOf({ ...seen, sets, unusable });
  if (one === undefined) throw new Error("no verdict");
  return { ...one, said: [...one.risks.map(({ sentence }) => sentence), ...one.because] };
};

describe("a cluster", () => {
  it("is protected while every objective is met", () => {
    expect(judged(orders)).toMatchObject({ verdict: "protected", plans: ["daily"], said: [] });
    expect(judged(orders, { owned: [taken(26)] })).toMatchObject({ verdict: "protected", said: [] });
    const both = [taken(1), copyOf(taken(20))];
    expect(judged(orders, { plans: [copying], owned: both })).toMatchObject({
      verdict: "protected",
      said: [],
    });
  });

  it("is at risk where one is missed here, by how much", () => {
    expect(judged(orders, { owned: [taken(50)] })).toMatchObject({
      verdict: "at risk",
      risks: [{ code: "objective", region: "us-east-1" }],
      said: [
        "plan daily's newest recovery point of it in us-east-1 is 2d 2h old, 24h over the objective of 26h",
      ],
    });
    expect(judged(orders, { owned: [] }).said).toEqual([
      "plan daily has no recovery point of it in us-east-1, and the cluster is 90d old, 88d over the objective of 26h",
    ]);
  });

  it("is at risk where one is missed in the copy region", () => {
    const owned = [taken(1), copyOf(taken(49))];
    expect(judged(orders, { plans: [copying], owned }).said).toEqual([
      "plan daily's newest copy of it in eu-west-1 is 2d 1h old, 19h over the objective of 30h",
    ]);
  });

  it("is at risk where a region cannot be seen", () => {
    expect(judged(orders, { plans: [copying], silent: ["eu-west-1"] })).toMatchObject({
      verdict: "at risk",
      risks: [{ code: "unseen", region: "eu-west-1" }],
      said: ["eu-west-1 could not be listed: nobody can say how old its newest copy there is"],
    });
    const warehouse: Cluster = { ...orders, engine: "redshift" };
    const meaning = { ...daily, select: { ...daily.select, engines: ["redshift" as const] } };
    const at = (silent: readonly string[]) => judged(warehouse, { plans: [meaning], silent }).verdict;
    expect([at(["redshift us-east-1"]), at(["rds us-east-1"])]).toEqual(["at risk", "protected"]);
    expect(judged(orders, { silent: ["us-east-1"] }).verdict).toBe("at risk");
  });

  it("is at risk while a prune is held back", () => {
    const braked = planOf({ objective, brake: 1 });
    const owned = [1, 2, 3, 4].map((nights) => taken(nights * 24 - 23));
    expect(judged(orders, { plans: [braked], owned })).toMatchObject({
      risks: [{ code: "brake", region: "us-east-1" }],
      said: [
        "plan daily in us-east-1: more would be removed than the plan's brake allows; nothing was removed",
      ],
    });
    const uncopied = [1, 25, 49, 73, 97].map((hours) => taken(hours));
    expect(judged(orders, { plans: [copying], owned: uncopied }).risks.map(({ code }) => code)).toEqual([
      "objective",
      "copy-gate",
    ]);
    const other = clusterOf({ id: "other", resource: "cluster-OTHER", createdAt: born });
    const seen = { plans: [braked], owned: [taken(1, other), ...owned], others: [orders] };
    expect(judged(other, seen)).toMatchObject({ verdict: "protected", said: [] });
  });

  it("is not at risk while a weekly copy is on its way, whose plan leaves the objective to its schedule", () => {
    const weekly = { ...copying, schedule: "cron(0 3 ? * SAT *)", objective: {} };
    const week = 7 * 24;
    const owned = [taken(1), taken(1 + week), copyOf(taken(1 + week))];
    expect(judged(orders, { plans: [weekly], owned })).toMatchObject({ verdict: "protected", said: [] });
    const late = [taken(1), taken(1 + week), copyOf(taken(1 + 2 * week))];
    expect(judged(orders, { plans: [weekly], owned: late }).risks.map(({ code }) => code)).toEqual([
      "objective",
      "copy-gate",
    ]);
  });

  it("is not at risk for what holds back no prune, since its plan is switched off", () => {
    const off = { ...copying, name: "weekly", enabled: false };
    const left = [97, 121].map((hours) =>
      pointOf({ at: now - hours * hourMs, plan: "weekly", tags: { [tagKeys.resource]: orders.resource } }),
    );
    expect(judged(orders, { plans: [daily, off], owned: [taken(1), ...left] })).toMatchObject({
      verdict: "protected",
      said: [],
    });
  });

  it("is at risk where its recovery points need a key that cannot be used, and no other's", () => {
    const unusable = [
      { region: "us-east-1", key: "k", points: [taken(1)], reason: "k in us-east-1 is Disabled" },
    ];
    expect(judged(orders, { unusable })).toMatchObject({
      risks: [{ code: "key" }],
      said: ["a recovery point there needs key k: k in us-east-1 is Disabled"],
    });
    const other = clusterOf({ id: "other", resource: "cluster-OTHER", createdAt: born });
    expect(judged(other, { owned: [taken(1, other)], unusable }).verdict).toBe("protected");
  });

  it("is at risk where AWS told no tags: nobody can say whether a plan means it", () => {
    expect(judged({ ...orders, tags: undefined })).toMatchObject({
      ...{ verdict: "at risk", risks: [{ code: "tags-unknown" }] },
    });
  });
});

describe("an unprotected cluster", () => {
  it("is told why", () => {
    const staging = { ...orders, tags: { backup: "weekly" } };
    expect(judged(staging)).toMatchObject({
      ...{ verdict: "unprotected", plans: [], risks: [] },
      said: ["tag backup is weekly, not daily"],
    });
    expect(judged(orders, { plans: [] }).said).toEqual(["there is no plan"]);
    expect(judged({ ...orders, region: "eu-west-1" }).said).toEqual(["eu-west-1 is not selected"]);
    expect(judged(orders, { plans: [{ ...daily, enabled: false }] })).toMatchObject({
      ...{ verdict: "unprotected", said: ["it is meant, and the plan is switched off"] },
    });
  });

  it("is told so by plan where there are several", () => {
    const weekly = { ...daily, name: "weekly", select: { ...daily.select, tags: { team: ["*"] } } };
    expect(judged({ ...orders, tags: {} }, { plans: [daily, weekly] }).said).toEqual([
      "plan daily: no tag backup",
      "plan weekly: no tag team",
    ]);
  });
});

describe("a cluster that is gone", () => {
  const copy = copyOf(taken(20));
  const unseenIn = (silent: string) => (_: string, region: string) => region === silent;

  it("is told by its points, wherever they are, and is not while the region where it was is silent", () => {
    const owned = [copy];
    expect(goneOf({ owned, clusters: [], unseen: unseenIn("us-east-1") })).toEqual([]);
    expect(goneOf({ owned, clusters: [], unseen: unseenIn("eu-west-1") })).toMatchObject([
      { cluster: "orders", region: "us-east-1", points: 1 },
    ]);
  });

  it("has left what is available, and is not told where nothing is", () => {
    const failed = copyOf(taken(2), { status: "failed" });
    const seen = { clusters: [], unseen: () => false };
    expect(goneOf({ ...seen, owned: [failed, copy] })).toMatchObject([{ points: 1, newest: copy.takenAt }]);
    expect(goneOf({ ...seen, owned: [failed, copyOf(taken(1), { status: "copying" })] })).toEqual([]);
  });

  it.each([
    ["was made again under its name", { resource: "cluster-AGAIN" }],
    ["has another name now", { id: "shop", arn: orders.arn.replace(/orders$/, "shop") }],
  ])("is not one that %s", (_, differs) => {
    const owned = [copyOf(pointOf({ at: now - 20 * hourMs, tags: { [tagKeys.resource]: orders.resource } }))];
    expect(goneOf({ owned, clusters: [{ ...orders, ...differs }], unseen: () => false })).toEqual([]);
  });
});

describe("a cluster of which nothing new is expected", () => {
  const skipping = planOf({ objective, stopped: "skip" });

  it("is protected by what it has, and unprotected by nothing", () => {
    const stopped = { ...orders, status: "stopped" };
    expect(judged(stopped, { plans: [skipping], owned: [taken(900)] })).toMatchObject({
      verdict: "protected",
      said: ["it is stopped, and its plan says to skip it then"],
    });
    expect(judged(stopped, { plans: [skipping], owned: [] }).verdict).toBe("unprotected");
    const failed = pointOf({
      ...{ at: now - 900 * hourMs, status: "failed" },
      tags: { [tagKeys.resource]: orders.resource },
    });
    expect(judged(stopped, { plans: [skipping], owned: [failed] }).verdict).toBe("unprotected");
    const others = [taken(900, clusterOf({ id: "other", resource: "cluster-OTHER" }))];
    expect(judged(stopped, { plans: [skipping], owned: others }).verdict).toBe("unprotected");
    expect(judged(stopped, { owned: [taken(900)] }).verdict).toBe("at risk");
  });

  it("may be one that is only being made, or that only reads", () => {
    expect(judged({ ...orders, status: "creating" }, { owned: [] })).toMatchObject({
      ...{ verdict: "protected", said: ["it is only being made"] },
    });
    const others = [clusterOf({ id: "writer", arn: "arn:writer", globalCluster: "world" })];
    const reader = { ...orders, readOnlyReplica: true, globalCluster: "world" };
    expect(judged(reader, { owned: [], others })).toMatchObject({
      ...{
        verdict: "protected",
        said: ["it only reads in its global cluster: the verdict of the primary counts"],
      },
    });
    expect(judged({ ...reader, tags: {} }, { others }).verdict).toBe("unprotected");
  });

  it("is told to have no recovery point yet where it is too young for one to be overdue", () => {
    const young = { ...orders, createdAt: new Date(now - 3_600_000).toISOString() };
    expect(judged(young, { owned: [] })).toMatchObject({
      verdict: "protected",
      said: ["it has no recovery point yet, and is too young for one to be overdue"],
    });
    // Its copy is on its way.
    expect(judged(young, { plans: [copying], owned: [taken(0.5)] })).toMatchObject({
      verdict: "protected",
      said: [],
    });
  });

  it("is at risk where it only reads, and what it reads is written where nobody looks", () => {
    const reader = { ...orders, readOnlyReplica: true, globalCluster: "world" };
    const others = [clusterOf({ id: "other", arn: "arn:other", globalCluster: "another-world" })];
    expect(judged(reader, { owned: [], others })).toMatchObject({
      ...{ verdict: "at risk", risks: [{ code: "primary-elsewhere", region: "us-east-1" }] },
    });
    expect(judged(reader, { owned: [], silent: ["eu-west-1"] }).verdict).toBe("protected");
  });

  it("is protected without copies where AWS makes none, and is told so", () => {
    const select = { ...copying.select, engines: ["mysql" as const] };
    const billing = clusterOf({ engine: "mysql", resource: "cluster-ORDERS", createdAt: born });
    expect(judged(billing, { plans: [{ ...copying, select }] })).toMatchObject({
      verdict: "protected",
      said: ["AWS does not copy snapshots of Multi-AZ DB clusters to another region"],
    });
  });
});

describe("a plan", () => {
  it("is at risk where its last complete run is too old, though each cluster has newer points", () => {
    const ledger = clusterOf({ id: "ledger", resource: "cluster-LEDGER", createdAt: born });
    const owned = [taken(1), taken(2, ledger), taken(50), taken(50, ledger)];
    const config = { regions: [], plans: { daily } };
    const rows = planCoverageOf({ config, clusters: [orders, ledger], owned, now }, new Set());
    expect(plansAtRisk(rows)).toEqual([
      {
        ...{ code: "run", plan: "daily", region: "us-east-1", kind: "source" },
        sentence: "no complete run in us-east-1 for 2d 2h, 24h over the objective of 26h",
      },
    ]);
    for (const some of [owned, [taken(26)]]) {
      const figures = planCoverageOf({ config, clusters: [orders], owned: some, now }, new Set());
      expect(plansAtRisk(figures)).toEqual([]);
    }
  });

  it("has no figure where it is switched off or a region of its clusters is silent", () => {
    const rowsOf = (plan: Plan, silent: readonly string[] = []) =>
      planCoverageOf(
        { config: { regions: [], plans: { daily: plan } }, clusters: [orders], owned: [], now: now + dayMs },
        new Set(silent),
      );
    expect(rowsOf(daily)).toHaveLength(1);
    expect(rowsOf({ ...daily, enabled: false })).toEqual([]);
    expect(rowsOf(copying, ["us-east-1"])).toEqual([]);
    expect(rowsOf(copying, ["eu-west-1"]).map(({ kind }) => kind)).toEqual(["source"]);
  });
});
