import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cluster, engineNames, type Tags } from "../../lib/core/cluster.ts";
import type { Plan, TagPattern } from "../../lib/core/plan.ts";
import { selectClusters } from "../../lib/core/selection.ts";
import { clusterOf, planOf } from "./samples.ts";

const selecting = (differs: Partial<Plan["select"]>): Plan =>
  planOf({ select: { ...planOf().select, ...differs } });

/** `taken: why`, `skipped: why` or `unknown` for one cluster. */
const verdictOn = (cluster: Cluster, plan: Plan, only?: readonly string[]): string => {
  const { taken, skipped } = selectClusters([cluster], plan, only);
  if (taken[0]) return `taken: ${taken[0].because}`;
  return skipped[0] ? `skipped: ${skipped[0].because}` : "unknown";
};

describe("what a plan's tags mean", () => {
  const two: TagPattern = { backup: ["daily", "hourly"], env: ["*"] };
  it.each<readonly [Tags, TagPattern, string]>([
    [{ backup: "daily" }, { backup: ["daily"] }, "taken: tag backup=daily"],
    [{ backup: "hourly", env: "prod" }, two, "taken: tag backup=hourly, env=prod"],
    [{ backup: "hourly", env: "" }, two, "taken: tag backup=hourly, env="],
    [{ backup: "daily" }, two, "skipped: no tag env"],
    [{ env: "prod" }, two, "skipped: no tag backup"],
    [{ backup: "weekly", env: "prod" }, two, "skipped: tag backup is weekly, not daily or hourly"],
    [{ backup: "Daily" }, { backup: ["daily"] }, "skipped: tag backup is Daily, not daily"],
    [{ Backup: "daily" }, { backup: ["daily"] }, "skipped: no tag backup"],
    [{ backup: "daily-old" }, { backup: ["daily*"] }, "skipped: tag backup is daily-old, not daily*"],
    [{}, {}, "taken: the plan selects every cluster"],
  ])("of %j under %j: %s", (tags, pattern, verdict) => {
    expect(verdictOn(clusterOf({ tags }), selecting({ tags: pattern }))).toBe(verdict);
  });

  it.each<readonly [Tags, string]>([
    [{ backup: "daily", skip: "true" }, "skipped: excluded by tag skip=true"],
    [{ backup: "daily", skip: "false" }, "taken: tag backup=daily"],
    [{ backup: "daily", stage: "scratch" }, "skipped: excluded by tag stage=scratch"],
  ])("excludes by any one of the excluding tags: %j is %s", (tags, verdict) => {
    const plan = selecting({ excludeTags: { skip: ["true"], stage: ["*"] } });
    expect(verdictOn(clusterOf({ tags }), plan)).toBe(verdict);
  });
});

