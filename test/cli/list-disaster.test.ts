import { describe, expect, it } from "vitest";
import type { ListDocument } from "../../cli/list-document.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { clusterOf, denied, warehouseOf } from "../steps/points.ts";
import { at, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";
import { copiesOf, recent, recents } from "./recent.ts";

/** What `list` says on a bad day. */

const plans = plansFile(`regions: [us-east-1, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 3 }
    copies: [{ region: eu-west-1, kms-key: none, retention: { keep-daily: 2 } }]
    objective: { source: 26h, copy: 40d }
`);

const orders = recents(4);
const failing = recent(0, { of: "gone", differs: { status: "failed" } });
const gone = [failing, ...[1, 2].map((nights) => recent(nights, { of: "gone" }))];
const lake = recent(0, { of: "warehouse", engine: "redshift" });
const fleet: Fleet = {
  clusters: [clusterOf("orders"), warehouseOf("warehouse")],
  snapshots: [...orders, ...copiesOf(orders.slice(1, 3)), ...gone, lake],
};

/** With every call to a region refused, where one is named. */
const listed = async (words: readonly string[], { silent = "" } = {}) => {
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), ...fleet } });
  try {
    if (silent) simulator.faults.add({ region: silent, times: 1000, kind: denied });
    return await holdfast(["list", "--config", plans, "--stage", "test", ...words], at(simulator.endpoint));
  } finally {
    await simulator.close();
  }
};

const idsIn = (stdout: string): readonly string[] =>
  documentOf<ListDocument>("list", stdout).points.map(({ region, id }) => `${region} ${id}`);

describe("what waits for a region that does not answer", () => {
  it.each([
    ["its cluster is not seen: no run visits it", "us-east-1"],
    ["a copy region is not seen: nothing in the cluster's region is pruned", "eu-west-1"],
  ])("does not go with the next run: %s", async (_, silent) => {
    const { stdout } = await listed(["--cluster", "orders"], { silent });
    expect(stdout).toMatch(/ waits$/m);
    expect(stdout).not.toMatch(/goes next|with the next run/);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
      new RegExp(`; \\d that would go stays? until ${silent} can be listed`),
    );
    const { points } = documentOf<ListDocument>("list", (await listed(["--json"], { silent })).stdout);
    const rds = points.filter(({ family, orphan }) => family === "rds" && orphan === null);
    expect(new Set(rds.map(({ waitsFor }) => waitsFor))).toEqual(new Set([silent]));
  });
});

describe("where no region answers at all, as with credentials that have expired", () => {
  const kind = { code: "ExpiredToken", status: 403, message: "The security token is expired" };

  it.each(["list", "status", "plan", "prune"])("%s says it in one sentence, and fails", async (command) => {
    const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), ...fleet } });
    try {
      simulator.faults.add({ times: 1000, kind });
      const words = [command, "--config", plans, "--stage", "test"];
      const { code, stdout, stderr } = await holdfast([...words, "--json"], at(simulator.endpoint));
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /^holdfast: \w+ Describe\w+ in \S+: ExpiredToken: .*; check the credentials.*\n$/,
      );
    } finally {
      await simulator.close();
    }
  });
});

describe("holdfast list --newest", () => {
  const newest = [orders[0], copiesOf(orders.slice(1, 2))[0], gone[1], lake];

  it("shows the newest available point of each cluster and region in one table of 80 columns", async () => {
    const { code, stdout } = await listed(["--newest"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CLUSTER +OF +WHERE +TAKEN \(UTC\) +AGE$/m);
    expect(stdout.match(/^CLUSTER/gm)).toHaveLength(1);
    for (const one of newest) {
      const where = one?.region === "eu-west-1" ? "eu-west-1 copy" : "us-east-1 +";
      expect(stdout).toMatch(
        new RegExp(
          `^${one?.cluster} +us-east-1 +${where} +\\d{4}-\\d\\d-\\d\\d 03:00 \\d.*\\n {2}${one?.id}$`,
          "m",
        ),
      );
    }
    expect(stdout).toMatch(/^the newest available recovery points of 3 clusters: 4$/m);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("is one document with --json, and takes the other filters: the newest before the harm", async () => {
    const ids = newest.map((one) => `${one?.region} ${one?.id}`);
    expect(idsIn((await listed(["--newest", "--json"])).stdout).toSorted()).toEqual(ids.toSorted());
    const hours = Math.floor((Date.now() - Date.parse(orders[0]?.created ?? "")) / 3_600_000);
    const words = [
      "--newest",
      "--json",
      "--cluster",
      "orders",
      "--in",
      "us-east-1",
      "--until",
      `${hours + 5}h`,
    ];
    expect(idsIn((await listed(words)).stdout)).toEqual([`us-east-1 ${orders[1]?.id}`]);
  });

  it("serves from a copy region alone, and says where there is nothing", async () => {
    const here = await listed(["--newest", "--json", "--from-here", "--in", "eu-west-1"], {
      silent: "us-east-1",
    });
    expect([here.code, idsIn(here.stdout).length]).toEqual([0, 1]);
    const none = await listed(["--newest", "--cluster", "nothing"]);
    expect(none.stdout.replaceAll("\n", " ")).toContain("fits; leave a filter out");
  });

  it("does not go with --foreign", async () => {
    const { code, stderr } = await listed(["--newest", "--foreign"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be used with option")]);
  });
});

describe("a filter by the beginning of an engine's name", () => {
  it("names the engines that begin so", async () => {
    const { stdout } = await listed(["--engine", "aurora"]);
    expect(stdout.replaceAll("\n", " ")).toContain("or say --engine aurora-mysql or aurora-postgresql");
  });
});
