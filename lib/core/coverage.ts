import { type Cluster, traitsOf } from "./cluster.ts";
import { overridesIn, termsOf } from "./override.ts";
import { objectiveOf, type Plan } from "./plan.ts";
import { selectClusters } from "./selection.ts";
import type { Sighting } from "./sighting.ts";
import { isStopped } from "./taking.ts";

/** How well a plan's recovery points cover its clusters in one region, as AWS shows it now. */
export interface CoverageRow {
  readonly plan: string;
  /** Where the recovery points are. */
  readonly region: string;
  readonly kind: "source" | "copy";
  readonly clusters: number;
  /** Seconds since the newest recovery point of the cluster that is worst off. */
  readonly recoveryPointAge: number;
  /** Seconds since the newest run of which every cluster has its recovery point. */
  readonly runAge: number;
  /** The oldest acceptable age, in seconds. */
  readonly objective: number;
  /** Clusters whose newest recovery point is older than that. */
  readonly atRisk: readonly string[];
}

export interface CoverageInput {
  readonly plan: Plan;
  /** The clusters that the plan means. */
  readonly clusters: readonly Cluster[];
  /** Ours of every plan and region. */
  readonly owned: readonly Sighting[];
  readonly now: number;
}

/** How well one cluster is covered by a plan in one region. */
export interface ClusterCoverage extends Pick<CoverageRow, "plan" | "region" | "kind" | "objective"> {
  readonly cluster: Cluster;
  /** When the newest recovery point was taken, epoch milliseconds; absent where there never was one. */
  readonly newest?: number;
  /** Seconds since then, or since the cluster was made. */
  readonly age: number;
}

/**
 * The plan's coverage, a row for each region that it takes snapshots in or copies to. A plan that means no
 * cluster at all has no rows: nothing is known to be covered, and that must not look like good news.
 */
export const coverageOf = (input: CoverageInput): readonly CoverageRow[] =>
  placesOf(input).map((place) => rowOf(place, input));

/** The same by cluster: of those that the plan expects to have something new, and where AWS copies them. */
export const clusterCoverageOf = (input: CoverageInput): readonly ClusterCoverage[] =>
  placesOf(input).flatMap(({ members, region, kind, objective }) =>
    members.map(({ cluster, times, age }) => ({
      ...{ plan: input.plan.name, region, kind, objective, cluster, age },
      ...(times.length > 0 && { newest: Math.max(...times) }),
    })),
  );

/** Everything that was seen, and the regions that were not. */
export interface SeenInput extends CoverageInput {
  readonly unlisted: ReadonlySet<string>;
}

/**
 * The coverage of a plan as far as it can be told from all clusters that were seen. Of a plan one of whose
 * clusters' regions is silent, or that may mean a cluster whose tags AWS did not tell, nothing can be said; a
 * silent copy region hides itself only.
 */
export const visibleCoverageOf = ({ unlisted, ...input }: SeenInput): readonly CoverageRow[] =>
  coverageOf({ ...input, clusters: tellable({ ...input, unlisted }) }).filter(
    ({ region }) => !unlisted.has(region),
  );

/** A place where a cluster should have recovery points. */
export type ClusterPlace = Pick<ClusterCoverage, "region" | "kind" | "cluster">;

/** The clusters of which rows can be told, each with the places where it should have recovery points. */
export const visiblePlacesOf = ({ unlisted, ...input }: Omit<SeenInput, "owned">): readonly ClusterPlace[] =>
  clusterCoverageOf({ ...input, owned: [], clusters: tellable({ ...input, unlisted }) }).filter(
    ({ region }) => !unlisted.has(region),
  );

/** A place of a cluster, with the times of the recovery points there, epoch milliseconds. */
export interface ClusterTimes extends ClusterPlace {
  readonly times: ReadonlySet<number>;
}

/** The same places with what is there. */
export const visibleTimesOf = ({ unlisted, ...input }: SeenInput): readonly ClusterTimes[] =>
  placesOf({ ...input, clusters: tellable({ ...input, unlisted }) })
    .filter(({ region }) => !unlisted.has(region))
    .flatMap(({ members, region, kind }) =>
      members.map(({ cluster, times }) => ({ region, kind, cluster, times: new Set(times) })),
    );

/** Whether a cluster has no part in a run's being incomplete: it has its point of that time, or was not there yet. */
export const isServedAt = (
  { cluster, times }: Pick<ClusterTimes, "cluster" | "times">,
  at: number,
): boolean => bornAt(cluster.createdAt) > at || times.has(at);

/** What the plan means, where all of that is known. */
const tellable = ({ plan, clusters, unlisted }: Omit<SeenInput, "owned">): readonly Cluster[] => {
  const { regions } = plan.select;
  if (regions.some((region) => unlisted.has(region))) return [];
  const { taken, unknown } = selectClusters(
    clusters.filter(({ region }) => regions.includes(region)),
    plan,
  );
  return unknown.length > 0 ? [] : taken.map(({ cluster }) => cluster);
};

