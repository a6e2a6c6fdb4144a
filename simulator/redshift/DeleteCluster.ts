import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, integer, type Read, required, structure, text } from "../protocol/shape.ts";
import type { RedshiftCluster } from "../redshift-records.ts";
import type { World } from "../world.ts";
import { clusterShape } from "./cluster-shape.ts";
import { redshiftFault } from "./errors.ts";
import { assertIdentifier } from "./identifiers.ts";
import { assertAvailable, findCluster } from "./lookup.ts";
import { onCluster } from "./questions.ts";
import { assertRoomForSnapshot } from "./quota.ts";
import { assertManualRetention } from "./retention.ts";
import { forgetSnapshot } from "./snapshot-work.ts";
import { assertFree, takeSnapshot } from "./take-snapshot.ts";

const input = {
  ClusterIdentifier: required(text),
  SkipFinalClusterSnapshot: boolean,
  FinalClusterSnapshotIdentifier: text,
  FinalClusterSnapshotRetentionPeriod: integer,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "DeleteCluster",
  input,
  permissions: ({ ClusterIdentifier }, { store }) => [onCluster(store, ClusterIdentifier)],
  run: (input, call) => {
    const cluster = findCluster(call, input.ClusterIdentifier);
    const id = finalSnapshotOf(input);
    assertDeletable(cluster);
    if (id) takeFinalSnapshot(call, cluster, { ...input, id });
    else remove(call.world, cluster, call.now);
    return { Cluster: clusterShape(cluster, call.world.settings, call.now) };
  },
});

const finalSnapshotOf = ({
  SkipFinalClusterSnapshot,
  FinalClusterSnapshotIdentifier,
}: Input): string | undefined => {
  const id = FinalClusterSnapshotIdentifier || undefined;
  if (Boolean(SkipFinalClusterSnapshot) !== Boolean(id)) return id;
  throw commonError(
    "InvalidParameterCombination",
    "FinalClusterSnapshotIdentifier is required unless SkipFinalClusterSnapshot is specified, and only then.",
  );
};

// A guess at the list: that paused and broken clusters can be deleted is documented, what cannot is not.
const busy = ["creating", "deleting", "final-snapshot", "modifying", "rebooting", "renaming", "resizing"];

const assertDeletable = ({ status }: RedshiftCluster): void => {
  if (!busy.includes(status)) return;
  throw redshiftFault(
    "InvalidClusterStateFault",
    "There is an operation running on the Cluster. Please try to delete it at a later time.",
  );
};

const takeFinalSnapshot = (
  { world, store, now }: Call,
  cluster: RedshiftCluster,
  { id, FinalClusterSnapshotRetentionPeriod: retentionPeriod = -1 }: Input & { readonly id: string },
): void => {
  assertAvailable(cluster);
  assertIdentifier("SnapshotIdentifier", id);
  assertManualRetention(retentionPeriod);
  assertFree(store, id);
  assertRoomForSnapshot(world, store);
  cluster.status = "final-snapshot";
  takeSnapshot(world, {
    cluster,
    id,
    tags: new Map(),
    retentionPeriod,
    now,
    status: "final snapshot",
    available: (at) => remove(world, cluster, at),
  });
};

// The cluster's automated snapshots go with it; manual ones stay. That copies in another region stay, also
// automated ones, is a guess.
const remove = (world: World, cluster: RedshiftCluster, now: Date): void => {
  const { redshiftClusters, redshiftSnapshots } = world.store(cluster.region, cluster.account);
  cluster.status = "deleting";
  world.works.begin({
    kind: "delete",
    subject: cluster.arn,
    startedAt: now,
    seconds: world.settings.deleteSeconds,
    progress: () => undefined,
    end: (_outcome, at) => {
      redshiftClusters.delete(cluster.id);
      for (const snapshot of [...redshiftSnapshots.values()]) {
        const own = snapshot.clusterId === cluster.id && !snapshot.sourceRegion;
        if (own && snapshot.type === "automated") forgetSnapshot(world, snapshot, at);
      }
    },
  });
};
