import type { Cluster, Family } from "./cluster.ts";
import { type Overrides, overridesIn } from "./override.ts";
import type { Problem, ProblemCode } from "./problem.ts";

/**
 * One listing by identifier takes up to 100 of them; 90 leave room for second attempts. Redshift lists by no identifiers:
 * its snapshots are read region by region for each batch, so the fewer of these the better.
 */
export const membersMax: Readonly<Record<Family, number>> = { rds: 90, redshift: 400 };

/** A cluster as the state machine carries it: what cannot be found again by listing, and nothing more. */
export interface Member {
  readonly id: string;
  readonly resource: string;
  /** AWS's status word at discovery, only where that was not `available`. */
  readonly status?: string;
  /** What its tags ask for: the run's terms are fixed with its clusters. Absent on nearly all. */
  readonly overrides?: Overrides;
}

/** Clusters of one region and one adapter: a poll is a few calls, however many it holds. */
export interface Batch {
  readonly region: string;
  readonly family: Family;
  /** What all members' ARNs begin with; the identifier completes it. */
  readonly arnPrefix: string;
  readonly members: readonly Member[];
  /** Batches of the family in its region and in the whole run, itself among them; absent where it is the only one. */
  readonly lanes?: { readonly region: number; readonly run: number };
  /** Seconds after which its turn to create comes, as Discover says: the state machine waits so long. */
  readonly startsAfter?: number;
}

/** Tells each batch how many others call the same control plane while it does. */
export const besideEachOther = (batches: readonly Batch[]): readonly Batch[] =>
  batches.map((batch) => {
    const family = batches.filter((other) => other.family === batch.family);
    const region = family.filter((other) => other.region === batch.region).length;
    return family.length === 1 ? batch : { ...batch, lanes: { region, run: family.length } };
  });

/** A member with its ARN put together again. */
export const membersOf = (batch: Batch): readonly (Member & { readonly arn: string })[] =>
  batch.members.map((member) => ({ ...member, arn: `${batch.arnPrefix}${member.id}` }));

/**
 * Deals clusters out to batches of one size: one family, one region and one account in each. Batches create side by side,
 * so that the first of the clusters are the first of their batches.
 */
export const toBatches = (family: Family, clusters: readonly Cluster[]): readonly Batch[] => {
  const byPrefix = Map.groupBy(clusters, (cluster) => arnPrefixOf(cluster));
  return [...byPrefix].flatMap(([arnPrefix, group]) =>
    deal(group.map(toMember), Math.ceil(group.length / membersMax[family])).map((members) => ({
      region: group[0]?.region ?? "",
      family,
      arnPrefix,
      members,
    })),
  );
};

const deal = <T>(items: readonly T[], hands: number): readonly (readonly T[])[] =>
  Array.from({ length: hands }, (_, hand) => items.filter((_item, index) => index % hands === hand));

const arnPrefixOf = ({ arn, id }: Cluster): string => arn.slice(0, arn.length - id.length);

const toMember = ({ id, resource, status, tags }: Cluster): Member => {
  const overrides = overridesIn(tags);
  return { id, resource, ...(status !== "available" && { status }), ...(overrides && { overrides }) };
};

/** Lists of at most `size`, in order. */
export const chunk = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/**
 * Where a cluster's snapshot stands: `due` is to be taken, `awaited` is in progress at AWS; the others are
 * final for this run. Anything that a listing can tell again is not carried.
 */
export type TaskPhase = "due" | "awaited" | "available" | "failed" | "skipped";

export interface Task {
  readonly id: string;
  readonly phase: TaskPhase;
  /** The snapshot's identifier, once there is one; of a due task the one that uses up its name. */
  readonly name?: string;
  /** Why it failed. */
  readonly problem?: ProblemCode;
  /** Of a due one whose cluster is busy: minutes from the batch's first look to the first that showed it so. */
  readonly busySince?: number;
}

export const isSettled = (task: Task): boolean => task.phase !== "due" && task.phase !== "awaited";

/** What a child of the state machine answers with, under 2 KB whatever it met. */
export interface ChildResult {
  readonly region: string;
  readonly family?: Family;
  readonly counts: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
  /** The error's name, where the child was cut off by one. */
  readonly lost?: string;
}
