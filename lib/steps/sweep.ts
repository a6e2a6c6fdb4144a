import { families } from "../core/cluster.ts";
import { metricNames } from "../core/measure.ts";
import { ownedBy } from "../core/ownership.ts";
import { capProblems, distinctProblems, type Problem } from "../core/problem.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { sweepSets } from "../core/sweeping.ts";
import { compactTime } from "../core/time.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";
import { carryOut } from "./removal.ts";
import { type Scheduled, type Survey, survey } from "./survey.ts";

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
      swept.push(await sweepFamily(await survey(family, (one) => one, context), at, context));
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
  { family, clusters, picked: snapshots, unlisted }: Survey<Snapshot>,
  at: string,
  context: Context<"engines" | "events">,
): Promise<SweepOutput> => {
  const { config, now, journal, service } = context;
  if (unlisted.length > 0) {
    const problems = unlisted.map((region): Problem => ({ cluster: "*", region, code: "sweep-suspended" }));
    journal({ kind: "sweep.ended", family, sets: 0, pruned: 0, problems });
    return { pruned: 0, problems };
  }
  const owned = snapshots.flatMap((one) => ownedBy(service, one) ?? []);
  const verdicts = sweepSets({ config, clusters, owned, snapshots, now });
  const order = { family, run: `sweep-${compactTime(at)}`, verdicts, deletionsMax };
  const removal = await carryOut(order, context);
  const judged = verdicts.flatMap(({ verdict }) => verdict.problems);
  const problems = distinctProblems([...judged, ...removal.problems]);
  journal({ kind: "sweep.ended", family, sets: verdicts.length, pruned: removal.pruned, problems });
  return { pruned: removal.pruned, problems };
};
