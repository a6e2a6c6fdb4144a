import type { Cluster, Family } from "../core/cluster.ts";
import type { Engine, SnapshotPick } from "../engines/engine.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";

/** What a function is told that the scheduler calls by itself: the scheduled time, ISO 8601. */
export interface Scheduled {
  readonly at: string;
}

/** What there is of one family in the regions that were asked, which are mostly all of holdfast.yml. */
export interface Seen<T> {
  readonly items: readonly T[];
  /** Regions of which this says nothing. */
  readonly unlisted: readonly string[];
}

/**
 * Looks at every region that holds recovery points, now or formerly, or at some: all manual snapshots of a family,
 * everyone's, of which only what `pick` answers is held. A region that does not answer is named, and takes nothing from
 * the others.
 */
export const surveySnapshots = <T>(
  family: Family,
  pick: SnapshotPick<T>,
  context: Context<"engines">,
  regions = context.config.regions,
): Promise<Seen<T>> =>
  lookThrough(family, { regions, ask: (engine, region) => engine.pickSnapshots(region, pick) }, context);

/** The same for all clusters. */
export const surveyClusters = (
  family: Family,
  context: Context<"engines">,
  regions = context.config.regions,
): Promise<Seen<Cluster>> =>
  lookThrough(family, { regions, ask: (engine, region) => engine.listClusters(region) }, context);

interface Question<T> {
  readonly ask: (engine: Engine, region: string) => Promise<readonly T[]>;
  readonly regions: readonly string[];
}

/** What the regions answer, side by side. */
export const lookThrough = async <T>(
  family: Family,
  { ask, regions }: Question<T>,
  { engines, journal }: Context<"engines">,
): Promise<Seen<T>> => {
  const unlisted: string[] = [];
  const list = async (region: string): Promise<readonly T[]> => {
    try {
      return await ask(engines[family], region);
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      journal({ kind: "region.unlisted", region, family, error: error.message });
      unlisted.push(region);
      return [];
    }
  };
  return { items: (await Promise.all(regions.map(list))).flat(), unlisted };
};
