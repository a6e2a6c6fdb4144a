import type { MakeChecker } from "./checker.ts";
import { isRunningCopy, readsFrom } from "./ownership.ts";
import { keyOf, type SeenSnapshot } from "./records.ts";

/** Nothing is deleted that a copy was being made of when the listings of the same invocation were answered. */
export const copiedFrom: MakeChecker = (_, complain, count) => {
  /** Of each invocation, by region and family, the running copies that its last listing could show. */
  const seen = new Map<number, Map<string, readonly SeenSnapshot[]>>();
  return {
    listed: ({ invocation, family, region, first, snapshots }) => {
      if (!first) return;
      const own = seen.get(invocation.number) ?? new Map();
      seen.set(invocation.number, own.set(`${family} ${region}`, snapshots.filter(isRunningCopy)));
    },
    deleted: ({ invocation, snapshot }) => {
      count();
      const copies = [...(seen.get(invocation.number)?.values() ?? [])].flat();
      const reader = copies.find((copy) => readsFrom(copy, snapshot));
      if (reader)
        complain(
          `${keyOf(snapshot)} was deleted although the listing showed its copy ${keyOf(reader)} running`,
        );
    },
    invocationEnded: ({ number }) => void seen.delete(number),
  };
};
