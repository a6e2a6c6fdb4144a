import { type Batch, besideEachOther, toBatches } from "./batch.ts";
import { type Cluster, type Family, traitsOf } from "./cluster.ts";
import { digest } from "./digest.ts";
import { bytesOf } from "./payload.ts";

/**
 * A run that does not fit into one execution is done in parts, each an execution of the same state machine. A part has
 * one family in some regions, or a share of one region that is more than a part holds: it never looks at what is
 * another's. Which clusters that means is decided by these words alone, so every execution comes to the same answer.
 */
export interface Part {
  readonly family: Family;
  readonly regions: readonly string[];
  /** Of its one region's clusters those whose hash falls to it; absent: all clusters of its regions. */
  readonly slice?: Fraction;
  /** From 1, among the parts of its family. */
  readonly number: number;
  /** How many parts the family has: all of them meet in the copy regions. */
  readonly of: number;
}

interface Fraction {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** Parts are at work at the same time and share the budget of calls: so many are still done in time. */
const partsMax = 25;

/** What a part may weigh of what an execution may: clusters appear between two listings. */
export const partShare = 0.78;

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
export const isInPart = (
  { resource, region, engine }: Pick<Cluster, "resource" | "region" | "engine">,
  part: Part | undefined,
): boolean =>
  part === undefined ||
  (traitsOf(engine).family === part.family &&
    part.regions.includes(region) &&
    (part.slice === undefined || numberOf(hashOf(resource), part.slice.of) === part.slice.number));

/** A part in a word or two, unlike any other part's of the run. */
export const partName = ({ family, number, of }: Part): string => `${family} ${number}/${of}`;

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
  return Math.max(bytesOf(batches) + answers, table);
};

export interface PartingInput {
  readonly meant: readonly Meant[];
  readonly destinations: number;
  /** What an execution's payload may hold. */
  readonly payloadBytesMax: number;
  /** The part that has outgrown one execution: it is parted again. */
  readonly within?: Part | undefined;
}

/** Parts of which each fits, as few as there can be in each region; `undefined` where one run cannot have so many. */
export const partsOf = ({ meant, within, ...limits }: PartingInput): readonly PartBatches[] | undefined => {
  const parts: PartBatches[] = [];
  for (const [family, some] of Map.groupBy(meant, (one) => one.family)) {
    const clusters = some.flatMap((one) => one.clusters);
    const cut = cutsOf({ ...limits, family, clusters, slice: within?.slice });
    if (cut === undefined) return undefined;
    const { number, of } = within ?? { number: 1, of: 1 };
    // Of a multiple of the parts that there were: so no other part's number comes up again.
    parts.push(...cut.map((one, index) => ({ ...one, number: number + index * of, of: of * cut.length })));
  }
  return parts.length > partsMax ? undefined : parts;
};

type Cut = Omit<PartBatches, "number" | "of">;

interface CuttingInput extends Pick<PartingInput, "destinations" | "payloadBytesMax"> {
  readonly family: Family;
  readonly clusters: readonly Cluster[];
  /** What the clusters are of their region already. */
  readonly slice: Fraction | undefined;
}

/** The parts of a family: a region that is too large for one in slices, small regions together. */
const cutsOf = ({ family, clusters, slice, ...limits }: CuttingInput): readonly Cut[] | undefined => {
  const cuts: Cut[] = [];
  const whole: (readonly Cluster[])[] = [];
  const largestFirst = [...Map.groupBy(clusters, ({ region }) => region).values()].toSorted(
    (a, b) => b.length - a.length,
  );
  for (const here of largestFirst) {
    if (slice === undefined && fits(family, here, limits)) {
      const roomy = whole.findIndex((others) => fits(family, [...others, ...here], limits));
      if (roomy < 0) whole.push(here);
      else whole[roomy] = [...(whole[roomy] ?? []), ...here];
      continue;
    }
    const slices = slicesOf({ family, clusters: here, slice, ...limits });
    if (slices === undefined) return undefined;
    cuts.push(...slices);
  }
  return [...cuts, ...whole.map((some) => cutOf(family, some))];
};

/** The fewest slices of a region, or of a slice of it, that fit. */
const slicesOf = ({ family, clusters, slice, ...limits }: CuttingInput): readonly Cut[] | undefined => {
  const hashed = clusters.map((cluster) => ({ cluster, hash: hashOf(cluster.resource) }));
  // A multiple of what there is already slices the slice: what is in it stays in slices of its own.
  const step = slice?.of ?? 1;
  for (let of = 2 * step; of <= partsMax * step; of += step) {
    const slices = [...Map.groupBy(hashed, ({ hash }) => numberOf(hash, of))].toSorted(([a], [b]) => a - b);
    const some = slices.map(([number, few]) => ({ number, few: few.map(({ cluster }) => cluster) }));
    if (some.every(({ few }) => fits(family, few, limits)))
      return some.map(({ number, few }) => ({ ...cutOf(family, few), slice: { number, of } }));
  }
  return undefined;
};

const cutOf = (family: Family, clusters: readonly Cluster[]): Cut => ({
  family,
  regions: [...new Set(clusters.map(({ region }) => region))].toSorted(),
  batches: batchesOf([{ family, clusters }]),
});

const fits = (
  family: Family,
  clusters: readonly Cluster[],
  { destinations, payloadBytesMax }: Pick<PartingInput, "destinations" | "payloadBytesMax">,
): boolean => weightOf(batchesOf([{ family, clusters }]), destinations) <= payloadBytesMax * partShare;

/** A part's share of what all parts divide among them, such as places for copies: at least one, and together all. */
export const shareOf = (whole: number, part: Pick<Part, "number" | "of"> | undefined): number => {
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
