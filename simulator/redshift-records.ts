import type { Place } from "./arn.ts";
import type { Tags } from "./tags.ts";

/** Copying to another region is a setting of the cluster, not a call per snapshot. */
export interface SnapshotCopySetting {
  readonly destinationRegion: string;
  /** Days an automated copy is kept. */
  readonly retentionPeriod: number;
  /** Days a manual copy is kept; -1 is for ever. */
  readonly manualRetentionPeriod: number;
  readonly grantName?: string | undefined;
}

export interface RedshiftCluster extends Place {
  /** Lower case by rule, and looked up as given. */
  readonly id: string;
  readonly arn: string;
  readonly namespaceArn: string;
  readonly createdAt: Date;
  status: string;
  sizeGib: number;
  nodeType: string;
  nodes: number;
  encrypted: boolean;
  kmsKeyArn?: string | undefined;
  tags: Tags;
  masterUsername: string;
  databaseName: string;
  port: number;
  automatedRetentionPeriod: number;
  /** Days; -1 is for ever. */
  manualRetentionPeriod: number;
  snapshotCopy?: SnapshotCopySetting | undefined;
  /** Set on clusters that were restored from a snapshot. */
  restore?: RestoreProgress | undefined;
}

export interface RestoreProgress {
  readonly sizeGib: number;
  readonly startedAt: Date;
  readonly seconds: number;
  /** restoring, completed, failed. */
  status: string;
  percent: number;
  finishedAt?: Date | undefined;
}

export interface RedshiftSnapshot extends Place {
  readonly id: string;
  /** `arn:…:snapshot:CLUSTER/SNAPSHOT` */
  readonly arn: string;
  readonly clusterId: string;
  readonly clusterCreatedAt: Date;
  readonly type: "manual" | "automated";
  readonly createTime: Date;
  readonly startedAt: Date;
  readonly sizeGib: number;
  readonly nodeType: string;
  readonly nodes: number;
  readonly encrypted: boolean;
  readonly kmsKeyArn?: string | undefined;
  readonly masterUsername: string;
  readonly databaseName: string;
  readonly port: number;
  /** Set on copies from another region only. */
  readonly sourceRegion?: string | undefined;
  /** creating, available, failed, `final snapshot`, cancelled, deleted. */
  status: string;
  percent: number;
  /** Seconds the work is expected to take. */
  seconds: number;
  finishedAt?: Date | undefined;
  tags: Tags;
  /** Days; -1 is for ever. */
  retentionPeriod: number;
  sharedWith: string[];
}

/** Lets Redshift encrypt copies with a key of the region the grant lives in. */
export interface CopyGrant extends Place {
  readonly name: string;
  readonly arn: string;
  readonly kmsKeyArn: string;
  tags: Tags;
}
