import type { Question } from "../iam.ts";
import type { TagInput } from "../tags.ts";
import type { RegionStore } from "../world.ts";
import { readReference } from "./identifiers.ts";
import { addingTags, inheritingTags, onCluster, onSnapshot, withRequestTags } from "./questions.ts";
import { inheritableTags } from "./tagging.ts";

interface NewSnapshot {
  readonly clusterId: string;
  readonly id: string;
  readonly Tags?: TagInput | undefined;
}

/** What taking a snapshot asks: on the cluster and on the snapshot that is to be, and for its tags if it gets any. */
export const snapshotQuestions = (
  store: RegionStore,
  { clusterId, id, Tags }: NewSnapshot,
): readonly Question[] => {
  const snapshot = onSnapshot(store, id);
  const cluster = store.clusters.get(readReference(clusterId).id);
  const inherited = cluster?.copyTagsToSnapshot ? inheritableTags(cluster.tags) : undefined;
  return [
    withRequestTags(onCluster(store, clusterId), Tags),
    withRequestTags(snapshot, Tags),
    ...(Tags?.length ? addingTags(snapshot, Tags) : inheritingTags(snapshot, inherited)),
  ];
};
