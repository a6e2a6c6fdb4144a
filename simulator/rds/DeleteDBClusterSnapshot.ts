import { type Call, defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import { rdsFault } from "./errors.ts";
import { findOwnSnapshot } from "./lookup.ts";
import { onSnapshot } from "./questions.ts";
import { snapshotShape } from "./snapshot-shape.ts";

export const operation = defineOperation({
  name: "DeleteDBClusterSnapshot",
  input: { DBClusterSnapshotIdentifier: required(text) },
  permissions: ({ DBClusterSnapshotIdentifier }, { store }) => [
    onSnapshot(store, DBClusterSnapshotIdentifier),
  ],
  run: (input, call) => {
    const snapshot = findOwnSnapshot(call, input.DBClusterSnapshotIdentifier);
    assertDeletable(snapshot);
    // The answer still shows the status from before: `available`, not `deleted`.
    const answer = { DBClusterSnapshot: snapshotShape(snapshot, call.world.settings) };
    remove(call, snapshot);
    return answer;
  },
});

const assertDeletable = ({ id, type, status }: DbClusterSnapshot): void => {
  const refuse = (message: string) => rdsFault("InvalidDBClusterSnapshotStateFault", message);
  if (type !== "manual") throw refuse("Only manual snapshots may be deleted.");
  // A guess at code and words: that RDS refuses them is known, its answer is not.
  if (id.startsWith("awsbackup:")) throw refuse(`The snapshot ${id} is managed by AWS Backup.`);
  if (status !== "available" && status !== "copying") {
    throw refuse(`Cannot delete the snapshot because it is not currently in the available state: ${status}.`);
  }
};

// Deleting a copy in progress ends the copying, since the deletion takes its place among the works; copies
// that are being made of this snapshot fail.
const remove = ({ world, store, now }: Call, snapshot: DbClusterSnapshot): void => {
  const { works, settings } = world;
  works.failDependents(snapshot.arn, now);
  snapshot.status = "deleting";
  works.begin({
    kind: "delete",
    subject: snapshot.arn,
    startedAt: now,
    seconds: settings.deleteSeconds,
    progress: () => undefined,
    end: () => void store.clusterSnapshots.delete(snapshot.id),
  });
};
