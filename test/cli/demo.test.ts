import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../cli/result-document.ts";

/** The command as a user runs it, in a process of its own. */
const run = promisify(execFile);
const holdfast = (...words: string[]) =>
  run(process.execPath, ["cli/holdfast.ts", ...words], { env: { ...process.env, NO_COLOR: "1" } });

type DemoDocument = ResultDocument & {
  readonly calls: Readonly<Record<string, number>>;
  readonly virtualSeconds: number;
  readonly second: DemoDocument;
};

describe("holdfast demo", () => {
  let document: DemoDocument;
  let seconds: number;

  beforeAll(async () => {
    const began = performance.now();
    document = JSON.parse((await holdfast("demo", "--json", "--twice")).stdout) as DemoDocument;
    seconds = (performance.now() - began) / 1000;
  });

  const row = (region: string, cluster: string) =>
    document.clusters.find((one) => one.region === region && one.cluster === cluster);

  it("exits 0, in less than 15 seconds, with the three rows that its fleet asks for", () => {
    expect(seconds).toBeLessThan(15);
    expect(document.problems.map(({ cluster, code }) => `${cluster} ${code}`).toSorted()).toEqual([
      "billing copy-unsupported",
      "clickstream setting-absent",
      "legacy-crm stopped",
    ]);
    expect(document.execution.error).toBe("Incomplete");
  });

  it("takes every other cluster that the plan means, of every engine", () => {
    const available = document.clusters.filter(({ status }) => status === "available");
    expect(new Set(available.map(({ engine }) => engine))).toEqual(
      new Set(["Aurora PostgreSQL", "Aurora MySQL", "Neptune", "DocumentDB", "Multi-AZ MySQL", "Redshift"]),
    );
    expect(
      document.clusters.filter(({ status }) => status !== "available").map(({ cluster }) => cluster),
    ).toEqual(["legacy-crm"]);
  });

  it("copies what can be copied, also what Redshift brings by itself", () => {
    const uncopied = document.clusters
      .filter(({ copies }) => copies[0]?.status !== "available")
      .map(({ cluster }) => cluster);
    expect(uncopied.toSorted()).toEqual(["billing", "clickstream", "legacy-crm"]);
    expect(row("us-east-1", "warehouse")?.copies[0]?.id).toMatch(/^copy:holdfast-daily-warehouse-/);
  });

  it("tells the copy of a point that an earlier run took apart from those of this run", async () => {
    const { totals, copiesOfEarlierRuns } = document;
    expect([totals?.copies, copiesOfEarlierRuns]).toEqual([10, 1]);
    const { stdout, stderr } = await holdfast("demo");
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/ copies 11\/11 /);
    expect(stdout.replaceAll("\n", " ")).toContain(" 10 copies and 1 of an earlier run, 15 pruned,");
  });

  it("keeps apart clusters of one name, and names that differ at their end only", () => {
    const names = document.clusters.flatMap(({ snapshot }) => snapshot ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(row("us-east-1", "orders")?.snapshot).not.toBe(row("us-west-2", "orders")?.snapshot);
  });

  it("gives a reason for every recovery point that it kept or pruned", () => {
    const all = document.retention.flatMap(({ kept, pruned }) => [...kept, ...pruned]);
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter(({ because }) => because.length === 0)).toEqual([]);
    expect(document.retention.flatMap(({ pruned }) => pruned).length).toBe(document.totals?.pruned);
    expect(document.totals?.pruned).toBeGreaterThan(10);
  });

  it("leaves alone what is not ours", () => {
    const named = document.retention.flatMap(({ kept, pruned }) => [...kept, ...pruned]).map(({ id }) => id);
    expect(
      named.filter((id) => /aaaaaaaa|bbbbbbbb|awsbackup|^rds:|^rs:|before-the|quarter-end/.test(id)),
    ).toEqual([]);
  });

  it("takes nothing twice when the same scheduled time runs again", () => {
    expect([document.second.snapshotsTaken, document.second.copiesStarted]).toEqual([0, 0]);
    expect(document.second.clusters.map(({ snapshot }) => snapshot)).toEqual(
      document.clusters.map(({ snapshot }) => snapshot),
    );
  });

  it("prints a table that fits 80 columns, and is what the README shows", async () => {
    const { stdout } = await holdfast("demo");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/^CLUSTER +ENGINE +REGION +SNAPSHOT +COPY +PRUNED PROBLEM$/m);
    expect(readFileSync("README.md", "utf8")).toContain(stdout.trim());
  });
});
