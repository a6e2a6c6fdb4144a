import { describe, expect, it } from "vitest";
import type { ListDocument } from "../../cli/list-document.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { clusterOf, idsOf, warehouseOf } from "../steps/points.ts";
import { at, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";
import { copiesOf, recent, recents } from "./recent.ts";

const plans = plansFile(`regions: [us-east-1, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 3 }
    copies: [{ region: eu-west-1, kms-key: none, retention: { keep-daily: 2 } }]
`);

const orders = recents(4);
const lake = recent(0, { of: "warehouse", engine: "redshift" });
const others = Array.from({ length: 250 }, (_, number) => recent(1, { of: `other-${number}` }));
const clusters = [clusterOf("orders"), warehouseOf("warehouse")];
const snapshots = [...orders, ...copiesOf(orders.slice(0, 2)), lake, ...others];

/** The points of a look with more words, and how many pages of RDS's it took. */
const listed = async (...words: string[]) => {
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), clusters, snapshots } });
  try {
    const options = ["--config", plans, "--stage", "test", "--json", ...words];
    const { code, stdout } = await holdfast(["list", ...options], at(simulator.endpoint));
    const { points } = documentOf<ListDocument>("list", stdout);
    const operations = simulator.calls.entries.map(({ operation }) => operation);
    return { code, points, pages: operations.filter((one) => one === "DescribeDBClusterSnapshots").length };
  } finally {
    await simulator.close();
  }
};

describe("holdfast list --cluster", () => {
  it("asks AWS for that cluster's snapshots alone, and says of them what a look at all says", async () => {
    const all = await listed();
    expect(all.pages).toBe(4);
    for (const [cluster, count] of [
      ["orders", 6],
      ["warehouse", 1],
    ] as const) {
      const some = await listed("--cluster", cluster);
      expect(some.points).toEqual(all.points.filter((point) => point.cluster === cluster));
      expect(some.points).toHaveLength(count);
    }
    expect((await listed("--cluster", "orders")).pages).toBe(2);
    expect((await listed("--cluster", "orders", "--from-here", "--in", "eu-west-1")).pages).toBe(1);
  });

  it("shows copies also where AWS's filter leaves them out, for want of the cluster in their region", async () => {
    const copies = copiesOf(orders.slice(0, 2));
    const settings = { snapshotsByCluster: "existing" } as const;
    const fleet = { now: new Date().toISOString(), settings, clusters, snapshots: [...copies] };
    const simulator = await startSimulator({ fleet });
    try {
      const words = ["list", "--config", plans, "--stage", "test", "--json", "--cluster", "orders"];
      const { stdout } = await holdfast(words, at(simulator.endpoint));
      const { points } = documentOf<ListDocument>("list", stdout);
      expect(points.map(({ id }) => id)).toEqual(idsOf(copies));
    } finally {
      await simulator.close();
    }
  });

  it("asks for all where it is an ARN, which a point's tag keeps", async () => {
    const byArn = await listed("--cluster", "arn:aws:rds:us-east-1:123456789012:cluster:orders");
    expect([byArn.points.length, byArn.pages]).toEqual([6, 4]);
  });

  it("takes identifiers and ARNs in any case, as AWS does", async () => {
    const byName = await listed("--cluster", "Orders");
    expect([byName.points.length, byName.pages]).toEqual([6, 2]);
    const byArn = await listed("--cluster", "arn:aws:rds:us-east-1:123456789012:cluster:ORDERS");
    expect(byArn.points).toHaveLength(6);
  });
});
