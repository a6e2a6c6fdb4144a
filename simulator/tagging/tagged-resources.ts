import { instanceArn, instancesIn } from "../rds/instances.ts";
import type { Tags } from "../tags.ts";
import type { RegionStore } from "../world.ts";

export interface TaggedResource {
  readonly arn: string;
  readonly tags: Tags;
  /** When it came to be; of a copy grant nobody tells. */
  readonly since?: Date | undefined;
}

/**
 * What has tags in one region, in order of ARN. AWS also lists what once had tags, with an empty list;
 * the stores remember no such past.
 */
export const taggedResources = (store: RegionStore): readonly TaggedResource[] =>
  [
    ...instancesIn(store).map(({ cluster, member }) => ({
      arn: instanceArn(cluster, member.id),
      tags: member.tags ?? new Map(),
      since: member.createdAt ?? cluster.createdAt,
    })),
    ...[...store.clusterSnapshots.values(), ...store.redshiftSnapshots.values()].map(
      ({ arn, tags, startedAt: since }) => ({ arn, tags, since }),
    ),
    ...[...store.clusters.values(), ...store.redshiftClusters.values()].map(
      ({ arn, tags, createdAt: since }) => ({ arn, tags, since }),
    ),
    ...store.copyGrants.values(),
  ]
    .filter(({ tags }) => tags.size > 0)
    .map(({ arn, tags, since }: TaggedResource) => ({ arn, tags, since }))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
