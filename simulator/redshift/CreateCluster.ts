import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, integer, type Read, required, structure, text } from "../protocol/shape.ts";
import type { RedshiftCluster } from "../redshift-records.ts";
import { tagsShape } from "../tags.ts";
import { clusterShape } from "./cluster-shape.ts";
import { encryptionKey } from "./encryption-key.ts";
import { addCluster, assertNewCluster } from "./new-cluster.ts";
import { onCluster, onNew } from "./questions.ts";
import { assertManualRetention } from "./retention.ts";
import { readTags } from "./tagging.ts";

// Networks, parameter groups, roles and the like are accepted and have no effect.
const input = {
  ClusterIdentifier: required(text),
  NodeType: required(text),
  MasterUsername: required(text),
  MasterUserPassword: text,
  ManageMasterPassword: boolean,
  ClusterType: text,
  NumberOfNodes: integer,
  DBName: text,
  Port: integer,
  AutomatedSnapshotRetentionPeriod: integer,
  ManualSnapshotRetentionPeriod: integer,
  Encrypted: boolean,
  KmsKeyId: text,
  Tags: tagsShape,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "CreateCluster",
  input,
  permissions: ({ ClusterIdentifier, Tags }, { store }) => onNew(onCluster(store, ClusterIdentifier), Tags),
  run: (input, call) => {
    assertNewCluster(call, input.ClusterIdentifier);
    assertManualRetention(input.ManualSnapshotRetentionPeriod ?? -1);
    if (input.Encrypted === false) {
      throw commonError("InvalidParameterValue", "New clusters must be encrypted.");
    }
    if (Boolean(input.MasterUserPassword) === Boolean(input.ManageMasterPassword)) {
      throw commonError(
        "InvalidParameterCombination",
        "You must specify either MasterUserPassword or ManageMasterPassword.",
      );
    }
    const cluster = addNamed(call, input);
    begin(call, cluster);
    return { Cluster: clusterShape(cluster, call.world.settings, call.now) };
  },
});

const addNamed = (call: Call, input: Input): RedshiftCluster =>
  addCluster(call, input.ClusterIdentifier, {
    // How much data there will be is not known; an empty cluster takes little.
    sizeGib: 1,
    nodeType: input.NodeType,
    nodes: nodesOf(input),
    encrypted: true,
    kmsKeyArn: encryptionKey(call, input.KmsKeyId),
    tags: readTags(input.Tags, { max: call.world.settings.tagsPerResourceMax }),
    masterUsername: input.MasterUsername,
    databaseName: input.DBName ?? "dev",
    port: input.Port ?? 5439,
    automatedRetentionPeriod: input.AutomatedSnapshotRetentionPeriod ?? 1,
    manualRetentionPeriod: input.ManualSnapshotRetentionPeriod ?? -1,
  });

const nodesOf = ({ ClusterType, NumberOfNodes }: Input): number => {
  const nodes = NumberOfNodes ?? 1;
  const fits = ClusterType === "single-node" ? nodes === 1 : ClusterType !== "multi-node" || nodes >= 2;
  if (fits && nodes >= 1) return nodes;
  throw commonError(
    "InvalidParameterCombination",
    "Number of nodes for cluster type multi-node must be greater than or equal to 2, for single-node it must be 1.",
  );
};

// A new cluster takes as long as restoring one of its size (a guess).
const begin = ({ world, store, now }: Call, cluster: RedshiftCluster): void =>
  world.works.begin({
    kind: "create",
    subject: cluster.arn,
    startedAt: now,
    seconds: world.settings.restoreBaseSeconds + world.settings.restoreSecondsPerGib * cluster.sizeGib,
    progress: () => undefined,
    end: (outcome) => {
      if (outcome === "vanished") store.redshiftClusters.delete(cluster.id);
      cluster.status = outcome === "done" ? "available" : "hardware-failure";
    },
  });
