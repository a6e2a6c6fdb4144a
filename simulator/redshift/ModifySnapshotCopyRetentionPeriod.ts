import { type Call, defineOperation } from "../operation.ts";
import { boolean, integer, required, text } from "../protocol/shape.ts";
import type { RedshiftCluster, SnapshotCopySetting } from "../redshift-records.ts";
import { clusterShape } from "./cluster-shape.ts";
import { redshiftFault } from "./errors.ts";
import { assertAvailable, findCluster } from "./lookup.ts";
import { onCluster } from "./questions.ts";
import { assertAutomatedCopyRetention, assertManualRetention } from "./retention.ts";
import { scheduleExpiry } from "./snapshot-work.ts";

export const operation = defineOperation({
  name: "ModifySnapshotCopyRetentionPeriod",
  input: { ClusterIdentifier: required(text), RetentionPeriod: required(integer), Manual: boolean },
  permissions: ({ ClusterIdentifier }, { store }) => [onCluster(store, ClusterIdentifier)],
  run: ({ ClusterIdentifier, RetentionPeriod, Manual }, call) => {
    const cluster = findCluster(call, ClusterIdentifier);
    const setting = cluster.snapshotCopy;
    if (!setting) throw copyDisabled(cluster.id);
    assertAvailable(cluster);
    if (Manual) changeManual(cluster, setting, RetentionPeriod);
    else changeAutomated(call, cluster, { setting, days: RetentionPeriod });
    return { Cluster: clusterShape(cluster, call.world.settings, call.now) };
  },
});

const copyDisabled = (id: string) =>
  redshiftFault(
    "SnapshotCopyDisabledFault",
    `Cannot modify retention period because snapshot copy is disabled on Cluster ${id}.`,
  );

// Manual copies that are there already keep their period.
const changeManual = (cluster: RedshiftCluster, setting: SnapshotCopySetting, days: number): void => {
  assertManualRetention(days);
  cluster.snapshotCopy = { ...setting, manualRetentionPeriod: days };
};

interface NewPeriod {
  readonly setting: SnapshotCopySetting;
  readonly days: number;
}

// Automated copies that are there already get the new period too, and disappear where it has passed.
const changeAutomated = (call: Call, cluster: RedshiftCluster, { setting, days }: NewPeriod): void => {
  assertAutomatedCopyRetention(days);
  cluster.snapshotCopy = { ...setting, retentionPeriod: days };
  const { redshiftSnapshots } = call.world.store(setting.destinationRegion, call.account);
  const copies = [...redshiftSnapshots.values()].filter(
    ({ type, clusterId, sourceRegion }) =>
      type === "automated" && clusterId === cluster.id && sourceRegion === call.region,
  );
  for (const copy of copies) {
    copy.retentionPeriod = days;
    if (copy.status === "available") scheduleExpiry(call.world, copy, call.now);
  }
};
