import { families } from "../core/cluster.ts";
import { type CoverageRow, coverageOf } from "../core/coverage.ts";
import { metricNames } from "../core/measure.ts";
import type { OwnedSnapshot } from "../core/ownership.ts";
import type { Plan } from "../core/plan.ts";
import { selectClusters } from "../core/selection.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";
import { type Scheduled, type Survey, survey } from "./survey.ts";

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
  const surveys = await Promise.all(families.map((family) => survey(family, context)));
  const rows = Object.values(context.config.plans)
    .filter(({ enabled }) => enabled)
    .flatMap((plan) => rowsOf(plan, surveys, context));
  for (const row of rows) tell(row, context);
  const owned = surveys.flatMap(({ owned }) => owned);
  let keysUnusable = 0;
  for (const region of context.config.regions) keysUnusable += await examineKeys(region, owned, context);
  return { rows: rows.length, atRisk: rows.reduce((sum, row) => sum + row.atRisk.length, 0), keysUnusable };
};

/** Of a plan one of whose clusters' regions is silent, nothing can be said; a silent copy region hides itself only. */
const rowsOf = (
  plan: Plan,
  surveys: readonly Survey[],
  { now }: Pick<WatchContext, "now">,
): readonly CoverageRow[] => {
  const unlisted = new Set(surveys.flatMap(({ unlisted }) => unlisted));
  if (plan.select.regions.some((region) => unlisted.has(region))) return [];
  const near = surveys
    .flatMap(({ clusters }) => clusters)
    .filter(({ region }) => plan.select.regions.includes(region));
  const { taken, unknown } = selectClusters(near, plan);
  // The plan may mean these, and nobody can say how they are.
  if (unknown.length > 0) return [];
  const clusters = taken.map(({ cluster }) => cluster);
  const owned = surveys.flatMap(({ owned }) => owned);
  return coverageOf({ plan, clusters, owned, now }).filter(({ region }) => !unlisted.has(region));
};

const tell = (row: CoverageRow, { journal, measure }: WatchContext): void => {
  journal({ kind: "coverage.row", row });
  const dimensions = { plan: row.plan, region: row.region, kind: row.kind };
  measure({ name: metricNames.recoveryPointAge, unit: "Seconds", value: row.recoveryPointAge, dimensions });
  measure({ name: metricNames.runAge, unit: "Seconds", value: row.runAge, dimensions });
  measure({ name: metricNames.clustersAtRisk, unit: "Count", value: row.atRisk.length, dimensions });
};

const examineKeys = async (
  region: string,
  owned: readonly OwnedSnapshot[],
  context: WatchContext,
): Promise<number> => {
  const here = owned.filter(({ snapshot }) => snapshot.region === region && snapshot.status === "available");
  const byKey = Map.groupBy(here, ({ snapshot }) => snapshot.kmsKey);
  let unusable = 0;
  for (const [key, points] of byKey) {
    const reason = key === undefined ? undefined : await objectionTo({ region, id: key }, context);
    if (key === undefined || reason === undefined) continue;
    unusable += 1;
    context.journal({ kind: "key.unusable", region, key, points: points.length, reason });
  }
  context.measure({
    name: metricNames.keysUnusable,
    unit: "Count",
    value: unusable,
    dimensions: { region },
  });
  return unusable;
};

/** A key that may not even be looked at is as good as gone, until somebody says otherwise. */
const objectionTo = async (
  key: { readonly region: string; readonly id: string },
  { keys }: WatchContext,
): Promise<string | undefined> => {
  try {
    const verdict = await keys.examine(key);
    return "usable" in verdict ? undefined : verdict.unusable;
  } catch (error) {
    if (error instanceof HoldfastError) return error.message;
    throw error;
  }
};
