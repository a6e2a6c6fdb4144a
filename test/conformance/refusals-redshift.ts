import { manyTags, type Refusal } from "./refusal.ts";
import { away, redshiftArn, stranger } from "./stage.ts";

const snapshot = (ClusterIdentifier: string, SnapshotIdentifier: string, more: object = {}) => ({
  operation: "CreateClusterSnapshot",
  input: { ClusterIdentifier, SnapshotIdentifier, ...more },
});

const remove = (SnapshotIdentifier: string) => ({
  operation: "DeleteClusterSnapshot",
  input: { SnapshotIdentifier },
});

const copy = (SourceSnapshotIdentifier: string, TargetSnapshotIdentifier = "new") => ({
  operation: "CopyClusterSnapshot",
  input: { SourceSnapshotIdentifier, TargetSnapshotIdentifier },
});

const restore = (SnapshotIdentifier: string, ClusterIdentifier = "restored", more: object = {}) => ({
  operation: "RestoreFromClusterSnapshot",
  input: { SnapshotIdentifier, ClusterIdentifier, ...more },
});

const enable = (ClusterIdentifier: string, DestinationRegion: string = away, more: object = {}) => ({
  operation: "EnableSnapshotCopy",
  input: { ClusterIdentifier, DestinationRegion, ...more },
});

const tag = (resource: string, Tags: object[] = [{ Key: "a", Value: "b" }]) => ({
  operation: "CreateTags",
  input: { ResourceName: redshiftArn(resource), Tags },
});

const grant = (SnapshotCopyGrantName: string, more: object = {}) => ({
  operation: "CreateSnapshotCopyGrant",
  input: { SnapshotCopyGrantName, ...more },
  region: away,
});

const listing = (input: object) => ({ operation: "DescribeClusterSnapshots", input });

