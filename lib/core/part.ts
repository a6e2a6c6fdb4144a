import { type Batch, besideEachOther, toBatches } from "./batch.ts";
import type { Cluster, Family } from "./cluster.ts";
import { digest } from "./digest.ts";

/**
 * A run that does not fit into one execution is done in parts, each an execution of the same state machine. Which
 * clusters a part means is decided by its number alone: nothing but two numbers travels, and every part of every
 * execution of the run comes to the same answer.
 */
export interface Part {
  /** From 1. */
  readonly number: number;
  /** How many parts the run has. */
  readonly of: number;
}

/** Parts list what the plan means each by itself, and share the budget of calls: so many are still done in time. */
const partsMax = 25;

/** What a part may weigh of what an execution may: clusters appear between two listings, and a region that was silent speaks. */
const partShare = 0.64;

/** Every child answers with less than this: a batch twice, a destination once. */
const answerBytesMax = 2048;

/** A pump's table has a row for each cluster: two names, and so much of keys and short words. */
const copyTaskBytesMax = 190;

/** Clusters of one adapter that a run means. */
export interface Meant {
  readonly family: Family;
  readonly clusters: readonly Cluster[];
}

/** A part, with the batches that it comes to at this look. */
export interface PartBatches extends Part {
  readonly batches: readonly Batch[];
}

/** Whether a cluster belongs to the part; without one, every cluster does. */
export const isInPart = ({ resource }: Pick<Cluster, "resource">, part: Part | undefined): boolean =>
  part === undefined || numberOf(hashOf(resource), part.of) === part.number;

/** The batches of what is meant, each told how many others call beside it. */
export const batchesOf = (meant: readonly Meant[]): readonly Batch[] =>
  besideEachOther(meant.flatMap(({ family, clusters }) => toBatches(family, clusters)));

/**
 * The most that the batches make a state's payload weigh, in bytes. The fullest moments are the batches beside every
 * child's answer, and a pump's table, which travels alone.
 */
export const weightOf = (batches: readonly Batch[], destinations: number): number => {
  const answers = (2 * batches.length + destinations) * answerBytesMax;
  const rows = batches.flatMap(({ members }) => members.map(({ id }) => id.length + copyTaskBytesMax));
  const table = destinations === 0 ? 0 : rows.reduce((sum, bytes) => sum + bytes, 0);
  return Math.max(JSON.stringify(batches).length + answers, table);
};

export interface PartingInput {
  readonly meant: readonly Meant[];
  readonly destinations: number;
  /** What an execution's payload may hold. */
  readonly payloadBytesMax: number;
  /** The part that has outgrown one execution: it is parted again. */
  readonly within?: Part | undefined;
}

/** The fewest parts of which each fits; `undefined` where there would be more than one run can have. */
export const partsOf = ({
  meant,
  destinations,
  payloadBytesMax,
  within,
}: PartingInput): readonly PartBatches[] | undefined => {
  const all = meant.flatMap(({ family, clusters }) =>
    clusters.map((cluster) => ({ family, cluster, hash: hashOf(cluster.resource) })),
  );
  // A multiple of what there is already parts the part: what is in it stays in parts of its own.
  const step = within?.of ?? 1;
  for (let of = 2 * step; of <= partsMax; of += step) {
    const byNumber = Map.groupBy(all, ({ hash }) => numberOf(hash, of));
    const parts = Array.from({ length: of }, (_, index) => index + 1)
      .filter((number) => within === undefined || numberOf(number - 1, step) === within.number)
      .map((number) => ({ number, of, batches: regrouped(byNumber.get(number) ?? []) }));
    if (parts.every(({ batches }) => weightOf(batches, destinations) <= payloadBytesMax * partShare))
      return parts;
  }
  return undefined;
};

const regrouped = (some: readonly { readonly family: Family; readonly cluster: Cluster }[]) =>
  batchesOf(
    [...Map.groupBy(some, ({ family }) => family)].map(([family, few]) => ({
      family,
      clusters: few.map(({ cluster }) => cluster),
    })),
  );

/** A part's share of what all parts divide among them, such as places for copies: at least one, and together all. */
export const shareOf = (whole: number, part: Part | undefined): number => {
  if (part === undefined) return whole;
  const { number, of } = part;
  return Math.max(1, Math.floor(whole / of) + (number <= whole % of ? 1 : 0));
};

/** 32 bits of a resource's digest: the same in every execution, on every machine. */
const hashOf = (resource: string): number =>
  digest([resource])
    .slice(0, 4)
    .reduce((sum, byte) => sum * 256 + byte, 0);

const numberOf = (hash: number, of: number): number => (hash % of) + 1;
