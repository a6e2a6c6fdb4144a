import { sourcesInUse } from "./arrival.ts";
import { type Cluster, type Family, isDoubtful, traitsOf } from "./cluster.ts";
import type { Longevity } from "./longevity.ts";
import { overrideKeys, overridesIn, policiesUnder, termsOf } from "./override.ts";
import { homeOf, type OwnedSnapshot } from "./ownership.ts";
import { type Config, objectiveOf, type Plan, planIn } from "./plan.ts";
import type { Problem } from "./problem.ts";
import { decidePrune, defaultFloor, highestFloor, type PruneVerdict } from "./pruning.ts";
import { makeRemaining, type Remaining } from "./remaining.ts";
import { formatPolicy, type RetentionPolicy } from "./retention.ts";
import { selectClusters } from "./selection.ts";
import type { Snapshot } from "./snapshot.ts";
import { setKey, setNameOf, sweepSets } from "./sweeping.ts";

/** What the listings of an account show. */
export interface InventoryInput {
  readonly config: Config;
  readonly clusters: readonly Cluster[];
  readonly owned: readonly OwnedSnapshot[];
  /** Everyone's. */
  readonly snapshots: readonly Snapshot[];
  /** Whether a family's listings of a region are missing. */
  readonly unseen: (family: Family, region: string) => boolean;
  readonly now: number;
}

/** Who decides on a set: its plan's runs, or Sweep; or nobody can tell, since its cluster was not seen for certain. */
export type Governor = "plan" | "sweep" | "unknown";

/** A recovery point, whether a prune would leave it now and why, and for how much longer. */
export interface JudgedPoint {
  readonly point: OwnedSnapshot;
  readonly stays: boolean;
  readonly because: readonly string[];
  readonly longevity: Longevity | undefined;
}

/** The recovery points of one (plan, resource, region). */
export interface JudgedSet {
  readonly plan: string;
  readonly clusterArn: string;
  readonly cluster: string;
  readonly resource: string;
  readonly region: string;
  readonly governor: Governor;
  /** Why no plan's run visits it, where Sweep governs. */
  readonly orphan?: string;
  /** The policies that decide, as stamps have them; `all` keeps everything. */
  readonly policies: readonly RetentionPolicy[];
  readonly points: readonly JudgedPoint[];
  readonly problems: readonly Problem[];
}

/**
 * Every set of an account, judged as the next prune would judge it, by the very decisions that
 * prunes are made by. Of a set whose cluster's region was not seen, or whose cluster AWS showed without its immutable
 * id, nobody knows whether it is an orphan: it is judged by the policies stamped on it.
 */
export const takeInventory = (input: InventoryInput): readonly JudgedSet[] => {
  const judging: Judging = {
    ...input,
    copying: sourcesInUse({ destination: input.snapshots, sources: input.snapshots, now: input.now }),
    places: Map.groupBy(input.owned, placeOf),
  };
  const remaining = makeRemaining();
  const doubtful = input.clusters.filter(isDoubtful);
  const isUnknown = (point: OwnedSnapshot): boolean =>
    input.unseen(familyOf(point), homeOf(point)) ||
    doubtful.some(({ arn, resource }) => arn === point.clusterArn && resource !== point.resource);
  const unknown = input.owned.filter(isUnknown);
  const known = input.owned.filter((point) => !isUnknown(point));
  const sets = bySet(known);
  const swept = stamped({ ...input, owned: known }, input.clusters, "sweep");
  const orphans = new Set(swept.map(({ key }) => key));
  const governed = [...sets]
    .filter(([key]) => !orphans.has(key))
    .flatMap(([key, owned]) => byPlan(key, owned, judging));
  const untold = stamped({ ...input, owned: unknown }, [], "unknown");
  return [...governed, ...swept, ...untold].map((set) => complete(set, judging, remaining));
};

interface Judging extends InventoryInput {
  readonly copying: ReadonlySet<string>;
  /** Recovery points by resource, region and the cluster's name, over all plans. */
  readonly places: ReadonlyMap<string, readonly OwnedSnapshot[]>;
}

/** A set with its verdict, before its points are looked at one by one. */
interface Verdict {
  readonly key: string;
  readonly governor: Governor;
  readonly owned: readonly OwnedSnapshot[];
  readonly policies: readonly RetentionPolicy[];
  readonly verdict: PruneVerdict;
}

const familyOf = ({ snapshot }: OwnedSnapshot): Family => traitsOf(snapshot.engine).family;

const keyOf = (point: OwnedSnapshot): string => setKey(setNameOf(point));

const bySet = (owned: readonly OwnedSnapshot[]): ReadonlyMap<string, readonly OwnedSnapshot[]> =>
  Map.groupBy(owned, keyOf);

/** Verdicts by the policies stamped on the sets: Sweep's own. */
const stamped = (
  input: InventoryInput,
  clusters: readonly Cluster[],
  governor: Governor,
): readonly Verdict[] =>
  sweepSets({ ...input, clusters }).flatMap(({ owned, verdict }) =>
    owned.slice(0, 1).map((first) => ({
      ...{ key: keyOf(first), governor, owned, verdict },
      policies: distinct(owned.map(({ keep }) => keep ?? {})),
    })),
  );

