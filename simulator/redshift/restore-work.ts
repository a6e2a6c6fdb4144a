import type { Call } from "../operation.ts";
import type { RedshiftCluster, RedshiftSnapshot, RestoreProgress } from "../redshift-records.ts";
import type { Outcome } from "../work.ts";
import { addCluster } from "./new-cluster.ts";

interface NewCluster {
  readonly id: string;
  readonly nodeType: string;
  readonly nodes: number;
  readonly port: number;
  readonly kmsKeyArn: string | undefined;
  readonly automatedRetentionPeriod: number;
  readonly manualRetentionPeriod: number;
}

/** Begins a cluster that is restored from a snapshot: creating, then available, as the clock advances. */
export const beginRestore = (
  call: Call,
  snapshot: RedshiftSnapshot,
  { id, ...given }: NewCluster,
): RedshiftCluster => {
  const { world, now } = call;
  const { sizeGib } = snapshot;
  const seconds = world.settings.restoreBaseSeconds + world.settings.restoreSecondsPerGib * sizeGib;
  const restore: RestoreProgress = { sizeGib, startedAt: now, seconds, status: "restoring", percent: 0 };
  const cluster = addCluster(call, id, {
    ...given,
    sizeGib,
    encrypted: given.kmsKeyArn !== undefined,
    // A guess: the operation has no parameter for tags, and nothing says that any are inherited.
    tags: new Map(),
    masterUsername: snapshot.masterUsername,
    databaseName: snapshot.databaseName,
    restore,
  });
  world.works.begin({
    kind: "restore",
    subject: cluster.arn,
    startedAt: now,
    seconds,
    progress: (percent) => {
      restore.percent = percent;
    },
    end: (outcome, at) => finish(call, cluster, { restore, outcome, at }),
  });
  return cluster;
};

interface Ending {
  readonly restore: RestoreProgress;
  readonly outcome: Outcome;
  readonly at: Date;
}

const finish = ({ store }: Call, cluster: RedshiftCluster, { restore, outcome, at }: Ending): void => {
  if (outcome === "vanished") store.redshiftClusters.delete(cluster.id);
  cluster.status = outcome === "done" ? "available" : "incompatible-restore";
  restore.status = outcome === "done" ? "completed" : "failed";
  restore.finishedAt = at;
  if (outcome === "done") restore.percent = 100;
};
