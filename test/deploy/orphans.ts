import { snapshotName } from "../../lib/core/naming.ts";
import { stampSnapshot } from "../../lib/core/ownership.ts";
import { runId } from "../../lib/core/run.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { account, service } from "./scenario.ts";

type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

const today = Date.now();

/** A recovery point of the daily plan, of a cluster that is gone, stamped to be kept alone. */
const orphan = (cluster: string, engine: "docdb" | "redshift", daysAgo: number): FleetSnapshot => {
  const at = new Date(today - daysAgo * 86_400_000).toISOString();
  const run = { plan: "daily", at, id: runId("daily", at), deadline: at };
  const product = engine === "redshift" ? "redshift" : "rds";
  const arn = `arn:aws:${product}:us-east-1:${account}:cluster:${cluster}`;
  const identity = { id: cluster, arn, resource: `cluster-${cluster}`, tags: {} };
  return {
    ...{ region: "us-east-1", cluster, engine, created: at, clusterCreated: "2026-01-01T00:00:00Z" },
    id: snapshotName({ service, run, cluster: identity }),
    tags: stampSnapshot({ service, run, cluster: identity, retention: { last: 1 } }),
  };
};

const days = [3, 4, 5];
const arrived = orphan("archive", "redshift", 3);

/** What Sweep has to prune, and one copy that Redshift brought late for Recognise to tag. */
export const orphans: readonly FleetSnapshot[] = [
  ...days.map((daysAgo) => orphan("ledger", "docdb", daysAgo)),
  ...days.map((daysAgo) => orphan("archive", "redshift", daysAgo)),
  { ...arrived, region: "eu-west-1", id: `copy:${arrived.id}`, sourceRegion: "us-east-1", tags: {} },
];
