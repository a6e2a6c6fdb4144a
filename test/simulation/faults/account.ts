import { arnOf } from "../../../simulator/arn.ts";
import { stableResourceId, stableUuid } from "../../../simulator/stable-id.ts";
import type { RegionStore } from "../../../simulator/world.ts";
import { backupKey, copyRegion, regions, sourceRegions } from "../estate.ts";
import type { Stage } from "../stage.ts";
import { inject, later, sometime, type Tonight } from "../tonight.ts";

/** What changes in the account while runs go on: its limits, its keys, its clusters, its listings. */

export const copyLimit = ({ stage, dice, kind }: Tonight): void => {
  stage.core.world.settings.copiesPerDestination = dice.between(1, 4);
  inject(stage, kind);
};

export const quotaFull = (tonight: Tonight): void => {
  const { stage, dice } = tonight;
  const region = dice.one([...sourceRegions, copyRegion]);
  later(tonight, dice.between(0, 60), () => {
    const { clusterSnapshots } = stage.core.world.store(region);
    const held = [...clusterSnapshots.values()].filter(({ type }) => type === "manual").length;
    stage.core.world.settings.manualClusterSnapshotsMax = held + dice.between(0, 4);
  });
};

export const keyDisabled = (tonight: Tonight): void => {
  const { stage, dice } = tonight;
  const from = dice.between(-30, 60);
  const region = dice.fork("where").one([copyRegion, copyRegion, ...sourceRegions]);
  later(tonight, from, () => setKey(stage, region, "Disabled"));
  // One of two stays so while what is there is looked after.
  const more = dice.fork("for a day").chance(0.5) ? 1440 : 0;
  later(tonight, from + more + dice.between(30, 600), () => setKey(stage, region, "Enabled"));
};

/** Nobody enables it again before the nights without faults: copies are late, and at last so late that it is told. */
export const keyLost = (tonight: Tonight): void =>
  later(tonight, tonight.dice.between(-30, 60), () => setKey(tonight.stage, copyRegion, "Disabled"));

const setKey = ({ core }: Stage, region: string, state: "Enabled" | "Disabled"): void => {
  const { keys, aliases } = core.world.store(region);
  const key = keys.get(aliases.get(backupKey) ?? "");
  if (key) key.state = state;
};

export const listingLag = ({ stage, dice, kind }: Tonight): void => {
  stage.core.world.settings.listingDelaySeconds = dice.between(10, 240);
  // What a listing does not show yet is made again, and found to be there.
  stage.witness.excuse("*", 3);
  inject(stage, kind);
};

type Kept = "clusters" | "redshiftClusters";

/** A cluster at random, wherever it is. */
const someCluster = ({ stage, dice }: Tonight) => {
  const places = sourceRegions.flatMap((region) => {
    const store = stage.core.world.store(region);
    return (["clusters", "redshiftClusters"] as const).flatMap((kept) =>
      [...store[kept].keys()].map((id) => ({ store, kept, id })),
    );
  });
  return places.length === 0 ? undefined : dice.one(places);
};

/** Something that happens to a cluster, some minutes into the night. */
export const withCluster = (
  tonight: Tonight,
  minutes: readonly [number, number],
  deed: (place: Place) => void,
): void =>
  later(tonight, sometime(tonight, minutes), () => {
    const place = someCluster(tonight);
    if (place) deed(place);
  });

export interface Place {
  readonly store: RegionStore;
  readonly kept: Kept;
  readonly id: string;
}

export const clusterStopped = (tonight: Tonight): void =>
  withCluster(tonight, [-60, 30], ({ store, kept, id }) => {
    const cluster = store[kept].get(id);
    if (cluster) cluster.status = kept === "clusters" ? "stopped" : "paused";
  });

/** Maintenance: for some minutes AWS takes no snapshot of it, mostly as a run begins. */
export const clusterBusy = (tonight: Tonight): void => {
  for (let left = tonight.dice.between(2, 6); left > 0; left -= 1)
    later(tonight, tonight.dice.one([0, 40, 80]) + tonight.dice.between(-10, 3), () => {
      const place = someCluster(tonight);
      if (place === undefined) return;
      const { store, kept, id } = place;
      const cluster = store[kept].get(id);
      if (cluster?.status !== "available") return;
      cluster.status = "modifying";
      later(
        tonight,
        minutesInto(tonight) + tonight.dice.one([tonight.dice.between(6, 20), tonight.dice.between(2, 60)]),
        () => {
          const busy = store[kept].get(id);
          if (busy?.status === "modifying") busy.status = "available";
        },
      );
    });
};

const minutesInto = ({ stage, start }: Tonight): number =>
  (stage.core.clock.now().getTime() - start) / 60_000;

