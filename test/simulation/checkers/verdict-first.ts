import type { MakeChecker } from "./checker.ts";
import { keyOf } from "./records.ts";

/** Every delete was preceded, in the same invocation, by a verdict that names it. */
export const verdictFirst: MakeChecker = (_, complain, count) => {
  const named = new Map<number, Set<string>>();
  return {
    judged: ({ invocation, region, remove }) => {
      const own = named.get(invocation.number) ?? new Set();
      named.set(invocation.number, own);
      for (const id of remove) own.add(`${region} ${id}`);
    },
    deleted: ({ invocation, snapshot }) => {
      count();
      if (!named.get(invocation.number)?.has(keyOf(snapshot)))
        complain(`${keyOf(snapshot)} was deleted by ${invocation.function} without a verdict that names it`);
    },
    invocationEnded: ({ number }) => void named.delete(number),
  };
};
