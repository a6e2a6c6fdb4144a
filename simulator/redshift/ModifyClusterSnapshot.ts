import { defineOperation } from "../operation.ts";
import { boolean, integer, required, text } from "../protocol/shape.ts";
import type { RedshiftSnapshot } from "../redshift-records.ts";
import { redshiftFault } from "./errors.ts";
import { findOwnSnapshot } from "./lookup.ts";
import { onSnapshot } from "./questions.ts";
import { assertManualRetention, expiryOf, invalidRetention } from "./retention.ts";
import { snapshotShape } from "./snapshot-shape.ts";
import { scheduleExpiry } from "./snapshot-work.ts";

export const operation = defineOperation({
  name: "ModifyClusterSnapshot",
  input: { SnapshotIdentifier: required(text), ManualSnapshotRetentionPeriod: integer, Force: boolean },
  permissions: (input, { store }) => [onSnapshot(store, input)],
  run: (input, call) => {
    const { world, now } = call;
    const snapshot = findOwnSnapshot(call, input.SnapshotIdentifier);
    assertModifiable(snapshot);
    const days = input.ManualSnapshotRetentionPeriod ?? snapshot.retentionPeriod;
    assertManualRetention(days);
    if (hasPassed(snapshot, days, now) && !input.Force) {
      throw invalidRetention("The retention period has already passed; use Force to delete the snapshot.");
    }
    snapshot.retentionPeriod = days;
    // With Force a snapshot that falls outside of the new period is deleted at once.
    scheduleExpiry(world, snapshot, now);
    return { Snapshot: snapshotShape(snapshot, world.settings, now) };
  },
});

const hasPassed = (snapshot: RedshiftSnapshot, days: number, now: Date): boolean => {
  const due = expiryOf(snapshot, days);
  return due !== undefined && due <= now;
};

const assertModifiable = ({ id, type, status }: RedshiftSnapshot): void => {
  if (type === "manual" && status === "available") return;
  throw redshiftFault(
    "InvalidClusterSnapshotStateFault",
    `Cannot modify the snapshot ${id}: only manual snapshots in the available state may be modified.`,
  );
};
