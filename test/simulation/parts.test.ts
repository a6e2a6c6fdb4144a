import { describe, expect, it } from "vitest";
import type { SeenCluster } from "./checkers/records.ts";
import { copyOf, ended, newest, now, orders, plan, prune, watch } from "./checkers/violations.ts";
import { simulate } from "./months.ts";
import { newTally } from "./tally.ts";

/** Runs that are done in parts: seasons that have them, and checkers that take the executions of one for one run. */

describe("a season in parts", () => {
  it("does its runs by several executions each, and holds every invariant", async () => {
    const tally = newTally();
    const { violations } = await simulate({ seed: 2, days: 3, clusters: 16, faults: [], tally });
    expect(violations).toEqual([]);
    // Each night has four runs; of these the one of `daily` is in parts.
    expect(tally.executions - tally.parts).toBe(3 * 4);
    // One of each place, and some of the largest.
    expect(tally.parts).toBeGreaterThanOrEqual(3 * 5);
  });
});

describe("places, of a run in parts", () => {
  const copying = ["one", "two", "three"];
  const complaintsOf = (executions: readonly number[], { copiesInFlight = 2, whole = 1 } = {}): number => {
    const snapshots = copying.map((id) => copyOf(newest, { id, status: "copying" }));
    const { checker, complaints } = watch("places", { snapshots, plan: { ...plan, copiesInFlight } });
    for (const [nth, execution] of executions.entries())
      checker.answered?.({
        invocation: { ...prune, execution, whole: whole || execution },
        ...{ operation: "CopyDBClusterSnapshot", region: "eu-west-1", at: now },
        parameters: new Map([["TargetDBClusterSnapshotIdentifier", copying[nth] ?? ""]]),
        ...{ status: 200, code: "", body: "" },
      });
    return complaints.length;
  };
  it("counts the copies of all parts together", () => {
    expect(complaintsOf([2, 3, 2])).toBe(1);
    expect(complaintsOf([2, 3, 2], { copiesInFlight: 3 })).toBe(0);
  });
  it("leaves each part a place of its own, and takes two runs for two", () => {
    expect(complaintsOf([2, 3, 4])).toBe(0);
    expect(complaintsOf([2, 3, 2], { whole: 0 })).toBe(0);
  });
});

describe("honesty, of a run in parts", () => {
  const wishing = (tags: Record<string, string>): SeenCluster => ({
    ...orders,
    tags: new Map([...orders.tags, ...Object.entries(tags)]),
  });
  const complaintsOf = (
    views: readonly (readonly SeenCluster[])[],
    codes: readonly string[] = [],
  ): number => {
    const { checker, complaints } = watch("honesty", { snapshots: [newest], views });
    const problems = codes.map((code) => ({ cluster: "orders", region: "us-east-1", code }));
    const verdict = { invocation: prune, clusterArn: orders.arn, remove: [], keep: [], problems: [] };
    for (const region of ["us-east-1", "eu-west-1"]) checker.judged?.({ ...verdict, region });
    const outcome = codes.length === 0 ? "complete" : "incomplete";
    checker.runEnded?.({ ...ended, succeeded: outcome === "complete", report: { outcome, problems } });
    return complaints.length;
  };
  it("misses what a cluster wants in every part's eyes", () => {
    expect(complaintsOf([[orders], [orders]])).toBe(1);
    expect(complaintsOf([[orders], [wishing({ "holdfast:copies": "none" })]])).toBe(0);
  });
  it("wants a wish called unreadable if some part, and only if some part, was shown it so", () => {
    const slipped = wishing({ "holdfast:retention": "a week", "holdfast:copies": "none" });
    const wants = wishing({ "holdfast:copies": "none" });
    expect(complaintsOf([[slipped], [slipped]])).toBe(1);
    expect(complaintsOf([[slipped], [wants]])).toBe(0);
    expect(complaintsOf([[slipped], [wants]], ["override-retention"])).toBe(0);
    expect(complaintsOf([[wants], [wants]], ["override-retention"])).toBe(1);
  });
});
