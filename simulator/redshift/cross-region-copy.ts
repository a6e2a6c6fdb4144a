import { arnOf } from "../arn.ts";
import { isUsable, managedKey } from "../keys.ts";
import type { RedshiftSnapshot, SnapshotCopySetting } from "../redshift-records.ts";
import type { RegionStore, World } from "../world.ts";
import { hasRoomForSnapshot } from "./quota.ts";
import { beginSnapshotWork } from "./snapshot-work.ts";

/**
 * What AWS does by itself with each snapshot that becomes available: where its cluster has snapshot copy
 * enabled at that moment, copies it into the destination region. Snapshots from before are not copied later.
 */
export const copyAcross = (world: World, source: RedshiftSnapshot, at: Date): void => {
  const cluster = world.store(source.region, source.account).redshiftClusters.get(source.clusterId);
  if (!cluster?.snapshotCopy) return;
  const destination = world.store(cluster.snapshotCopy.destinationRegion, source.account);
  const id = world.settings.redshiftCopyName === "prefixed" ? `copy:${source.id}` : source.id;
  // Guesses: nobody asked, so nobody can be answered an error; AWS leaves the copy out where it has no room,
  // its name is taken (the same id in two source regions), or its key cannot be used.
  if (destination.redshiftSnapshots.has(id)) return;
  if (source.type === "manual" && !hasRoomForSnapshot(world, destination)) return;
  const kmsKeyArn = keyOfCopy(destination, source, { setting: cluster.snapshotCopy, at });
  if (source.encrypted && kmsKeyArn === undefined) return;
  const copy = copyOf(source, { destination, id, at, kmsKeyArn, setting: cluster.snapshotCopy });
  destination.redshiftSnapshots.set(id, copy);
  beginSnapshotWork(world, copy, { kind: "copy", startedAt: at, dependsOn: source.arn });
};

interface NewCopy {
  readonly destination: RegionStore;
  readonly id: string;
  readonly at: Date;
  readonly kmsKeyArn: string | undefined;
  readonly setting: SnapshotCopySetting;
}

// The copy keeps both times of its source, by which it is recognised; tags and sharing stay behind.
// An automated snapshot's copy is automated too: ModifySnapshotCopyRetentionPeriod speaks of "existing
// automated snapshots that were copied to the destination".
const copyOf = (
  source: RedshiftSnapshot,
  { destination, id, at, kmsKeyArn, setting }: NewCopy,
): RedshiftSnapshot => ({
  ...source,
  region: destination.region,
  id,
  arn: arnOf("redshift", destination, `snapshot:${source.clusterId}/${id}`),
  kmsKeyArn,
  sourceRegion: source.region,
  startedAt: at,
  finishedAt: undefined,
  status: "creating",
  percent: 0,
  tags: new Map(),
  retentionPeriod: source.type === "manual" ? setting.manualRetentionPeriod : setting.retentionPeriod,
  sharedWith: [],
});

interface KeyChoice {
  readonly setting: SnapshotCopySetting;
  readonly at: Date;
}

// A key serves one region only, so a copy never keeps its source's: the grant names one, and without a grant
// newer documentation speaks of the default key.
const keyOfCopy = (
  destination: RegionStore,
  source: RedshiftSnapshot,
  { setting, at }: KeyChoice,
): string | undefined => {
  if (!source.encrypted) return undefined;
  if (!setting.grantName) return managedKey(destination, "redshift", at).arn;
  const granted = destination.copyGrants.get(setting.grantName)?.kmsKeyArn;
  const key = [...destination.keys.values()].find(({ arn }) => arn === granted);
  return key && isUsable(key) ? key.arn : undefined;
};
