import { chunk } from "../core/batch.ts";
import type { Cluster, Family } from "../core/cluster.ts";
import { ownedBy } from "../core/ownership.ts";
import { distinctProblems, type Problem } from "../core/problem.ts";
import { type SetName, type SweptSet, setKey, setNameOf, sweepSets } from "../core/sweeping.ts";
import { compactTime } from "../core/time.ts";
import type { Context } from "./context.ts";
import { carryOut } from "./removal.ts";
import { lookThrough } from "./survey.ts";

export interface OrphansOrder {
  readonly family: Family;
  /** When the sweep was scheduled, ISO 8601: deletions are in its name. */
  readonly at: string;
  /** The clusters that the look showed by which these are orphans. */
  readonly known: readonly Cluster[];
  readonly orphans: readonly SetName[];
  readonly deletionsMax: number;
}

export interface OrphansRemoval {
  readonly sets: number;
  readonly pruned: number;
  readonly problems: readonly Problem[];
  /** Regions that did not answer: then nothing was judged any more. */
  readonly unlisted: readonly string[];
  /** There is more to delete, or to judge. */
  readonly more: boolean;
}

/** Clusters that are judged together: their points are one listing of a region by AWS's filter. */
const clustersAtOnce = 100;

/** Judges orphans, a few clusters' at a time, and deletes what the verdicts name. */
export const removeOrphans = async (
  { family, at, known, orphans, deletionsMax }: OrphansOrder,
  context: Context<"engines" | "events">,
): Promise<OrphansRemoval> => {
  let sum = { sets: 0, pruned: 0, problems: [] as readonly Problem[] };
  const byCluster = [...Map.groupBy(orphans, ({ cluster }) => cluster).values()];
  const groups = chunk(byCluster, clustersAtOnce);
  for (const [index, group] of groups.entries()) {
    const { sets, unlisted } = await judge({ family, known, orphans: group.flat() }, context);
    if (unlisted.length > 0) return { ...sum, unlisted, more: false };
    const order = { family, run: `sweep-${compactTime(at)}`, verdicts: sets };
    const removal = await carryOut({ ...order, deletionsMax: deletionsMax - sum.pruned }, context);
    const judged = sets.flatMap(({ verdict }) => verdict.problems);
    sum = {
      sets: sum.sets + sets.length,
      pruned: sum.pruned + removal.pruned,
      problems: distinctProblems([...sum.problems, ...judged, ...removal.problems]),
    };
    const isFull = sum.pruned >= deletionsMax && index < groups.length - 1;
    if (removal.more || isFull) return { ...sum, unlisted: [], more: true };
  }
  return { ...sum, unlisted: [], more: false };
};

/**
 * The verdicts over some clusters' orphans, by a fresh listing of all that these clusters have, in every region. While it is
 * made a cluster may have come, or got a tag by which a plan means it; so before anything is judged the clusters are looked
 * at once more, and what either look knows a plan's run to visit is no orphan.
 */
const judge = async (
  { family, known, orphans }: Pick<OrphansOrder, "family" | "known" | "orphans">,
  context: Context<"engines">,
): Promise<{ readonly sets: readonly SweptSet[]; readonly unlisted: readonly string[] }> => {
  const { config, now, service } = context;
  const keys = new Set(orphans.map(setKey));
  const namesOf = (sets: readonly SetName[]): readonly string[] => [
    ...new Set(sets.map(({ cluster }) => cluster)),
  ];
  const clusters = namesOf(orphans);
  const expectedIn = (region: string) => namesOf(orphans.filter((set) => set.region === region));
  const { items: snapshots, unlisted } = await lookThrough(
    family,
    {
      regions: config.regions,
      ask: (engine, region) => engine.snapshotsOf({ region, clusters, expected: expectedIn(region) }),
    },
    context,
  );
  if (unlisted.length > 0) return { sets: [], unlisted };
  const after = await lookThrough(
    family,
    { regions: config.regions, ask: (engine, region) => engine.findClusters({ region, ids: clusters }) },
    context,
  );
  if (after.unlisted.length > 0) return { sets: [], unlisted: after.unlisted };
  const owned = snapshots
    .flatMap((one) => ownedBy(service, one) ?? [])
    .filter((point) => keys.has(setKey(setNameOf(point))));
  const seen = [...known, ...after.items];
  return { sets: sweepSets({ config, clusters: seen, owned, snapshots, now }), unlisted: [] };
};
