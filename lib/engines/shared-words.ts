import type { Snapshot } from "../core/snapshot.ts";

/** Beyond this many the words are forgotten, and shared anew: most belong to snapshots of which nothing is kept. */
const wordsMax = 20_000;

/**
 * Snapshots whose equal words are one string: a listing repeats place, cluster, plan, run, policy and time on every
 * page, and a region has tens of thousands of snapshots. One of these for each listing. Parsed, because that is what
 * V8 lays out without room to grow, which what is put together has: a seventh of a snapshot's memory.
 */
export const wordSharing = (): ((snapshot: Snapshot) => Snapshot) => {
  const held = new Map<string, string>();
  const share = (word: string): string => {
    const known = held.get(word);
    if (known !== undefined) return known;
    if (held.size >= wordsMax) held.clear();
    held.set(word, word);
    return word;
  };
  // A name is nobody else's. In place: with a reviver the parsing takes three times as long.
  const shareIn = (record: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(record))
      if (typeof value === "string" && key !== "id") record[key] = share(value);
  };
  return (snapshot) => {
    const parsed = JSON.parse(JSON.stringify(snapshot));
    shareIn(parsed);
    shareIn(parsed.tags ?? {});
    return parsed;
  };
};
