import type { DBCluster, DBClusterSnapshot } from "@aws-sdk/client-rds";
import { type Cluster, isEngine } from "../core/cluster.ts";
import { readStatus, type Snapshot } from "../core/snapshot.ts";
import { readTags } from "./tag-lookup.ts";

/** A cluster in our words, or nothing for an engine that we do not know or an answer without its identity. */
export const readCluster = (region: string, shape: DBCluster): Cluster | undefined => {
  const { Engine, DBClusterArn, DBClusterIdentifier, DbClusterResourceId } = shape;
  // The control plane lists RDS, Neptune and DocumentDB together; what is none of ours is left alone.
  if (!isEngine(Engine) || !DBClusterArn || !DBClusterIdentifier || !DbClusterResourceId) return undefined;
  return {
    arn: DBClusterArn,
    id: DBClusterIdentifier,
    resource: DbClusterResourceId,
    region,
    engine: Engine,
    status: shape.Status ?? "unknown",
    encrypted: shape.StorageEncrypted ?? false,
    tags: readTags(shape.TagList),
    readOnlyReplica: isReadOnlyReplica(shape),
    ...(shape.ClusterCreateTime && { createdAt: shape.ClusterCreateTime.toISOString() }),
  };
};

/** A secondary of a global cluster: it names its source, or has members of which none writes. */
const isReadOnlyReplica = (shape: DBCluster): boolean => {
  if (shape.ReplicationSourceIdentifier) return true;
  const members = shape.DBClusterMembers ?? [];
  return (
    Boolean(shape.GlobalClusterIdentifier) && members.length > 0 && !members.some((m) => m.IsClusterWriter)
  );
};

export const readSnapshot = (region: string, shape: DBClusterSnapshot): Snapshot | undefined => {
  const { Engine, DBClusterSnapshotArn, DBClusterSnapshotIdentifier, DBClusterIdentifier } = shape;
  if (!isEngine(Engine) || !DBClusterSnapshotArn || !DBClusterSnapshotIdentifier || !DBClusterIdentifier) {
    return undefined;
  }
  return {
    id: DBClusterSnapshotIdentifier,
    arn: DBClusterSnapshotArn,
    region,
    engine: Engine,
    cluster: DBClusterIdentifier,
    status: readStatus(shape.Status),
    manual: shape.SnapshotType === "manual",
    encrypted: shape.StorageEncrypted ?? false,
    tags: readTags(shape.TagList),
    ...(shape.StorageEncrypted && shape.KmsKeyId && { kmsKey: shape.KmsKeyId }),
    ...(shape.PercentProgress !== undefined && { percent: shape.PercentProgress }),
    ...(shape.SnapshotCreateTime && { createdAt: shape.SnapshotCreateTime.toISOString() }),
    ...sizeOf(shape),
    ...(shape.SourceDBClusterSnapshotArn && { sourceArn: shape.SourceDBClusterSnapshotArn }),
  };
};

/** Aurora, Neptune and DocumentDB grow their storage as they need it, and answer 0 or 1. */
const sizeOf = ({ AllocatedStorage: size = 0 }: DBClusterSnapshot): { sizeGib?: number } =>
  size > 1 ? { sizeGib: size } : {};
