import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { required, text } from "../protocol/shape.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import { clusterOptions } from "./cluster-options.ts";
import { clusterShape } from "./cluster-shape.ts";
import { beginClusterWork } from "./cluster-work.ts";
import { rdsFault } from "./errors.ts";
import { findSnapshot, seeSnapshot } from "./lookup.ts";
import { addCluster } from "./new-cluster.ts";
import { newClusterQuestions } from "./new-cluster-questions.ts";
import { onSnapshot, withRequestTags } from "./questions.ts";
import { onNamedKey, usableKey } from "./usable-key.ts";

/**
 * Makes a new cluster of a snapshot: without instances, but for Multi-AZ DB clusters, which bring theirs.
 * Once begun it does not need the snapshot any more.
 */
export const operation = defineOperation({
  name: "RestoreDBClusterFromSnapshot",
  input: {
    DBClusterIdentifier: required(text),
    SnapshotIdentifier: required(text),
    Engine: required(text),
    ...clusterOptions,
  },
  permissions: (input, call) => [
    ...newClusterQuestions(call.store, input),
    withRequestTags(onSnapshot(call.store, input.SnapshotIdentifier), input.Tags),
    ...onNamedKey(call, input.KmsKeyId || seeSnapshot(call, input.SnapshotIdentifier)?.kmsKeyArn),
  ],
  run: (input, call) => {
    const snapshot = sourceOf(call, input.SnapshotIdentifier);
    assertRestorable(snapshot, input.Engine);
    const cluster = addCluster(call, {
      id: input.DBClusterIdentifier,
      engine: input.Engine,
      // The model speaks of the region's default version; that of the snapshot is a guess in its favour.
      engineVersion: input.EngineVersion ?? snapshot.engineVersion,
      masterUsername: snapshot.masterUsername,
      port: input.Port ?? snapshot.port,
      sizeGib: snapshot.sizeGib,
      kmsKeyArn: keyArnOf(call, snapshot, input.KmsKeyId),
      options: input,
    });
    const { settings } = call.world;
    const answer = { DBCluster: clusterShape(cluster, settings, call.now) };
    const work = { kind: "restore", during: "creating", after: "available" } as const;
    const seconds = settings.restoreBaseSeconds + settings.restoreSecondsPerGib * snapshot.sizeGib;
    beginClusterWork(call, cluster, { ...work, seconds });
    return answer;
  },
});

// Restoring works inside one region only; a snapshot of another one is as good as none.
const sourceOf = (call: Call, given: string): DbClusterSnapshot => {
  const snapshot = findSnapshot(call, given);
  if (snapshot.region === call.region) return snapshot;
  throw rdsFault("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${given} not found.`);
};

const assertRestorable = ({ id, status, engine }: DbClusterSnapshot, asked: string): void => {
  if (status !== "available") {
    throw rdsFault(
      "InvalidDBClusterSnapshotStateFault",
      `The snapshot ${id} must be in the available state, but it is in the ${status} state.`,
    );
  }
  if (engine === asked) return;
  // The model: "must be compatible with the engine of the source"; code and words are a guess.
  throw commonError(
    "InvalidParameterCombination",
    `The engine ${asked} isn't compatible with the engine ${engine} of the snapshot ${id}.`,
  );
};

// A key given for an unencrypted snapshot encrypts the new cluster; copying refuses the same.
const keyArnOf = (call: Call, snapshot: DbClusterSnapshot, given: string | undefined): string | undefined => {
  const reference = given || snapshot.kmsKeyArn;
  return reference === undefined ? undefined : usableKey(call, reference).arn;
};
