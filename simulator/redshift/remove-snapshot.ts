import type { Call } from "../operation.ts";
import type { RedshiftSnapshot } from "../redshift-records.ts";
import { redshiftFault } from "./errors.ts";
import { findOwnSnapshot } from "./lookup.ts";
import { forgetSnapshot, stopSnapshotWork } from "./snapshot-work.ts";

/** A snapshot as delete operations name it. */
export interface NamedSnapshot {
  readonly SnapshotIdentifier: string;
  readonly SnapshotClusterIdentifier?: string | undefined;
}

/** Deletes a manual snapshot, or throws why it cannot be deleted. It is `deleted` from the answer on. */
export const removeSnapshot = (call: Call, named: NamedSnapshot): RedshiftSnapshot => {
  const { world, now } = call;
  const snapshot = findOwnSnapshot(call, named.SnapshotIdentifier, named.SnapshotClusterIdentifier);
  assertDeletable(snapshot);
  stopSnapshotWork(world, snapshot, now);
  snapshot.status = "deleted";
  world.works.begin({
    kind: "delete",
    subject: snapshot.arn,
    startedAt: now,
    seconds: world.settings.deleteSeconds,
    progress: () => undefined,
    end: (_outcome, at) => forgetSnapshot(world, snapshot, at),
  });
  return snapshot;
};

const deletable = ["available", "failed", "cancelled"];

const assertDeletable = ({ id, type, status, sharedWith }: RedshiftSnapshot): void => {
  const refuse = (why: string) =>
    redshiftFault("InvalidClusterSnapshotStateFault", `Cannot delete the snapshot ${id} because ${why}`);
  if (type !== "manual") throw refuse("only manual snapshots may be deleted");
  if (!deletable.includes(status)) throw refuse(`it is in the ${status} state`);
  if (sharedWith.length > 0) throw refuse("other accounts are authorized to access it");
};
