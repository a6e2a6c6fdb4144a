import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { type DbCluster, isMultiAzEngine } from "../rds-records.ts";
import { clusterShape } from "./cluster-shape.ts";
import { assertClusterStatus, beginClusterWork } from "./cluster-work.ts";
import { rdsFault } from "./errors.ts";
import { findCluster } from "./lookup.ts";
import { onCluster } from "./questions.ts";

/** Stops a cluster for good: that AWS starts it again after seven days is left out. */
export const operation = defineOperation({
  name: "StopDBCluster",
  input: { DBClusterIdentifier: required(text) },
  permissions: ({ DBClusterIdentifier }, { store }) => [onCluster(store, DBClusterIdentifier)],
  run: (input, call) => {
    const cluster = findCluster(call, input.DBClusterIdentifier);
    assertStoppable(cluster);
    const { settings } = call.world;
    // As recorded: the answer shows the status from before, `available`.
    const answer = { DBCluster: clusterShape(cluster, settings, call.now) };
    const work = { kind: "stop", during: "stopping", after: "stopped" } as const;
    beginClusterWork(call, cluster, { ...work, seconds: settings.clusterStopSeconds });
    return answer;
  },
});

// The user guides rule out both kinds; code and words are a guess.
const assertStoppable = (cluster: DbCluster): void => {
  const refuse = (what: string) => rdsFault("InvalidDBClusterStateFault", `${what} cannot be stopped.`);
  if (isMultiAzEngine(cluster.engine)) throw refuse("Multi-AZ DB clusters");
  if (cluster.globalClusterId) throw refuse("Clusters of a global database");
  assertClusterStatus(cluster, ["available"]);
};
