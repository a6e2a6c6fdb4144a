import type { MakeChecker } from "./checker.ts";
import { isRunningCopy } from "./ownership.ts";

/**
 * A run, all of its parts together, has no more copies running into a region than its plan's `copies-in-flight`, of those
 * that it knows of. Where it has more parts than places, each part has one.
 */
export const places: MakeChecker = (scene, complain, count) => {
  const asked = new Map<string, string[]>();
  /** Of each run, the executions that have copied. */
  const parts = new Map<number | undefined, Set<number | undefined>>();
  return {
    answered: ({ invocation, operation, region, parameters, status }) => {
      const plan = scene.plans().find(({ name }) => name === invocation.plan);
      if (operation !== "CopyDBClusterSnapshot" || status !== 200 || plan === undefined) return;
      count();
      const { execution, whole = execution } = invocation;
      const key = `${whole} ${region}`;
      parts.set(whole, (parts.get(whole) ?? new Set()).add(execution));
      const own = [...(asked.get(key) ?? []), parameters.get("TargetDBClusterSnapshotIdentifier") ?? ""];
      asked.set(key, own);
      const running = scene
        .snapshots(region)
        .filter((one) => isRunningCopy(one) && own.includes(one.id))
        // One whose answer was lost is not known to run.
        .filter(({ id }) => scene.excuses(region, id) === 0);
      const most = Math.max(plan.copiesInFlight, parts.get(whole)?.size ?? 0);
      if (running.length > most)
        complain(
          `${running.length} copies of one run of ${plan.name} run into ${region}; it may have ${most}`,
        );
    },
    runEnded: ({ execution }) => {
      parts.delete(execution);
      for (const key of asked.keys()) if (key.startsWith(`${execution} `)) asked.delete(key);
    },
  };
};
