import { type Cluster, type Tags, traitsOf } from "./cluster.ts";
import type { Plan, TagPattern } from "./plan.ts";

/** A cluster and why it was taken or left out, in words that log, report and command line share. */
export interface Selected {
  readonly cluster: Cluster;
  readonly because: string;
}

export interface Selection {
  readonly taken: readonly Selected[];
  readonly skipped: readonly Selected[];
  /** Clusters whose tags AWS did not tell: nobody can say whether the plan means them. */
  readonly unknown: readonly Cluster[];
}

/**
 * Which clusters a plan means. All keys of the pattern must match (AND), each by one of its values (OR).
 * `only` narrows a run that a person asked for to some identifiers or ARNs.
 */
export const selectClusters = (
  clusters: readonly Cluster[],
  plan: Plan,
  only?: readonly string[],
): Selection => {
  const taken: Selected[] = [];
  const skipped: Selected[] = [];
  const unknown: Cluster[] = [];
  for (const cluster of clusters) {
    const { tags } = cluster;
    if (tags === undefined) {
      unknown.push(cluster);
      continue;
    }
    const objection = objectionTo(cluster, tags, plan, only);
    if (objection === undefined) taken.push({ cluster, because: describeMatch(tags, plan.select.tags) });
    else skipped.push({ cluster, because: objection });
  }
  return { taken, skipped, unknown };
};

const objectionTo = (
  cluster: Cluster,
  tags: Tags,
  plan: Plan,
  only: readonly string[] | undefined,
): string | undefined => {
  const { select } = plan;
  if (only && !only.includes(cluster.id) && !only.includes(cluster.arn)) return "not asked for";
  if (!select.engines.includes(cluster.engine))
    return `engine ${traitsOf(cluster.engine).label} is not selected`;
  if (!select.identifiers.some((pattern) => isLike(cluster.id, pattern)))
    return `identifier is not ${select.identifiers.join(" or ")}`;
  const unmatched = Object.entries(select.tags).find(([key, values]) => !matches(tags, key, values));
  if (unmatched) return describeMismatch(tags, unmatched);
  const excluded = Object.entries(select.excludeTags).find(([key, values]) => matches(tags, key, values));
  if (excluded) return `excluded by tag ${excluded[0]}=${tags[excluded[0]]}`;
  if (cluster.readOnlyReplica) return "only reads in its global cluster: the primary is backed up";
  return undefined;
};

/** RDS stores identifiers in lower case, whatever case people give them. */
const isLike = (id: string, pattern: string): boolean => {
  const text = pattern.replaceAll("*", "[^:]*").replaceAll("?", "[^:]");
  return new RegExp(`^${text}$`, "i").test(id);
};

const matches = (tags: Tags, key: string, wanted: readonly string[]): boolean =>
  Object.hasOwn(tags, key) && (wanted.includes(tags[key] ?? "") || wanted.includes("*"));

const describeMatch = (tags: Tags, pattern: TagPattern): string => {
  const pairs = Object.keys(pattern).map((key) => `${key}=${tags[key]}`);
  return pairs.length === 0 ? "the plan selects every cluster" : `tag ${pairs.join(", ")}`;
};

const describeMismatch = (tags: Tags, [key, wanted]: readonly [string, readonly string[]]): string =>
  !Object.hasOwn(tags, key) ? `no tag ${key}` : `tag ${key} is ${tags[key]}, not ${wanted.join(" or ")}`;
