import { arnOf } from "./arn.ts";
import type { FleetCluster, FleetSnapshot } from "./fleet.ts";
import { resumeSnapshot } from "./redshift/resume-snapshot.ts";
import type { RedshiftSnapshot } from "./redshift-records.ts";
import { stableUuid } from "./stable-id.ts";
import type { RegionStore, World } from "./world.ts";

const daysBeforeStart = (world: World, days: number) =>
  new Date(world.clock.now().getTime() - days * 86_400_000);

const defaults = {
  nodeType: "ra3.large",
  nodes: 2,
  masterUsername: "awsuser",
  databaseName: "dev",
  port: 5439,
};

interface LoadedCluster {
  readonly cluster: FleetCluster;
  readonly kmsKeyArn: string | undefined;
}

export const loadRedshiftCluster = (
  world: World,
  store: RegionStore,
  { cluster, kmsKeyArn }: LoadedCluster,
): void => {
  const { region, account } = store;
  const { id, status, sizeGib, snapshotCopy } = cluster;
  const namespace = cluster.resourceId ?? stableUuid(account, region, "namespace", id);
  store.redshiftClusters.set(id, {
    ...defaults,
    region,
    account,
    id,
    arn: arnOf("redshift", store, `cluster:${id}`),
    namespaceArn: arnOf("redshift", store, `namespace:${namespace}`),
    createdAt: cluster.created ?? daysBeforeStart(world, 90),
    status,
    sizeGib,
    encrypted: kmsKeyArn !== undefined,
    kmsKeyArn,
    tags: new Map(Object.entries(cluster.tags)),
    automatedRetentionPeriod: 1,
    manualRetentionPeriod: cluster.manualRetention,
    snapshotCopy: snapshotCopy && {
      destinationRegion: snapshotCopy.destination,
      retentionPeriod: snapshotCopy.retention,
      manualRetentionPeriod: snapshotCopy.manualRetention,
      grantName: snapshotCopy.grant,
    },
  });
};

interface LoadedSnapshot {
  readonly snapshot: FleetSnapshot;
  readonly kmsKeyArn: string | undefined;
}

export const loadRedshiftSnapshot = (
  world: World,
  store: RegionStore,
  { snapshot, kmsKeyArn }: LoadedSnapshot,
): void => {
  const cluster = store.redshiftClusters.get(snapshot.cluster);
  const { region, account } = store;
  const held: RedshiftSnapshot = {
    ...hardwareOf(cluster ?? defaults),
    region,
    account,
    id: snapshot.id,
    arn: arnOf("redshift", store, `snapshot:${snapshot.cluster}/${snapshot.id}`),
    clusterId: snapshot.cluster,
    clusterCreatedAt: snapshot.clusterCreated ?? cluster?.createdAt ?? daysBeforeStart(world, 90),
    type: snapshot.type === "automated" ? "automated" : "manual",
    createTime: snapshot.created,
    startedAt: snapshot.created,
    sizeGib: snapshot.sizeGib ?? cluster?.sizeGib ?? 100,
    encrypted: kmsKeyArn !== undefined,
    kmsKeyArn,
    sourceRegion: snapshot.sourceRegion,
    status: snapshot.status,
    percent: snapshot.percent ?? (snapshot.status === "available" ? 100 : 0),
    seconds: 0,
    finishedAt: snapshot.status === "available" ? snapshot.created : undefined,
    tags: new Map(Object.entries(snapshot.tags)),
    retentionPeriod: snapshot.retention,
    sharedWith: [...snapshot.sharedWith],
  };
  store.redshiftSnapshots.set(snapshot.id, held);
  resumeSnapshot(world, held);
};

const hardwareOf = ({ nodeType, nodes, masterUsername, databaseName, port }: typeof defaults) => ({
  nodeType,
  nodes,
  masterUsername,
  databaseName,
  port,
});
