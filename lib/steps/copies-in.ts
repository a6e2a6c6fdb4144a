import { traitsOf } from "../core/cluster.ts";
import { baseName } from "../core/naming.ts";
import type { OwnedSnapshot } from "../core/ownership.ts";
import type { Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Engine } from "../engines/engine.ts";

interface CopiesQuery {
  readonly region: string;
  readonly clusters: readonly string[];
  /** The recovery points in the clusters' own region. */
  readonly owned: readonly OwnedSnapshot[];
  readonly run: Pick<Run, "plan" | "id">;
}

/** So many nights' copies may be missing: the newest recovery point's may have failed. */
const nightsAskedFor = 2;

/**
 * What there is in a copy region of some clusters. AWS's reference says that a listing's cluster has to exist, and in a copy
 * region it mostly does not. So where the listing shows nothing of a cluster, the copies of its newest points are asked for
 * by their own names; if one of them is there, the listing is not trusted, and made once more without the filter.
 */
export const copiesIn = async (
  engine: Engine,
  { region, clusters, owned, run }: CopiesQuery,
): Promise<readonly Snapshot[]> => {
  const listed = await engine.snapshotsOf({ region, clusters });
  const seen = new Set(listed.map(({ cluster }) => cluster));
  const silent = owned.filter(
    ({ snapshot: { engine: name, cluster }, plan, source }) =>
      traitsOf(name).copies === "per-snapshot" &&
      plan === run.plan &&
      source === undefined &&
      !seen.has(cluster),
  );
  const bySource = Map.groupBy(silent, ({ resource }) => resource);
  const ids = [...bySource.values()].flatMap((points) =>
    points
      .toSorted((a, b) => b.takenAt - a.takenAt)
      .slice(0, nightsAskedFor)
      // A source may be a second attempt; its first copy has the name without the attempt.
      .map(({ snapshot }) => baseName(snapshot.id)),
  );
  const hidden = ids.length === 0 ? [] : await engine.findSnapshots({ region, ids, runId: run.id });
  const expected = hidden.map(({ cluster }) => cluster);
  return expected.length === 0 ? listed : engine.snapshotsOf({ region, clusters, expected });
};
