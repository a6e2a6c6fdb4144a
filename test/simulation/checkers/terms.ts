import { type Rules, readRules } from "./keeping.ts";
import { planOf, resourceOf, stampOf } from "./ownership.ts";
import type { CopyFacts, PlanFacts, SeenCluster, SeenSnapshot } from "./records.ts";

/** What a cluster's own tags make of a plan, as the checkers read them. */

export interface Terms {
  /** In the cluster's own region. */
  readonly retention: Rules;
  readonly copies: readonly (CopyFacts & { readonly retention: Rules })[];
  /** Codes of the wishes that nobody can read: there the plan's own word holds. */
  readonly slips: readonly string[];
}

type Tags = SeenCluster["tags"];

const wordsIn = (tags: Tags, key: string): readonly string[] | undefined =>
  tags
    .get(`holdfast:${key}`)
    ?.split(/\s+/)
    .filter((word) => word !== "");

export const termsOf = (plan: PlanFacts, tags: Tags): Terms => {
  const wished = wordsIn(tags, "retention");
  const rules = wished && readRules(wished.join(" "));
  const retention = rules ?? plan.retention;
  const named = wordsIn(tags, "copies");
  const regions = named && regionsIn(named, plan);
  const isSlip = { "override-retention": wished && !rules, "override-copies": named && !regions };
  return {
    retention,
    copies: plan.copies
      .filter(({ region }) => regions === undefined || regions.includes(region))
      .map((to) => ({ ...to, retention: to.retention ?? retention })),
    slips: Object.entries(isSlip).flatMap(([code, slipped]) => (slipped ? [code] : [])),
  };
};

/** A cluster may want fewer copies than its plan makes, and no others. */
const regionsIn = (words: readonly string[], { copies }: PlanFacts): readonly string[] | undefined => {
  if (words.join(" ") === "none") return [];
  const known = copies.map(({ region }) => region);
  return words.length > 0 && words.every((word) => known.includes(word)) ? words : undefined;
};

/** Where a plan's runs visit a cluster's points. */
export const placesOf = (cluster: SeenCluster, plan: PlanFacts): readonly string[] => [
  ...new Set([cluster.region, ...termsOf(plan, cluster.tags).copies.map(({ region }) => region)]),
];

/** Whether a plan's run lists these points: by the name of their cluster, in its region and where it wants copies. */
export const isVisited = (point: SeenSnapshot, cluster: SeenCluster, plan: PlanFacts): boolean =>
  plan.name === planOf(point) &&
  cluster.resource === resourceOf(point) &&
  cluster.id === point.cluster &&
  isMeant(cluster, plan) &&
  placesOf(cluster, plan).includes(point.region);

/** AWS copies no snapshots of Multi-AZ DB clusters. */
export const isCopied = ({ engine }: { readonly engine: string }): boolean =>
  engine !== "mysql" && engine !== "postgres";

const joined = ({ tags }: SeenCluster): readonly string[] => wordsIn(tags, "plan") ?? [];

/** Whether a cluster names a plan that there is not. */
export const joinsNothing = (cluster: SeenCluster, plans: readonly PlanFacts[]): boolean =>
  joined(cluster).some((word) => plans.every(({ name }) => name !== word));

const has = (tags: Tags, key: string, values: readonly string[]): boolean =>
  values.some((value) => tags.get(key) === value || (value === "*" && tags.has(key)));

const isLike = (id: string, pattern: string): boolean =>
  id.length === pattern.length && [...pattern].every((letter, at) => letter === "?" || letter === id[at]);

const isSelected = ({ id, engine, tags }: SeenCluster, { select }: PlanFacts): boolean =>
  Object.entries(select.tags).every(([key, values]) => has(tags, key, values)) &&
  (select.identifiers ?? [id]).some((pattern) => isLike(id, pattern)) &&
  (select.engines ?? [engine]).includes(engine);

/** Selected by the plan or joined by its own wish, not excluded, and written: what only reads is backed up elsewhere. */
export const isMeant = (cluster: SeenCluster, plan: PlanFacts): boolean => {
  const { region, tags, reads } = cluster;
  const isExcluded = Object.entries(plan.exclude).some(([key, values]) => has(tags, key, values));
  const isIn = isSelected(cluster, plan) || joined(cluster).includes(plan.name);
  return plan.regions.includes(region) && !reads && !isExcluded && isIn;
};

/** Whether the cluster wishes for a retention that cannot be read. */
export const isUnread = ({ slips }: Terms): boolean => slips.includes("override-retention");

/**
 * The policies over a plan's points of a cluster in a region, each of which may keep one; none where no run of the plan
 * visits them. While the cluster's wish cannot be read, what its points were promised holds as well.
 */
export const policiesIn = (
  region: string,
  { cluster, terms }: { readonly cluster: SeenCluster; readonly terms: Terms },
  points: readonly SeenSnapshot[],
): readonly (Rules | undefined)[] | undefined => {
  const to = terms.copies.find((one) => one.region === region);
  const own = region === cluster.region ? terms.retention : to?.retention;
  if (own === undefined) return undefined;
  return isUnread(terms) ? [own, ...points.map(stampOf)] : [own];
};
