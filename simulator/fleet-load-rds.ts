import { arnOf } from "./arn.ts";
import { engineDefaults } from "./engine-defaults.ts";
import type { FleetCluster, FleetSnapshot } from "./fleet.ts";
import { type DbCluster, type DbClusterMember, isMultiAzEngine } from "./rds-records.ts";
import { beginSnapshotWork } from "./snapshot-work.ts";
import { stableResourceId } from "./stable-id.ts";
import type { RegionStore, World } from "./world.ts";

const daysBeforeStart = (world: World, days: number) =>
  new Date(world.clock.now().getTime() - days * 86_400_000);

interface LoadedCluster {
  readonly cluster: FleetCluster;
  readonly kmsKeyArn: string | undefined;
}

export const loadRdsCluster = (
  world: World,
  store: RegionStore,
  { cluster, kmsKeyArn }: LoadedCluster,
): void => {
  const id = cluster.id.toLowerCase();
  const { region, account } = store;
  const held: DbCluster = {
    ...engineDefaults(cluster.engine),
    region,
    account,
    id,
    arn: arnOf("rds", store, `cluster:${id}`),
    engine: cluster.engine,
    engineMode: "provisioned",
    resourceId: cluster.resourceId ?? defaultResourceId(store, id),
    createdAt: cluster.created ?? daysBeforeStart(world, 90),
    status: cluster.status,
    sizeGib: cluster.sizeGib,
    encrypted: kmsKeyArn !== undefined,
    kmsKeyArn,
    awsOwnedKey: kmsKeyArn === undefined && cluster.awsOwnedKey,
    tags: new Map(Object.entries(cluster.tags)),
    members: membersOf(cluster),
    copyTagsToSnapshot: cluster.copyTagsToSnapshot,
    deletionProtection: cluster.deletionProtection,
    instanceClass: isMultiAzEngine(cluster.engine) ? "db.m6gd.large" : undefined,
    globalClusterId: cluster.globalCluster,
    replicationSourceArn: cluster.replicationSource,
  };
  if (cluster.engineVersion !== undefined) held.engineVersion = cluster.engineVersion;
  store.clusters.set(id, held);
};

const defaultResourceId = ({ account, region }: RegionStore, id: string) =>
  stableResourceId("cluster-", account, region, id);

// A secondary of a global database only reads: none of its members is a writer.
const membersOf = ({ id, members, replicationSource }: FleetCluster): DbClusterMember[] =>
  Array.from({ length: members }, (_, index) => ({
    id: `${id.toLowerCase()}-instance-${index + 1}`,
    writer: index === 0 && replicationSource === undefined,
  }));

interface LoadedSnapshot {
  readonly snapshot: FleetSnapshot;
  readonly engine: string;
  readonly kmsKeyArn: string | undefined;
}

export const loadRdsSnapshot = (
  world: World,
  store: RegionStore,
  { snapshot, engine, kmsKeyArn }: LoadedSnapshot,
): void => {
  const clusterId = snapshot.cluster.toLowerCase();
  const cluster = store.clusters.get(clusterId);
  const defaults = engineDefaults(engine);
  const id = idOf(snapshot);
  const { region, account } = store;
  const held = {
    region,
    account,
    id,
    arn: arnOf("rds", store, `cluster-snapshot:${id}`),
    type: snapshot.type === "automated" ? ("automated" as const) : ("manual" as const),
    engine,
    engineVersion: cluster?.engineVersion ?? defaults.engineVersion,
    engineMode: "provisioned",
    clusterId,
    clusterResourceId: snapshot.resourceId ?? cluster?.resourceId ?? defaultResourceId(store, clusterId),
    clusterCreatedAt: snapshot.clusterCreated ?? cluster?.createdAt ?? daysBeforeStart(world, 90),
    sizeGib: snapshot.sizeGib ?? cluster?.sizeGib ?? 100,
    encrypted: kmsKeyArn !== undefined,
    kmsKeyArn,
    awsOwnedKey: kmsKeyArn === undefined && (snapshot.awsOwnedKey ?? cluster?.awsOwnedKey ?? false),
    masterUsername: cluster?.masterUsername ?? defaults.masterUsername,
    port: cluster?.port ?? defaults.port,
    sourceArn: snapshot.sourceArn,
    createTime: snapshot.created,
    startedAt: snapshot.created,
    status: snapshot.status,
    percent: snapshot.percent ?? (snapshot.status === "available" ? 100 : 0),
    tags: new Map(Object.entries(tagsOf(snapshot, store, clusterId))),
    sharedWith: [...snapshot.sharedWith],
  };
  store.clusterSnapshots.set(id, held);
  if (held.status === "creating" || held.status === "copying") {
    beginSnapshotWork(world, held, {
      kind: held.status === "copying" ? "copy" : "create",
      startedAt: world.clock.now(),
    });
  }
};

// AWS Backup's snapshots of clusters are of type manual; their id and tag alone tell them apart.
const idOf = ({ id, type }: FleetSnapshot): string => {
  const lower = id.toLowerCase();
  return type === "awsbackup" && !lower.startsWith("awsbackup:") ? `awsbackup:${lower}` : lower;
};

const tagsOf = (
  { type, tags }: FleetSnapshot,
  store: RegionStore,
  clusterId: string,
): Record<string, string> =>
  type === "awsbackup"
    ? { "aws:backup:source-resource": arnOf("rds", store, `cluster:${clusterId}`), ...tags }
    : tags;
