import type { MakeChecker } from "./checker.ts";
import { isRunningCopy, readsFrom } from "./ownership.ts";
import { keyOf, type SeenSnapshot } from "./records.ts";

/** Nothing is deleted that a copy was being made of when the listings of the same invocation were answered. */
export const copiedFrom: MakeChecker = (_, complain, count) => {
  /** Of each invocation, by region and family, the running copies that its last listing could show. */
  const seen = new Map<number, Map<string, readonly SeenSnapshot[]>>();
  return {
    listed: ({ invocation, family, region, first, named, snapshots }) => {
      if (named) return;
      const own = seen.get(invocation.number) ?? new Map<string, readonly SeenSnapshot[]>();
      seen.set(invocation.number, own);
      const place = `${family} ${region}`;
      const running = snapshots.filter(isRunningCopy);
      // What ends while the pages come may be on one that shows it done, and what begins on none.
      const runs = new Set(running.map(({ arn }) => arn));
      own.set(place, first ? running : (own.get(place) ?? []).filter(({ arn }) => runs.has(arn)));
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
