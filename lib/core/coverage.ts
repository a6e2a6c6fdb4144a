import { type Cluster, traitsOf } from "./cluster.ts";
import type { OwnedSnapshot } from "./ownership.ts";
import { objectiveOf, type Plan } from "./plan.ts";
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
  readonly owned: readonly OwnedSnapshot[];
  readonly now: number;
}

/**
 * The plan's coverage, a row for each region that it takes snapshots in or copies to. A plan that means no
 * cluster at all has no rows: nothing is known to be covered, and that must not look like good news.
 */
export const coverageOf = (input: CoverageInput): readonly CoverageRow[] => {
  const { plan, now } = input;
  const clusters = input.clusters.filter((cluster) => isExpected(cluster, plan));
  if (clusters.length === 0) return [];
  const points = input.owned.filter(
    (point) => point.plan === plan.name && point.snapshot.status === "available" && point.takenAt <= now,
  );
  const { sourceSeconds, copySeconds } = objectiveOf(plan);
  const sources = plan.select.regions.map((region) => ({
    ...{ region, kind: "source" as const, objective: sourceSeconds },
    members: clusters.filter((cluster) => cluster.region === region),
  }));
  const copies = plan.copies.map(({ region }) => ({
    ...{ region, kind: "copy" as const, objective: copySeconds },
    members: clusters.filter((cluster) => cluster.region !== region && isCopied(cluster)),
  }));
  return [...sources, ...copies].map((place) => rowOf(place, { plan, points, now }));
};

/** A stopped cluster may be expected to have nothing new; one that is still being made has nothing to lose. */
const isExpected = ({ status }: Cluster, { stopped }: Plan): boolean =>
  status !== "creating" && !(stopped === "skip" && isStopped(status));

const isCopied = ({ engine }: Cluster): boolean => traitsOf(engine).copies !== "none";

interface Place extends Pick<CoverageRow, "region" | "kind" | "objective"> {
  readonly members: readonly Cluster[];
}

interface Known {
  readonly plan: Plan;
  readonly points: readonly OwnedSnapshot[];
  readonly now: number;
}

const rowOf = ({ members, ...place }: Place, { plan, points, now }: Known): CoverageRow => {
  // In a region that is both a source and a copy region, a copy is never taken for a primary.
  const here = points.filter(
    ({ snapshot, source }) =>
      snapshot.region === place.region && (source !== undefined) === (place.kind === "copy"),
  );
  const byResource = Map.groupBy(here, ({ resource }) => resource);
  const timesOf = ({ resource }: Cluster): readonly number[] =>
    (byResource.get(resource) ?? []).map(({ takenAt }) => takenAt);
  const ages = members.map((member) => ({ member, age: ageOf(member, timesOf(member), now) }));
  return {
    plan: plan.name,
    ...place,
    clusters: members.length,
    recoveryPointAge: Math.max(0, ...ages.map(({ age }) => age)),
    runAge: members.length === 0 ? 0 : ageOfWhole(members, timesOf, now),
    atRisk: ages.filter(({ age }) => age > place.objective).map(({ member }) => member.id),
  };
};

/** A cluster without a recovery point has been without one since it was made. */
const ageOf = ({ createdAt }: Cluster, times: readonly number[], now: number): number =>
  Math.max(0, Math.floor((now - Math.max(bornAt(createdAt), ...times)) / 1000));

const bornAt = (createdAt: string | undefined): number =>
  createdAt === undefined ? 0 : Date.parse(createdAt);

/**
 * The newest time at which every cluster that was there has a recovery point: that run was complete, whatever
 * its execution said. Where there is none, since the first of the clusters was made.
 */
const ageOfWhole = (
  members: readonly Cluster[],
  timesOf: (member: Cluster) => readonly number[],
  now: number,
): number => {
  const taken = members.map((member) => ({
    born: bornAt(member.createdAt),
    times: new Set(timesOf(member)),
  }));
  const candidates = [...new Set(taken.flatMap(({ times }) => [...times]))].toSorted((a, b) => b - a);
  const whole = candidates.find((at) => taken.every(({ born, times }) => born > at || times.has(at)));
  const since = whole ?? Math.min(...taken.map(({ born }) => born));
  return Math.max(0, Math.floor((now - since) / 1000));
};