export const clusterDeleted = (tonight: Tonight): void =>
  withCluster(tonight, [-20, 90], ({ store, kept, id }) => {
    const fleet = sourceRegions.reduce(
      (sum, region) => sum + tonight.stage.core.world.store(region).clusters.size,
      0,
    );
    if (fleet > 3) store[kept].delete(id);
  });

export const clusterRecreated = (tonight: Tonight): void =>
  withCluster(tonight, [-20, 90], ({ store, kept, id }) => replace(tonight, { store, kept, id }, id, true));

export const clusterRenamed = (tonight: Tonight): void =>
  withCluster(tonight, [-20, 90], ({ store, kept, id }) =>
    replace(tonight, { store, kept, id }, `${id.split("-")[0]}-r${tonight.day}`, false),
  );

/** Puts a cluster in the place of another: of another name, or of the same name and another identity. */
const replace = ({ stage }: Tonight, { store, kept, id }: Place, name: string, anew: boolean): void => {
  const now = stage.core.clock.now();
  const stamp = now.toISOString();
  const place = { account: store.account, region: store.region };
  if (kept === "clusters") {
    const old = store.clusters.get(id);
    if (old === undefined) return;
    store.clusters.delete(id);
    const identity = anew
      ? { resourceId: stableResourceId("cluster-", store.region, name, stamp), createdAt: now }
      : {};
    store.clusters.set(name, { ...old, ...identity, id: name, arn: arnOf("rds", place, `cluster:${name}`) });
    return;
  }
  const old = store.redshiftClusters.get(id);
  if (old === undefined) return;
  store.redshiftClusters.delete(id);
  const namespaceArn = arnOf("redshift", place, `namespace:${stableUuid(store.region, name, stamp)}`);
  const arn = arnOf("redshift", place, `cluster:${name}`);
  store.redshiftClusters.set(name, { ...old, ...(anew && { namespaceArn, createdAt: now }), id: name, arn });
};

export const clusterRetagged = (tonight: Tonight): void =>
  withCluster(tonight, [-20, 90], ({ store, kept, id }) => {
    const cluster = store[kept].get(id);
    const backup = tonight.dice.one(["daily", "daily ledger", "none"]);
    if (cluster) cluster.tags = new Map([...cluster.tags, ["backup", backup]]);
  });

const usualCopying = { destinationRegion: copyRegion, retentionPeriod: 7, manualRetentionPeriod: -1 };

/** Somebody changes how AWS copies a cluster's snapshots: not at all, for some days, or to elsewhere. */
export const copyingChanged = (tonight: Tonight): void => {
  const own = { ...tonight, dice: tonight.dice.fork("copying") };
  for (let left = own.dice.between(1, 3); left > 0; left -= 1)
    later(own, own.dice.between(-60, 90), () => {
      const clusters = warehousesOf(own.stage);
      if (clusters.length === 0) return;
      const cluster = own.dice.one(clusters);
      const elsewhere = sourceRegions.find((region) => region !== cluster.region) ?? copyRegion;
      cluster.snapshotCopy = own.dice.one([
        ...[undefined, undefined, { ...usualCopying, manualRetentionPeriod: own.dice.between(1, 30) }],
        { ...usualCopying, destinationRegion: elsewhere },
      ]);
      own.stage.witness.unsettle(cluster.arn);
      own.stage.log.write(
        `somebody has ${cluster.id} copied ${JSON.stringify(cluster.snapshotCopy ?? "no more")}`,
      );
    });
};

const warehousesOf = ({ core }: Stage) =>
  sourceRegions.flatMap((region) => [...core.world.store(region).redshiftClusters.values()]);

/** People set right how clusters are copied, but for what a plan sets right by itself. */
const settleCopying = (stage: Stage): void => {
  const isManaged = stage.plans().some(({ copies }) => copies.some(({ manage }) => manage));
  for (const cluster of warehousesOf(stage)) {
    const isElsewhere = (cluster.snapshotCopy?.destinationRegion ?? copyRegion) !== copyRegion;
    if (isManaged && !isElsewhere) continue;
    cluster.snapshotCopy = usualCopying;
    stage.witness.unsettle(cluster.arn);
  }
};

/** Ends what faults have left behind: limits, keys, stopped clusters, lagging listings. */
export const recover = (
  stage: Stage,
  limits: { readonly manualClusterSnapshotsMax: number; readonly copiesPerDestination: number },
): void => {
  const { settings, store } = stage.core.world;
  Object.assign(settings, { ...limits, listingDelaySeconds: 0 });
  for (const region of regions) setKey(stage, region, "Enabled");
  settleCopying(stage);
  for (const region of sourceRegions) {
    for (const cluster of store(region).clusters.values()) cluster.status = "available";
    for (const cluster of store(region).redshiftClusters.values()) cluster.status = "available";
  }
};
