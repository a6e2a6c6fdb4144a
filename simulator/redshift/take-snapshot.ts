import { arnOf } from "../arn.ts";
import type { RedshiftCluster, RedshiftSnapshot } from "../redshift-records.ts";
import type { Tags } from "../tags.ts";
import type { RegionStore, World } from "../world.ts";
import { copyAcross } from "./cross-region-copy.ts";
import { redshiftFault } from "./errors.ts";
import { beginSnapshotWork } from "./snapshot-work.ts";

interface NewSnapshot {
  readonly cluster: RedshiftCluster;
  readonly id: string;
  readonly tags: Tags;
  readonly retentionPeriod: number;
  readonly now: Date;
  /** `creating`, or `final snapshot` for the one that deleting a cluster leaves behind. */
  readonly status?: string;
  readonly available?: (at: Date) => void;
}

/** Begins a manual snapshot of a cluster; its id must be free. */
export const takeSnapshot = (world: World, given: NewSnapshot): RedshiftSnapshot => {
  const { cluster, id, tags, retentionPeriod, now } = given;
  const { region, account } = cluster;
  const snapshot: RedshiftSnapshot = {
    region,
    account,
    id,
    arn: arnOf("redshift", cluster, `snapshot:${cluster.id}/${id}`),
    clusterId: cluster.id,
    clusterCreatedAt: cluster.createdAt,
    type: "manual",
    createTime: now,
    startedAt: now,
    sizeGib: cluster.sizeGib,
    nodeType: cluster.nodeType,
    nodes: cluster.nodes,
    encrypted: cluster.encrypted,
    kmsKeyArn: cluster.kmsKeyArn,
    masterUsername: cluster.masterUsername,
    databaseName: cluster.databaseName,
    port: cluster.port,
    status: given.status ?? "creating",
    percent: 0,
    seconds: 0,
    tags,
    retentionPeriod,
    sharedWith: [],
  };
  world.store(region, account).redshiftSnapshots.set(id, snapshot);
  beginCreation(world, snapshot, { now, ...(given.available && { available: given.available }) });
  return snapshot;
};

interface Creation {
  readonly now: Date;
  /** Default: by size, from the settings. */
  readonly seconds?: number;
  readonly available?: (at: Date) => void;
}

/** Sets the making of a snapshot going; once available it is copied to where its cluster has copies go. */
export const beginCreation = (
  world: World,
  snapshot: RedshiftSnapshot,
  { now, seconds, available }: Creation,
): void =>
  beginSnapshotWork(world, snapshot, {
    kind: "create",
    startedAt: now,
    ...(seconds !== undefined && { seconds }),
    available: (at) => {
      copyAcross(world, snapshot, at);
      available?.(at);
    },
  });

/** Refuses an id that any snapshot of the account has in this region, of whatever cluster. */
export const assertFree = ({ redshiftSnapshots }: RegionStore, id: string): void => {
  if (!redshiftSnapshots.has(id)) return;
  throw redshiftFault(
    "ClusterSnapshotAlreadyExistsFault",
    `Cannot create the snapshot because a snapshot with the identifier ${id} already exists`,
  );
};
