import { type Cluster, families, traitsOf } from "../core/cluster.ts";
import { type ClusterPlace, type CoverageRow, visiblePlacesOf } from "../core/coverage.ts";
import { snapshotName } from "../core/naming.ts";
import type { Plan } from "../core/plan.ts";
import { type Run, scheduledRun } from "../core/run.ts";
import { type Sighting, sightingsOf } from "../core/sighting.ts";
import { findAttempts } from "../engines/attempts.ts";
import type { Engine } from "../engines/engine.ts";
import type { Context } from "./context.ts";
import { lookThrough, type Seen } from "./survey.ts";

/** Clusters that were seen, and the regions that were not. */
export interface Known {
  readonly clusters: readonly Cluster[];
  readonly unlisted: ReadonlySet<string>;
}

/** A place of a plan: a region that it takes snapshots in or copies to. */
export type Row = Pick<CoverageRow, "region" | "kind">;

export const placeKey = ({ region, kind }: Row): string => `${kind} ${region}`;

export interface Open extends Known {
  readonly plan: Plan;
  readonly open: readonly Row[];
}

/** What there is of a run in the places that are open, and the regions that said nothing of a family's. */
export const pointsOf = async (
  firing: number,
  { plan, open, ...known }: Open,
  context: Context<"engines">,
): Promise<Seen<Sighting>> => {
  const run = scheduledRun(plan.name, firing);
  const keys = new Set(open.map(placeKey));
  const wanted = visiblePlacesOf({ plan, ...known, now: context.now }).filter((one) =>
    keys.has(placeKey(one)),
  );
  const { items, unlisted } = await askByPlace(
    wanted,
    (engine, region, clusters) => findAttempts(engine, { region, ...namesOf(run, clusters, context) }),
    context,
  );
  const pick = sightingsOf(context.service);
  return { items: items.flatMap((one) => pick(one) ?? []), unlisted };
};

type AskOf<T> = (engine: Engine, region: string, clusters: readonly Cluster[]) => Promise<readonly T[]>;

/** What is answered about the clusters of each region, family by family. */
export const askByPlace = async <T>(
  places: readonly ClusterPlace[],
  ask: AskOf<T>,
  context: Context<"engines">,
): Promise<Seen<T>> => {
  const answers = await Promise.all(
    families.map((family) => {
      const some = places.filter(({ cluster }) => traitsOf(cluster.engine).family === family);
      const byRegion = Map.groupBy(some, ({ region }) => region);
      const clustersIn = (region: string) => (byRegion.get(region) ?? []).map(({ cluster }) => cluster);
      return lookThrough(
        family,
        {
          regions: [...byRegion.keys()],
          ask: (engine, region) => ask(engine, region, clustersIn(region)),
        },
        context,
      );
    }),
  );
  return {
    items: answers.flatMap(({ items }) => items),
    unlisted: answers.flatMap(({ unlisted }) => unlisted),
  };
};

const namesOf = (
  run: Pick<Run, "plan" | "at" | "id">,
  clusters: readonly Cluster[],
  { service }: Pick<Context, "service">,
) => ({
  ...{ service, runId: run.id, mayBeFresh: true },
  names: clusters.map((cluster) => snapshotName({ service, run, cluster })),
});