/**
 * Whether the points of a run at `at`, epoch milliseconds, are enough to tell a row by: every cluster has one or is younger,
 * and nothing is at risk. Whatever else there is could only make the ages smaller.
 */
export const isToldBy = (
  { runAge, atRisk }: Pick<CoverageRow, "runAge" | "atRisk">,
  { at, now }: { readonly at: number; readonly now: number },
): boolean => atRisk.length === 0 && runAge * 1000 <= now - at;

/** Whether a run's time alone would make late what it brought: then a later run may have brought something newer. */
export const isOld = (plan: Plan, { at, now }: { readonly at: number; readonly now: number }): boolean => {
  const { sourceSeconds, copySeconds } = objectiveOf(plan);
  return now - at > Math.min(sourceSeconds, copySeconds) * 1000;
};

const placesOf = (input: CoverageInput): readonly Place[] => {
  const { plan, now } = input;
  // Of a plan that means nothing it is not known that anything is protected.
  if (input.clusters.length === 0) return [];
  const clusters = input.clusters.filter((cluster) => isExpected(cluster, plan));
  const points = input.owned.filter(
    (point) => point.plan === plan.name && point.snapshot.status === "available" && point.takenAt <= now,
  );
  const { sourceSeconds, copySeconds } = objectiveOf(plan);
  const sources = plan.select.regions.map((region) => ({
    ...{ region, kind: "source" as const, objective: sourceSeconds },
    clusters: clusters.filter((cluster) => cluster.region === region),
  }));
  const copies = plan.copies.map(({ region }) => ({
    ...{ region, kind: "copy" as const, objective: copySeconds },
    clusters: clusters.filter((cluster) => cluster.region !== region && isCopied(cluster, plan, region)),
  }));
  return [...sources, ...copies].map(({ clusters: some, ...place }) => ({
    ...place,
    members: membersOf(some, pointsIn(points, place), now),
  }));
};

/** A stopped cluster may be expected to have nothing new; one that is still being made has nothing to lose. */
const isExpected = ({ status }: Cluster, { stopped }: Plan): boolean =>
  status !== "creating" && !(stopped === "skip" && isStopped(status));

/** AWS may not copy an engine's snapshots, and a cluster may want none there. */
const isCopied = ({ engine, tags }: Cluster, plan: Plan, to: string): boolean =>
  traitsOf(engine).copies !== "none" &&
  termsOf(plan, overridesIn(tags)).plan.copies.some(({ region }) => region === to);

interface Place extends Pick<CoverageRow, "region" | "kind" | "objective"> {
  readonly members: readonly Member[];
}

interface Member {
  readonly cluster: Cluster;
  /** Of its recovery points in the place. */
  readonly times: readonly number[];
  readonly age: number;
}

/** In a region that is both a source and a copy region, a copy is never taken for a primary. */
const pointsIn = (
  points: readonly Sighting[],
  { region, kind }: Pick<Place, "region" | "kind">,
): readonly Sighting[] =>
  points.filter(
    ({ snapshot, source }) => snapshot.region === region && (source !== undefined) === (kind === "copy"),
  );

const membersOf = (
  clusters: readonly Cluster[],
  points: readonly Sighting[],
  now: number,
): readonly Member[] => {
  const byResource = Map.groupBy(points, ({ resource }) => resource);
  return clusters.map((cluster) => {
    const times = (byResource.get(cluster.resource) ?? []).map(({ takenAt }) => takenAt);
    return { cluster, times, age: ageOf(cluster, times, now) };
  });
};

const rowOf = ({ members, ...place }: Place, { plan, now }: CoverageInput): CoverageRow => ({
  plan: plan.name,
  ...place,
  clusters: members.length,
  recoveryPointAge: Math.max(0, ...members.map(({ age }) => age)),
  runAge: members.length === 0 ? 0 : ageOfWhole(members, now),
  atRisk: members.filter(({ age }) => age > place.objective).map(({ cluster }) => cluster.id),
});

/** A cluster without a recovery point has been without one since it was made. */
const ageOf = ({ createdAt }: Cluster, times: readonly number[], now: number): number =>
  Math.max(0, Math.floor((now - Math.max(bornAt(createdAt), ...times)) / 1000));

export const bornAt = (createdAt: string | undefined): number =>
  createdAt === undefined ? 0 : Date.parse(createdAt);

/**
 * The newest time at which every cluster that was there has a recovery point: that run was complete, whatever
 * its execution said. Where there is none, or a late run took what was made after its time, since the first of the clusters
 * was made: what a region does not tell then could only have made the age smaller.
 */
const ageOfWhole = (members: readonly Member[], now: number): number => {
  const taken = members.map(({ cluster, times }) => ({ cluster, times: new Set(times) }));
  const candidates = [...new Set(taken.flatMap(({ times }) => [...times]))].toSorted((a, b) => b - a);
  const whole = candidates.find((at) => taken.every((one) => isServedAt(one, at)));
  const first = Math.min(...taken.map(({ cluster }) => bornAt(cluster.createdAt)));
  return Math.max(0, Math.floor((now - Math.max(first, whole ?? first)) / 1000));
};
