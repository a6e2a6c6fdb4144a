import type { MakeChecker } from "./checker.ts";

/**
 * Of one pass of a pump at most one copy is refused for the limit on running copies; that one is asked for again only
 * where the answer was lost.
 */
export const backPressure: MakeChecker = (scene, complain, count) => {
  const refused = new Map<number, Map<string, number>>();
  return {
    answered: ({ invocation, operation, region, parameters, body }) => {
      if (operation !== "CopyDBClusterSnapshot") return;
      count();
      const own = refused.get(invocation.number) ?? new Map<string, number>();
      const name = parameters.get("TargetDBClusterSnapshotIdentifier") ?? "";
      if (!/cannot copy more than/i.test(body)) {
        // The refusal was not heard: to the pass the copy was begun.
        if (scene.excuses(region, name) > 0) own.delete(name);
        return;
      }
      const times = (own.get(name) ?? 0) + 1;
      refused.set(invocation.number, own.set(name, times));
      if (own.size > 1) complain(`one pass was refused ${own.size} copies to ${region} for the limit`);
      else if (times > 1 + scene.excuses(region, name))
        complain(`one pass was refused ${name} to ${region} ${times} times for the limit`);
    },
    invocationEnded: ({ number }) => void refused.delete(number),
  };
};
