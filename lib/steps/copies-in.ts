import { traitsOf } from "../core/cluster.ts";
import type { OwnedSnapshot } from "../core/ownership.ts";
import type { Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Engine } from "../engines/engine.ts";

interface CopiesQuery {
  readonly region: string;
  readonly clusters: readonly string[];
  /** What there is where the clusters are. */
  readonly owned: readonly OwnedSnapshot[];
  readonly run: Pick<Run, "plan" | "id">;
}

/** So many nights' copies may be missing: the newest recovery point's may have failed. */
const nightsAskedFor = 2;

/**
 * What there is in a copy region of some clusters. AWS's reference constrains a cluster's name to one that exists, and there it
 * mostly does not: of a cluster of which the listing shows nothing the newest points' copies are asked for by their
 * own names, and one that is there casts doubt on the listing.
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
      .map(({ snapshot }) => snapshot.id),
  );
  const hidden = ids.length === 0 ? [] : await engine.findSnapshots({ region, ids, runId: run.id });
  const expected = hidden.map(({ cluster }) => cluster);
  return expected.length === 0 ? listed : engine.snapshotsOf({ region, clusters, expected });
};
