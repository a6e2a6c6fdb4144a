import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { clusterShape } from "./cluster-shape.ts";
import { redshiftFault } from "./errors.ts";
import { assertAvailable, findCluster } from "./lookup.ts";
import { onCluster } from "./questions.ts";

export const operation = defineOperation({
  name: "DisableSnapshotCopy",
  input: { ClusterIdentifier: required(text) },
  permissions: ({ ClusterIdentifier }, { store }) => [onCluster(store, ClusterIdentifier)],
  run: (input, call) => {
    const cluster = findCluster(call, input.ClusterIdentifier);
    if (!cluster.snapshotCopy) {
      throw redshiftFault(
        "SnapshotCopyAlreadyDisabledFault",
        `Snapshot Copy is already disabled on Cluster ${cluster.id}.`,
      );
    }
    assertAvailable(cluster);
    // A guess: what is there in the other region, or on its way, stays.
    cluster.snapshotCopy = undefined;
    return { Cluster: clusterShape(cluster, call.world.settings, call.now) };
  },
});
