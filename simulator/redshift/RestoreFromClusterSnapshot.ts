import { parseArn } from "../arn.ts";
import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, integer, type Read, required, structure, text } from "../protocol/shape.ts";
import type { RedshiftSnapshot } from "../redshift-records.ts";
import { clusterShape } from "./cluster-shape.ts";
import { encryptionKey } from "./encryption-key.ts";
import { redshiftFault } from "./errors.ts";
import { snapshotNotFound } from "./lookup.ts";
import { assertNewCluster } from "./new-cluster.ts";
import { onCluster, onSnapshot } from "./questions.ts";
import { beginRestore } from "./restore-work.ts";
import { assertManualRetention } from "./retention.ts";
import { onTaggable } from "./tagged-resources.ts";

// Networks, parameter groups, roles and the like are accepted and have no effect.
const input = {
  ClusterIdentifier: required(text),
  SnapshotIdentifier: text,
  SnapshotArn: text,
  SnapshotClusterIdentifier: text,
  OwnerAccount: text,
  Port: integer,
  NodeType: text,
  NumberOfNodes: integer,
  AutomatedSnapshotRetentionPeriod: integer,
  ManualSnapshotRetentionPeriod: integer,
  KmsKeyId: text,
  Encrypted: boolean,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "RestoreFromClusterSnapshot",
  input,
  permissions: (input, { store }) => [
    onCluster(store, input.ClusterIdentifier),
    ...(input.SnapshotArn ? onTaggable(store, input.SnapshotArn) : []),
    ...(input.SnapshotIdentifier
      ? [onSnapshot(store, { ...input, SnapshotIdentifier: input.SnapshotIdentifier })]
      : []),
  ],
  run: (input, call) => {
    const { ManualSnapshotRetentionPeriod: manualRetentionPeriod = -1 } = input;
    assertManualRetention(manualRetentionPeriod);
    const snapshot = findSource(call, input);
    assertRestorable(call, snapshot);
    assertNewCluster(call, input.ClusterIdentifier);
    const kmsKeyArn = keyOfRestored(call, snapshot, input);
    const cluster = beginRestore(call, snapshot, {
      id: input.ClusterIdentifier,
      nodeType: input.NodeType ?? snapshot.nodeType,
      nodes: input.NumberOfNodes ?? snapshot.nodes,
      port: input.Port ?? snapshot.port,
      kmsKeyArn,
      automatedRetentionPeriod: input.AutomatedSnapshotRetentionPeriod ?? 1,
      manualRetentionPeriod,
    });
    return { Cluster: clusterShape(cluster, call.world.settings, call.now) };
  },
});

// Snapshots of other regions cannot be restored from, not even by ARN. Here alone the model calls the
// snapshot's id "not case sensitive".
const findSource = (call: Call, input: Input): RedshiftSnapshot => {
  const { SnapshotIdentifier, SnapshotArn, SnapshotClusterIdentifier } = input;
  if (Boolean(SnapshotIdentifier) === Boolean(SnapshotArn)) {
    throw commonError(
      "InvalidParameterCombination",
      "You must specify either SnapshotIdentifier or SnapshotArn, but not both.",
    );
  }
  const owner = input.OwnerAccount || parseArn(SnapshotArn ?? "")?.account || call.account;
  const id = SnapshotIdentifier?.toLowerCase();
  const found = [...call.world.store(call.region, owner).redshiftSnapshots.values()].find(
    (snapshot) =>
      (SnapshotArn || snapshot.arn) === snapshot.arn &&
      (id || snapshot.id.toLowerCase()) === snapshot.id.toLowerCase() &&
      (SnapshotClusterIdentifier || snapshot.clusterId) === snapshot.clusterId,
  );
  if (found) return found;
  throw snapshotNotFound(SnapshotIdentifier || SnapshotArn || "");
};

const assertRestorable = ({ account }: Call, snapshot: RedshiftSnapshot): void => {
  const { id, status, sharedWith } = snapshot;
  if (snapshot.account !== account && !sharedWith.includes(account)) {
    throw redshiftFault(
      "AccessToSnapshotDeniedFault",
      `You are not authorized to restore the snapshot ${id}.`,
    );
  }
  if (status === "available") return;
  throw redshiftFault(
    "InvalidClusterSnapshotStateFault",
    `Cannot restore the snapshot ${id} because it is in the ${status} state`,
  );
};

const keyOfRestored = (
  call: Call,
  { encrypted, kmsKeyArn }: RedshiftSnapshot,
  { KmsKeyId, Encrypted }: Input,
): string | undefined =>
  encrypted || Encrypted || KmsKeyId ? encryptionKey(call, KmsKeyId ?? kmsKeyArn) : undefined;
