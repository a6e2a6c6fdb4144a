import type { Cluster as ClusterShape, Snapshot as SnapshotShape } from "@aws-sdk/client-redshift";
import type { Cluster } from "../core/cluster.ts";
import { partitionOf } from "../core/region.ts";
import { arnPatternOf, readStatus, type Snapshot } from "../core/snapshot.ts";
import { assertWhole } from "./paging.ts";
import { readTags } from "./tag-lookup.ts";

/** `arn:aws:redshift:us-east-1:123456789012:namespace:<uuid>`: partition, region, account, immutable id. */
const namespaceForm = /^(arn:[^:]+:redshift:[^:]+:\d+:)namespace:(.+)$/;

/** A key of an account; for one that AWS owns there may be another word. */
const keyForm = /^(arn:|mrk-|[0-9a-f]{8}-)/;
const accountForm = /^\d{12}$/;
const regionForm = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** AWS: letters, digits and hyphens, a letter first. */
const nameForm = /^[A-Za-z][A-Za-z0-9-]*$/;

/** Whether the cluster's own answer tells its immutable id and the parts of its ARN, as AWS's does. */
export const namesItself = (shape: ClusterShape): boolean =>
  namespaceForm.test(shape.ClusterNamespaceArn ?? "");

/**
 * A cluster in our words. Its own ARN is not told; the namespace's has all the parts. Where an answer has no
 * namespace, `arnPrefix` stands in, and the name with the time of creation is the identity; nothing while it is being
 * created and has neither. Fails on one without its name.
 */
export const readCluster = (region: string, shape: ClusterShape, arnPrefix?: string): Cluster | undefined => {
  const { ClusterIdentifier } = assertWhole("redshift cluster", region, {
    ClusterIdentifier: nameForm.test(shape.ClusterIdentifier ?? "") ? shape.ClusterIdentifier : undefined,
  });
  const [, prefix = arnPrefix, namespace = identityByTime(shape)] =
    namespaceForm.exec(shape.ClusterNamespaceArn ?? "") ?? [];
  if (shape.ClusterStatus === "creating" && !namespace) return undefined;
  const identity = assertWhole("redshift cluster", region, { prefix, namespace });
  const copy = shape.ClusterSnapshotCopyStatus;
  return {
    arn: `${identity.prefix}cluster:${ClusterIdentifier}`,
    id: ClusterIdentifier,
    resource: identity.namespace,
    region,
    engine: "redshift",
    status: shape.ClusterStatus ?? "unknown",
    encrypted: shape.Encrypted ?? false,
    tags: readTags(shape.Tags),
    readOnlyReplica: false,
    ...(shape.ClusterCreateTime && { createdAt: shape.ClusterCreateTime.toISOString() }),
    ...(copy?.DestinationRegion && {
      copySetting: {
        region: copy.DestinationRegion,
        manualRetentionDays: copy.ManualSnapshotRetentionPeriod ?? -1,
      },
    }),
  };
};

const identityByTime = ({ ClusterIdentifier, ClusterCreateTime }: ClusterShape): string | undefined =>
  ClusterCreateTime && `${ClusterIdentifier}@${ClusterCreateTime.toISOString()}`;

/** A snapshot in our words. Fails on one without its identity. */
export const readSnapshot = (region: string, shape: SnapshotShape): Snapshot => {
  const { SnapshotIdentifier, SnapshotArn, ClusterIdentifier } = assertWhole("redshift snapshot", region, {
    ...{
      SnapshotIdentifier: shape.SnapshotIdentifier,
      SnapshotArn: shape.SnapshotArn ?? arnOf(region, shape),
      ClusterIdentifier: shape.ClusterIdentifier,
    },
  });
  return {
    id: SnapshotIdentifier,
    arnPattern: arnPatternOf(SnapshotArn, SnapshotIdentifier),
    region,
    engine: "redshift",
    cluster: ClusterIdentifier,
    status: readStatus(shape.Status),
    manual: shape.SnapshotType === "manual",
    encrypted: shape.Encrypted ?? false,
    tags: readTags(shape.Tags),
    ...percentOf(shape),
    ...sizeOf(shape),
    ...(shape.Encrypted && keyForm.test(shape.KmsKeyId ?? "") && { kmsKey: shape.KmsKeyId ?? "" }),
    ...(shape.SnapshotCreateTime && { createdAt: shape.SnapshotCreateTime.getTime() }),
    // What is no region tells nothing of where a copy comes from.
    ...(regionForm.test(shape.SourceRegion ?? "") && { sourceRegion: shape.SourceRegion ?? "" }),
    ...(shape.ClusterCreateTime && { clusterCreatedAt: shape.ClusterCreateTime.toISOString() }),
  };
};

/**
 * What AWS's service authorization reference makes of a snapshot's names: its API told the ARN only later (botocore's model
 * of January 2024 has no such member), and older answers lack it.
 */
const arnOf = (
  region: string,
  { OwnerAccount = "", ClusterIdentifier, SnapshotIdentifier }: SnapshotShape,
): string | undefined => {
  const partition = partitionOf(region);
  if (!partition || !accountForm.test(OwnerAccount) || !ClusterIdentifier || !SnapshotIdentifier)
    return undefined;
  return `arn:${partition}:redshift:${region}:${OwnerAccount}:snapshot:${ClusterIdentifier}/${SnapshotIdentifier}`;
};

/** Of the whole snapshot, not of what it added; -1 while AWS does not know it yet. */
const sizeOf = ({ TotalBackupSizeInMegaBytes: size = -1 }: SnapshotShape): { sizeGib?: number } =>
  size > 0 ? { sizeGib: Math.round((10 * size) / 1024) / 10 } : {};

/** Redshift tells no percentage, but time: -1 (seen on fresh ones) says that it does not know yet. */
const percentOf = ({
  ElapsedTimeInSeconds,
  EstimatedSecondsToCompletion,
}: SnapshotShape): { percent?: number } => {
  const elapsed = ElapsedTimeInSeconds ?? 0;
  const left = EstimatedSecondsToCompletion ?? -1;
  return left < 0 || elapsed <= 0 ? {} : { percent: Math.floor((100 * elapsed) / (elapsed + left)) };
};
