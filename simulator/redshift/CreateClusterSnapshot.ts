import { defineOperation } from "../operation.ts";
import { integer, required, text } from "../protocol/shape.ts";
import { tagsShape } from "../tags.ts";
import { assertIdentifier } from "./identifiers.ts";
import { findAvailableCluster } from "./lookup.ts";
import { onCluster, onNew, onSnapshot, withRequestTags } from "./questions.ts";
import { assertRoomForSnapshot } from "./quota.ts";
import { assertManualRetention } from "./retention.ts";
import { snapshotShape } from "./snapshot-shape.ts";
import { readTags } from "./tagging.ts";
import { assertFree, takeSnapshot } from "./take-snapshot.ts";

export const operation = defineOperation({
  name: "CreateClusterSnapshot",
  input: {
    SnapshotIdentifier: required(text),
    ClusterIdentifier: required(text),
    ManualSnapshotRetentionPeriod: integer,
    Tags: tagsShape,
  },
  permissions: ({ SnapshotIdentifier, ClusterIdentifier, Tags }, { store }) => [
    withRequestTags(onCluster(store, ClusterIdentifier), Tags),
    ...onNew(onSnapshot(store, { SnapshotIdentifier, SnapshotClusterIdentifier: ClusterIdentifier }), Tags),
  ],
  run: (input, call) => {
    const { world, store, now } = call;
    const id = input.SnapshotIdentifier;
    assertIdentifier("SnapshotIdentifier", id);
    const tags = readTags(input.Tags, { max: world.settings.tagsPerResourceMax });
    const cluster = findAvailableCluster(call, input.ClusterIdentifier);
    const retentionPeriod = input.ManualSnapshotRetentionPeriod ?? cluster.manualRetentionPeriod;
    assertManualRetention(retentionPeriod);
    assertFree(store, id);
    assertRoomForSnapshot(world, store);
    const snapshot = takeSnapshot(world, { cluster, id, tags, retentionPeriod, now });
    return { Snapshot: snapshotShape(snapshot, world.settings, now) };
  },
});
