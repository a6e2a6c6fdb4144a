import type { Call } from "../operation.ts";
import type { DbCluster } from "../rds-records.ts";
import type { WorkKind } from "../work.ts";
import { rdsFault } from "./errors.ts";

interface ClusterWork {
  readonly kind: WorkKind;
  readonly seconds: number;
  /** The status while it lasts. */
  readonly during: string;
  /** The status once it is done; a deletion leaves nothing. */
  readonly after?: string;
}

/** Sets a change of a whole cluster going on the virtual clock. */
export const beginClusterWork = (call: Call, cluster: DbCluster, work: ClusterWork): void => {
  cluster.status = work.during;
  call.world.works.begin({
    kind: work.kind,
    subject: cluster.arn,
    startedAt: call.now,
    seconds: work.seconds,
    progress: () => undefined,
    end: (outcome) => {
      if (outcome === "failed") cluster.status = failed[work.kind] ?? "failed";
      else if (outcome === "done" && work.after !== undefined) cluster.status = work.after;
      else call.store.clusters.delete(cluster.id);
    },
  });
};

// A guess: DBClusterAvailable, the SDK's waiter, gives up on this one and on `failed`.
const failed: Partial<Record<WorkKind, string>> = { restore: "incompatible-restore" };

/** Refuses what a cluster in its present state does not allow, in the words of RDS. */
export const assertClusterStatus = ({ id, status }: DbCluster, expected: readonly string[]): void => {
  if (expected.includes(status)) return;
  throw rdsFault(
    "InvalidDBClusterStateFault",
    `DbCluster ${id} is in ${status} state but expected it to be one of ${expected.join(",")}.`,
  );
};
