import type { Cluster, CopyCapability, CopySetting, Family, Tags } from "../core/cluster.ts";
import type { PublishedEvent } from "../core/event.ts";
import type { OwnedSnapshot } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { HoldfastError } from "../errors.ts";

/**
 * One deletion's outcome; a refusal is data, so that one snapshot does not stop the others. What was gone
 * already is no error. Throttling is not a refusal: it fails the whole call, to be asked again.
 */
export interface Deletion {
  readonly id: string;
  readonly error?: HoldfastError;
}

/** Whose snapshot a hold is put on or taken off. */
export interface HoldOrder {
  readonly service: string;
  readonly owned: OwnedSnapshot;
}

/** What is kept of a snapshot with its tags, or nothing. It must be pure: a listing may be made twice. */
export type SnapshotPick<T> = (snapshot: Snapshot) => T | undefined;

/** So many pages of a long listing, from where the stretch before ended; from its beginning where nothing is said. */
export interface Stretch {
  readonly from?: string;
  readonly pages: number;
}

/** What was picked of a stretch; `next` says where another begins, and is absent where the listing is over. */
export interface Stretched<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/**
 * AWS behind one interface, in our words. One adapter for each control plane, serving every region.
 *
 * Listings are whole or fail: a page that is missing is an `IncompleteListingError`, never a shorter list.
 * Every method fails with an error of lib/errors.ts; `TransientError` means that the same call may succeed
 * later (the SDK's own retries are behind us by then).
 */
export interface Engine {
  readonly family: Family;

  /** How copies come about where an engine of the family can be copied at all; callers branch on this. */
  readonly copies: Exclude<CopyCapability, "none">;

  /** Every cluster of the family in a region, with its tags. */
  listClusters(region: string): Promise<readonly Cluster[]>;

  /** Those of the identifiers that are there, with their present status and tags. */
  findClusters(query: { region: string; ids: readonly string[] }): Promise<readonly Cluster[]>;

  /**
   * What `pick` makes of every manual snapshot of a region, ours and others', in no order. It is asked page by page, and
   * what it answers `undefined` for is not held: a region may have more snapshots than a function has memory for.
   */
  pickSnapshots<T>(region: string, pick: SnapshotPick<T>): Promise<readonly T[]>;

  /** The same of a stretch, for whoever has not the time to go through a region at once. A stretch is whole or fails. */
  pickStretch<T>(region: string, stretch: Stretch, pick: SnapshotPick<T>): Promise<Stretched<T>>;

  /** Every manual snapshot of some clusters, by their identifiers. `expected`: clusters that must have one. */
  snapshotsOf(query: {
    region: string;
    clusters: readonly string[];
    expected?: readonly string[];
  }): Promise<readonly Snapshot[]>;

  /**
   * Those of the identifiers that are there, in a call or two. All belong to the run `runId`.
   * `expected`: those that must be there, so a filter that leaves one of them out is not trusted.
   */
  findSnapshots(query: {
    region: string;
    ids: readonly string[];
    runId: string;
    expected?: readonly string[];
  }): Promise<readonly Snapshot[]>;

  /** Manual snapshots that the account has in a region, and may have; `undefined` where AWS does not tell. */
  manualQuota(region: string): Promise<{ readonly used: number; readonly max: number } | undefined>;

  /** Fails with `ClusterBusyError`, `MissingError`, `QuotaFullError` or `SnapshotExistsError` among others. */
  createSnapshot(order: { cluster: Cluster; id: string; tags: Tags }): Promise<Snapshot>;

  /**
   * Starts a copy into `region`, which is not the source's. Only where the engine's capability is `per-snapshot`.
   * Fails with `CopyLimitError`, `QuotaFullError`, `KeyUnusableError`, `KeyRefusedError` or `SnapshotExistsError`
   * among others.
   */
  copySnapshot(order: {
    source: Snapshot;
    region: string;
    id: string;
    tags: Tags;
    kmsKey?: string;
  }): Promise<Snapshot>;

  /**
   * Has AWS copy every snapshot of a cluster into `region` from now on, and keep what was taken by hand for ever.
   * Only where the engine's capability is `by-cluster-setting`, and only where the cluster's setting is absent or
   * lets such copies expire. Answers the setting as it then is.
   */
  enableCopies(order: {
    service: string;
    cluster: Cluster;
    region: string;
    kmsKey?: string;
  }): Promise<CopySetting>;

  /** Puts tags on a snapshot that AWS made without them (Redshift's cross-region copies). */
  tagSnapshot(order: { snapshot: Snapshot; tags: Tags }): Promise<void>;

  /** Sets the hold of a snapshot of ours, which no prune removes from then on; asserts again that it is ours. */
  holdSnapshot(order: HoldOrder & { readonly reason: string }): Promise<void>;

  /** Takes the hold off a snapshot of ours, with the same assertion; one that has none stays as it is. */
  releaseSnapshot(order: HoldOrder): Promise<void>;

  /**
   * Deletes snapshots of ours in one region; asserts again that each of them is ours and not held. Answers for
   * them in order, and where AWS stops answering in their midst for those before that only, at least one.
   */
  deleteSnapshots(order: {
    service: string;
    region: string;
    snapshots: readonly OwnedSnapshot[];
  }): Promise<readonly Deletion[]>;
}

export type Engines = Readonly<Record<Family, Engine>>;

/** What a destination's key has to be before the first copy asks for it. */
export interface Keys {
  /** Whether the key can encrypt in that region now; the reason where it cannot. */
  examine(key: {
    region: string;
    id: string;
  }): Promise<{ readonly usable: true } | { readonly unusable: string }>;
}

/** Tells the world what happened: EventBridge. */
export interface EventBus {
  publish(events: readonly PublishedEvent[]): Promise<void>;
}
