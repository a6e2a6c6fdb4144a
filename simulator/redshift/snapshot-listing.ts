import { parseArn } from "../arn.ts";
import type { Call } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import type { RedshiftSnapshot } from "../redshift-records.ts";
import { findCluster, snapshotNotFound } from "./lookup.ts";
import { filtersByTag, hasTags } from "./tag-filter.ts";

interface ListingInput {
  readonly ClusterIdentifier: string | undefined;
  readonly SnapshotIdentifier: string | undefined;
  readonly SnapshotArn: string | undefined;
  readonly SnapshotType: string | undefined;
  readonly StartTime: Date | undefined;
  readonly EndTime: Date | undefined;
  readonly OwnerAccount: string | undefined;
  readonly TagKeys: readonly string[] | undefined;
  readonly TagValues: readonly string[] | undefined;
  readonly ClusterExists: boolean | undefined;
}

/**
 * The snapshots that a listing asks for. By snapshot id or ARN a miss is an error; by cluster it is an empty
 * list (a guess for ids that no cluster ever had), so that what deleted clusters left can still be listed.
 */
export const listSnapshots = (call: Call, input: ListingInput): readonly RedshiftSnapshot[] => {
  assertCombination(call, input);
  const visible = visibleSnapshots(call, input);
  const { SnapshotIdentifier, SnapshotArn } = input;
  if (!SnapshotIdentifier && !SnapshotArn) return matching(call, input, visible);
  const named = visible.filter(
    ({ id, arn }) => (SnapshotIdentifier || id) === id && (SnapshotArn || arn) === arn,
  );
  if (named.length === 0) throw snapshotNotFound(SnapshotIdentifier || SnapshotArn || "");
  return matching(call, input, named);
};

const assertCombination = (call: Call, input: ListingInput): void => {
  const { ClusterIdentifier, SnapshotIdentifier, SnapshotArn, SnapshotType, ClusterExists } = input;
  const refuse = (message: string) => commonError("InvalidParameterCombination", message);
  if (ClusterIdentifier && SnapshotIdentifier) {
    throw refuse("ClusterIdentifier and SnapshotIdentifier cannot be specified together.");
  }
  if (ClusterExists && !ClusterIdentifier) {
    throw refuse("ClusterIdentifier is required when ClusterExists is true.");
  }
  if (ClusterExists && ClusterIdentifier) findCluster(call, ClusterIdentifier);
  if (SnapshotType && SnapshotType !== "automated" && SnapshotType !== "manual") {
    throw commonError("InvalidParameterValue", `Invalid snapshot type: ${SnapshotType}`);
  }
  if (SnapshotArn && parseArn(SnapshotArn)?.type !== "snapshot") {
    throw commonError("InvalidParameterValue", `Invalid snapshot ARN: ${SnapshotArn}`);
  }
};

// Without an owner only the caller's own are listed; those of another account if they are shared with the
// caller. Shared ones cannot be asked for by tag: the documentation says that they are then left out.
const visibleSnapshots = (call: Call, input: ListingInput): readonly RedshiftSnapshot[] => {
  const owner = input.OwnerAccount || parseArn(input.SnapshotArn ?? "")?.account || call.account;
  const held = [...call.world.store(call.region, owner).redshiftSnapshots.values()];
  const latest = call.now.getTime() - call.world.settings.listingDelaySeconds * 1000;
  const fresh = held.filter(({ startedAt }) => startedAt.getTime() <= latest);
  if (owner === call.account) return fresh;
  if (filtersByTag(input)) return [];
  return fresh.filter(({ sharedWith }) => sharedWith.includes(call.account));
};

const matching = ({ store }: Call, input: ListingInput, snapshots: readonly RedshiftSnapshot[]) => {
  const { ClusterIdentifier, SnapshotType, StartTime, EndTime, ClusterExists } = input;
  return snapshots.filter(
    (snapshot) =>
      (ClusterIdentifier || snapshot.clusterId) === snapshot.clusterId &&
      (SnapshotType || snapshot.type) === snapshot.type &&
      (!StartTime || snapshot.createTime >= StartTime) &&
      (!EndTime || snapshot.createTime <= EndTime) &&
      (ClusterExists ?? store.redshiftClusters.has(snapshot.clusterId)) ===
        store.redshiftClusters.has(snapshot.clusterId) &&
      hasTags(input, snapshot.tags),
  );
};
