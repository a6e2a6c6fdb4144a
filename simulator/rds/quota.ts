import type { Call } from "../operation.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import type { RegionStore } from "../world.ts";
import { rdsFault } from "./errors.ts";

/** What the quota of manual cluster snapshots counts. */
export const countedSnapshots = ({ clusterSnapshots }: RegionStore): readonly DbClusterSnapshot[] =>
  // AWS Backup's snapshots are of type manual too, but have not counted since 2022.
  [...clusterSnapshots.values()].filter(({ type, id }) => type === "manual" && !id.startsWith("awsbackup:"));

/** Refuses a manual snapshot or copy more than the region's quota allows. */
export const assertRoomForSnapshot = ({ store, world }: Call): void => {
  const max = world.settings.manualClusterSnapshotsMax;
  if (store.clusterSnapshots.size < max) return;
  if (countedSnapshots(store).length < max) return;
  throw rdsFault("SnapshotQuotaExceededFault", `Cannot create more than ${max} manual snapshots`);
};

/** Refuses one copy more than may run into a region at a time: the same code, told by its message only. */
export const assertRoomForCopy = ({ store, world }: Call): void => {
  const max = world.settings.copiesPerDestination;
  let running = 0;
  for (const { status, sourceArn, region } of store.clusterSnapshots.values())
    if (status === "copying" && sourceArn?.split(":")[3] !== region) running += 1;
  if (running < max) return;
  throw rdsFault("SnapshotQuotaExceededFault", `Cannot copy more than ${max} snapshots across regions`);
};
