import { arnOf } from "../arn.ts";
import type { Call } from "../operation.ts";
import type { DbCluster, DbClusterSnapshot } from "../rds-records.ts";
import { beginSnapshotWork } from "../snapshot-work.ts";
import type { Tags } from "../tags.ts";
import { rdsFault } from "./errors.ts";
import { inheritableTags } from "./tagging.ts";

interface NewSnapshot {
  readonly cluster: DbCluster;
  /** In lower case. */
  readonly id: string;
  readonly tags: Tags;
}

/** Begins a manual snapshot of a cluster; throws DBClusterSnapshotAlreadyExistsFault. */
export const takeSnapshot = (
  { world, store, now }: Call,
  { cluster, id, tags }: NewSnapshot,
): DbClusterSnapshot => {
  assertFree(store.clusterSnapshots, id);
  // Tags given with the request keep CopyTagsToSnapshot from having any effect.
  const inherited = cluster.copyTagsToSnapshot ? inheritableTags(cluster.tags) : new Map();
  const snapshot: DbClusterSnapshot = {
    region: store.region,
    account: store.account,
    id,
    arn: arnOf("rds", store, `cluster-snapshot:${id}`),
    type: "manual",
    engine: cluster.engine,
    engineVersion: cluster.engineVersion,
    engineMode: cluster.engineMode,
    clusterId: cluster.id,
    clusterResourceId: cluster.resourceId,
    clusterCreatedAt: cluster.createdAt,
    sizeGib: cluster.sizeGib,
    encrypted: cluster.encrypted,
    kmsKeyArn: cluster.kmsKeyArn,
    awsOwnedKey: cluster.awsOwnedKey,
    masterUsername: cluster.masterUsername,
    port: cluster.port,
    createTime: now,
    startedAt: now,
    status: "creating",
    percent: 0,
    tags: tags.size > 0 ? tags : inherited,
    sharedWith: [],
  };
  store.clusterSnapshots.set(id, snapshot);
  beginSnapshotWork(world, snapshot, { kind: "create", startedAt: now });
  return snapshot;
};

/** Refuses an id that a snapshot of this account and region already has. */
export const assertFree = (held: ReadonlyMap<string, DbClusterSnapshot>, id: string): void => {
  if (!held.has(id)) return;
  throw rdsFault(
    "DBClusterSnapshotAlreadyExistsFault",
    `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
  );
};
