import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { onSnapshot } from "./questions.ts";
import { removeSnapshot } from "./remove-snapshot.ts";
import { snapshotShape } from "./snapshot-shape.ts";

export const operation = defineOperation({
  name: "DeleteClusterSnapshot",
  input: { SnapshotIdentifier: required(text), SnapshotClusterIdentifier: text },
  permissions: (input, { store }) => [onSnapshot(store, input)],
  run: (input, call) => ({
    Snapshot: snapshotShape(removeSnapshot(call, input), call.world.settings, call.now),
  }),
});
