import { defineOperation } from "../operation.ts";
import { page } from "../paging.ts";
import { boolean, integer, list, required, structure, text, timestamp } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import { onCluster } from "./questions.ts";
import { listSnapshots } from "./snapshot-listing.ts";
import { sortSnapshots } from "./snapshot-order.ts";
import { snapshotShape } from "./snapshot-shape.ts";
import { tagFilterShapes } from "./tag-filter.ts";

export const operation = defineOperation({
  name: "DescribeClusterSnapshots",
  input: {
    ClusterIdentifier: text,
    SnapshotIdentifier: text,
    SnapshotArn: text,
    SnapshotType: text,
    StartTime: timestamp,
    EndTime: timestamp,
    MaxRecords: integer,
    Marker: text,
    OwnerAccount: text,
    ...tagFilterShapes,
    ClusterExists: boolean,
    SortingEntities: list("SnapshotSortingEntity", structure({ Attribute: required(text), SortOrder: text })),
  },
  permissions: ({ ClusterIdentifier }, { store }) => [onCluster(store, ClusterIdentifier)],
  run: (input, call) => {
    const { MaxRecords, Marker } = input;
    const found = sortSnapshots(listSnapshots(call, input), input.SortingEntities);
    const cut = page(found, { MaxRecords, Marker, keyOf: ({ arn }) => arn, listing: call.operation });
    return {
      Marker: cut.Marker,
      Snapshots: elements(
        "Snapshot",
        cut.items.map((snapshot) => snapshotShape(snapshot, call.world.settings, call.now)),
      ),
    };
  },
});
