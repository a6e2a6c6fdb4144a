import type { Cluster, Tags } from "../../lib/core/cluster.ts";
import { snapshotName } from "../../lib/core/naming.ts";
import { ownedBy, stampCopy, stampSnapshot } from "../../lib/core/ownership.ts";
import type { Plan } from "../../lib/core/plan.ts";
import { type Run, runId } from "../../lib/core/run.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type DemoCluster, demoClusters } from "./clusters.ts";
import { copyRegion, demoAt, demoNow, demoService } from "./plan.ts";

const account = "123456789012";
const created = "2025-03-01T09:00:00Z";
const dayMs = 86_400_000;

type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

/** The demo's account: its clusters, what earlier runs of ours left of them, and what others left. */
export const demoFleet = (plan: Plan): Fleet => ({
  now: demoNow,
  // A demo has seconds where a night has hours: the sizes are real, the rates are not.
  settings: { snapshotBaseSeconds: 90, snapshotSecondsPerGib: 3, copyBaseSeconds: 180, copySecondsPerGib: 9 },
  keys: [
    { region: "us-east-1", alias: "alias/data" },
    { region: "us-west-2", alias: "alias/data" },
    { region: copyRegion, alias: "alias/backup" },
  ],
  copyGrants: [{ region: copyRegion, name: "warehouse", kmsKey: "alias/backup" }],
  clusters: demoClusters.map(toFleetCluster),
  snapshots: [...demoClusters.flatMap((cluster) => history(cluster, plan)), ...othersSnapshots],
});

const toFleetCluster = (cluster: DemoCluster): NonNullable<Fleet["clusters"]>[number] => {
  const { region, id, engine, sizeGib, encrypted, tags, status } = cluster;
  return {
    ...{
      region,
      id,
      engine,
      sizeGib,
      encrypted,
      created,
      tags: { ...tags },
      resourceId: resourceOf(cluster),
    },
    ...(status && { status }),
    ...(encrypted && { kmsKey: "alias/data" }),
    ...(cluster.copied && { snapshotCopy: { destination: copyRegion, grant: "warehouse" } }),
  };
};

const resourceOf = ({ region, id }: DemoCluster): string => `cluster-${id}-${region}`.toUpperCase();

const arnOf = ({ region, id, engine }: DemoCluster): string =>
  `arn:aws:${engine === "redshift" ? "redshift" : "rds"}:${region}:${account}:cluster:${id}`;

/** What earlier runs left: named and tagged by the same functions that name and tag tonight's. */
const history = (cluster: DemoCluster, plan: Plan): readonly FleetSnapshot[] => {
  const taken = (cluster.nights ?? []).map((age) => pastSnapshot(cluster, plan, age));
  const copied = (cluster.copiedNights ?? []).map((age) => pastCopy(cluster, plan, age));
  return [...taken, ...copied];
};

const pastRun = (plan: Plan, age: number): Run => {
  const at = new Date(Date.parse(demoAt) - age * dayMs).toISOString();
  return { plan: plan.name, at, id: runId(plan.name, at), deadline: at };
};

const pastSnapshot = (cluster: DemoCluster, plan: Plan, age: number): FleetSnapshot => {
  const run = pastRun(plan, age);
  const identity: Cluster = {
    ...{ arn: arnOf(cluster), id: cluster.id, resource: resourceOf(cluster), region: cluster.region },
    ...{ engine: cluster.engine, status: "available", encrypted: cluster.encrypted, readOnlyReplica: false },
    tags: cluster.tags,
  };
  return {
    ...{ region: cluster.region, cluster: cluster.id, created: run.at, encrypted: cluster.encrypted },
    ...(cluster.encrypted && { kmsKey: "alias/data" }),
    id: snapshotName({ service: demoService, run, cluster: identity }),
    tags: { ...stampSnapshot({ service: demoService, run, cluster: identity, retention: plan.retention }) },
  };
};

const pastCopy = (cluster: DemoCluster, plan: Plan, age: number): FleetSnapshot => {
  const source = pastSnapshot(cluster, plan, age);
  const sourceArn = `arn:aws:rds:${cluster.region}:${account}:cluster-snapshot:${source.id}`;
  return {
    ...source,
    ...{
      region: copyRegion,
      engine: cluster.engine,
      sourceArn,
      tags: { ...copyTags(source, sourceArn, plan) },
    },
    ...(cluster.encrypted && { kmsKey: "alias/backup" }),
  };
};

const copyTags = (source: FleetSnapshot, arn: string, plan: Plan): Tags => {
  const snapshot = {
    id: source.id,
    arnPattern: arn,
    region: source.region,
    engine: "aurora-mysql",
    cluster: source.cluster,
  } as const;
  const owned = ownedBy(demoService, {
    ...snapshot,
    status: "available",
    manual: true,
    encrypted: false,
    tags: source.tags ?? {},
  });
  const retention = plan.copies.find(({ region }) => region === copyRegion)?.retention ?? {};
  return owned ? stampCopy({ source: owned, retention }) : {};
};

/** Not ours, and to be left alone: by hand, by AWS, by AWS Backup, by another stage, and one that looks like ours. */
const othersSnapshots: readonly FleetSnapshot[] = [
  {
    region: "us-east-1",
    cluster: "orders",
    id: "before-the-migration",
    created: "2025-06-01T10:00:00Z",
    tags: { owner: "ana" },
  },
  {
    region: "us-east-1",
    cluster: "orders",
    id: "rds:orders-2026-11-19-04-10",
    type: "automated",
    created: "2026-11-19T04:10:00Z",
  },
  {
    region: "us-east-1",
    cluster: "sessions",
    id: "rds:sessions-2026-11-19-04-40",
    type: "automated",
    created: "2026-11-19T04:40:00Z",
  },
  {
    region: "us-east-1",
    cluster: "orders",
    id: "awsbackup:job-6c4a2f00",
    type: "awsbackup",
    created: "2026-11-18T05:00:00Z",
  },
  {
    region: "us-east-1",
    cluster: "orders",
    id: "holdfast-daily-orders-aaaaaaaa-20260101t030000z",
    created: "2026-01-01T03:00:00Z",
  },
  {
    region: "us-east-1",
    cluster: "orders",
    id: "holdfast-daily-orders-bbbbbbbb-20260102t030000z",
    created: "2026-01-02T03:00:00Z",
    tags: { "holdfast:service": "holdfast/prod", "holdfast:plan": "daily" },
  },
  {
    region: "us-east-1",
    cluster: "warehouse",
    id: "rs:warehouse-2026-11-19-02-00-00",
    type: "automated",
    created: "2026-11-19T02:00:00Z",
  },
  { region: "us-west-2", cluster: "clickstream", id: "quarter-end", created: "2026-09-30T22:00:00Z" },
];
