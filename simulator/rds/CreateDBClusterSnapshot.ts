import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { tagsShape } from "../tags.ts";
import { rdsFault } from "./errors.ts";
import { newIdentifier } from "./identifiers.ts";
import { findCluster } from "./lookup.ts";
import { assertRoomForSnapshot } from "./quota.ts";
import { snapshotQuestions } from "./snapshot-questions.ts";
import { snapshotShape } from "./snapshot-shape.ts";
import { readTags } from "./tagging.ts";
import { takeSnapshot } from "./take-snapshot.ts";

export const operation = defineOperation({
  name: "CreateDBClusterSnapshot",
  input: {
    DBClusterSnapshotIdentifier: required(text),
    DBClusterIdentifier: required(text),
    Tags: tagsShape,
  },
  permissions: ({ DBClusterIdentifier, DBClusterSnapshotIdentifier, Tags }, { store }) =>
    snapshotQuestions(store, { clusterId: DBClusterIdentifier, id: DBClusterSnapshotIdentifier, Tags }),
  run: (input, call) => {
    const id = newIdentifier("DBClusterSnapshotIdentifier", input.DBClusterSnapshotIdentifier);
    const tags = readTags(input.Tags, { max: call.world.settings.tagsPerResourceMax });
    const cluster = findCluster(call, input.DBClusterIdentifier);
    if (cluster.status !== "available") {
      throw rdsFault("InvalidDBClusterStateFault", notAvailable(cluster.id));
    }
    assertRoomForSnapshot(call);
    const snapshot = takeSnapshot(call, { cluster, id, tags });
    return { DBClusterSnapshot: snapshotShape(snapshot, call.world.settings) };
  },
});

const notAvailable = (id: string): string =>
  `Can't create a snapshot because the database cluster ${id} isn't currently in the available state`;
