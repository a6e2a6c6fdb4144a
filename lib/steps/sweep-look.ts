import type { Cluster } from "../core/cluster.ts";
import { ownedBy } from "../core/ownership.ts";
import type { FamilyWork, KeyUse, SweepPlace } from "../core/sweep-work.ts";
import { orphanedBy, type SetName, setNameOf } from "../core/sweeping.ts";
import type { Engine, Stretched } from "../engines/engine.ts";
import { RefusedError } from "../errors.ts";
import type { Context } from "./context.ts";
import { lookThrough } from "./survey.ts";

/** A cluster's name in a region that has points of it which no plan's run comes by. */
export interface Orphaned {
  readonly region: string;
  readonly cluster: string;
}

/** What some pages of each region show. */
export interface SweepLook {
  /** Where the regions' listings go on. */
  readonly left: readonly SweepPlace[];
  readonly orphans: readonly Orphaned[];
  /** The clusters by whose absence they are orphans: those that there are of the names in these pages. */
  readonly clusters: readonly Cluster[];
  readonly keys: readonly KeyUse[];
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
  const names = [...new Set(points.map(({ set }) => set.cluster))];
  const clusters = suspended || names.length === 0 ? undefined : await clustersNamed(family, names, context);
  const isOrphan = orphanedBy(context.config, clusters?.items ?? []);
  const orphans = clusters ? points.map(({ set }) => set).filter(isOrphan) : [];
  return {
    left: seen.flatMap(({ rest }) => rest ?? []),
    orphans: [
      ...new Map(
        orphans.map(({ region, cluster }) => [`${region} ${cluster}`, { region, cluster }]),
      ).values(),
    ],
    clusters: clusters?.items ?? [],
    keys: points.flatMap(({ set: { region }, key }) => (key === undefined ? [] : [{ region, key }])),
    ...{ unlisted: [...new Set([...unseen, ...(clusters?.unlisted ?? [])])], unseen },
  };
};

/** The clusters of a family that there are of some names, in every region. */
export const clustersNamed = (
  family: FamilyWork["family"],
  ids: readonly string[],
  context: Context<"engines">,
) =>
  lookThrough(
    family,
    { regions: context.config.regions, ask: (engine, region) => engine.findClusters({ region, ids }) },
    context,
  );

/** What has to be known of a recovery point. */
interface Seen {
  readonly set: SetName;
  /** The key without which it cannot be restored; that of one which is not available needs none. */
  readonly key?: string;
}

interface Next {
  readonly items: readonly Seen[];
  readonly rest?: SweepPlace;
}

/** Markers are opaque, and nobody says how long AWS knows one: where it knows one no more, the region is begun anew, once. */
const nextOf = async (engine: Engine, place: SweepPlace, context: Context<"engines">): Promise<Next> => {
  const { region, from, anew } = place;
  const pages = stretchPages(context);
  const ask = (stretch: { readonly from?: string }): Promise<Stretched<Seen>> =>
    engine.pickStretch(region, { ...stretch, pages }, (snapshot) => {
      const owned = ownedBy(context.service, snapshot);
      if (owned === undefined) return undefined;
      const { kmsKey, status } = snapshot;
      return {
        set: setNameOf(owned),
        ...(status === "available" && kmsKey !== undefined && { key: kmsKey }),
      };
    });
  const restOf = (next: string | undefined, again: true | undefined): Pick<Next, "rest"> =>
    next === undefined ? {} : { rest: { region, from: next, ...(again && { anew: again }) } };
  try {
    const { items, next } = await ask(from === undefined ? {} : { from });
    return { items, ...restOf(next, anew) };
  } catch (error) {
    if (!(error instanceof RefusedError) || from === undefined || anew) throw error;
    const { items, next } = await ask({});
    return { items, ...restOf(next, true) };
  }
};
