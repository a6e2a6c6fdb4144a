import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { type StatusDocument, statusDocument } from "../../cli/status-document.ts";
import { renderStatus } from "../../cli/status-table.ts";
import type { ClusterCoverage, CoverageRow } from "../../lib/core/coverage.ts";
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

it("has each of a plan's ages under its own name", () => {
  const coverage = [{ ...row, recoveryPointAge: 60, runAge: 90 }];
  expect(statusDocument({ ...whole, coverage }).plans).toMatchObject([
    { recoveryPointAgeSeconds: 60, runAgeSeconds: 90, objectiveSeconds: 3600 },
  ]);
});

describe("the table's hint", () => {
  const deaf = { unlisted: [{ region: home, family: "rds" as const, error: "no" }] };
  const textOf = (differs: object): string =>
    stripVTControlCharacters(renderStatus(statusDocument({ ...whole, ...differs }), 200));

  it("that nothing is backed up is not given where a region may have what is", () => {
    const bare = { protections: [verdictOf("unprotected")] };
    expect(textOf(bare)).toContain("nothing is backed up");
    expect(textOf({ ...bare, ...deaf })).not.toContain("nothing is backed up");
  });

  it("at another stage is not given where this one has recovery points", () => {
    const coverage = { plan: "daily", region: home, kind: "source" as const, cluster: clusterOf() };
    const backedUp = {
      ...verdictOf("protected"),
      coverage: [{ ...coverage, age: 1, objective: 2, newest: 0 }],
    };
    const others = ["holdfast/prod"];
    expect(textOf({ others, protections: [verdictOf("unprotected")] })).toContain("some of holdfast/prod");
    expect(textOf({ others, protections: [backedUp] })).not.toContain("holdfast/prod");
  });
});

describe("the table's ages", () => {
  const hour = 3600;
  const covered = (
    region: string,
    { kind = "source", plan = "daily", hours }: { kind?: CoverageRow["kind"]; plan?: string; hours?: number },
  ): ClusterCoverage => ({
    ...{ plan, region, kind, cluster: clusterOf(), objective: 26 * hour, age: (hours ?? 900) * hour },
    ...(hours !== undefined && { newest: 0 }),
  });
  const agesOf = (coverage: readonly ClusterCoverage[], differs: Partial<StatusDocument> = {}) => {
    const document = statusDocument({ ...whole, protections: [{ ...verdictOf("protected"), coverage }] });
    const text = stripVTControlCharacters(renderStatus({ ...document, ...differs }, 100));
    return /^orders .* protected +(\S+) +(\S+)$/m.exec(text)?.slice(1);
  };
  const copied = (region: string, hours?: number) =>
    covered(region, { kind: "copy", ...(hours !== undefined && { hours }) });

  it("are those of the newest point of any plan, and of copies in the region that is worst off", () => {
    const here = [covered(home, { hours: 20 }), covered(home, { plan: "weekly", hours: 3 })];
    expect(agesOf(here)).toEqual(["3h", "-"]);
    expect(agesOf([...here, copied("eu-west-1", 2), copied("eu-west-2", 7)])).toEqual(["3h", "7h"]);
    expect(agesOf([...here, copied("eu-west-1", 2), copied("eu-west-2")])).toEqual(["3h", "none"]);
  });

  it("are unknown where one region of copies did not answer, of this family", () => {
    const rows = [covered(home, { hours: 3 }), copied("eu-west-1", 2), copied("eu-west-2", 7)];
    const silent = (family: "rds" | "redshift") => ({
      unlisted: [{ region: "eu-west-2", family, error: "no" }],
    });
    expect(agesOf(rows, silent("rds"))).toEqual(["3h", "?"]);
    expect(agesOf(rows, silent("redshift"))).toEqual(["3h", "7h"]);
  });

  it("are those of the region that is worst off also where the cluster's own did not answer", () => {
    const place = { kind: "copy" as const, points: 1, newest: "2026-11-20T03:00:00Z" };
    const places = [
      { ...place, region: "eu-west-1", ageSeconds: 2 * hour },
      { ...place, region: "eu-west-2", ageSeconds: 7 * hour },
    ];
    const { arn, resource, engine } = clusterOf();
    const hidden = { cluster: "orders", arn, resource, engine, label: "Aurora PostgreSQL", region: home };
    const text = renderStatus(statusDocument({ ...whole, unseen: [{ ...hidden, places }] }), 100);
    expect(stripVTControlCharacters(text)).toMatch(/^orders .* unknown +\? +7h *$/m);
  });
});
