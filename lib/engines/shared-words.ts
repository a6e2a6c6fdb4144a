import type { Tags } from "../core/cluster.ts";
import type { Snapshot } from "../core/snapshot.ts";

/** Beyond this many the words are forgotten, and shared anew: most belong to snapshots of which nothing is kept. */
const wordsMax = 20_000;

/**
 * Snapshots whose equal words are one string: a listing repeats cluster, plan, run, policy and time on every page,
 * and a region has tens of thousands of snapshots. One of these for each listing.
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
  const shareTags = (tags: Tags): Tags =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [share(key), share(value)]));
  return ({ tags, cluster, kmsKey, createdAt, ...rest }) => ({
    ...rest,
    cluster: share(cluster),
    tags: tags && shareTags(tags),
    ...(kmsKey !== undefined && { kmsKey: share(kmsKey) }),
    ...(createdAt !== undefined && { createdAt: share(createdAt) }),
  });
};
