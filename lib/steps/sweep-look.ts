import type { Cluster, Family } from "../core/cluster.ts";
import { homeOf, ownedBy } from "../core/ownership.ts";
import type { FamilyWork, KeyLook, SweepPlace } from "../core/sweep-work.ts";
import { orphanedBy, type SetName, setKey, setNameOf } from "../core/sweeping.ts";
import type { Engine } from "../engines/engine.ts";
import { RefusedError } from "../errors.ts";
import type { Context } from "./context.ts";
import { lookThrough } from "./survey.ts";

/** What some pages of each region show. */
export interface SweepLook {
  /** Where the regions' listings go on. */
  readonly left: readonly SweepPlace[];
  /** Sets with points in these pages that no plan's run visits. */
  readonly orphans: readonly SetName[];
  /** The clusters by whose absence they are orphans: those that there are of the names in these pages. */
  readonly clusters: readonly Cluster[];
  readonly keys: KeyLook;
  /** Regions whose snapshots or clusters did not answer, and of these the former. */
  readonly unlisted: readonly string[];
  readonly unseen: readonly string[];
}

/** Pages of each region between two questions about their clusters. */
export const stretchPages = ({ pagesMax }: Pick<Context, "pagesMax">): number => Math.min(10, pagesMax);

/** The next pages of the regions that are left, side by side. Only what is wanted of a point is held. */
export const lookOn = async (
  { family, left, suspended }: FamilyWork,
  context: Context<"engines">,
): Promise<SweepLook> => {
  const places = new Map(left.map((place) => [place.region, place]));
  const { items: seen, unlisted: unseen } = await lookThrough(
    family,
    {
      regions: [...places.keys()],
      ask: async (engine, region) => [await nextOf(engine, places.get(region) ?? { region }, context)],
    },
    context,
  );
  const points = seen.flatMap(({ items }) => items);
  const clusters = suspended ? undefined : await clustersAtHome(family, points, context);
  const isOrphan = orphanedBy(context.config, clusters?.items ?? []);
  const orphans = clusters ? points.map(({ set }) => set).filter(isOrphan) : [];
  return {
    left: seen.flatMap(({ rest }) => rest ?? []),
    orphans: [...new Map(orphans.map((set) => [setKey(set), set])).values()],
    clusters: clusters?.items ?? [],
    keys: {
      family,
      uses: points.flatMap(({ set: { region }, key }) => (key === undefined ? [] : [{ region, key }])),
      anew: seen.flatMap(({ anew }) => anew ?? []),
    },
    ...{ unlisted: [...new Set([...unseen, ...(clusters?.unlisted ?? [])])], unseen },
  };
};

/** The clusters that points say they are of, asked for where they say that these are. */
const clustersAtHome = (family: Family, points: readonly Seen[], context: Context<"engines">) => {
  const homes = Map.groupBy(points, ({ home }) => home);
  const idsIn = (region: string) => [...new Set(homes.get(region)?.map(({ set }) => set.cluster))];
  const regions = context.config.regions.filter((region) => homes.has(region));
  return lookThrough(
    family,
    { regions, ask: (engine, region) => engine.findClusters({ region, ids: idsIn(region) }) },
    context,
  );
};

/** What has to be known of a recovery point. */
interface Seen {
  readonly set: SetName;
  /** The region of its cluster. */
  readonly home: string;
  /** The key without which it cannot be restored; that of one which is not available needs none. */
  readonly key?: string;
}

interface Next {
  readonly items: readonly Seen[];
  readonly rest?: SweepPlace;
  /** The region, where it is begun anew with these. */
  readonly anew?: string;
}

/** How long AWS accepts a marker is documented nowhere: where it refuses one, the region is begun anew, once. */
const nextOf = async (engine: Engine, place: SweepPlace, context: Context<"engines">): Promise<Next> => {
  try {
    return await stretchAt(engine, place, context);
  } catch (error) {
    const { region, from, anew } = place;
    if (!(error instanceof RefusedError) || from === undefined || anew) throw error;
    return { ...(await stretchAt(engine, { region, anew: true }, context)), anew: region };
  }
};

const stretchAt = async (
  engine: Engine,
  { region, from, anew }: SweepPlace,
  context: Context<"engines">,
): Promise<Next> => {
  const stretch = { pages: stretchPages(context), ...(from !== undefined && { from }) };
  const { items, next } = await engine.pickStretch(region, stretch, (snapshot): Seen | undefined => {
    const owned = ownedBy(context.service, snapshot);
    if (owned === undefined) return undefined;
    const { kmsKey, status } = snapshot;
    const key = status === "available" && kmsKey !== undefined && { key: kmsKey };
    return { set: setNameOf(owned), home: homeOf(owned), ...key };
  });
  return { items, ...(next !== undefined && { rest: { region, from: next, ...(anew && { anew }) } }) };
};
