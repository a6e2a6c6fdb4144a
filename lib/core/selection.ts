import { type Cluster, type Tags, traitsOf } from "./cluster.ts";
import { joinedPlans, overrideKeys } from "./override.ts";
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
 * Which clusters a plan means. All keys of the pattern must match (AND), each by one of its values (OR). A cluster
 * whose own tag names the plan joins it whatever the pattern, engines and identifiers say; what the plan excludes
 * stays excluded.
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
    const mismatch = mismatchOf(cluster, tags, plan);
    const joins = joinedPlans(tags).includes(plan.name);
    const objection =
      (isAskedFor(cluster, only) ? undefined : "not asked for") ??
      (joins ? undefined : mismatch) ??
      objectionTo(cluster, tags, plan);
    if (objection === undefined) taken.push({ cluster, because: describeTaken(tags, plan, mismatch) });
    else skipped.push({ cluster, because: objection });
  }
  return { taken, skipped, unknown };
};

/** Whether what a reader reads is written by one of some clusters. */
export const hasPrimaryIn = (reader: Cluster, clusters: readonly Cluster[]): boolean =>
  clusters.some(
    (one) =>
      !one.readOnlyReplica &&
      (one.arn === reader.replicaOf ||
        (one.globalCluster !== undefined && one.globalCluster === reader.globalCluster)),
  );

/** The readers that a plan means, though it takes none. */
export const readersOf = (
  clusters: readonly Cluster[],
  plan: Plan,
  only?: readonly string[],
): readonly Cluster[] => {
  const readers = clusters.filter(({ readOnlyReplica }) => readOnlyReplica);
  const asWritten = readers.map((reader) => ({ ...reader, readOnlyReplica: false }));
  const meant = new Set(selectClusters(asWritten, plan, only).taken.map(({ cluster }) => cluster.arn));
  return readers.filter(({ arn }) => meant.has(arn));
};

const isAskedFor = (cluster: Cluster, only: readonly string[] | undefined): boolean => {
  const isName = nameOf([cluster]);
  return only === undefined || only.some(isName);
};

/** Whether a word names one of some clusters, by identifier or ARN: AWS takes them in any case, so people write them so. */
export const nameOf = (clusters: readonly Pick<Cluster, "id" | "arn">[]): ((word: string) => boolean) => {
  const names = new Set(clusters.flatMap(({ id, arn }) => [id, arn]).map((name) => name.toLowerCase()));
  return (word) => names.has(word.toLowerCase());
};

/** Why the plan's selection does not mean a cluster. */
const mismatchOf = (cluster: Cluster, tags: Tags, { select }: Plan): string | undefined => {
  if (!select.engines.includes(cluster.engine))
    return `engine ${traitsOf(cluster.engine).label} is not selected`;
  if (!select.identifiers.some((pattern) => isLike(cluster.id, pattern)))
    return `identifier is not ${select.identifiers.join(" or ")}`;
  const unmatched = Object.entries(select.tags).find(([key, values]) => !matches(tags, key, values));
  return unmatched && describeMismatch(tags, unmatched);
};

/** What keeps out a cluster that is meant. */
const objectionTo = (cluster: Cluster, tags: Tags, { select }: Plan): string | undefined => {
  const excluded = Object.entries(select.excludeTags).find(([key, values]) => matches(tags, key, values));
  if (excluded) return `excluded by tag ${excluded[0]}=${tags[excluded[0]]}`;
  if (cluster.readOnlyReplica) return "only reads in its global cluster: the primary is backed up";
  return undefined;
};

/** RDS stores identifiers in lower case, whatever case people give them. */
const isLike = (id: string, pattern: string): boolean => {
  const text = pattern.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${text}$`, "i").test(id);
};

const matches = (tags: Tags, key: string, wanted: readonly string[]): boolean =>
  Object.hasOwn(tags, key) && (wanted.includes(tags[key] ?? "") || wanted.includes("*"));

const describeMatch = (tags: Tags, pattern: TagPattern): string => {
  const pairs = Object.keys(pattern).map((key) => `${key}=${tags[key]}`);
  return pairs.length === 0 ? "the plan selects every cluster" : `tag ${pairs.join(", ")}`;
};

const describeTaken = (tags: Tags, { select }: Plan, mismatch: string | undefined): string =>
  [
    mismatch === undefined ? describeMatch(tags, select.tags) : `tag ${overrideKeys.plan} names the plan`,
    ...[overrideKeys.retention, overrideKeys.copies].flatMap((key) =>
      Object.hasOwn(tags, key) ? `${key} is ${tags[key]}` : [],
    ),
  ].join("; ");

const describeMismatch = (tags: Tags, [key, wanted]: readonly [string, readonly string[]]): string =>
  !Object.hasOwn(tags, key) ? `no tag ${key}` : `tag ${key} is ${tags[key]}, not ${wanted.join(" or ")}`;
