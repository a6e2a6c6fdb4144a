import { partitionOf } from "../arn.ts";
import { defineOperation } from "../operation.ts";
import { integer, required, text } from "../protocol/shape.ts";
import type { RegionStore } from "../world.ts";
import { clusterShape } from "./cluster-shape.ts";
import { redshiftFault } from "./errors.ts";
import { assertAvailable, findCluster, findGrant } from "./lookup.ts";
import { onCluster } from "./questions.ts";
import { assertAutomatedCopyRetention, assertManualRetention } from "./retention.ts";

export const operation = defineOperation({
  name: "EnableSnapshotCopy",
  input: {
    ClusterIdentifier: required(text),
    DestinationRegion: required(text),
    RetentionPeriod: integer,
    SnapshotCopyGrantName: text,
    ManualSnapshotRetentionPeriod: integer,
  },
  permissions: ({ ClusterIdentifier }, { store }) => [onCluster(store, ClusterIdentifier)],
  run: (input, call) => {
    const { DestinationRegion, RetentionPeriod = 7, ManualSnapshotRetentionPeriod = -1 } = input;
    const cluster = findCluster(call, input.ClusterIdentifier);
    if (cluster.snapshotCopy) throw alreadyEnabled(cluster.id);
    assertAvailable(cluster);
    assertOtherRegion(call.region, DestinationRegion);
    assertAutomatedCopyRetention(RetentionPeriod);
    assertManualRetention(ManualSnapshotRetentionPeriod);
    cluster.snapshotCopy = {
      destinationRegion: DestinationRegion,
      retentionPeriod: RetentionPeriod,
      manualRetentionPeriod: ManualSnapshotRetentionPeriod,
      grantName: grantIn(call.world.store(DestinationRegion, call.account), input.SnapshotCopyGrantName),
    };
    return { Cluster: clusterShape(cluster, call.world.settings, call.now) };
  },
});

const alreadyEnabled = (id: string) =>
  redshiftFault("SnapshotCopyAlreadyEnabledFault", `Snapshot Copy is already enabled on Cluster ${id}.`);

// Only the form of a region's name is looked at: which regions exist changes every year.
const assertOtherRegion = (source: string, destination: string): void => {
  const known = /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(destination);
  if (known && destination !== source && partitionOf(destination) === partitionOf(source)) return;
  throw redshiftFault("UnknownSnapshotCopyRegionFault", `Invalid region ${destination}`);
};

// The grant lives where the copies go, not where the cluster is. That an encrypted cluster needs none is what
// newer documentation says; older demands it.
const grantIn = (destination: RegionStore, name: string | undefined): string | undefined =>
  name ? findGrant(destination, name).name : undefined;
