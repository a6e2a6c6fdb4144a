import { describe, expect, it } from "vitest";
import type { Invocation } from "./checkers/records.ts";
import { now, prune, watch } from "./checkers/violations.ts";
import { simulate } from "./months.ts";
import { newTally } from "./tally.ts";

/** Seasons whose functions keep to a budget of calls, and the checker that counts them. */

describe("a season with a budget of calls", () => {
  it("keeps to it, also where its runs are done in parts", async () => {
    const tally = newTally();
    const { violations } = await simulate({ seed: 2, days: 2, clusters: 8, faults: [], tally });
    expect(violations).toEqual([]);
    expect(tally.checked.get("budget")).toBeGreaterThan(100);
  });
});

describe("budget", () => {
  /** Calls that leave so many milliseconds after another, of functions in turn. */
  const complaintsOf = (
    invocations: readonly Partial<Invocation>[],
    { apartMs = 100, calls = 8, service = "rds", callsPerSecond = 3 } = {},
  ): number => {
    const { checker, complaints } = watch("budget", { callsPerSecond });
    for (let nth = 0; nth < calls; nth += 1)
      checker.departed?.({
        invocation: { ...prune, whole: 1, ...invocations[nth % invocations.length] },
        ...{ service, operation: "DescribeDBClusters", region: "us-east-1", at: now + nth * apartMs },
      });
    return complaints.length;
  };
  it("objects to more in a second than the budget allows, and a first call of each", () => {
    expect(complaintsOf([{}], { calls: 4 })).toBe(0);
    expect(complaintsOf([{}], { calls: 5 })).toBe(1);
    expect(complaintsOf([{}], { apartMs: 334 })).toBe(0);
    expect(complaintsOf([{ number: 1 }, { number: 2 }], { calls: 5 })).toBe(0);
    expect(complaintsOf([{ number: 1 }, { number: 2 }], { calls: 6 })).toBe(1);
  });
  it("counts all parts of a run together, and its pumps with its batches", () => {
    const parts = [2, 3].map((execution) => ({ execution, number: execution, function: "snapshot" }));
    expect(complaintsOf(parts, { calls: 6 })).toBe(1);
    expect(complaintsOf([parts[0] ?? {}, { ...parts[1], function: "copy" }], { calls: 6 })).toBe(1);
  });
  it("leaves other runs and other services their own", () => {
    expect(complaintsOf([1, 2].map((whole) => ({ whole, number: whole })))).toBe(0);
    expect(complaintsOf([{}], { service: "kms" })).toBe(0);
  });
});
