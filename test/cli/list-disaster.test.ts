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

describe("what waits for a region that does not answer", () => {
  it.each([
    ["its cluster is not seen: no run comes by", "us-east-1"],
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
