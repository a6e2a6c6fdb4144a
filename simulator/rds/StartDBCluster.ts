import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { clusterShape } from "./cluster-shape.ts";
import { assertClusterStatus, beginClusterWork } from "./cluster-work.ts";
import { findCluster } from "./lookup.ts";
import { onCluster } from "./questions.ts";
import { usableKey } from "./usable-key.ts";

export const operation = defineOperation({
  name: "StartDBCluster",
  input: { DBClusterIdentifier: required(text) },
  permissions: ({ DBClusterIdentifier }, { store }) => [onCluster(store, DBClusterIdentifier)],
  run: (input, call) => {
    const cluster = findCluster(call, input.DBClusterIdentifier);
    assertClusterStatus(cluster, ["stopped", "inaccessible-encryption-credentials-recoverable"]);
    if (cluster.kmsKeyArn) usableKey(call, cluster.kmsKeyArn);
    const { settings } = call.world;
    // As recorded: the answer shows the status from before, `stopped`.
    const answer = { DBCluster: clusterShape(cluster, settings, call.now) };
    const work = { kind: "start", during: "starting", after: "available" } as const;
    beginClusterWork(call, cluster, { ...work, seconds: settings.clusterStartSeconds });
    return answer;
  },
});
