import type { MakeChecker } from "./checker.ts";

/**
 * Of one pass of a pump at most one copy is refused for the limit on running copies, and that one is not asked for again. A
 * refusal that nobody heard is none: the pass knows of no limit, and goes on with the next copy once it has asked in vain.
 */
export const backPressure: MakeChecker = (_, complain, count) => {
  const refused = new Map<number, Map<string, number>>();
  return {
    answered: ({ invocation, operation, region, parameters, body, status, unheard }) => {
      if (operation !== "CopyDBClusterSnapshot") return;
      count();
      if (status === 0 || unheard || !/cannot copy more than/i.test(body)) return;
      const own = refused.get(invocation.number) ?? new Map<string, number>();
      const name = parameters.get("TargetDBClusterSnapshotIdentifier") ?? "";
      const times = (own.get(name) ?? 0) + 1;
      refused.set(invocation.number, own.set(name, times));
      if (own.size > 1) complain(`one pass was refused ${own.size} copies to ${region} for the limit`);
      else if (times > 1) complain(`one pass was refused ${name} to ${region} ${times} times for the limit`);
    },
    invocationEnded: ({ number }) => void refused.delete(number),
  };
};
