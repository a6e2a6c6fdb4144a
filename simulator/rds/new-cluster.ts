import { arnOf } from "../arn.ts";
import { engineDefaults } from "../engine-defaults.ts";
import type { Call } from "../operation.ts";
import { type DbCluster, type DbClusterMember, isMultiAzEngine } from "../rds-records.ts";
import { stableResourceId } from "../stable-id.ts";
import { assertClusterOptions, type ClusterOptions } from "./cluster-options.ts";
import { rdsFault } from "./errors.ts";
import { newIdentifier } from "./identifiers.ts";
import { readTags } from "./tagging.ts";

/** Aurora encrypts what is created or restored from then on under a key that AWS owns, unless another is chosen. */
const encryptedByDefaultSince = new Date("2026-02-18T00:00:00Z");

interface NewCluster {
  /** As given. */
  readonly id: string;
  readonly engine: string;
  readonly engineVersion: string | undefined;
  readonly masterUsername: string | undefined;
  readonly port: number | undefined;
  readonly sizeGib: number;
  readonly kmsKeyArn: string | undefined;
  readonly options: ClusterOptions;
}

/**
 * Puts a cluster into the called region; the caller begins the work. What nobody asks for comes from the
 * account's defaults, also where it is restored from a snapshot whose cluster had other settings.
 */
export const addCluster = (call: Call, asked: NewCluster): DbCluster => {
  const { store, now, requestId } = call;
  const { engine, options, kmsKeyArn } = asked;
  const defaults = engineDefaults(engine);
  const id = newIdentifier("DBClusterIdentifier", asked.id);
  assertClusterOptions(engine, options);
  const tags = readTags(options.Tags, { max: call.world.settings.tagsPerResourceMax });
  assertRoom(call, id);
  const cluster: DbCluster = {
    region: store.region,
    account: store.account,
    id,
    arn: arnOf("rds", store, `cluster:${id}`),
    engine,
    engineVersion: asked.engineVersion ?? defaults.engineVersion,
    engineMode: options.EngineMode ?? "provisioned",
    // A cluster made under the name of a deleted one is another resource.
    resourceId: stableResourceId("cluster-", store.account, store.region, id, requestId),
    createdAt: now,
    status: "creating",
    sizeGib: asked.sizeGib,
    encrypted: kmsKeyArn !== undefined,
    kmsKeyArn,
    awsOwnedKey: kmsKeyArn === undefined && engine.startsWith("aurora") && now >= encryptedByDefaultSince,
    tags,
    members: ownMembers(id, engine, options.DBClusterInstanceClass, now),
    masterUsername: asked.masterUsername ?? defaults.masterUsername,
    port: asked.port ?? defaults.port,
    copyTagsToSnapshot: options.CopyTagsToSnapshot ?? false,
    deletionProtection: options.DeletionProtection ?? false,
    backupRetentionPeriod: options.BackupRetentionPeriod ?? defaults.backupRetentionPeriod,
    instanceClass: options.DBClusterInstanceClass,
    subnetGroup: options.DBSubnetGroupName ?? defaults.subnetGroup,
    securityGroups: options.VpcSecurityGroupIds ?? defaults.securityGroups,
    parameterGroup: options.DBClusterParameterGroupName ?? defaults.parameterGroup,
  };
  store.clusters.set(id, cluster);
  return cluster;
};

// Multi-AZ DB clusters come with a writer and two readers; all others without any instance.
const ownMembers = (
  id: string,
  engine: string,
  instanceClass: string | undefined,
  createdAt: Date,
): DbClusterMember[] =>
  isMultiAzEngine(engine)
    ? [1, 2, 3].map((number) => ({
        id: `${id}-instance-${number}`,
        writer: number === 1,
        instanceClass,
        createdAt,
      }))
    : [];

const assertRoom = ({ store, world }: Call, id: string): void => {
  if (store.clusters.has(id)) throw rdsFault("DBClusterAlreadyExistsFault", "DB Cluster already exists");
  if (store.clusters.size < world.settings.clustersMax) return;
  throw rdsFault("DBClusterQuotaExceededFault", "DB Cluster quota exceeded");
};
