import type { DBCluster, DBClusterSnapshot } from "@aws-sdk/client-rds";
import { type Cluster, isEngine } from "../core/cluster.ts";
import { taggedTime } from "../core/ownership.ts";
import { arnPatternOf, readStatus, type Snapshot, type SnapshotStatus } from "../core/snapshot.ts";
import { IncompleteListingError } from "../errors.ts";
import { assertWhole } from "./paging.ts";
import { readTags } from "./tag-lookup.ts";

/** A cluster in our words, or nothing for an engine that we do not know. Fails on one without its identity. */
export const readCluster = (region: string, shape: DBCluster): Cluster | undefined => {
  const { Engine, DBClusterArn, DBClusterIdentifier, DbClusterResourceId } = shape;
  // The control plane lists RDS, Neptune and DocumentDB together; what is none of ours is left alone.
  assertWhole("rds cluster", region, { Engine: engineWord(Engine) });
  if (!isEngine(Engine)) return undefined;
  const ids = assertWhole("rds cluster", region, { DBClusterArn, DBClusterIdentifier, DbClusterResourceId });
  const source = sourceOf(shape);
  assertNamed(ids.DBClusterArn, `:cluster:${ids.DBClusterIdentifier}`, region);
  return {
    arn: ids.DBClusterArn,
    id: ids.DBClusterIdentifier,
    resource: ids.DbClusterResourceId,
    region,
    engine: Engine,
    status: shape.Status ?? "unknown",
    encrypted: shape.StorageEncrypted ?? false,
    ...(shape.StorageEncryptionType === "sse-rds" && { awsOwnedKey: true }),
    tags: readTags(shape.TagList),
    readOnlyReplica: isReadOnlyReplica(shape),
    ...(shape.GlobalClusterIdentifier && { globalCluster: shape.GlobalClusterIdentifier }),
    ...(source && { replicaOf: source }),
    ...(shape.ClusterCreateTime && { createdAt: shape.ClusterCreateTime.toISOString() }),
  };
};

/**
 * A secondary of a global cluster, or another cluster's replica: it names its source, or has members of which none writes.
 * The source may be an instance, which is no cluster and is taken by nobody: then this one is.
 */
const isReadOnlyReplica = (shape: DBCluster): boolean => {
  const source = sourceOf(shape);
  if (source) return !source.includes(":db:");
  const members = shape.DBClusterMembers ?? [];
  return (
    Boolean(shape.GlobalClusterIdentifier) && members.length > 0 && !members.some((m) => m.IsClusterWriter)
  );
};

/** After a blue/green switchover a cluster may name itself, which is no replica of anything. */
const sourceOf = ({ ReplicationSourceIdentifier: source, DBClusterArn }: DBCluster): string | undefined =>
  source === DBClusterArn ? undefined : source;

/** The same for a snapshot. */
export const readSnapshot = (region: string, shape: DBClusterSnapshot): Snapshot | undefined => {
  const { Engine, DBClusterSnapshotArn, DBClusterSnapshotIdentifier, DBClusterIdentifier } = shape;
  assertWhole("rds snapshot", region, { Engine: engineWord(Engine) });
  if (!isEngine(Engine)) return undefined;
  const ids = assertWhole("rds snapshot", region, {
    ...{ DBClusterSnapshotArn, DBClusterSnapshotIdentifier, DBClusterIdentifier },
  });
  const tags = readTags(shape.TagList);
  assertNamed(ids.DBClusterSnapshotArn, `:cluster-snapshot:${ids.DBClusterSnapshotIdentifier}`, region);
  return {
    id: ids.DBClusterSnapshotIdentifier,
    arnPattern: arnPatternOf(ids.DBClusterSnapshotArn, ids.DBClusterSnapshotIdentifier),
    region,
    engine: Engine,
    cluster: ids.DBClusterIdentifier,
    status: statusOf(shape),
    manual: shape.SnapshotType === "manual",
    encrypted: shape.StorageEncrypted ?? false,
    ...(shape.StorageEncryptionType === "sse-rds" && { awsOwnedKey: true }),
    tags,
    ...(shape.StorageEncrypted && shape.KmsKeyId && { kmsKey: shape.KmsKeyId }),
    ...(shape.PercentProgress !== undefined && { percent: shape.PercentProgress }),
    ...(shape.SnapshotCreateTime &&
      taggedTime(tags) === undefined && { createdAt: shape.SnapshotCreateTime.getTime() }),
    ...sizeOf(shape),
    // What is no ARN tells nothing of where a copy comes from.
    ...(shape.SourceDBClusterSnapshotArn?.startsWith("arn:") && {
      sourceArn: shape.SourceDBClusterSnapshotArn,
    }),
  };
};

/** A copy was seen to be called creating before it is copying (apache/airflow#25839). */
const statusOf = ({ Status, SourceDBClusterSnapshotArn }: DBClusterSnapshot): SnapshotStatus => {
  const status = readStatus(Status);
  return status === "creating" && SourceDBClusterSnapshotArn ? "copying" : status;
};

/** Aurora, Neptune and DocumentDB grow their storage as they need it, and answer 0 or 1. */
const sizeOf = ({ AllocatedStorage: size = 0 }: DBClusterSnapshot): { sizeGib?: number } =>
  size > 1 ? { sizeGib: size } : {};

/** An engine's name, known to us or not; `undefined` for what can be none. */
const engineWord = (word = ""): string | undefined =>
  /^[a-z][a-z0-9-]{0,62}$/.test(word) ? word : undefined;

/** An ARN ends with the name of what it is of; one that does not is half of something else. */
const assertNamed = (arn: string, end: string, region: string): void => {
  if (!arn.endsWith(end)) throw new IncompleteListingError(`rds in ${region} answered ${arn} for ${end}`);
};
