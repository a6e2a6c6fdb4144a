import { type Cluster, type Family, families } from "../core/cluster.ts";
import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";

/** What a function is told that the scheduler calls by itself: the scheduled time, ISO 8601. */
export interface Scheduled {
  readonly at: string;
}

/** One family in every region of holdfast.yml. */
export interface Survey {
  readonly family: Family;
  readonly clusters: readonly Cluster[];
  readonly snapshots: readonly Snapshot[];
  readonly owned: readonly OwnedSnapshot[];
  /** Regions of which this says nothing. */
  readonly unlisted: readonly string[];
}

/**
 * Looks at every region that holds recovery points, now or formerly: all clusters and all manual snapshots.
 * A region that does not answer is named, and takes nothing from the others.
 */
export const surveyAll = async (context: Context<"engines">): Promise<readonly Survey[]> =>
  Promise.all(families.map((family) => surveyFamily(family, context)));

const surveyFamily = async (family: Family, context: Context<"engines">): Promise<Survey> => {
  const { config, service } = context;
  const regions = await Promise.all(config.regions.map((region) => listRegion(family, region, context)));
  const snapshots = regions.flatMap((one) => one.snapshots);
  return {
    family,
    clusters: regions.flatMap(({ clusters }) => clusters),
    snapshots,
    owned: snapshots.flatMap((one) => ownedBy(service, one) ?? []),
    unlisted: config.regions.filter((_, index) => regions[index]?.listed === false),
  };
};

const listRegion = async (family: Family, region: string, { engines, journal }: Context<"engines">) => {
  try {
    const clusters = await engines[family].listClusters(region);
    return { clusters, snapshots: await engines[family].listSnapshots(region), listed: true };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    journal({ kind: "region.unlisted", region, family, error: error.message });
    return { clusters: [], snapshots: [], listed: false };
  }
};
