import type { RedshiftSnapshot } from "../redshift-records.ts";
import type { Outcome } from "../work.ts";
import type { World } from "../world.ts";
import { expiryOf } from "./retention.ts";

interface SnapshotWork {
  readonly kind: "create" | "copy";
  readonly startedAt: Date;
  /** ARN of the snapshot copied from, which must outlive the copying. */
  readonly dependsOn?: string;
  /** Default: by size, from the settings. */
  readonly seconds?: number;
  /** Told when the snapshot has become available. */
  readonly available?: (at: Date) => void;
}

/** Sets a snapshot going: it becomes available, or whatever its fate is, as the clock advances. */
export const beginSnapshotWork = (world: World, snapshot: RedshiftSnapshot, work: SnapshotWork): void => {
  snapshot.seconds = work.seconds ?? secondsFor(world, snapshot, work.kind);
  world.works.begin({
    kind: work.kind,
    subject: snapshot.arn,
    startedAt: work.startedAt,
    seconds: snapshot.seconds,
    ...(work.dependsOn !== undefined && { dependsOn: work.dependsOn }),
    progress: (percent) => {
      snapshot.percent = percent;
    },
    end: (outcome, at) => finish(world, snapshot, { work, outcome, at }),
  });
};

interface Ending {
  readonly work: SnapshotWork;
  readonly outcome: Outcome;
  readonly at: Date;
}

const finish = (world: World, snapshot: RedshiftSnapshot, { work, outcome, at }: Ending): void => {
  if (outcome === "vanished") forgetSnapshot(world, snapshot, at);
  snapshot.status = outcome === "done" ? "available" : "failed";
  snapshot.finishedAt = at;
  if (outcome !== "done") return;
  snapshot.percent = 100;
  scheduleExpiry(world, snapshot, at);
  work.available?.(at);
};

/**
 * Has a finished snapshot disappear when its retention period has passed; to be called again whenever that
 * changed. One whose time is already over disappears at once.
 */
export const scheduleExpiry = (world: World, snapshot: RedshiftSnapshot, now: Date): void => {
  const due = expiryOf(snapshot);
  world.works.cancel(expirySubject(snapshot));
  if (!due) return;
  world.works.begin({
    kind: "expire",
    subject: expirySubject(snapshot),
    startedAt: now,
    seconds: Math.max(0, (due.getTime() - now.getTime()) / 1000),
    progress: () => undefined,
    end: (_outcome, at) => forgetSnapshot(world, snapshot, at),
  });
};

/** Takes a snapshot out of its store without a trace; copies that are being made of it fail (a guess). */
export const forgetSnapshot = (world: World, snapshot: RedshiftSnapshot, at: Date): void => {
  stopSnapshotWork(world, snapshot, at);
  const { redshiftSnapshots } = world.store(snapshot.region, snapshot.account);
  if (redshiftSnapshots.get(snapshot.id) === snapshot) redshiftSnapshots.delete(snapshot.id);
};

/** Ends everything that is in progress on a snapshot or depends on it. */
export const stopSnapshotWork = ({ works }: World, snapshot: RedshiftSnapshot, at: Date): void => {
  works.cancel(snapshot.arn);
  works.cancel(expirySubject(snapshot));
  works.failDependents(snapshot.arn, at);
};

const expirySubject = ({ arn }: RedshiftSnapshot): string => `${arn}#retention`;

const secondsFor = ({ settings }: World, { sizeGib }: RedshiftSnapshot, kind: "create" | "copy"): number =>
  kind === "create"
    ? settings.snapshotBaseSeconds + settings.snapshotSecondsPerGib * sizeGib
    : settings.copyBaseSeconds + settings.copySecondsPerGib * sizeGib;
