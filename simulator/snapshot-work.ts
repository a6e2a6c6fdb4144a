import type { DbClusterSnapshot } from "./rds-records.ts";
import type { World } from "./world.ts";

interface SnapshotWork {
  readonly kind: "create" | "copy";
  readonly startedAt: Date;
  /** ARN of the snapshot copied from, which must outlive the copying. */
  readonly dependsOn?: string;
  /** Default: by size, from the settings. */
  readonly seconds?: number;
}

/** Sets a cluster snapshot going: it becomes available, or whatever its fate is, as the clock advances. */
export const beginSnapshotWork = (world: World, snapshot: DbClusterSnapshot, work: SnapshotWork): void => {
  const store = world.store(snapshot.region, snapshot.account);
  world.works.begin({
    kind: work.kind,
    subject: snapshot.arn,
    startedAt: work.startedAt,
    seconds: work.seconds ?? secondsFor(world, snapshot, work.kind),
    ...(work.dependsOn !== undefined && { dependsOn: work.dependsOn }),
    progress: (percent) => {
      snapshot.percent = percent;
    },
    end: (outcome) => {
      if (outcome === "vanished") store.clusterSnapshots.delete(snapshot.id);
      snapshot.status = outcome === "done" ? "available" : "failed";
      if (outcome === "done") snapshot.percent = 100;
    },
  });
};

const secondsFor = ({ settings }: World, { sizeGib }: DbClusterSnapshot, kind: "create" | "copy"): number =>
  kind === "create"
    ? settings.snapshotBaseSeconds + settings.snapshotSecondsPerGib * sizeGib
    : settings.copyBaseSeconds + settings.copySecondsPerGib * sizeGib;
