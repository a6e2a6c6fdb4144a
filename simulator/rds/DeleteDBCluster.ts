import type { Question } from "../iam.ts";
import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, type Read, required, structure, text } from "../protocol/shape.ts";
import { type DbCluster, isMultiAzEngine } from "../rds-records.ts";
import type { RegionStore } from "../world.ts";
import { clusterShape } from "./cluster-shape.ts";
import { beginClusterWork } from "./cluster-work.ts";
import { rdsFault } from "./errors.ts";
import { newIdentifier } from "./identifiers.ts";
import { findCluster } from "./lookup.ts";
import { onCluster, onSnapshot } from "./questions.ts";
import { assertRoomForSnapshot } from "./quota.ts";
import { snapshotQuestions } from "./snapshot-questions.ts";
import { takeSnapshot } from "./take-snapshot.ts";

const input = {
  DBClusterIdentifier: required(text),
  SkipFinalSnapshot: boolean,
  FinalDBSnapshotIdentifier: text,
  DeleteAutomatedBackups: boolean,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "DeleteDBCluster",
  input,
  permissions: ({ DBClusterIdentifier: clusterId, FinalDBSnapshotIdentifier: id }, { store }) => [
    onCluster(store, clusterId),
    ...(id ? finalSnapshotQuestions(store, { clusterId, id }) : []),
  ],
  run: (input, call) => {
    const cluster = findCluster(call, input.DBClusterIdentifier);
    assertDeletable(call, cluster);
    assertFinalSnapshot(input);
    const snapshotSeconds = input.SkipFinalSnapshot ? 0 : finalSnapshot(call, cluster, input);
    if (input.DeleteAutomatedBackups !== false) deleteAutomated(call, cluster);
    cluster.status = "deleting";
    const answer = { DBCluster: clusterShape(cluster, call.world.settings, call.now) };
    // The cluster stays until its final snapshot is due.
    const seconds = call.world.settings.deleteSeconds + snapshotSeconds;
    beginClusterWork(call, cluster, { kind: "delete", during: "deleting", seconds });
    return answer;
  },
});

// AWS announced in 2024 that a final snapshot needs the right to create one besides the right to delete.
const finalSnapshotQuestions = (store: RegionStore, given: { clusterId: string; id: string }): Question[] => [
  onSnapshot(store, given.id),
  ...snapshotQuestions(store, given).map((question) => ({
    action: "rds:CreateDBClusterSnapshot",
    ...question,
  })),
];

const assertDeletable = ({ world }: Call, cluster: DbCluster): void => {
  const refuse = (message: string) => rdsFault("InvalidDBClusterStateFault", message);
  if (cluster.deletionProtection) {
    throw commonError(
      "InvalidParameterCombination",
      "Cannot delete protected Cluster, please disable deletion protection and try again.",
    );
  }
  if (cluster.status === "deleting") throw refuse(`DbCluster ${cluster.id} is already being deleted.`);
  // Multi-AZ DB clusters take their instances with them.
  if (!isMultiAzEngine(cluster.engine) && cluster.members.some(({ status }) => status !== "deleting")) {
    throw refuse("Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
  }
  if (!cluster.globalClusterId || cluster.replicationSourceArn) return;
  const others = world.stores().flatMap(({ clusters }) => [...clusters.values()]);
  if (!others.some((other) => other !== cluster && other.globalClusterId === cluster.globalClusterId)) return;
  throw rdsFault(
    "InvalidGlobalClusterStateFault",
    "Unable to delete cluster that is a primary member of global cluster while there are other global cluster members",
  );
};

const assertFinalSnapshot = ({ SkipFinalSnapshot, FinalDBSnapshotIdentifier }: Input): void => {
  const refuse = (message: string) => commonError("InvalidParameterCombination", message);
  if (SkipFinalSnapshot && FinalDBSnapshotIdentifier) {
    throw refuse("You cannot specify both FinalDBSnapshotIdentifier and SkipFinalSnapshot");
  }
  if (SkipFinalSnapshot || FinalDBSnapshotIdentifier) return;
  throw refuse("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
};

/** Begins the final snapshot, which is a manual one, and answers how long it is meant to take. */
const finalSnapshot = (call: Call, cluster: DbCluster, { FinalDBSnapshotIdentifier }: Input): number => {
  const id = newIdentifier("FinalDBSnapshotIdentifier", FinalDBSnapshotIdentifier ?? "", 255);
  assertRoomForSnapshot(call);
  const { arn } = takeSnapshot(call, { cluster, id, tags: new Map() });
  return call.world.works.running.find(({ subject }) => subject === arn)?.seconds ?? 0;
};

// Automated snapshots go with their cluster, unless they are retained; manual ones stay.
const deleteAutomated = ({ store }: Call, { resourceId }: DbCluster): void => {
  for (const { id, type, clusterResourceId } of store.clusterSnapshots.values()) {
    if (type === "automated" && clusterResourceId === resourceId) store.clusterSnapshots.delete(id);
  }
};
