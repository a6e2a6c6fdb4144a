/**
 * The floor: what AWS makes unavoidable for a night of a fleet, whoever does the work. Arithmetic over plain
 * facts; imports nothing, so that it cannot repeat a mistake of what it is held against.
 *
 * What it does not grant: a second listing of anything, a look that finds nothing done, a refused call, asking
 * first whether a snapshot is there already, a report's own listing.
 */

/** A control plane: RDS speaks for Aurora, Neptune and DocumentDB too. */
export type ControlPlane = "rds" | "redshift";

export interface FloorCluster {
  readonly region: string;
  readonly control: ControlPlane;
  /** How long its snapshot takes to become available. */
  readonly snapshotSeconds: number;
}

export interface FloorInput {
  readonly clusters: readonly FloorCluster[];
  /** Regions that are looked at, whether or not they hold clusters of each control plane. */
  readonly sourceRegions: readonly string[];
  /** Recovery points of each cluster before the night, and those of them that have a copy. */
  readonly points: number;
  readonly copies: number;
  /** How many of each are kept after it. */
  readonly keep: number;
  readonly keepCopies: number;
  /** AWS's limit on copies of the RDS family that run into a region at once; Redshift's are not limited. */
  readonly copiesAtOnce: number;
  readonly copySeconds: number;
}

/** Calls by `service.Operation`. */
export type Calls = Readonly<Record<string, number>>;

/** Items of one page, ids of one filter, deletions of one Redshift batch: AWS's limit is the same for all. */
const perCall = 100;

const planes = {
  rds: {
    clusters: "rds.DescribeDBClusters",
    snapshots: "rds.DescribeDBClusterSnapshots",
    create: "rds.CreateDBClusterSnapshot",
    delete: "rds.DeleteDBClusterSnapshot",
    deletesPerCall: 1,
    // One call starts a copy and tags it.
    copy: "rds.CopyDBClusterSnapshot",
  },
  redshift: {
    clusters: "redshift.DescribeClusters",
    snapshots: "redshift.DescribeClusterSnapshots",
    create: "redshift.CreateClusterSnapshot",
    delete: "redshift.BatchDeleteClusterSnapshots",
    deletesPerCall: perCall,
    // AWS copies by itself, without tags: the one call is the tagging.
    copy: "redshift.CreateTags",
  },
} as const;

const pages = (items: number): number => Math.ceil(items / perCall);

/** The fewest calls of a night, by operation. */
export const callsFloor = (input: FloorInput): Calls => {
  const calls: Record<string, number> = {};
  const add = (operation: string, count: number): void => {
    if (count > 0) calls[operation] = (calls[operation] ?? 0) + count;
  };
  for (const control of ["rds", "redshift"] as const) {
    const plane = planes[control];
    const all = input.clusters.filter((one) => one.control === control).length;
    for (const region of input.sourceRegions) {
      const here = input.clusters.filter((one) => one.control === control && one.region === region).length;
      // An empty listing is a call too: nobody knows before that there is nothing.
      add(plane.clusters, Math.max(1, pages(here)));
      add(plane.create, here);
      // Once to see tonight's available, once whole for retention.
      add(plane.snapshots, pages(here) + pages(here * (input.points + 1)));
      add(plane.delete, Math.ceil((here * overKept(input.points, input.keep)) / plane.deletesPerCall));
    }
    add(plane.copy, all);
    add(plane.snapshots, looksAtCopies(control, all, input) + pages(all * (input.copies + 1)));
    add(plane.delete, Math.ceil((all * overKept(input.copies, input.keepCopies)) / plane.deletesPerCall));
  }
  return calls;
};

/** With tonight's, and never fewer than none. */
const overKept = (before: number, keep: number): number => Math.max(0, before + 1 - keep);

/** A place is free once its copy was seen available: a look for each wave, and the last one for the last. */
const looksAtCopies = (control: ControlPlane, copies: number, { copiesAtOnce }: FloorInput): number => {
  if (control === "redshift") return pages(copies);
  const waves = Math.ceil(copies / copiesAtOnce);
  const last = copies - Math.max(0, waves - 1) * copiesAtOnce;
  return Math.max(0, waves - 1) * pages(copiesAtOnce) + pages(last);
};

/** Waves that the limit on running copies makes of a night's copies. */
export const wavesOf = ({ clusters, copiesAtOnce }: FloorInput): number =>
  Math.ceil(clusters.filter(({ control }) => control === "rds").length / copiesAtOnce);

export interface TimeFloor {
  readonly lastSnapshotSeconds: number;
  readonly lastCopySeconds: number;
}

/** When everything could be available if every call were made at once, and every place filled the moment it is free. */
export const timeFloor = ({ clusters, copiesAtOnce, copySeconds }: FloorInput): TimeFloor => {
  const ready = (control: ControlPlane): readonly number[] =>
    clusters
      .filter((one) => one.control === control)
      .map(({ snapshotSeconds }) => snapshotSeconds)
      .toSorted((a, b) => a - b);
  const ends = ready("redshift").map((seconds) => seconds + copySeconds);
  // Copies of one length, in the order in which their snapshots come: each takes the place that is free first.
  const places: number[] = [];
  for (const seconds of ready("rds")) {
    const free = places.length < copiesAtOnce ? 0 : (places.shift() ?? 0);
    const end = Math.max(seconds, free) + copySeconds;
    places.push(end);
    ends.push(end);
  }
  return {
    lastSnapshotSeconds: Math.max(0, ...clusters.map(({ snapshotSeconds }) => snapshotSeconds)),
    lastCopySeconds: Math.max(0, ...ends),
  };
};