describe("what else decides", () => {
  it("leaves an engine out that the plan does not name", () => {
    const verdict = verdictOn(clusterOf({ engine: "neptune" }), planOf());
    expect(verdict).toBe("skipped: engine Neptune is not selected");
  });

  it.each<readonly [string, readonly string[], string]>([
    ["orders", ["orders"], "taken: tag backup=daily"],
    ["shop-eu", ["orders", "shop-*"], "taken: tag backup=daily"],
    ["shop", ["shop-*"], "skipped: identifier is not shop-*"],
    ["eu-shop-1", ["*-shop-?"], "taken: tag backup=daily"],
    ["eu-shop-12", ["*-shop-?"], "skipped: identifier is not *-shop-?"],
    ["orders2", ["orders", "shop-*"], "skipped: identifier is not orders or shop-*"],
    ["orders", ["Orders"], "taken: tag backup=daily"],
  ])("takes %s under the identifiers %j: %s", (id, identifiers, verdict) => {
    const cluster = clusterOf({ id, tags: { backup: "daily" } });
    expect(verdictOn(cluster, selecting({ identifiers, tags: { backup: ["daily"] } }))).toBe(verdict);
  });

  it("leaves a reader of a global cluster out, whose primary is backed up", () => {
    const verdict = verdictOn(clusterOf({ readOnlyReplica: true }), planOf());
    expect(verdict).toBe("skipped: only reads in its global cluster: the primary is backed up");
  });

  it("takes a stopped cluster: whether that is a problem is the plan's to say, and later", () => {
    expect(verdictOn(clusterOf({ status: "stopped" }), planOf())).toBe("taken: tag backup=daily");
  });

  it("cannot tell about a cluster whose tags AWS did not tell, and does not take it for one without tags", () => {
    expect(verdictOn(clusterOf({ tags: undefined }), selecting({ tags: {} }))).toBe("unknown");
    expect(verdictOn(clusterOf({ tags: {} }), selecting({ tags: {} }))).toMatch(/^taken/);
  });

  it("narrows by identifier or ARN where a person asks for some, and never widens", () => {
    const orders = clusterOf();
    expect(verdictOn(orders, planOf(), ["orders"])).toMatch(/^taken/);
    expect(verdictOn(orders, planOf(), ["billing", orders.arn])).toMatch(/^taken/);
    expect(verdictOn(orders, planOf(), ["Orders"])).toMatch(/^taken/);
    expect(verdictOn(orders, planOf(), [orders.arn.replace("orders", "Orders")])).toMatch(/^taken/);
    expect(verdictOn(orders, planOf(), ["order"])).toBe("skipped: not asked for");
    expect(verdictOn(orders, planOf(), [])).toBe("skipped: not asked for");
    expect(verdictOn(clusterOf({ tags: {} }), planOf(), ["orders"])).toBe("skipped: no tag backup");
  });
});

describe("the laws of selection", () => {
  const anyTags = fc.dictionary(
    fc.constantFrom("backup", "env", "skip"),
    fc.constantFrom("daily", "hourly", ""),
    { noNullPrototype: true },
  );
  const anyPattern = fc.dictionary(
    fc.constantFrom("backup", "env", "skip"),
    fc.subarray(["daily", "hourly", "*"], { minLength: 1 }),
    { noNullPrototype: true },
  );
  const anyCluster = fc
    .record({
      id: fc.stringMatching(/^[a-z]{1,9}$/),
      engine: fc.constantFrom(...engineNames),
      tags: fc.option(anyTags, { nil: undefined }),
      readOnlyReplica: fc.boolean(),
    })
    .map((differs) => clusterOf(differs));
  const anyPlan = fc
    .record({ tags: anyPattern, excludeTags: anyPattern, engines: fc.subarray([...engineNames]) })
    .map((select) => selecting(select));

  it("takes, skips or does not know every cluster, each once and with a reason", () => {
    fc.assert(
      fc.property(fc.array(anyCluster), anyPlan, (clusters, plan) => {
        const { taken, skipped, unknown } = selectClusters(clusters, plan);
        const all = [...[...taken, ...skipped].map(({ cluster }) => cluster), ...unknown];
        expect(new Set(all)).toEqual(new Set(clusters));
        expect(all).toHaveLength(clusters.length);
        expect([...taken, ...skipped].every(({ because }) => because !== "")).toBe(true);
        expect(unknown.every(({ tags }) => tags === undefined)).toBe(true);
      }),
    );
  });

  it("takes no more clusters when a tag is asked for in addition, nor when one is excluded", () => {
    const takenOf = (clusters: readonly Cluster[], plan: Plan) =>
      selectClusters(clusters, plan).taken.map(({ cluster }) => cluster);
    fc.assert(
      fc.property(fc.array(anyCluster), anyPlan, (clusters, plan) => {
        const before = takenOf(clusters, plan);
        const { select } = plan;
        const asked = takenOf(clusters, selecting({ ...select, tags: { ...select.tags, owner: ["*"] } }));
        const excluded = takenOf(
          clusters,
          selecting({ ...select, excludeTags: { ...select.excludeTags, env: ["*"] } }),
        );
        expect([...asked, ...excluded].filter((cluster) => !before.includes(cluster))).toEqual([]);
      }),
    );
  });
});
