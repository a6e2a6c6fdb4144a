import { elements } from "../protocol/xml.ts";
import type { RedshiftSnapshot } from "../redshift-records.ts";
import type { Settings } from "../settings.ts";
import { tagList } from "../tags.ts";
import { remainingDays, retentionStart } from "./retention.ts";

/** A snapshot as Redshift answers it. */
export const snapshotShape = (snapshot: RedshiftSnapshot, settings: Settings, now: Date) => ({
  SnapshotIdentifier: snapshot.id,
  ClusterIdentifier: snapshot.clusterId,
  SnapshotCreateTime: snapshot.createTime,
  Status: snapshot.status,
  Port: snapshot.port,
  AvailabilityZone: `${snapshot.sourceRegion ?? snapshot.region}a`,
  ClusterCreateTime: snapshot.clusterCreatedAt,
  MasterUsername: snapshot.masterUsername,
  ClusterVersion: "1.0",
  EngineFullVersion: "1.0.41465",
  SnapshotType: snapshot.type,
  NodeType: snapshot.nodeType,
  NumberOfNodes: snapshot.nodes,
  DBName: snapshot.databaseName,
  VpcId: "vpc-0533a2995f4558a09",
  Encrypted: snapshot.encrypted,
  KmsKeyId: snapshot.kmsKeyArn,
  EncryptedWithHSM: false,
  // Left out altogether, not empty, where nobody has access: recorded answers agree.
  AccountsWithRestoreAccess: accountsWithAccess(snapshot),
  OwnerAccount: snapshot.account,
  ...progress(snapshot, now),
  SourceRegion: snapshot.sourceRegion,
  Tags: settings.omitTagList.includes("redshift") ? undefined : tagList(snapshot.tags),
  RestorableNodeTypes:
    snapshot.status === "available" ? elements("NodeType", [snapshot.nodeType]) : undefined,
  EnhancedVpcRouting: false,
  MaintenanceTrackName: "current",
  ...retention(snapshot, now),
  SnapshotArn: settings.redshiftSnapshotArn === "present" ? snapshot.arn : undefined,
});

const accountsWithAccess = ({ sharedWith }: RedshiftSnapshot) =>
  sharedWith.length === 0
    ? undefined
    : elements(
        "AccountWithRestoreAccess",
        sharedWith.map((AccountId) => ({ AccountId })),
      );

// There is no percentage. A snapshot that has just begun answers -1 for what is not known yet (recorded),
// and an automated one answers -1 seconds left also when it is done (recorded too).
const progress = (snapshot: RedshiftSnapshot, now: Date) => {
  const { percent, sizeGib, startedAt, finishedAt, seconds, type } = snapshot;
  const done = finishedAt !== undefined;
  const unknown = !done && percent === 0;
  const megabytes = sizeGib * 1024;
  const elapsed = Math.floor(((finishedAt ?? now).getTime() - startedAt.getTime()) / 1000);
  const left = unknown ? -1 : Math.max(0, Math.ceil(seconds - elapsed));
  return {
    TotalBackupSizeInMegaBytes: unknown ? -1 : megabytes,
    ActualIncrementalBackupSizeInMegaBytes: unknown ? -1 : megabytes,
    BackupProgressInMegaBytes: Math.floor((megabytes * percent) / 100),
    CurrentBackupRateInMegaBytesPerSecond: unknown || seconds === 0 ? 0 : megabytes / seconds,
    EstimatedSecondsToCompletion: done ? (type === "automated" ? -1 : 0) : left,
    ElapsedTimeInSeconds: elapsed,
  };
};

// Only manual snapshots have a period of their own; that -1 comes without remaining days is a guess.
const retention = (snapshot: RedshiftSnapshot, now: Date) => {
  const manual = snapshot.type === "manual";
  return {
    ManualSnapshotRetentionPeriod: manual ? snapshot.retentionPeriod : undefined,
    ManualSnapshotRemainingDays: manual ? remainingDays(snapshot, now) : undefined,
    SnapshotRetentionStartTime: retentionStart(snapshot),
  };
};
