import type { Tags } from "../core/cluster.ts";
import type { Snapshot } from "../core/snapshot.ts";

/**
 * Snapshots whose equal words are one string: a listing repeats cluster, plan, run, policy and time on every page,
 * and a region has tens of thousands of snapshots. One of these for each listing.
 */
export const wordSharing = (): ((snapshot: Snapshot) => Snapshot) => {
  const held = new Map<string, string>();
  const share = (word: string): string => {
    const known = held.get(word);
    if (known === undefined) held.set(word, word);
    return known ?? word;
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
