import type { Tonight } from "../tonight.ts";
import * as account from "./account.ts";
import * as calls from "./calls.ts";
import * as configuration from "./configuration.ts";
import * as global from "./global.ts";
import * as people from "./people.ts";
import * as scheduler from "./scheduler.ts";
import * as wishes from "./wishes.ts";
import * as work from "./work.ts";

/** Every kind of fault by the name that `--faults` takes. */
export const faults: Readonly<Record<string, (tonight: Tonight) => void>> = {
  throttling: calls.throttling,
  "server-errors": calls.serverErrors,
  "lost-requests": calls.lostRequests,
  "lost-answers": calls.lostAnswers,
  "slow-answers": calls.slowAnswers,
  killed: calls.killed,
  "out-of-time": calls.outOfTime,
  "out-of-memory": calls.outOfMemory,
  "fired-twice": scheduler.firedTwice,
  overlapping: scheduler.overlapping,
  "fired-late": scheduler.firedLate,
  missed: scheduler.missed,
  "on-demand": scheduler.onDemand,
  "snapshots-stuck": work.snapshotsStuck,
  "snapshots-failing": work.snapshotsFailing,
  "copies-stuck": work.copiesStuck,
  "copies-failing": work.copiesFailing,
  "copies-vanishing": work.copiesVanishing,
  "copy-limit": account.copyLimit,
  "quota-full": account.quotaFull,
  "key-disabled": account.keyDisabled,
  "cluster-stopped": account.clusterStopped,
  "cluster-deleted": account.clusterDeleted,
  "cluster-recreated": account.clusterRecreated,
  "cluster-renamed": account.clusterRenamed,
  "cluster-retagged": account.clusterRetagged,
  "switched-over": global.switchedOver,
  "listing-lag": account.listingLag,
  "shifting-pages": people.shiftingPages,
  "operator-deletes": people.operatorDeletes,
  "operator-holds": people.operatorHolds,
  "operator-retags": people.operatorRetags,
  "operator-copies": people.operatorCopies,
  "look-alikes": people.lookAlikes,
  "retention-shortened": configuration.retentionShortened,
  "plan-removed": configuration.planRemoved,
  "plan-disabled": configuration.planDisabled,
  "region-dropped": configuration.regionDropped,
  "copying-changed": account.copyingChanged,
  "cluster-overridden": wishes.clusterOverridden,
  "region-down": calls.regionDown,
  "cluster-busy": account.clusterBusy,
  "names-taken": people.namesTaken,
  "others-take": people.othersTake,
  "run-stopped": scheduler.runStopped,
  denied: calls.denied,
  "bus-deaf": calls.busDeaf,
  "source-unseen": calls.sourceUnseen,
  "key-lost": account.keyLost,
  "brake-tightened": configuration.brakeTightened,
  "fresh-deleted": people.freshDeleted,
  "source-names-taken": people.sourceNamesTaken,
};

/** Not a deed but a choice of calendar: daylight saving, leap days, years' ends, weeks 53. */
export const clocks = "clocks";

export const faultNames: readonly string[] = [...Object.keys(faults), clocks];
