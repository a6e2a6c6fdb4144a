import type { Cluster } from "./cluster.ts";
import { base32, digest } from "./digest.ts";

/** Clusters in the order in which they get places for snapshots, where a quota has fewer left than there are clusters. */
export type Ordering = (clusters: readonly Cluster[]) => readonly Cluster[];

/** Whatever the order, all find room. */
export const byId: Ordering = (clusters) => clusters.toSorted(ascending(({ id }) => id));

/**
 * Those without a recovery point first, then those whose newest is the oldest. `newest`: by the cluster's resource, in epoch
 * milliseconds.
 */
export const oldestFirst =
  (newest: ReadonlyMap<string, number>): Ordering =>
  (clusters) =>
    byId(clusters).toSorted(ascending(({ resource }) => newest.get(resource) ?? 0));

/** Lots, drawn anew by every run and the same in all its attempts: nobody is left out night after night. */
export const byLot =
  (runId: string): Ordering =>
  (clusters) => {
    const lots = new Map(clusters.map(({ resource }) => [resource, base32(digest([runId, resource]))]));
    return clusters.toSorted(ascending(({ resource }) => lots.get(resource) ?? ""));
  };

const ascending =
  <T extends string | number>(keyOf: (cluster: Cluster) => T) =>
  (a: Cluster, b: Cluster): number => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  };