const distinct = (policies: readonly RetentionPolicy[]): readonly RetentionPolicy[] => [
  ...new Map(policies.map((policy) => [formatPolicy(policy), policy])).values(),
];

/** The verdict that the plan's own run comes to, in the cluster's region or in a copy region. */
const byPlan = (key: string, owned: readonly OwnedSnapshot[], judging: Judging): readonly Verdict[] => {
  const { config, clusters, copying, now } = judging;
  const [first] = owned;
  const cluster = clusters.find(({ resource }) => resource === first?.resource);
  const plan = first && planIn(config, first.plan);
  if (first === undefined || cluster === undefined || plan === undefined) return [];
  const { region } = first.snapshot;
  const here = region === cluster.region;
  const terms = termsOf(plan, overridesIn(cluster.tags));
  const around = judging.places.get(placeOf(first)) ?? [];
  const under = policiesUnder(terms, policyIn(terms.plan, region, here), around);
  const policies = distinct(under.policies);
  const verdict = decidePrune({
    plan: { ...terms.plan, floor: highestFloor(plan, around, config) },
    ...{ cluster: cluster.id, region, ...under, policies, owned: around, copying, now },
    copies: here ? copiesOf(cluster, terms.plan, judging) : [],
    copyObjectiveSeconds: objectiveOf(plan).copySeconds,
  });
  return [{ key, governor: "plan", owned, policies, verdict }];
};

const policyIn = (plan: Plan, region: string, here: boolean): RetentionPolicy =>
  (here ? undefined : plan.copies.find((copy) => copy.region === region)?.retention) ?? plan.retention;

const placeOf = ({ resource, snapshot }: OwnedSnapshot): string => place(resource, snapshot);

const place = (
  resource: string,
  { region, cluster }: Pick<OwnedSnapshot["snapshot"], "region" | "cluster">,
) => `${resource} ${region} ${cluster}`;

/** What the copy regions hold; of one that was not seen nothing is said, and nothing overdue. */
const copiesOf = ({ id, engine, resource, region: home }: Cluster, plan: Plan, judging: Judging) => {
  const { family, copies } = traitsOf(engine);
  if (copies === "none") return [];
  return plan.copies
    .filter(({ region }) => region !== home && !judging.unseen(family, region))
    .map(({ region }) => ({
      region,
      points: judging.places.get(place(resource, { region, cluster: id })) ?? [],
    }));
};

const complete = (
  { owned, governor, policies, verdict }: Verdict,
  input: Judging,
  remaining: Remaining,
): JudgedSet => {
  const first = owned[0] as OwnedSnapshot;
  const { plan: name, clusterArn, resource, snapshot } = first;
  const plan = planIn(input.config, name);
  const kept = new Map(verdict.keep.map(({ id, because }) => [id, because]));
  const reasons = new Map([...verdict.remove.map(({ id, because }) => [id, because] as const), ...kept]);
  const around = input.places.get(placeOf(first)) ?? [];
  const available = around.filter(isAvailable);
  const longevityOf = remaining({
    ...{ plan, policies, points: owned, now: input.now, orphan: governor === "sweep" },
    floor: highestFloor(plan ?? { floor: defaultFloor }, around, input.config),
    others: available.filter((point) => point.plan === name && isApart(point)).length,
    staying: new Set(kept.keys()),
  });
  return {
    ...{ plan: name, clusterArn, cluster: snapshot.cluster, resource, region: snapshot.region },
    ...{ governor, policies, problems: verdict.problems },
    ...(governor === "sweep" && { orphan: whyOrphan(first, input) }),
    points: owned.map((point) => ({
      point,
      stays: kept.has(point.snapshot.id),
      because: reasons.get(point.snapshot.id) ?? [],
      longevity: longevityOf(point),
    })),
  };
};

const isAvailable = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "available";
const isApart = ({ hold, until }: OwnedSnapshot): boolean => hold !== undefined || until !== undefined;

/** The first of what must be there for a plan's run to visit a set, and is not. */
const whyOrphan = (point: OwnedSnapshot, { config, clusters }: InventoryInput): string => {
  const plan = planIn(config, point.plan);
  if (plan === undefined) return `there is no plan ${point.plan} any more`;
  const cluster = clusters.find(({ resource }) => resource === point.resource);
  if (cluster === undefined) return "its cluster is gone";
  const [skipped] = selectClusters([cluster], plan).skipped;
  if (skipped) return `plan ${plan.name} does not mean its cluster any more: ${skipped.because}`;
  if (cluster.id !== point.snapshot.cluster) return `its cluster is named ${cluster.id} now`;
  const { region } = point.snapshot;
  if (!plan.select.regions.includes(cluster.region))
    return `plan ${plan.name} does not look in ${cluster.region} any more`;
  return plan.copies.some((to) => to.region === region)
    ? `its cluster's tag ${overrideKeys.copies} leaves ${region} out`
    : `plan ${plan.name} does not copy to ${region} any more`;
};
