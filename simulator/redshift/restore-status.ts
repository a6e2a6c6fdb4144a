import type { RedshiftCluster } from "../redshift-records.ts";

/** How far the restoring of a cluster is; undefined for one that no snapshot was the source of. */
export const restoreStatus = ({ restore }: RedshiftCluster, now: Date) => {
  if (!restore) return undefined;
  const { status, percent, sizeGib, startedAt, seconds } = restore;
  const megabytes = sizeGib * 1024;
  const elapsed = Math.floor(((restore.finishedAt ?? now).getTime() - startedAt.getTime()) / 1000);
  return {
    Status: status,
    CurrentRestoreRateInMegaBytesPerSecond: seconds === 0 ? 0 : megabytes / seconds,
    SnapshotSizeInMegaBytes: Math.floor(megabytes),
    ProgressInMegaBytes: Math.floor((megabytes * percent) / 100),
    ElapsedTimeInSeconds: elapsed,
    EstimatedTimeToCompletionInSeconds:
      status === "completed" ? 0 : Math.max(0, Math.ceil(seconds - elapsed)),
  };
};
