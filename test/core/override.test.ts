import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/core/cluster.ts";
import { clusterCoverageOf } from "../../lib/core/coverage.ts";
import { takeInventory } from "../../lib/core/inventory.ts";
import {
  joinedPlans,
  joinsNothing,
  type Overrides,
  overridesIn,
  policiesUnder,
  termsOf,
} from "../../lib/core/override.ts";
import { stampOf } from "../../lib/core/ownership.ts";
import type { Config, CopyPlan, Plan } from "../../lib/core/plan.ts";
import { protectionOf } from "../../lib/core/protection.ts";
import { selectClusters } from "../../lib/core/selection.ts";
import { sweepSets } from "../../lib/core/sweeping.ts";
import { clusterOf, dayMs, now, planOf, pointOf } from "./samples.ts";

const inheriting: CopyPlan = {
  ...{ region: "eu-west-1", unencrypted: true, retention: { last: 2 } },
  inherits: true,
};
const own: CopyPlan = { region: "eu-central-1", unencrypted: true, retention: { daily: 3 } };
const plan = planOf({ copies: [inheriting, own] });

/** Retention here, and by copy region. */
const meaning = (overrides: Overrides, of: Plan = plan): string => {
  const { plan: terms, problems } = termsOf(of, overrides);
  const copies = terms.copies.map(({ region, retention }) => `${region}: ${stampOf(retention)}`);
  return [stampOf(terms.retention), ...copies, ...problems].join(", ");
};

