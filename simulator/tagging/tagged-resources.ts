import { instanceArn, instancesIn } from "../rds/instances.ts";
import type { Tags } from "../tags.ts";
import type { RegionStore } from "../world.ts";

export interface TaggedResource {
  readonly arn: string;
  readonly tags: Tags;
}

/**
 * What has tags in one region, in order of ARN. AWS also lists what once had tags, with an empty list;
 * the stores remember no such past.
 */
export const taggedResources = (store: RegionStore): readonly TaggedResource[] =>
  [
    ...store.clusters.values(),
    ...instancesIn(store).map(({ cluster, member }) => ({
      arn: instanceArn(cluster, member.id),
      tags: member.tags ?? new Map(),
    })),
    ...store.clusterSnapshots.values(),
    ...store.redshiftClusters.values(),
    ...store.redshiftSnapshots.values(),
    ...store.copyGrants.values(),
  ]
    .filter(({ tags }) => tags.size > 0)
    .map(({ arn, tags }) => ({ arn, tags }))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
