import { sourcesInUse } from "./arrival.ts";
import { type Cluster, isDoubtful } from "./cluster.ts";
import { overridesIn, termsOf } from "./override.ts";
import type { OwnedSnapshot } from "./ownership.ts";
import { type Config, type Plan, planIn } from "./plan.ts";
import { decidePrune, defaultBrake, defaultFloor, type PruneVerdict } from "./pruning.ts";
import type { RetentionPolicy } from "./retention.ts";
import { selectClusters } from "./selection.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a set of recovery points is told apart by. The cluster is the name that the points bear. */
export interface SetName {
  readonly plan: string;
  readonly resource: string;
  readonly region: string;
  readonly cluster: string;
}

export const setNameOf = ({ plan, resource, snapshot: { region, cluster } }: OwnedSnapshot): SetName => ({
  ...{ plan, resource, region, cluster },
});

/** Whether no plan's run visits a set, by the clusters of its family that there are, or are of its cluster's name. */
export const orphanedBy = (config: Config, clusters: readonly Cluster[]): ((set: SetName) => boolean) => {
  const visited = visitedSets(config, clusters);
  return (set) => !visited.has(setKey(set));
};

/**
 * One family's clusters and snapshots in every region, as complete listings show them: of everything, or of some clusters
 * by their names. A set has one cluster's name, and so have the copies that are being made of its points.
 */
export interface SweepInput {
  readonly config: Config;
  /** Of several looks, what each has shown: a set is left alone if in any of them a plan's run visits it. */
  readonly clusters: readonly Cluster[];
  readonly owned: readonly OwnedSnapshot[];
  /** Everyone's: a copy that somebody else is making reads from ours as well. */
  readonly snapshots: readonly Snapshot[];
  readonly now: number;
}

export interface SweptSet {
  readonly region: string;
  readonly cluster: string;
  readonly arn: string;
  readonly owned: readonly OwnedSnapshot[];
  readonly verdict: PruneVerdict;
}

/**
 * Verdicts over the sets that no plan's run visits: of clusters that are gone or not meant any more, of plans
 * and copy regions that were taken out. The policies stamped on a set's points govern it, and each of them may
 * keep a point; a stamp that cannot be read keeps the whole set.
 *
 * The floor counts the set's own points only: a plan's run may prune other points of the same cluster at the
 * same moment. The highest floor of any plan holds here.
 */
export const sweepSets = (input: SweepInput): readonly SweptSet[] => {
  const visited = visitedSets(input.config, input.clusters);
  const doubtful = new Set(input.clusters.filter(isDoubtful).map(({ arn }) => arn));
  const copying = sourcesInUse({ destination: input.snapshots, sources: input.snapshots, now: input.now });
  const sets = Map.groupBy(input.owned, keyOf);
  return [...sets].flatMap(([key, owned]) => {
    const [first] = owned;
    if (first === undefined || visited.has(key)) return [];
    const { region, cluster } = first.snapshot;
    // Of a point that AWS calls another cluster's than its tag does, nobody can say for certain whose it is.
    if (doubtful.has(first.clusterArn) || !first.clusterArn.endsWith(`:cluster:${cluster}`)) return [];
    const verdict = decidePrune({
      plan: planOf(input.config, first.plan),
      ...{ cluster, region, owned, copying, copies: [], now: input.now },
      ...{ policies: policiesOf(owned), stamped: true },
    });
    return [{ region, cluster, arn: first.clusterArn, owned, verdict }];
  });
};

export const setKey = ({ plan, resource, region, cluster }: SetName): string =>
  `${plan} ${resource} ${region} ${cluster}`;

const keyOf = (point: OwnedSnapshot): string => setKey(setNameOf(point));

/**
 * The sets that plans' runs prune: of every cluster that a plan means, in its own region and the copy regions. A run
 * lists by the cluster's name, and a snapshot keeps the name that its cluster had: those from before a renaming are
 * a set of their own, which no run visits.
 * A plan that is switched off still means its clusters: its points wait for it, and are left alone. So are
 * those of a cluster whose tags AWS did not tell, since nobody knows whose it is.
 */
const visitedSets = ({ plans }: Config, clusters: readonly Cluster[]): ReadonlySet<string> =>
  new Set(
    Object.values(plans).flatMap((plan) => {
      const near = clusters.filter(({ region }) => plan.select.regions.includes(region));
      const { taken, unknown } = selectClusters(near, plan);
      const meant = [...taken.map(({ cluster }) => cluster), ...unknown];
      return meant.flatMap(({ id: cluster, region, resource, tags }) => {
        const { copies } = termsOf(plan, overridesIn(tags)).plan;
        const places = [region, ...copies.map((to) => to.region)];
        return places.map((place) => setKey({ plan: plan.name, resource, region: place, cluster }));
      });
    }),
  );

const policiesOf = (owned: readonly OwnedSnapshot[]): readonly RetentionPolicy[] =>
  owned.map(({ keep }) => keep ?? keepAll);

const keepAll: RetentionPolicy = {};

/** A plan that is there lends its zone, floor and brake to its orphans; after one that is not, the defaults hold. */
const planOf = (
  config: Config,
  name: string,
): Pick<Plan, "name" | "timeZone" | "floor" | "brake" | "objective"> => {
  const plan = planIn(config, name) ?? {
    ...{ name, timeZone: "UTC", objective: {} },
    floor: defaultFloor,
    brake: defaultBrake,
  };
  return { ...plan, floor: Math.max(plan.floor, ...Object.values(config.plans).map(({ floor }) => floor)) };
};
