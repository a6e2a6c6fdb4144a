import type { MakeChecker } from "./checker.ts";
import { isRunningCopy } from "./ownership.ts";

/** When a copy was asked for, and by which invocation. */
interface Asked {
  readonly number: number;
  readonly at: number;
}

/**
 * A run, all of its parts together, has no more copies running into a region than its plan's `copies-in-flight`, of those
 * that it knows of. Where it has more parts than places, each part has one.
 */
export const places: MakeChecker = (scene, complain, count) => {
  /** The copies that each run knows to have begun in a region, by their names. */
  const asked = new Map<string, Map<string, Asked>>();
  /** Of each run, the executions that have copied. */
  const parts = new Map<number | undefined, Set<number | undefined>>();
  /** Invocations that have answered nothing: nobody knows what they began. */
  const mute = new Set<number>();
  return {
    answered: ({ invocation, operation, region, parameters, status, unheard, at }) => {
      const plan = scene.plans().find(({ name }) => name === invocation.plan);
      if (operation !== "CopyDBClusterSnapshot" || status !== 200 || plan === undefined) return;
      count();
      const { number, execution, whole = execution } = invocation;
      const key = `${whole} ${region}`;
      parts.set(whole, (parts.get(whole) ?? new Set()).add(execution));
      const own = asked.get(key) ?? new Map<string, Asked>();
      asked.set(key, own);
      if (!unheard && !mute.has(number))
        own.set(parameters.get("TargetDBClusterSnapshotIdentifier") ?? "", { number, at });
      // What began later has the name of one that has vanished, and is somebody else's.
      const running = scene
        .snapshots(region)
        .filter(
          (one) => isRunningCopy(one) && one.startedAt <= (own.get(one.id)?.at ?? Number.NEGATIVE_INFINITY),
        );
      const most = Math.max(plan.copiesInFlight, parts.get(whole)?.size ?? 0);
      if (running.length > most)
        complain(
          `${running.length} copies of one run of ${plan.name} run into ${region}; it may have ${most}`,
        );
    },
    unanswered: ({ number }) => {
      mute.add(number);
      for (const own of asked.values())
        for (const [name, by] of own) if (by.number === number) own.delete(name);
    },
    runEnded: ({ execution }) => {
      parts.delete(execution);
      for (const key of asked.keys()) if (key.startsWith(`${execution} `)) asked.delete(key);
    },
    nightEnded: () => mute.clear(),
  };
};
