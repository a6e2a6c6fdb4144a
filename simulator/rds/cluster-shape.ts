import { elements } from "../protocol/xml.ts";
import { type DbCluster, encryptionTypeOf, isMultiAzEngine } from "../rds-records.ts";
import type { Settings } from "../settings.ts";
import { tagList } from "../tags.ts";

/** A cluster as RDS answers it; Neptune and DocumentDB clusters come in the same shape. */
export const clusterShape = (cluster: DbCluster, settings: Settings, now: Date) => ({
  AllocatedStorage: isMultiAzEngine(cluster.engine) ? cluster.sizeGib : 1,
  AvailabilityZones: elements(
    "AvailabilityZone",
    ["a", "b", "c"].map((zone) => `${cluster.region}${zone}`),
  ),
  BackupRetentionPeriod: cluster.backupRetentionPeriod,
  DBClusterIdentifier: cluster.id,
  DBClusterParameterGroup: cluster.parameterGroup,
  DBSubnetGroup: cluster.subnetGroup,
  Status: cluster.status,
  EarliestRestorableTime: earliestRestorable(cluster, now),
  Endpoint: endpoint(cluster, "cluster"),
  ReaderEndpoint: endpoint(cluster, "cluster-ro"),
  MultiAZ: cluster.members.length > 1 || isMultiAzEngine(cluster.engine),
  Engine: cluster.engine,
  EngineVersion: cluster.engineVersion,
  LatestRestorableTime: new Date(now.getTime() - 5 * 60_000),
  Port: cluster.port,
  MasterUsername: cluster.masterUsername,
  PreferredBackupWindow: "09:27-09:57",
  PreferredMaintenanceWindow: "tue:06:41-tue:07:11",
  ReplicationSourceIdentifier: cluster.replicationSourceArn,
  ReadReplicaIdentifiers: elements("ReadReplicaIdentifier", []),
  DBClusterMembers: elements("DBClusterMember", cluster.members.map(memberShape)),
  VpcSecurityGroups: elements(
    "VpcSecurityGroupMembership",
    cluster.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: "active" })),
  ),
  HostedZoneId: "Z2R2ITUGPM61AM",
  StorageEncrypted: cluster.encrypted,
  StorageEncryptionType: encryptionTypeOf(cluster),
  KmsKeyId: cluster.kmsKeyArn,
  DbClusterResourceId: cluster.resourceId,
  DBClusterArn: cluster.arn,
  AssociatedRoles: elements("DBClusterRole", []),
  DomainMemberships: elements("DomainMembership", []),
  IAMDatabaseAuthenticationEnabled: false,
  ClusterCreateTime: cluster.createdAt,
  EngineMode: cluster.engineMode,
  DBClusterInstanceClass: cluster.instanceClass,
  DeletionProtection: cluster.deletionProtection,
  HttpEndpointEnabled: false,
  ActivityStreamStatus: "stopped",
  CopyTagsToSnapshot: cluster.copyTagsToSnapshot,
  CrossAccountClone: false,
  AutoMinorVersionUpgrade: true,
  NetworkType: "IPV4",
  TagList: settings.omitTagList.includes(cluster.engine) ? undefined : tagList(cluster.tags),
  GlobalClusterIdentifier: cluster.globalClusterId,
});

const memberShape = ({ id, writer }: DbCluster["members"][number]) => ({
  DBInstanceIdentifier: id,
  IsClusterWriter: writer,
  DBClusterParameterGroupStatus: "in-sync",
  PromotionTier: 1,
});

const endpoint = ({ id, region, engine }: DbCluster, role: string): string => {
  const product = engine === "neptune" || engine === "docdb" ? engine : "rds";
  return `${id}.${role}-cz6wy8cci3uf.${region}.${product}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
};

const earliestRestorable = ({ createdAt, backupRetentionPeriod }: DbCluster, now: Date): Date =>
  new Date(Math.max(createdAt.getTime(), now.getTime() - backupRetentionPeriod * 86_400_000));
