import { traitsOf } from "../core/cluster.ts";
import { isToldBy, visibleCoverageOf, visiblePlacesOf } from "../core/coverage.ts";
import { lastFirings } from "../core/firings.ts";
import { ownedBy } from "../core/ownership.ts";
import { type Plan, scheduleOf } from "../core/plan.ts";
import { isScheduled } from "../core/run.ts";
import type { Sighting } from "../core/sighting.ts";
import type { Context } from "./context.ts";
import { askByPlace, type Known, pointsOf } from "./run-points.ts";
import { type LastRuns, lookAtThoseShort } from "./shortfalls.ts";

/** Runs whose points are asked for: the last one, and where that is still at work the one before it. */
const runsMax = 2;

/**
 * The recovery points of a plan's last runs, by their names: a call for each hundred clusters of a place, where a whole
 * listing takes one for each three. They tell the plan's coverage where every cluster has one and nothing is at risk.
 * Bad news is never told by them: a run that a person asked for may have mended it. So of clusters that lack one
 * everything is looked at, where they are few. Where it is not known when the last runs were, the plan's places stay
 * untold, as does a region that does not answer.
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
  const looked: number[] = [];
  const silent = new Set<string>();
  for (const firing of await lastTimesOf(plan, known, context)) {
    if (open.length === 0) break;
    const points = await pointsOf(firing, { plan, open, ...known }, context);
    owned = [...owned, ...points.items];
    looked.push(firing);
    for (const region of points.unlisted) silent.add(region);
    // What a later run has told, an earlier one tells as well.
    open = rowsOver(owned).filter((row) => !isToldBy(row, { at: firing, now }));
  }
  // What of a run a region did not tell is not known to be missing.
  const answered = open.filter(({ region }) => !silent.has(region));
  const unanswered = open.filter(({ region }) => silent.has(region));
  const short = await lookAtThoseShort({ plan, ...known, owned, open: answered, looked }, context);
  return { ...short, untold: [...short.untold, ...unanswered.map(({ region }) => region)] };
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
  const sample = sources
    .filter(({ region, cluster }) => region === first.region && traitsOf(cluster.engine).family === family)
    .slice(0, sampleSize);
  const { items } = await askByPlace(
    sample,
    (engine, region, clusters) => engine.snapshotsOf({ region, clusters: clusters.map(({ id }) => id) }),
    context,
  );
  const times = items
    .flatMap((one) => ownedBy(context.service, one) ?? [])
    .filter((point) => isScheduled(plan.name, point))
    .map(({ takenAt }) => takenAt);
  return [...new Set(times)].toSorted((a, b) => b - a).slice(0, runsMax);
};
