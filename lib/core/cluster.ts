/** How cross-region copies of an engine's snapshots come about. Callers branch on this, never on an engine's name. */
export type CopyCapability = "per-snapshot" | "by-cluster-setting" | "none";

/** The adapter that speaks for an engine: one control plane serves Aurora, Multi-AZ, Neptune and DocumentDB. */
export type Family = "rds" | "redshift";

interface EngineTraits {
  readonly family: Family;
  readonly label: string;
  readonly copies: CopyCapability;
}

/**
 * Every engine Holdfast takes care of, by the word that AWS puts into `Engine`.
 * `mysql` and `postgres` name Multi-AZ DB clusters here (DB instances are never listed by cluster operations);
 * the RDS user guide documents their snapshots as not copyable (multi-az-db-clusters-concepts, Limitations).
 */
export const engines = {
  aurora: { family: "rds", label: "Aurora MySQL 5.6", copies: "per-snapshot" },
  "aurora-mysql": { family: "rds", label: "Aurora MySQL", copies: "per-snapshot" },
  "aurora-postgresql": { family: "rds", label: "Aurora PostgreSQL", copies: "per-snapshot" },
  mysql: { family: "rds", label: "Multi-AZ MySQL", copies: "none" },
  postgres: { family: "rds", label: "Multi-AZ PostgreSQL", copies: "none" },
  neptune: { family: "rds", label: "Neptune", copies: "per-snapshot" },
  docdb: { family: "rds", label: "DocumentDB", copies: "per-snapshot" },
  redshift: { family: "redshift", label: "Redshift", copies: "by-cluster-setting" },
} as const satisfies Record<string, EngineTraits>;

export type Engine = keyof typeof engines;

export const engineNames = Object.keys(engines) as readonly Engine[];
export const families = ["rds", "redshift"] as const satisfies readonly Family[];

/** Whether a word from AWS is an engine that Holdfast knows; listings mix in products that it does not. */
export const isEngine = (word: string | undefined): word is Engine =>
  word !== undefined && Object.hasOwn(engines, word);

export const traitsOf = (engine: Engine): EngineTraits => engines[engine];

export type Tags = Readonly<Record<string, string>>;

/** Redshift's cross-region copy, a setting of the cluster (`ClusterSnapshotCopyStatus`). */
export interface CopySetting {
  readonly region: string;
  /** Days that AWS keeps copied manual snapshots; -1 is for ever. */
  readonly manualRetentionDays: number;
}

/** A database cluster as AWS shows it now. */
export interface Cluster {
  readonly arn: string;
  /** The identifier that people use; a re-created cluster may carry it again. */
  readonly id: string;
  /** The immutable id: `DbClusterResourceId`, or the uuid of Redshift's namespace. */
  readonly resource: string;
  readonly region: string;
  readonly engine: Engine;
  /** AWS's own word; only exactly `available` can be snapshotted (Redshift has `available, prep-for-resize`). */
  readonly status: string;
  /** Under a KMS key of an account. */
  readonly encrypted: boolean;
  /** Under a key that AWS owns (`sse-rds`, Aurora's default since 2026-02-18), which AWS does not count as encrypted. */
  readonly awsOwnedKey?: true;
  /** `undefined` when AWS's answer carried no tag list at all, which is not the same as no tags. */
  readonly tags: Tags | undefined;
  /** A member of a global cluster, or a replica, that only reads: its data is that of the primary. */
  readonly readOnlyReplica: boolean;
  /** The global cluster that it is a member of, by its identifier. */
  readonly globalCluster?: string;
  /** ARN of the cluster that it replicates. */
  readonly replicaOf?: string;
  /** ISO 8601; a cluster that has no recovery point yet is as old as this. */
  readonly createdAt?: string;
  readonly copySetting?: CopySetting;
}

/**
 * A Redshift cluster whose immutable id AWS did not tell this time: its points, which bear that id, look like those of a
 * cluster that is gone.
 */
export const isDoubtful = ({ id, resource }: Pick<Cluster, "id" | "resource">): boolean =>
  resource.startsWith(`${id}@`);
