import { type Cluster, traitsOf } from "./cluster.ts";
import type { CopyPlan } from "./plan.ts";
import type { ProblemCode } from "./problem.ts";

/**
 * Copied automated snapshots go after so many days: AWS copies them whether anybody wants them or not, and a day
 * is the least that EnableSnapshotCopy takes. Manual ones are kept until retention removes them.
 */
export const automatedCopyDays = 1;

/** -1 is for ever: AWS must not delete a recovery point under us. */
export const manualCopyDays = -1;

/** What keeps AWS from copying a cluster's snapshots into a region by itself, for as long as they are wanted. */
export const settingProblem = (cluster: Cluster | undefined, region: string): ProblemCode | undefined => {
  if (cluster?.copySetting === undefined) return "setting-absent";
  if (cluster.copySetting.region !== region) return "setting-elsewhere";
  return cluster.copySetting.manualRetentionDays === manualCopyDays ? undefined : "setting-expires";
};

/** Problems that a plan with `manage: true` mends before it takes its next snapshot. */
export const isMended = (problem: ProblemCode): boolean =>
  problem === "setting-absent" || problem === "setting-expires";

/**
 * The copy that a cluster's setting is to be made right for, before its snapshot is taken: only what is taken
 * from then on is copied. A setting that points elsewhere is never changed: a cluster has only one, and somebody
 * chose it.
 */
export const copyToManage = (cluster: Cluster, copies: readonly CopyPlan[]): CopyPlan | undefined => {
  if (traitsOf(cluster.engine).copies !== "by-cluster-setting") return undefined;
  const managed = copies.find(({ region, manage }) => manage && region !== cluster.region);
  const problem = managed && settingProblem(cluster, managed.region);
  return problem && isMended(problem) ? managed : undefined;
};