/** Each fault that the simulator's Redshift can answer. */
export const redshiftRefusals: readonly Refusal[] = [
  { fault: "ClusterNotFoundFault", operation: "DescribeClusters", input: { ClusterIdentifier: "SALES" } },
  { fault: "ClusterNotFoundFault", ...snapshot("nobody", "new") },
  { fault: "ClusterNotFoundFault", ...enable("nobody") },
  { fault: "ClusterNotFoundFault", ...listing({ ClusterIdentifier: "nobody", ClusterExists: true }) },
  { fault: "InvalidClusterStateFault", ...snapshot("paused", "new") },
  { fault: "InvalidClusterStateFault", ...tag("cluster:paused") },
  {
    fault: "InvalidClusterStateFault",
    operation: "DeleteCluster",
    input: { ClusterIdentifier: "logs", SkipFinalClusterSnapshot: true },
    given: ({ world }) => {
      for (const cluster of world.store("us-east-1").redshiftClusters.values()) cluster.status = "resizing";
    },
  },
  { fault: "ClusterSnapshotAlreadyExistsFault", ...snapshot("logs", "sales-old") },
  { fault: "ClusterSnapshotAlreadyExistsFault", ...copy("rs:sales-2026-03-01-03-00", "logs-old") },
  {
    fault: "ClusterSnapshotQuotaExceededFault",
    ...snapshot("logs", "new"),
    given: ({ world }) => {
      world.settings.redshiftManualSnapshotsMax = 1;
    },
  },
  { fault: "TagLimitExceededFault", ...snapshot("logs", "new", { Tags: manyTags(51) }) },
  { fault: "TagLimitExceededFault", ...tag("cluster:logs", manyTags(51)) },
  { fault: "InvalidTagFault", ...tag("cluster:logs", [{ Key: "aws:a", Value: "b" }]) },
  { fault: "InvalidRetentionPeriodFault", ...snapshot("logs", "new", { ManualSnapshotRetentionPeriod: 0 }) },
  { fault: "InvalidRetentionPeriodFault", ...enable("logs", away, { RetentionPeriod: 36 }) },
  {
    fault: "InvalidRetentionPeriodFault",
    operation: "ModifyClusterSnapshot",
    input: { SnapshotIdentifier: "logs-old", ManualSnapshotRetentionPeriod: 1 },
  },
  { fault: "ClusterSnapshotNotFoundFault", ...remove("nothing") },
  { fault: "ClusterSnapshotNotFoundFault", ...copy("nothing") },
  { fault: "ClusterSnapshotNotFoundFault", ...restore("nothing") },
  { fault: "ClusterSnapshotNotFoundFault", ...listing({ SnapshotIdentifier: "nothing" }) },
  { fault: "InvalidClusterSnapshotStateFault", ...remove("rs:sales-2026-03-01-03-00") },
  { fault: "InvalidClusterSnapshotStateFault", ...remove("logs-making") },
  { fault: "InvalidClusterSnapshotStateFault", ...remove("logs-shared") },
  { fault: "InvalidClusterSnapshotStateFault", ...copy("sales-old") },
  { fault: "InvalidClusterSnapshotStateFault", ...restore("logs-making") },
  {
    fault: "InvalidClusterSnapshotStateFault",
    operation: "ModifyClusterSnapshot",
    input: { SnapshotIdentifier: "logs-making", ManualSnapshotRetentionPeriod: 9 },
  },
  {
    fault: "AccessToSnapshotDeniedFault",
    ...restore("logs-old", "restored", { OwnerAccount: "123456789012" }),
    credentials: stranger,
  },
  { fault: "ClusterAlreadyExistsFault", ...restore("logs-old", "sales") },
  {
    fault: "ClusterQuotaExceededFault",
    ...restore("logs-old"),
    given: ({ world }) => {
      world.settings.clustersMax = 1;
    },
  },
  { fault: "SnapshotCopyAlreadyEnabledFault", ...enable("sales") },
  { fault: "UnknownSnapshotCopyRegionFault", ...enable("logs", "us-east-1") },
  { fault: "UnknownSnapshotCopyRegionFault", ...enable("logs", "atlantis") },
  { fault: "SnapshotCopyGrantNotFoundFault", ...enable("logs", away, { SnapshotCopyGrantName: "nothing" }) },
  {
    fault: "SnapshotCopyGrantNotFoundFault",
    operation: "DeleteSnapshotCopyGrant",
    input: { SnapshotCopyGrantName: "nothing" },
  },
  {
    fault: "SnapshotCopyAlreadyDisabledFault",
    operation: "DisableSnapshotCopy",
    input: { ClusterIdentifier: "logs" },
  },
  {
    fault: "SnapshotCopyDisabledFault",
    operation: "ModifySnapshotCopyRetentionPeriod",
    input: { ClusterIdentifier: "logs", RetentionPeriod: 3 },
  },
  { fault: "SnapshotCopyGrantAlreadyExistsFault", ...grant("copies") },
  {
    fault: "InvalidSnapshotCopyGrantStateFault",
    operation: "DeleteSnapshotCopyGrant",
    input: { SnapshotCopyGrantName: "copies" },
    region: away,
  },
  {
    fault: "BatchDeleteRequestSizeExceededFault",
    operation: "BatchDeleteClusterSnapshots",
    input: { Identifiers: manyTags(101).map(({ Key }) => ({ SnapshotIdentifier: Key })) },
  },
  { fault: "ResourceNotFoundFault", ...tag("cluster:nobody") },
  {
    fault: "ResourceNotFoundFault",
    operation: "DescribeTags",
    input: { ResourceName: redshiftArn("cluster:x") },
  },

  {
    fault: "InvalidParameterCombination",
    ...listing({ ClusterIdentifier: "logs", SnapshotIdentifier: "logs-old" }),
  },
  { fault: "InvalidParameterCombination", ...listing({ ClusterExists: true }) },
  { fault: "InvalidParameterCombination", operation: "DeleteCluster", input: { ClusterIdentifier: "logs" } },
  { fault: "InvalidParameterValue", ...listing({ MaxRecords: 101 }) },
  { fault: "InvalidParameterValue", ...snapshot("logs", "double--hyphen") },
  { fault: "InvalidParameterValue", ...tag("namespace:x") },
  { fault: "MissingParameter", operation: "CreateClusterSnapshot", input: { ClusterIdentifier: "logs" } },
];
