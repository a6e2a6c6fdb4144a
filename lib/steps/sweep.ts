import { type Family, families } from "../core/cluster.ts";
import { metricNames } from "../core/measure.ts";
import { capProblems, distinctProblems, type Problem } from "../core/problem.ts";
import { concernsSweep, type SweptSet, sweepSets } from "../core/sweeping.ts";
import { compactTime } from "../core/time.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";
import { carryOut } from "./removal.ts";
import { type Scheduled, surveyClusters, surveySnapshots } from "./survey.ts";

/** Deletions of one sweep and family: RDS's go one by one. What is more comes tomorrow, after a fresh look. */
const deletionsMax = 1000;

export interface SweepOutput {
  readonly pruned: number;
  readonly problems: readonly Problem[];
}

/**
 * Prunes what no plan's run comes by, by the policies stamped on it. A copy in progress shows only in its
 * destination, so while one region cannot be listed nothing of that family is deleted anywhere.
 */
export const sweep = async (
  { at }: Scheduled,
  context: Context<"engines" | "events">,
): Promise<SweepOutput> => {
  const swept: SweepOutput[] = [];
  const failures: HoldfastError[] = [];
  for (const family of families) {
    try {
      swept.push(await sweepFamily(family, at, context));
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      failures.push(error);
    }
  }
  const pruned = swept.reduce((sum, one) => sum + one.pruned, 0);
  const problems = swept.flatMap((one) => one.problems);
  const value = problems.length + failures.length;
  context.measure({ name: metricNames.sweepProblems, unit: "Count", value, dimensions: {} });
  // What one family met must not cost the other its turn; then it fails the call, which Lambda makes once more.
  if (failures[0]) throw failures[0];
  return { pruned, problems: capProblems(problems) };
};

const sweepFamily = async (
  family: Family,
  at: string,
  context: Context<"engines" | "events">,
): Promise<SweepOutput> => {
  const { journal } = context;
  const { sets: verdicts, unlisted } = await judge(family, context);
  if (unlisted.length > 0) {
    const problems = unlisted.map((region): Problem => ({ cluster: "*", region, code: "sweep-suspended" }));
    journal({ kind: "sweep.ended", family, sets: 0, pruned: 0, problems });
    return { pruned: 0, problems };
  }
  const order = { family, run: `sweep-${compactTime(at)}`, verdicts, deletionsMax };
  const removal = await carryOut(order, context);
  const judged = verdicts.flatMap(({ verdict }) => verdict.problems);
  const problems = distinctProblems([...judged, ...removal.problems]);
  journal({ kind: "sweep.ended", family, sets: verdicts.length, pruned: removal.pruned, problems });
  return { pruned: removal.pruned, problems };
};

/**
 * The clusters come first: by them nearly every snapshot is let go as its page comes. While the snapshots were listed a
 * cluster may have come, or got a tag by which a plan means it; so before anything is judged the clusters are listed once
 * more, and what either listing knows a plan's run to come by is no orphan.
 */
const judge = async (
  family: Family,
  context: Context<"engines" | "events">,
): Promise<{ readonly sets: readonly SweptSet[]; readonly unlisted: readonly string[] }> => {
  const { config, now, service } = context;
  const before = await surveyClusters(family, context);
  if (before.unlisted.length > 0) return { sets: [], unlisted: before.unlisted };
  const concern = concernsSweep({ config, clusters: before.items, service });
  const { items: concerns, unlisted } = await surveySnapshots(family, concern, context);
  const owned = concerns.flatMap(({ orphan }) => orphan ?? []);
  if (unlisted.length > 0 || owned.length === 0) return { sets: [], unlisted };
  const after = await surveyClusters(family, context);
  if (after.unlisted.length > 0) return { sets: [], unlisted: after.unlisted };
  const snapshots = concerns.map(({ snapshot }) => snapshot);
  const clusters = [...before.items, ...after.items];
  return { sets: sweepSets({ config, clusters, owned, snapshots, now }), unlisted: [] };
};
