import { describe, expect, it } from "vitest";
import type { Invocation, PlanFacts, SeenCluster } from "./checkers/records.ts";
import { deletion, now, oldest, orders, plan, prune, watch } from "./checkers/violations.ts";

/** What waits for a plan's runs is nobody else's, and a plan that is switched off has no runs. */

const off = { ...plan, enabled: false };
const sweep: Invocation = { number: 7, function: "sweep", startedAt: now };

describe("left-alone", () => {
  const swept = (shown: readonly SeenCluster[], under: PlanFacts = plan): number => {
    const { checker, complaints } = watch("left-alone", { plan: under });
    checker.found?.({ invocation: sweep, clusters: shown });
    checker.found?.({ invocation: sweep, clusters: [] });
    checker.deleted?.({ ...deletion(oldest), invocation: sweep });
    return complaints.length;
  };
  it("objects where Sweep takes what a run visits, by any of the listings that it was shown", () => {
    expect(swept([orders])).toBe(1);
    expect(swept([])).toBe(0);
    expect(swept([{ ...orders, id: "orders-2027" }])).toBe(0);
    expect(swept([{ ...orders, tags: new Map() }])).toBe(0);
  });
  it("takes a plan that is switched off for one that visits", () => {
    expect(swept([orders], off)).toBe(1);
    expect(swept([], off)).toBe(0);
  });

  const made = (
    under: PlanFacts,
    invocation: Partial<Invocation> = {},
    operation = "CreateDBClusterSnapshot",
  ) => {
    const { checker, complaints } = watch("left-alone", { plan: under });
    checker.answered?.({
      ...{ invocation: { ...prune, ...invocation }, operation, region: "us-east-1", parameters: new Map() },
      ...{ at: now, status: 200, code: "", body: "" },
    });
    return complaints.length;
  };
  it("objects where such a plan's schedule takes or copies, and not where a person asks", () => {
    expect(made(off)).toBe(1);
    expect(made(off, {}, "CopyDBClusterSnapshot")).toBe(1);
    expect(made(off, { asked: true })).toBe(0);
    expect(made(off, {}, "DescribeDBClusterSnapshots")).toBe(0);
    expect(made(plan)).toBe(0);
  });
  it("objects where it prunes", () => {
    const pruned = (under: PlanFacts): number => {
      const { checker, complaints } = watch("left-alone", { plan: under });
      checker.deleted?.(deletion(oldest));
      return complaints.length;
    };
    expect(pruned(off)).toBe(1);
    expect(pruned(plan)).toBe(0);
  });
});
