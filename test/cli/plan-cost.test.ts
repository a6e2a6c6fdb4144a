import { describe, expect, it } from "vitest";
import { planCost } from "../../cli/plan-cost.ts";
import type { ForetoldRun } from "../../cli/preview-document.ts";
import type { Plan } from "../../lib/core/plan.ts";
import { clusterOf, planOf } from "../core/samples.ts";

/** A run that keeps two points of one cluster of a GiB, and sends one copy. */
const at = "2026-12-01T03:00:00Z";
const { arn, id, region } = clusterOf();
const place = { region: "eu-west-1", id: "copy", because: [] };
const document: ForetoldRun = {
  ...{ version: 1, plan: "daily", run: "daily-20261201t030000z", at, timeZone: "UTC", outcome: "complete" },
  totals: { take: 1, copy: 1, prune: 0, keep: 2 },
  clusters: [
    {
      ...{
        cluster: id,
        arn,
        engine: "Aurora PostgreSQL",
        region,
        because: "",
        action: "take",
        snapshot: "it",
      },
      copies: [{ region: place.region, id: place.id, action: "start", kmsKey: null }],
      ...{ prune: [], keep: [place, { ...place, region }], problems: [] },
    },
  ],
  ...{ enables: [], skipped: [], problems: [] },
};

const sentBy = (differs: Partial<Plan>): number => {
  const look = { clusters: [clusterOf()], owned: [] };
  return planCost({ plan: planOf(differs), document, look, assumedGib: 1 }).transferGibMonth;
};

describe("what a plan's copies send in a month", () => {
  it.each([
    ["cron(0 3 * * ? *)", 30],
    ["cron(0 3 ? * TUE *)", 5],
    // From a first of December the next is 31 days away.
    ["cron(0 3 1 * ? *)", 1],
    ["cron(0 3 1 1,4,7,10 ? *)", 1],
    ["rate(31 days)", 1],
    ["rate(1 hour)", 720],
    ["cron(0/30 * * * ? *)", 1440],
  ])("is counted, with %s, by the %d runs of thirty days", (schedule, runs) => {
    expect(sentBy({ schedule })).toBe(runs);
  });

  it("is nothing where no schedule starts a run", () => {
    expect(sentBy({ enabled: false })).toBe(0);
  });
});
