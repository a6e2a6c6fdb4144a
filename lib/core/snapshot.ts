import type { Engine, Tags } from "./cluster.ts";

/** The few states that a decision needs; `unknown` is any word that AWS has not documented. */
export type SnapshotStatus = "creating" | "copying" | "available" | "failed" | "deleting" | "unknown";

/** A cluster snapshot as AWS shows it now, of either family, in one region. */
export interface Snapshot {
  readonly id: string;
  /**
   * Its ARN, with `*` in place of the name that AWS's ARNs end with: the same word for many snapshots, of which a
   * listing holds it once. `arnOf` reads it.
   */
  readonly arnPattern: string;
  readonly region: string;
  readonly engine: Engine;
  /** The cluster's identifier, not its immutable id: AWS keeps only the name on a snapshot. */
  readonly cluster: string;
  readonly status: SnapshotStatus;
  readonly manual: boolean;
  /** Under a KMS key of an account. */
  readonly encrypted: boolean;
  /** Under a key that AWS owns (`sse-rds`), which AWS does not count as encrypted: a restore needs no key. */
  readonly awsOwnedKey?: true;
  /** The key that a restore needs, as AWS names it (an ARN); absent on unencrypted ones and under keys that AWS owns. */
  readonly kmsKey?: string;
  /** 0 to 100; `undefined` where AWS tells none (Redshift, and copies that wait in AWS's queue). */
  readonly percent?: number;
  /**
   * Milliseconds since 1970. Absent while a snapshot is in progress, and in the RDS family where a tag of ours tells
   * the time: a listing is spared what `madeAt` can do without, and on copies AWS's word is the *source's*.
   */
  readonly createdAt?: number;
  /** Set on RDS-family copies only. */
  readonly sourceArn?: string;
  /** Set on Redshift's cross-region copies only. */
  readonly sourceRegion?: string;
  /** Redshift only; with `cluster` it tells re-created clusters apart. */
  readonly clusterCreatedAt?: string;
  /** What AWS says it holds, in GiB; absent where AWS says nothing real, as for Aurora. */
  readonly sizeGib?: number;
  /** `undefined` when AWS's answer carried no tag list at all. */
  readonly tags: Tags | undefined;
}

export const arnOf = ({ arnPattern, id }: Pick<Snapshot, "arnPattern" | "id">): string =>
  arnPattern.endsWith("*") ? `${arnPattern.slice(0, -1)}${id}` : arnPattern;

/** An ARN as a snapshot of that name holds it: whole where it does not end with the name. */
export const arnPatternOf = (arn: string, id: string): string =>
  arn.endsWith(id) ? `${arn.slice(0, arn.length - id.length)}*` : arn;

/** Whether a copy is encrypted by the key that is named for it. */
export const isEncrypted = ({
  encrypted,
  awsOwnedKey,
}: Pick<Snapshot, "encrypted" | "awsOwnedKey">): boolean => encrypted || awsOwnedKey === true;

/** In progress at AWS: neither a recovery point nor lost. */
export const isInProgress = (snapshot: Snapshot): boolean =>
  snapshot.status === "creating" || snapshot.status === "copying";

/**
 * The status words of both families (aws-facts §3; botocore's waiters for the failures) as a table.
 * `final snapshot` is Redshift's word for a finished one, with the space.
 */
const statusWords: Readonly<Record<string, SnapshotStatus>> = {
  creating: "creating",
  copying: "copying",
  // Seen on copies of instances' snapshots that wait in AWS's queue (terraform-provider-aws#29399).
  pending: "copying",
  available: "available",
  "final snapshot": "available",
  failed: "failed",
  cancelled: "failed",
  "incompatible-restore": "failed",
  "incompatible-parameters": "failed",
  deleting: "deleting",
  deleted: "deleting",
};

/** AWS's status word, understood. */
export const readStatus = (word = ""): SnapshotStatus =>
  Object.hasOwn(statusWords, word) ? (statusWords[word] ?? "unknown") : "unknown";
