import type { Call } from "../operation.ts";
import type { DbCluster, DbClusterSnapshot } from "../rds-records.ts";
import { rdsFault } from "./errors.ts";
import { readReference } from "./identifiers.ts";

/** The caller's cluster in the called region, by id or ARN; throws DBClusterNotFoundFault. */
export const findCluster = ({ store }: Call, given: string): DbCluster => {
  const { id, region = store.region, account = store.account } = readReference(given);
  const cluster = region === store.region && account === store.account ? store.clusters.get(id) : undefined;
  if (!cluster) throw rdsFault("DBClusterNotFoundFault", `DBCluster ${given} not found.`);
  return cluster;
};

/**
 * A snapshot by id or ARN, in any region the ARN names; one of another account only if it is shared with
 * the caller. Throws DBClusterSnapshotNotFoundFault.
 */
export const findSnapshot = (call: Call, given: string): DbClusterSnapshot => {
  const snapshot = seeSnapshot(call, given);
  if (!snapshot) throw rdsFault("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${given} not found.`);
  return snapshot;
};

/** As `findSnapshot`, for who only wants to know. */
export const seeSnapshot = ({ world, store }: Call, given: string): DbClusterSnapshot | undefined => {
  const { id, region = store.region, account = store.account } = readReference(given);
  const snapshot = world.store(region, account).clusterSnapshots.get(id);
  return snapshot && mayUse(store.account, snapshot) ? snapshot : undefined;
};

/** The caller's own snapshot in the called region, by id; throws DBClusterSnapshotNotFoundFault. */
export const findOwnSnapshot = (call: Call, given: string): DbClusterSnapshot => {
  const snapshot = findSnapshot(call, given);
  if (snapshot.account === call.account && snapshot.region === call.region) return snapshot;
  throw rdsFault("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${given} not found.`);
};

const mayUse = (account: string, { account: owner, sharedWith }: DbClusterSnapshot): boolean =>
  owner === account || sharedWith.includes(account) || sharedWith.includes("all");
