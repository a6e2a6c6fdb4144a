import type { Cluster, Family } from "../core/cluster.ts";
import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";

/** What a function is told that the scheduler calls by itself: the scheduled time, ISO 8601. */
export interface Scheduled {
  readonly at: string;
}

/** One family's snapshots in every region of holdfast.yml. */
export interface SnapshotSurvey {
  readonly family: Family;
  /** Everyone's. */
  readonly snapshots: readonly Snapshot[];
  readonly owned: readonly OwnedSnapshot[];
  /** Regions of which this says nothing. */
  readonly unlisted: readonly string[];
}

/** The same with the clusters. */
export interface Survey extends SnapshotSurvey {
  readonly clusters: readonly Cluster[];
}

/**
 * Looks at every region that holds recovery points, now or formerly: all manual snapshots of a family.
 * A region that does not answer is named, and takes nothing from the others.
 */
export const surveySnapshots = async (
  family: Family,
  context: Context<"engines">,
): Promise<SnapshotSurvey> => {
  const { items, unlisted } = await fromEverywhere(family, "listSnapshots", context);
  const owned = items.flatMap((one) => ownedBy(context.service, one) ?? []);
  return { family, snapshots: items, owned, unlisted };
};

/** The same, and all clusters. A region counts as listed only if both of its listings are whole. */
export const survey = async (family: Family, context: Context<"engines">): Promise<Survey> => {
  const [clusters, snapshots] = await Promise.all([
    fromEverywhere(family, "listClusters", context),
    surveySnapshots(family, context),
  ]);
  const unlisted = new Set([...clusters.unlisted, ...snapshots.unlisted]);
  return { ...snapshots, clusters: clusters.items, unlisted: [...unlisted] };
};

type Listings = Pick<Context<"engines">["engines"][Family], "listClusters" | "listSnapshots">;
type Listed<What extends keyof Listings> = Awaited<ReturnType<Listings[What]>>[number];

const fromEverywhere = async <What extends keyof Listings>(
  family: Family,
  what: What,
  { config, engines, journal }: Context<"engines">,
): Promise<{ readonly items: readonly Listed<What>[]; readonly unlisted: readonly string[] }> => {
  const unlisted: string[] = [];
  const list = async (region: string): Promise<readonly Listed<What>[]> => {
    try {
      return (await engines[family][what](region)) as readonly Listed<What>[];
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      journal({ kind: "region.unlisted", region, family, error: error.message });
      unlisted.push(region);
      return [];
    }
  };
  return { items: (await Promise.all(config.regions.map(list))).flat(), unlisted };
};
