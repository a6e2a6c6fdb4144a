import { families } from "../core/cluster.ts";
import { type CoverageRow, visibleCoverageOf } from "../core/coverage.ts";
import { metricNames } from "../core/measure.ts";
import { type Sighting, sightingsOf } from "../core/sighting.ts";
import type { Context } from "./context.ts";
import { unusableKeys } from "./key-survey.ts";
import { type Scheduled, survey } from "./survey.ts";

export interface WatchOutput {
  readonly rows: number;
  readonly atRisk: number;
  readonly keysUnusable: number;
}

type WatchContext = Context<"engines" | "keys">;

/**
 * Measures, and changes nothing: by plan and region the age of the newest recovery points and of the last
 * complete run, by region the keys that kept recovery points need and that cannot be used. What cannot be
 * seen is not measured: the alarms take a missing figure for a bad one.
 */
export const watch = async (_input: Scheduled, context: WatchContext): Promise<WatchOutput> => {
  const pick = sightingsOf(context.service);
  const surveys = await Promise.all(families.map((family) => survey(family, pick, context)));
  const clusters = surveys.flatMap((one) => one.clusters);
  const owned = surveys.flatMap((one) => one.picked);
  const unlisted = new Set(surveys.flatMap((one) => one.unlisted));
  const rows = Object.values(context.config.plans)
    .filter(({ enabled }) => enabled)
    .flatMap((plan) => visibleCoverageOf({ plan, clusters, owned, unlisted, now: context.now }));
  for (const row of rows) tell(row, context);
  let keysUnusable = 0;
  for (const region of context.config.regions)
    keysUnusable += await examineKeys({ region, owned, seen: !unlisted.has(region) }, context);
  return { rows: rows.length, atRisk: rows.reduce((sum, row) => sum + row.atRisk.length, 0), keysUnusable };
};

const tell = (row: CoverageRow, { journal, measure }: WatchContext): void => {
  journal({ kind: "coverage.row", row });
  const dimensions = { plan: row.plan, region: row.region, kind: row.kind };
  measure({ name: metricNames.recoveryPointAge, unit: "Seconds", value: row.recoveryPointAge, dimensions });
  measure({ name: metricNames.runAge, unit: "Seconds", value: row.runAge, dimensions });
  measure({ name: metricNames.clustersAtRisk, unit: "Count", value: row.atRisk.length, dimensions });
};

interface KeysOf {
  readonly region: string;
  readonly owned: readonly Sighting[];
  /** Whether these are all that there are in the region. */
  readonly seen: boolean;
}

/** Of a region that was not seen whole only bad news is told: that its keys are well, nobody knows. */
const examineKeys = async ({ region, owned, seen }: KeysOf, context: WatchContext): Promise<number> => {
  const unusable = await unusableKeys(region, owned, context);
  for (const { key, points, reason } of unusable)
    context.journal({ kind: "key.unusable", region, key, points: points.length, reason });
  const value = unusable.length;
  if (seen || value > 0)
    context.measure({ name: metricNames.keysUnusable, unit: "Count", value, dimensions: { region } });
  return value;
};
