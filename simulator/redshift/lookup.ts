import type { Call } from "../operation.ts";
import type { CopyGrant, RedshiftCluster, RedshiftSnapshot } from "../redshift-records.ts";
import type { RegionStore } from "../world.ts";
import { redshiftFault } from "./errors.ts";

/** The caller's cluster in the called region; ids are compared as given. Throws ClusterNotFound. */
export const findCluster = ({ store }: Call, id: string): RedshiftCluster => {
  const cluster = store.redshiftClusters.get(id);
  if (!cluster) throw redshiftFault("ClusterNotFoundFault", `Cluster ${id} not found.`);
  return cluster;
};

/** As `findCluster`, for what can be done to a cluster in this one state only. */
export const findAvailableCluster = (call: Call, id: string): RedshiftCluster => {
  const cluster = findCluster(call, id);
  assertAvailable(cluster);
  return cluster;
};

// `available, prep-for-resize` and `available, resize-cleanup` do not count as available.
export const assertAvailable = ({ id, status }: RedshiftCluster): void => {
  if (status === "available") return;
  throw redshiftFault(
    "InvalidClusterStateFault",
    `The cluster ${id} must be in the available state, but it is in the ${status} state.`,
  );
};

/** The caller's own snapshot in the called region; throws ClusterSnapshotNotFound. */
export const findOwnSnapshot = ({ store }: Call, id: string, clusterId?: string): RedshiftSnapshot => {
  const snapshot = store.redshiftSnapshots.get(id);
  if (snapshot && (clusterId || snapshot.clusterId) === snapshot.clusterId) return snapshot;
  throw snapshotNotFound(id);
};

export const snapshotNotFound = (named: string) =>
  redshiftFault("ClusterSnapshotNotFoundFault", `Snapshot ${named} not found.`);

/** The copy grant of that name in a region; throws SnapshotCopyGrantNotFoundFault. */
export const findGrant = ({ copyGrants }: RegionStore, name: string): CopyGrant => {
  const grant = copyGrants.get(name);
  if (grant) return grant;
  throw redshiftFault("SnapshotCopyGrantNotFoundFault", `Snapshot copy grant not found: ${name}`);
};
