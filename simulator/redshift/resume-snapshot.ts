import type { RedshiftSnapshot } from "../redshift-records.ts";
import type { World } from "../world.ts";
import { beginSnapshotWork, scheduleExpiry } from "./snapshot-work.ts";
import { beginCreation } from "./take-snapshot.ts";

/** Sets a snapshot going that was there at the start: one being made gets done, one with a period expires. */
export const resumeSnapshot = (world: World, snapshot: RedshiftSnapshot): void => {
  const now = world.clock.now();
  if (snapshot.status === "available") scheduleExpiry(world, snapshot, now);
  if (snapshot.status !== "creating") return;
  if (snapshot.sourceRegion) beginSnapshotWork(world, snapshot, { kind: "copy", startedAt: now });
  else beginCreation(world, snapshot, { now });
};
