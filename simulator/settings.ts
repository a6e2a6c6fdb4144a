import { z } from "zod";

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
const perEngine = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

/**
 * How the simulated services behave where AWS differs by region, engine or year, or where its behaviour is
 * not known for certain. Set in the fleet file, and changed at run time through `world.settings`.
 */
export const settingsSchema = z.strictObject({
  /** Time a snapshot or a copy takes: base + size x per GiB. */
  snapshotBaseSeconds: seconds.default(60),
  snapshotSecondsPerGib: seconds.default(1),
  copyBaseSeconds: seconds.default(120),
  copySecondsPerGib: seconds.default(3),
  restoreBaseSeconds: seconds.default(600),
  restoreSecondsPerGib: seconds.default(1),
  clusterCreateSeconds: seconds.default(60),
  instanceCreateSeconds: seconds.default(300),
  clusterStartSeconds: seconds.default(300),
  clusterStopSeconds: seconds.default(300),
  deleteSeconds: seconds.default(0),
  /** AWS's own sample shows a copy inside one region available in the answer itself. */
  sameRegionCopies: z.enum(["at-once", "timed"]).default("at-once"),

  copiesPerDestination: count.default(5),
  manualClusterSnapshotsMax: count.default(100),
  redshiftManualSnapshotsMax: count.default(20),
  /** Not enforced for clusters that a fleet file brings. */
  clustersMax: count.default(40),
  tagsPerResourceMax: count.default(50),
  filterValuesMax: count.default(100),

  /** Token buckets of calls, for each service and region; without a rate nothing is throttled. */
  callsPerSecond: z.number().positive().optional(),
  callsBurst: z.number().int().positive().default(100),

  /** Whether SnapshotCreateTime is answered before a snapshot is done. */
  createTimeInProgress: z.enum(["present", "absent"]).default("absent"),
  /** For so long a fresh snapshot is missing from listings. */
  listingDelaySeconds: seconds.default(0),
  /** For so long GetResources does not show what is fresh, whose index lags behind; tags that come later it shows at once. */
  taggingDelaySeconds: seconds.default(0),
  /** Engines whose clusters and snapshots are answered without a TagList element. */
  omitTagList: z.array(z.string()).default([]),
  /**
   * What becomes of PreSignedUrl on a copy from another region, by the snapshot's engine. `verify`: optional,
   * a wrong one is refused. `require`: must be given and right. `refuse`: must not be given.
   */
  presignedUrl: perEngine(z.enum(["verify", "require", "ignore", "refuse"])).default({}),
  /**
   * Whether a copy into another region of what is under a key that AWS owns may, must or must not name a key: AWS's
   * documents say that of encrypted snapshots, and answer that these are not.
   */
  awsOwnedKeyCopies: z.enum(["either", "with-key", "without-key"]).default("either"),
  /**
   * `unsupported`: the engine's snapshots are left out of every filtered listing; `ignored`: they are in every one. The models
   * of Neptune and DocumentDB say no more than that filters are not supported.
   */
  snapshotFilters: perEngine(z.enum(["supported", "unsupported", "ignored"])).default({}),
  /**
   * Whose snapshots a listing by a cluster's name shows: everybody's who has that name, or only those of clusters that exist in
   * the region, as AWS's reference constrains DBClusterIdentifier, so that copies from another region are left out.
   */
  snapshotsByCluster: z.enum(["by-name", "existing"]).default("by-name"),
  /** What AWS calls a Redshift snapshot's copy in the other region is not documented. */
  redshiftCopyName: z.enum(["prefixed", "same"]).default("prefixed"),
  /** Whether a Redshift snapshot tells its ARN: the models since 2024 have it, no recorded answer (2016 to 2023) does. */
  redshiftSnapshotArn: z.enum(["present", "absent"]).default("present"),
});

export type Settings = z.infer<typeof settingsSchema>;

// The models of 2026: DocumentDB demands the URL, Neptune calls it unsupported, RDS makes it optional.
const presignedUrlDefaults: Settings["presignedUrl"] = { docdb: "require", neptune: "ignore" };

export const createSettings = (given: z.input<typeof settingsSchema> = {}): Settings => {
  const settings = settingsSchema.parse(given);
  return { ...settings, presignedUrl: { ...presignedUrlDefaults, ...settings.presignedUrl } };
};

/** How this engine treats a pre-signed URL. */
export const presignedUrlMode = (settings: Settings, engine: string) =>
  settings.presignedUrl[engine] ?? "verify";
