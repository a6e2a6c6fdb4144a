import { elements } from "../protocol/xml.ts";
import { isMultiAzEngine } from "../rds-records.ts";
import { stableResourceId } from "../stable-id.ts";
import { tagList } from "../tags.ts";
import { type Instance, instanceArn, instanceStatus } from "./instances.ts";

/** An instance of a cluster as RDS answers it; storage, backups and keys are the cluster's. */
export const instanceShape = (instance: Instance) => {
  const { cluster, member } = instance;
  return {
    DBInstanceIdentifier: member.id,
    DBInstanceClass: member.instanceClass ?? cluster.instanceClass ?? "db.r6g.large",
    Engine: cluster.engine,
    DBInstanceStatus: instanceStatus(instance),
    MasterUsername: cluster.masterUsername,
    Endpoint: endpoint(instance),
    AllocatedStorage: isMultiAzEngine(cluster.engine) ? cluster.sizeGib : 1,
    InstanceCreateTime: member.createdAt ?? cluster.createdAt,
    PreferredBackupWindow: "09:27-09:57",
    BackupRetentionPeriod: cluster.backupRetentionPeriod,
    VpcSecurityGroups: elements(
      "VpcSecurityGroupMembership",
      cluster.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: "active" })),
    ),
    AvailabilityZone: `${cluster.region}a`,
    PreferredMaintenanceWindow: "tue:06:41-tue:07:11",
    MultiAZ: false,
    EngineVersion: cluster.engineVersion,
    AutoMinorVersionUpgrade: true,
    PubliclyAccessible: false,
    StorageType: isMultiAzEngine(cluster.engine) ? "io1" : "aurora",
    DbInstancePort: 0,
    DBClusterIdentifier: cluster.id,
    StorageEncrypted: cluster.encrypted,
    KmsKeyId: cluster.kmsKeyArn,
    DbiResourceId: stableResourceId("db-", cluster.resourceId, member.id),
    CopyTagsToSnapshot: false,
    PromotionTier: 1,
    DBInstanceArn: instanceArn(cluster, member.id),
    IAMDatabaseAuthenticationEnabled: false,
    DeletionProtection: false,
    TagList: tagList(member.tags ?? new Map()),
  };
};

// There is no address yet while an instance is being made.
const endpoint = (instance: Instance) => {
  const { cluster, member } = instance;
  if (instanceStatus(instance) === "creating") return undefined;
  const product = cluster.engine === "neptune" || cluster.engine === "docdb" ? cluster.engine : "rds";
  const ending = cluster.region.startsWith("cn-") ? ".cn" : "";
  return {
    Address: `${member.id}.cz6wy8cci3uf.${cluster.region}.${product}.amazonaws.com${ending}`,
    Port: cluster.port,
    HostedZoneId: "Z2R2ITUGPM61AM",
  };
};
