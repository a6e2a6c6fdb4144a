import type { Family } from "../core/cluster.ts";
import type { Meant } from "../core/part.ts";
import { byId, byLot, type Ordering, oldestFirst } from "../core/precedence.ts";
import type { Run } from "../core/run.ts";
import { sightingsOf } from "../core/sighting.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";

/** Of a region with more snapshots than so many pages ages are not looked up: Discover would take minutes. */
const pagesMax = 50;

/**
 * The clusters in the order in which a run takes them. It matters where a region has fewer places left for manual
 * snapshots than clusters are meant: then the ones with the oldest recovery points come first. A call for each region and,
 * only there, a listing. Where AWS does not tell how many are left, as of Redshift, lots are drawn.
 */
export const inPrecedence = async (
  { family, clusters }: Meant,
  run: Run,
  context: Context<"engines">,
): Promise<Meant> => {
  const regions = [...Map.groupBy(clusters, ({ region }) => region)];
  const ordered = await Promise.all(
    regions.map(async ([region, here]) => {
      if (here.length < 2) return here;
      const order = (await orderIn({ family, region, clusters: here.length, run }, context)) ?? byLot(run.id);
      return order(here);
    }),
  );
  return { family, clusters: ordered.flat() };
};

interface Place {
  readonly family: Family;
  readonly region: string;
  readonly clusters: number;
  readonly run: Run;
}

/** `undefined` where nothing is known that an order could rest on. */
const orderIn = async (
  { family, region, clusters, run }: Place,
  { engines, service, journal }: Context<"engines">,
): Promise<Ordering | undefined> => {
  try {
    const quota = await engines[family].manualQuota(region);
    if (quota === undefined) return undefined;
    // A slice's clusters are a share of those that come for the same places.
    if (quota.max - quota.used >= clusters * (run.part?.slice?.of ?? 1)) return byId;
    const { items, next } = await engines[family].pickStretch(
      region,
      { pages: pagesMax },
      sightingsOf(service),
    );
    if (next !== undefined) return undefined;
    const newest = new Map<string, number>();
    for (const { resource, takenAt } of items)
      newest.set(resource, Math.max(takenAt, newest.get(resource) ?? takenAt));
    return oldestFirst(newest);
  } catch (error) {
    // What is only about the order costs no snapshot.
    if (!(error instanceof HoldfastError)) throw error;
    journal({ kind: "quota.untold", region, family, error: error.message });
    return undefined;
  }
};
