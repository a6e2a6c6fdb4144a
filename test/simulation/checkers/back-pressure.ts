import type { MakeChecker } from "./checker.ts";

/** Of one pass of a pump at most one call is refused for the limit on running copies. */
export const backPressure: MakeChecker = (_, complain, count) => {
  const refused = new Map<number, number>();
  return {
    answered: ({ invocation, operation, region, body }) => {
      if (operation !== "CopyDBClusterSnapshot") return;
      count();
      if (!/cannot copy more than/i.test(body)) return;
      const times = (refused.get(invocation.number) ?? 0) + 1;
      refused.set(invocation.number, times);
      if (times > 1) complain(`one pass was refused ${times} copies to ${region} for the limit`);
    },
    invocationEnded: ({ number }) => void refused.delete(number),
  };
};
