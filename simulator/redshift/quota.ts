import type { RegionStore, World } from "../world.ts";
import { redshiftFault } from "./errors.ts";

/** Whether the region's quota of manual snapshots has room for one more; copies count like any other. */
export const hasRoomForSnapshot = ({ settings }: World, { redshiftSnapshots }: RegionStore): boolean => {
  const held = [...redshiftSnapshots.values()].filter(
    ({ type, status }) => type === "manual" && status !== "deleted",
  );
  return held.length < settings.redshiftManualSnapshotsMax;
};

/** Refuses a manual snapshot more than the region's quota allows. */
export const assertRoomForSnapshot = (world: World, store: RegionStore): void => {
  if (hasRoomForSnapshot(world, store)) return;
  throw redshiftFault(
    "ClusterSnapshotQuotaExceededFault",
    `Cannot create more than ${world.settings.redshiftManualSnapshotsMax} manual snapshots.`,
  );
};
