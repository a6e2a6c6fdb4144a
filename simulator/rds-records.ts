import type { Place } from "./arn.ts";
import type { Tags } from "./tags.ts";

/** An instance of a cluster. Those a fleet brings have an id and a role only; the rest is answered by default. */
export interface DbClusterMember {
  /** Lower case; unique among all instances of the account and region. */
  readonly id: string;
  readonly writer: boolean;
  readonly instanceClass?: string | undefined;
  readonly createdAt?: Date | undefined;
  status?: string | undefined;
  tags?: Tags | undefined;
}

/** A cluster of Aurora, Multi-AZ DB clusters, Neptune or DocumentDB: one store holds them all. */
export interface DbCluster extends Place {
  /** Lower case, as RDS stores it. */
  readonly id: string;
  readonly arn: string;
  readonly engine: string;
  engineVersion: string;
  readonly engineMode: string;
  readonly resourceId: string;
  readonly createdAt: Date;
  status: string;
  sizeGib: number;
  /** Under a key of an account. */
  encrypted: boolean;
  kmsKeyArn?: string | undefined;
  /** Under a key that AWS owns: RDS calls it `sse-rds`, and not encrypted. */
  awsOwnedKey: boolean;
  tags: Tags;
  members: DbClusterMember[];
  masterUsername: string;
  port: number;
  copyTagsToSnapshot: boolean;
  deletionProtection: boolean;
  backupRetentionPeriod: number;
  /** Set on Multi-AZ DB clusters (engines mysql and postgres) only. */
  instanceClass?: string | undefined;
  globalClusterId?: string | undefined;
  /** ARN of the primary, on a secondary of a global database. */
  replicationSourceArn?: string | undefined;
  subnetGroup: string;
  securityGroups: string[];
  parameterGroup: string;
}

/** A cluster snapshot or a copy of one. */
export interface DbClusterSnapshot extends Place {
  /** Lower case; automated ones hold a colon. */
  readonly id: string;
  readonly arn: string;
  readonly type: "manual" | "automated";
  readonly engine: string;
  readonly engineVersion: string;
  readonly engineMode: string;
  readonly clusterId: string;
  readonly clusterResourceId: string;
  readonly clusterCreatedAt: Date;
  readonly sizeGib: number;
  readonly encrypted: boolean;
  readonly kmsKeyArn?: string | undefined;
  readonly awsOwnedKey: boolean;
  readonly masterUsername: string;
  readonly port: number;
  /** Set on copies only. */
  readonly sourceArn?: string | undefined;
  /** The time of the data; a copy keeps its source's. Answered according to `createTimeInProgress`. */
  readonly createTime: Date;
  /** When this store got it; listings may lag behind it. */
  readonly startedAt: Date;
  status: string;
  percent: number;
  tags: Tags;
  /** Accounts that may restore it; `all` makes it public. */
  sharedWith: string[];
}

/** Multi-AZ DB clusters carry the engine names of instances. */
export const isMultiAzEngine = (engine: string): boolean => engine === "mysql" || engine === "postgres";

/** How RDS tells what data at rest is protected by; `StorageEncrypted` is true of `sse-kms` alone. */
export const encryptionTypeOf = ({
  encrypted,
  awsOwnedKey,
}: Pick<DbClusterSnapshot, "encrypted" | "awsOwnedKey">): string => {
  if (encrypted) return "sse-kms";
  return awsOwnedKey ? "sse-rds" : "none";
};
