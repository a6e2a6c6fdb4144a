import { type Cluster, families, traitsOf } from "../core/cluster.ts";
import { type CoverageRow, isToldBy, visibleCoverageOf, visiblePlacesOf } from "../core/coverage.ts";
import { lastFirings } from "../core/firings.ts";
import { snapshotName } from "../core/naming.ts";
import { ownedBy } from "../core/ownership.ts";
import { type Plan, scheduleOf } from "../core/plan.ts";
import { type Run, scheduledRun } from "../core/run.ts";
import { type Sighting, sightingsOf } from "../core/sighting.ts";
import { findAttempts } from "../engines/attempts.ts";
import type { Context } from "./context.ts";
import { lookThrough } from "./survey.ts";

/** Clusters that were seen, and the regions that were not. */
interface Known {
  readonly clusters: readonly Cluster[];
  readonly unlisted: ReadonlySet<string>;
}

export interface LastRuns {
  readonly owned: readonly Sighting[];
  /** Regions where these do not tell the plan's coverage: only a whole listing does. */
  readonly untold: readonly string[];
}

/** The last one, and while that is at work the one before it. */
const runsMax = 2;

/**
 * The recovery points of a plan's last runs, by their names: a call for each hundred clusters of a place, where a whole
 * listing takes one for each three. They tell the plan's coverage where every cluster has one and nothing is at risk.
 * Bad news is never told by them: a run that a person asked for may have mended it. Where it is not known when the last runs
 * were, the plan's places stay untold, as does a region that does not answer.
 */
export const lookAtLastRuns = async (
  plan: Plan,
  known: Known,
  context: Context<"engines">,
): Promise<LastRuns> => {
  const { now } = context;
  const rowsOver = (owned: readonly Sighting[]) => visibleCoverageOf({ plan, ...known, owned, now });
  let owned: readonly Sighting[] = [];
  let open = rowsOver(owned);
  for (const firing of await lastTimesOf(plan, known, context)) {
    if (open.length === 0) break;
    owned = [...owned, ...(await pointsOf(firing, { plan, open, ...known }, context))];
    const left = new Set(open.map(placeKey));
    open = rowsOver(owned).filter((row) => left.has(placeKey(row)) && !isToldBy(row, { at: firing, now }));
  }
  return { owned, untold: open.map(({ region }) => region) };
};

/** As the schedule says. Of a rate only Scheduler knows its times, but points bear them. */
const lastTimesOf = async (
  plan: Plan,
  known: Known,
  context: Context<"engines">,
): Promise<readonly number[]> => {
  const schedule = scheduleOf(plan);
  return schedule.kind === "rate"
    ? timesSeen(plan, known, context)
    : lastFirings(schedule, plan.timeZone, context.now, runsMax);
};

/** Clusters whose points are looked at for the times of a rate's runs: one may be younger than the last. */
const sampleSize = 3;

/** When those runs were that the points of some clusters are of, the newest first; not those that a person asked for. */
const timesSeen = async (
  plan: Plan,
  known: Known,
  context: Context<"engines">,
): Promise<readonly number[]> => {
  const sources = visiblePlacesOf({ plan, ...known, now: context.now }).filter(
    ({ kind }) => kind === "source",
  );
  const [first] = sources;
  if (first === undefined) return [];
  const { family } = traitsOf(first.cluster.engine);
  const clusters = sources
    .filter(({ region, cluster }) => region === first.region && traitsOf(cluster.engine).family === family)
    .map(({ cluster }) => cluster.id)
    .slice(0, sampleSize);
  const { items } = await lookThrough(
    family,
    { regions: [first.region], ask: (engine, region) => engine.snapshotsOf({ region, clusters }) },
    context,
  );
  const times = items
    .flatMap((one) => ownedBy(context.service, one) ?? [])
    .filter(({ takenAt, runId }) => runId === scheduledRun(plan.name, takenAt).id)
    .map(({ takenAt }) => takenAt);
  return [...new Set(times)].toSorted((a, b) => b - a).slice(0, runsMax);
};

type Row = Pick<CoverageRow, "region" | "kind">;

const placeKey = ({ region, kind }: Row): string => `${kind} ${region}`;

interface Open extends Known {
  readonly plan: Plan;
  readonly open: readonly Row[];
}

/** What there is of a run in the places that are open. */
const pointsOf = async (
  firing: number,
  { plan, open, ...known }: Open,
  context: Context<"engines">,
): Promise<readonly Sighting[]> => {
  const run = scheduledRun(plan.name, firing);
  const keys = new Set(open.map(placeKey));
  const wanted = visiblePlacesOf({ plan, ...known, now: context.now }).filter((one) =>
    keys.has(placeKey(one)),
  );
  const found = await Promise.all(
    families.map((family) => {
      const some = wanted.filter(({ cluster }) => traitsOf(cluster.engine).family === family);
      const byRegion = Map.groupBy(some, ({ region }) => region);
      const regions = [...byRegion.keys()];
      const clustersIn = (region: string) => (byRegion.get(region) ?? []).map(({ cluster }) => cluster);
      return lookThrough(
        family,
        {
          regions,
          ask: (engine, region) =>
            findAttempts(engine, { region, ...namesOf(run, clustersIn(region), context) }),
        },
        context,
      );
    }),
  );
  const pick = sightingsOf(context.service);
  return found.flatMap(({ items }) => items).flatMap((one) => pick(one) ?? []);
};

const namesOf = (
  run: Pick<Run, "plan" | "at" | "id">,
  clusters: readonly Cluster[],
  { service }: Pick<Context, "service">,
) => ({
  ...{ service, runId: run.id, mayBeFresh: true },
  names: clusters.map((cluster) => snapshotName({ service, run, cluster })),
});
