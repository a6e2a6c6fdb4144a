import { arnOf } from "../arn.ts";
import type { Call } from "../operation.ts";
import type { RedshiftCluster } from "../redshift-records.ts";
import { stableUuid } from "../stable-id.ts";
import { redshiftFault } from "./errors.ts";
import { assertIdentifier } from "./identifiers.ts";

/** Refuses a new cluster whose id is wrong or taken, or that is one too many. */
export const assertNewCluster = ({ world, store }: Call, id: string): void => {
  assertIdentifier("ClusterIdentifier", id);
  if (store.redshiftClusters.has(id)) {
    throw redshiftFault("ClusterAlreadyExistsFault", "Cluster already exists");
  }
  const max = world.settings.clustersMax;
  if (store.redshiftClusters.size < max) return;
  throw redshiftFault("ClusterQuotaExceededFault", `Cannot create more than ${max} clusters.`);
};

type Given = Pick<
  RedshiftCluster,
  | "sizeGib"
  | "nodeType"
  | "nodes"
  | "encrypted"
  | "kmsKeyArn"
  | "tags"
  | "masterUsername"
  | "databaseName"
  | "port"
  | "automatedRetentionPeriod"
  | "manualRetentionPeriod"
  | "restore"
>;

/** Puts a cluster that is being made into the store. */
export const addCluster = ({ store, now }: Call, id: string, given: Given): RedshiftCluster => {
  const { region, account } = store;
  const namespace = stableUuid(account, region, "namespace", id, now.toISOString());
  const cluster: RedshiftCluster = {
    ...given,
    region,
    account,
    id,
    arn: arnOf("redshift", store, `cluster:${id}`),
    namespaceArn: arnOf("redshift", store, `namespace:${namespace}`),
    createdAt: now,
    status: "creating",
  };
  store.redshiftClusters.set(id, cluster);
  return cluster;
};
