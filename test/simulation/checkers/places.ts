import type { MakeChecker } from "./checker.ts";
import { isRunningCopy } from "./ownership.ts";

/** An execution has no more copies running into a region than its plan's `copies-in-flight`, of those that it knows of. */
export const places: MakeChecker = (scene, complain, count) => {
  const asked = new Map<string, string[]>();
  return {
    answered: ({ invocation, operation, region, parameters, status }) => {
      const plan = scene.plans().find(({ name }) => name === invocation.plan);
      if (operation !== "CopyDBClusterSnapshot" || status !== 200 || plan === undefined) return;
      count();
      const key = `${invocation.execution} ${region}`;
      const own = [...(asked.get(key) ?? []), parameters.get("TargetDBClusterSnapshotIdentifier") ?? ""];
      asked.set(key, own);
      const running = scene
        .snapshots()
        .filter((one) => one.region === region && isRunningCopy(one) && own.includes(one.id))
        // One whose answer was lost is not known to run.
        .filter(({ id }) => scene.excuses(region, id) === 0);
      if (running.length > plan.copiesInFlight)
        complain(
          `${running.length} copies of one run of ${plan.name} run into ${region}; it may have ${plan.copiesInFlight}`,
        );
    },
    runEnded: ({ execution }) => {
      for (const key of asked.keys()) if (key.startsWith(`${execution} `)) asked.delete(key);
    },
  };
};
