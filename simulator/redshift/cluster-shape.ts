import { elements } from "../protocol/xml.ts";
import type { RedshiftCluster } from "../redshift-records.ts";
import type { Settings } from "../settings.ts";
import { tagList } from "../tags.ts";
import { restoreStatus } from "./restore-status.ts";

/** A cluster as Redshift answers it. */
export const clusterShape = (cluster: RedshiftCluster, settings: Settings, now: Date) => ({
  ClusterIdentifier: cluster.id,
  NodeType: cluster.nodeType,
  ClusterStatus: cluster.status,
  ClusterAvailabilityStatus: availability(cluster.status),
  MasterUsername: cluster.masterUsername,
  DBName: cluster.databaseName,
  // As recorded: a cluster has neither address nor time nor key until it has been made.
  Endpoint: cluster.status === "creating" ? undefined : endpoint(cluster),
  ClusterCreateTime: cluster.status === "creating" ? undefined : cluster.createdAt,
  AutomatedSnapshotRetentionPeriod: cluster.automatedRetentionPeriod,
  ManualSnapshotRetentionPeriod: cluster.manualRetentionPeriod,
  ClusterSecurityGroups: elements("ClusterSecurityGroup", []),
  VpcSecurityGroups: elements("VpcSecurityGroup", [
    { VpcSecurityGroupId: "sg-05cacda2689a1b456", Status: "active" },
  ]),
  ClusterParameterGroups: elements("ClusterParameterGroup", [
    { ParameterGroupName: "default.redshift-1.0", ParameterApplyStatus: "in-sync" },
  ]),
  ClusterSubnetGroupName: "default",
  VpcId: "vpc-0533a2995f4558a09",
  AvailabilityZone: `${cluster.region}a`,
  PreferredMaintenanceWindow: "mon:12:00-mon:12:30",
  NextMaintenanceWindowStartTime: nextMondayNoon(now),
  PendingModifiedValues: {},
  ClusterVersion: "1.0",
  AllowVersionUpgrade: true,
  NumberOfNodes: cluster.nodes,
  PubliclyAccessible: false,
  Encrypted: cluster.encrypted,
  RestoreStatus: restoreStatus(cluster, now),
  ClusterSnapshotCopyStatus: copyStatus(cluster),
  ClusterPublicKey: cluster.status === "creating" ? undefined : publicKey,
  ClusterNodes: elements("member", cluster.status === "paused" ? [] : nodes(cluster)),
  ClusterRevisionNumber: "41465",
  Tags: settings.omitTagList.includes("redshift") ? undefined : tagList(cluster.tags),
  KmsKeyId: cluster.kmsKeyArn,
  EnhancedVpcRouting: false,
  IamRoles: elements("ClusterIamRole", []),
  MaintenanceTrackName: "current",
  DeferredMaintenanceWindows: elements("DeferredMaintenanceWindow", []),
  AvailabilityZoneRelocationStatus: "disabled",
  ClusterNamespaceArn: cluster.namespaceArn,
  TotalStorageCapacityInMegaBytes: 400_000,
  AquaConfiguration: { AquaStatus: "disabled", AquaConfigurationStatus: "auto" },
  MultiAZ: "Disabled",
});

const publicKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDexample Amazon-Redshift\n";

const dayMilliseconds = 86_400_000;
// The epoch was a Thursday; four days and a half later it was Monday noon.
const firstMondayNoon = 4.5 * dayMilliseconds;

const nextMondayNoon = (now: Date): Date => {
  const week = 7 * dayMilliseconds;
  const passed = Math.floor((now.getTime() - firstMondayNoon) / week);
  return new Date(firstMondayNoon + (passed + 1) * week);
};

// Unlike ClusterStatus this one does count `available, prep-for-resize` as available.
const availability = (status: string): string => {
  if (status.startsWith("available")) return "Available";
  if (status.startsWith("incompatible") || status === "hardware-failure") return "Failed";
  return status === "paused" ? "Unavailable" : "Modifying";
};

const endpoint = ({ id, region, port }: RedshiftCluster) => ({
  Address: `${id}.c6fgtej78kji.${region}.redshift.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
  Port: port,
});

const copyStatus = ({ snapshotCopy }: RedshiftCluster) =>
  snapshotCopy && {
    DestinationRegion: snapshotCopy.destinationRegion,
    RetentionPeriod: snapshotCopy.retentionPeriod,
    ManualSnapshotRetentionPeriod: snapshotCopy.manualRetentionPeriod,
    SnapshotCopyGrantName: snapshotCopy.grantName,
  };

const nodes = ({ nodes: count, status }: RedshiftCluster) =>
  Array.from({ length: count === 1 ? 1 : count + 1 }, (_, index) => ({
    NodeRole: nodeRole(count, index),
    PrivateIPAddress: withoutAddress.includes(status) ? undefined : `10.0.0.${55 + index}`,
    // As recorded, also where the cluster is not publicly accessible; while it resumes not yet.
    PublicIPAddress: [...withoutAddress, "resuming"].includes(status) ? undefined : `203.0.113.${55 + index}`,
  }));

const withoutAddress = ["creating", "deleting"];

const nodeRole = (count: number, index: number): string => {
  if (count === 1) return "SHARED";
  return index === 0 ? "LEADER" : `COMPUTE-${index - 1}`;
};
