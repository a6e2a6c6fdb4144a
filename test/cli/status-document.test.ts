import { expect, it } from "vitest";
import { statusDocument } from "../../cli/status-document.ts";
import type { CoverageRow } from "../../lib/core/coverage.ts";
import type { Protection } from "../../lib/core/protection.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { clusterOf } from "../core/samples.ts";
import { plainPlan } from "../night.ts";

const home = "us-east-1";
const config = parseConfig(plainPlan, { path: "holdfast.yml", home });
const row: CoverageRow = {
  ...{ plan: "daily", region: home, kind: "source", clusters: 1, atRisk: [] },
  ...{ recoveryPointAge: 60, runAge: 60, objective: 3600 },
};
const nothing = { protections: [], gone: [], unseen: [], others: [], unlisted: [] };
const whole = { service: "holdfast/test", config, now: 0, strict: false, coverage: [row], ...nothing };
const verdictOf = (verdict: Protection["verdict"]): Protection => ({
  ...{ cluster: clusterOf(), verdict, plans: ["daily"], coverage: [], risks: [], because: [] },
});
const off = { ...config, plans: {} };

it("is well where nothing is wrong", () => {
  expect(statusDocument(whole).well).toBe(true);
});

it.each([
  [
    "a plan has had no complete run for too long, though each cluster is covered",
    { coverage: [{ ...row, runAge: 3601 }] },
  ],
  ["a region was not seen", { unlisted: [{ region: home, family: "rds" as const, error: "no" }] }],
  ["no plan is switched on", { config: off }],
  ["a cluster is at risk, though every plan had its runs", { protections: [verdictOf("at risk")] }],
])("is not well where %s", (_, wrong) => {
  expect(statusDocument({ ...whole, ...wrong }).well).toBe(false);
});

it("is well where a cluster is unprotected, unless that was to be told strictly", () => {
  const some = { ...whole, protections: [verdictOf("protected"), verdictOf("unprotected")] };
  expect([statusDocument(some).well, statusDocument({ ...some, strict: true }).well]).toEqual([true, false]);
});