describe("the terms of one cluster", () => {
  it.each<readonly [Overrides, string]>([
    [{}, "last=2, eu-west-1: last=2, eu-central-1: daily=3"],
    [
      { retention: "daily=14 monthly=24" },
      "daily=14 monthly=24, eu-west-1: daily=14 monthly=24, eu-central-1: daily=3",
    ],
    [
      { retention: "  within=1y6m   last=3 " },
      "last=3 within=1y6m, eu-west-1: last=3 within=1y6m, eu-central-1: daily=3",
    ],
    [{ retention: "all" }, "all, eu-west-1: all, eu-central-1: daily=3"],
    [{ copies: "none" }, "last=2"],
    [{ copies: "eu-central-1" }, "last=2, eu-central-1: daily=3"],
    [{ copies: "eu-central-1  eu-west-1" }, "last=2, eu-west-1: last=2, eu-central-1: daily=3"],
    [{ retention: "daily=14", copies: "eu-west-1" }, "daily=14, eu-west-1: daily=14"],
  ])("that asks for %j: %s", (overrides, terms) => {
    expect(meaning(overrides)).toBe(terms);
  });

  const asBefore = "last=2, eu-west-1: last=2, eu-central-1: daily=3";
  it.each<readonly [Overrides, string]>([
    [{ retention: "" }, "override-retention"],
    [{ retention: "keep-daily=14" }, "override-retention"],
    [{ retention: "daily=14 daily=7" }, "override-retention"],
    [{ retention: "daily=14 montly=24" }, "override-retention"],
    [{ retention: "daily" }, "override-retention"],
    [{ retention: "14" }, "override-retention"],
    [{ retention: "all daily=3" }, "override-retention"],
    [{ copies: "" }, "override-copies"],
    [{ copies: "no" }, "override-copies"],
    [{ copies: "none eu-west-1" }, "override-copies"],
    [{ copies: "us-west-2" }, "override-copies"],
    [{ copies: "eu-west-1 us-west-9" }, "override-copies"],
    [{ retention: "x", copies: "x" }, "override-retention, override-copies"],
  ])("are the plan's where %j cannot be understood, and say so", (overrides, problems) => {
    expect(meaning(overrides)).toBe(`${asBefore}, ${problems}`);
  });

  it("may leave a plan without copies as it is", () => {
    expect(meaning({ copies: "none" }, planOf())).toBe("last=2");
    expect(meaning({ copies: "eu-west-1" }, planOf())).toBe("last=2, override-copies");
  });

  it("also keep what was promised point by point while a wish for retention cannot be read", () => {
    const points = [
      pointOf({ tags: { "holdfast:keep": "daily=365" } }),
      pointOf({ plan: "weekly", tags: { "holdfast:keep": "weekly=52" } }),
      pointOf({ tags: { "holdfast:keep": "nonsense" } }),
    ];
    const stamps = (overrides: Overrides) =>
      policiesUnder(termsOf(plan, overrides), plan.retention, points).policies.map(stampOf);
    expect(stamps({ retention: "daily=365 montly=3" })).toEqual(["last=2", "daily=365", "all"]);
    expect(stamps({ retention: "daily=1" })).toEqual(["last=2"]);
    expect(stamps({ copies: "nonsense" })).toEqual(["last=2"]);
    const stays = (overrides: Overrides) =>
      policiesUnder(termsOf(plan, overrides), plan.retention, points).stamped ?? false;
    expect([{ retention: "montly=3" }, { retention: "daily=1" }, { copies: "nonsense" }].map(stays)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("what a cluster's tags ask for", () => {
  it("is nothing, for nearly all", () => {
    expect(overridesIn({ backup: "daily", "holdfast:plan": "weekly" })).toBe(undefined);
    expect(overridesIn(undefined)).toBe(undefined);
    expect(overridesIn({ "holdfast:copies": "none" })).toEqual({ copies: "none" });
  });

  it("are plans to join, unless a restore has brought the tags of a recovery point along", () => {
    expect(joinedPlans({ "holdfast:plan": " daily  weekly " })).toEqual(["daily", "weekly"]);
    const restored = pointOf().snapshot.tags ?? {};
    expect(restored["holdfast:plan"]).toBe("daily");
    expect(joinedPlans(restored)).toEqual([]);
  });

  it("joins nothing where a plan is mistyped", () => {
    const config: Config = { regions: [], plans: { daily: plan } };
    expect(joinsNothing({ "holdfast:plan": "daily" }, config)).toBe(false);
    expect(joinsNothing({ "holdfast:plan": "daily weekyl" }, config)).toBe(true);
    expect(joinsNothing({ "holdfast:plan": "constructor" }, config)).toBe(true);
    expect(joinsNothing({}, config)).toBe(false);
  });
});

describe("a selection", () => {
  const weekly = planOf({
    name: "weekly",
    select: {
      ...planOf().select,
      tags: { backup: ["weekly"] },
      identifiers: ["shop-*"],
      excludeTags: { skip: ["true"] },
    },
  });
  const verdictOn = (tags: Tags, differs = {}): string => {
    const { taken, skipped } = selectClusters([clusterOf({ tags, ...differs })], weekly);
    return taken[0] ? `taken: ${taken[0].because}` : `skipped: ${skipped[0]?.because}`;
  };
  const joins = { "holdfast:plan": "daily weekly" };

  it.each<readonly [Tags, object, string]>([
    [joins, {}, "taken: tag holdfast:plan names the plan"],
    [joins, { engine: "neptune" }, "taken: tag holdfast:plan names the plan"],
    [{ ...joins, skip: "true" }, {}, "skipped: excluded by tag skip=true"],
    [joins, { readOnlyReplica: true }, "skipped: only reads in its global cluster: the primary is backed up"],
    [{ "holdfast:plan": "daily" }, { id: "shop-1" }, "skipped: no tag backup"],
    [{ ...joins, backup: "weekly" }, { id: "shop-1" }, "taken: tag backup=weekly"],
    [
      { "holdfast:retention": "daily=14", "holdfast:copies": "none", backup: "weekly" },
      { id: "shop-1" },
      "taken: tag backup=weekly; holdfast:retention is daily=14; holdfast:copies is none",
    ],
  ])("of a cluster with the tags %j and %j: %s", (tags, differs, verdict) => {
    expect(verdictOn(tags, differs)).toBe(verdict);
  });
});

describe("a copy region that a cluster does not want any more", () => {
  const cluster = clusterOf({ tags: { backup: "daily", "holdfast:copies": "eu-central-1" } });
  const points = [1, 2, 3].flatMap((days) =>
    ["us-east-1", "eu-west-1", "eu-central-1"].map((region) =>
      pointOf({ region, at: now - days * dayMs, tags: { "holdfast:keep": "last=1" } }),
    ),
  );
  const config: Config = {
    regions: ["us-east-1", "eu-west-1", "eu-central-1"],
    plans: { daily: plan },
  };
  const world = { config, clusters: [cluster], owned: points, snapshots: [], now };

  it("is not measured", () => {
    const rows = clusterCoverageOf({ plan, clusters: [cluster], owned: points, now });
    expect(rows.map(({ region }) => region)).toEqual(["us-east-1", "eu-central-1"]);
  });

  it("is Sweep's, by what was promised", () => {
    const sets = sweepSets(world);
    expect(sets.map(({ region, verdict }) => [region, verdict.remove.length])).toEqual([["eu-west-1", 2]]);
  });

  it("is told as the reason why nobody else visits", () => {
    const sets = takeInventory({ ...world, unseen: () => false });
    expect(sets.map(({ region, orphan }) => [region, orphan])).toEqual(
      expect.arrayContaining([
        ["eu-west-1", "its cluster's tag holdfast:copies leaves eu-west-1 out"],
        ["us-east-1", undefined],
      ]),
    );
  });
});

describe("the verdict over a cluster", () => {
  const config: Config = { regions: ["us-east-1"], plans: { daily: planOf() } };
  const judge = (tags: Tags) => {
    const clusters = [clusterOf({ tags })];
    const owned = [pointOf({ at: now })];
    const rest = { owned, sets: [], unusable: [], unseen: () => false, now };
    const [one] = protectionOf({ config, clusters, ...rest });
    return [one?.verdict, ...(one?.because ?? [])];
  };

  it("names the tags that ask in vain, protected or not", () => {
    expect(judge({ backup: "daily", "holdfast:retention": "daily:7" })).toEqual([
      "protected",
      expect.stringMatching(/^its tag holdfast:retention cannot be read/),
    ]);
    expect(judge({ "holdfast:plan": "dialy" })).toEqual([
      "unprotected",
      expect.stringMatching(/^its tag holdfast:plan names a plan that there is not/),
      "no tag backup",
    ]);
    expect(judge({ "holdfast:plan": "daily" })).toEqual(["protected"]);
  });
});
