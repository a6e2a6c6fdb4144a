import { type Cluster, families } from "../core/cluster.ts";
import { type CoverageRow, visibleCoverageOf } from "../core/coverage.ts";
import { metricNames } from "../core/measure.ts";
import type { Plan } from "../core/plan.ts";
import { type Sighting, sightingsOf } from "../core/sighting.ts";
import type { Context } from "./context.ts";
import { unusableKeys } from "./key-survey.ts";
import { lookAtLastRuns } from "./last-runs.ts";
import { type Scheduled, surveyClusters, surveySnapshots } from "./survey.ts";

export interface WatchOutput {
  readonly rows: number;
  readonly atRisk: number;
  readonly keysUnusable: number;
}

type WatchContext = Context<"engines" | "keys">;

/**
 * Measures, and changes nothing: by plan and region the age of the newest recovery points and of the last
 * complete run. What cannot be seen is not measured: the alarms take a missing figure for a bad one.
 *
 * Called every hour, it looks at the recovery points of the last runs, as far as they tell that all is well. Of the keys
 * that those need it tells which cannot be used; that all are well only a sweep can tell, which visits every point.
 */
export const watch = async (_: Scheduled, context: WatchContext): Promise<WatchOutput> => {
  const plans = Object.values(context.config.plans).filter(({ enabled }) => enabled);
  const { clusters, owned, unlisted } = await look(plans, context);
  const rows = plans.flatMap((plan) =>
    visibleCoverageOf({ plan, clusters, owned, unlisted, now: context.now }),
  );
  for (const row of rows) tell(row, context);
  let keysUnusable = 0;
  for (const region of context.config.regions) keysUnusable += await tellUnusable(region, owned, context);
  return { rows: rows.length, atRisk: rows.reduce((sum, row) => sum + row.atRisk.length, 0), keysUnusable };
};

interface Seen {
  readonly clusters: readonly Cluster[];
  readonly owned: readonly Sighting[];
  /** Regions one of whose listings failed. */
  readonly unlisted: ReadonlySet<string>;
}

/** Clusters only where plans mean some. The regions that the last runs do not tell of are looked at whole. */
const look = async (plans: readonly Plan[], context: WatchContext): Promise<Seen> => {
  const homes = [...new Set(plans.flatMap(({ select }) => select.regions))];
  const listed = await Promise.all(families.map((family) => surveyClusters(family, context, homes)));
  const clusters = listed.flatMap(({ items }) => items);
  const silent = new Set(listed.flatMap((one) => one.unlisted));
  const runs = await Promise.all(
    plans.map((plan) => lookAtLastRuns(plan, { clusters, unlisted: silent }, context)),
  );
  const untold = new Set(runs.flatMap((one) => one.untold));
  const pick = sightingsOf(context.service);
  const surveys = await Promise.all(
    families.map((family) => surveySnapshots(family, pick, context, [...untold])),
  );
  const unlisted = new Set([...silent, ...surveys.flatMap((one) => one.unlisted)]);
  const told = runs.flatMap(({ owned }) => owned).filter(({ snapshot }) => !untold.has(snapshot.region));
  return { clusters, unlisted, owned: [...told, ...surveys.flatMap(({ items }) => items)] };
};

const tell = (row: CoverageRow, { journal, measure }: WatchContext): void => {
  journal({ kind: "coverage.row", row });
  const dimensions = { plan: row.plan, region: row.region, kind: row.kind };
  measure({ name: metricNames.recoveryPointAge, unit: "Seconds", value: row.recoveryPointAge, dimensions });
  measure({ name: metricNames.runAge, unit: "Seconds", value: row.runAge, dimensions });
  measure({ name: metricNames.clustersAtRisk, unit: "Count", value: row.atRisk.length, dimensions });
};

const tellUnusable = async (
  region: string,
  owned: readonly Sighting[],
  context: WatchContext,
): Promise<number> => {
  const unusable = await unusableKeys(region, owned, context);
  for (const { key, points, reason } of unusable)
    context.journal({ kind: "key.unusable", region, key, points: points.length, reason });
  const value = unusable.length;
  if (value > 0)
    context.measure({ name: metricNames.keysUnusable, unit: "Count", value, dimensions: { region } });
  return value;
};
