import { arnOf } from "../arn.ts";
import type { Question } from "../iam.ts";
import { requestTagContext, tagContext } from "../tag-context.ts";
import type { TagInput, Tags } from "../tags.ts";
import type { RegionStore } from "../world.ts";
import type { NamedSnapshot } from "./remove-snapshot.ts";

/**
 * Questions about Redshift's resources, after the service authorization reference: types, and the only condition
 * keys they have, `aws:ResourceTag` with the tags as they are now.
 */
const onResource = (store: RegionStore, resource: string, tags: Tags | undefined): Question => ({
  resource: arnOf("redshift", store, resource),
  context: tagContext(tags, ["aws:ResourceTag"]),
});

/** Listings ask on clusters alone, also those of snapshots: on one by name, or on all. */
export const onCluster = (store: RegionStore, id: string | undefined): Question =>
  onResource(store, `cluster:${id || "*"}`, store.redshiftClusters.get(id ?? "")?.tags);

/**
 * A snapshot's ARN names its cluster too. As DeleteClusterSnapshot documents for its SnapshotClusterIdentifier, a
 * call that does not say which one is only let through by policies that say `*`.
 */
export const onSnapshot = (store: RegionStore, named: NamedSnapshot): Question => {
  const { SnapshotIdentifier: id, SnapshotClusterIdentifier: clusterId } = named;
  const snapshot = store.redshiftSnapshots.get(id);
  const tags = (clusterId || snapshot?.clusterId) === snapshot?.clusterId ? snapshot?.tags : undefined;
  return onResource(store, `snapshot:${clusterId || "*"}/${id}`, tags);
};

export const onGrant = (store: RegionStore, name: string): Question =>
  onResource(store, `snapshotcopygrant:${name}`, store.copyGrants.get(name)?.tags);

/** The same question with the tags that the call is to set. */
export const withRequestTags = (question: Question, tags: TagInput | undefined): Question => ({
  ...question,
  context: { ...question.context, ...requestTagContext(tags, ["aws:RequestTag"]) },
});

/**
 * Whether tags given with a call that makes something need the right to tag it is not confirmed. AWS's own backup
 * role has that right, so it is asked for here: a role that has it works either way.
 */
const creatingTags = (question: Question, tags: TagInput | undefined): readonly Question[] =>
  tags?.length ? [{ ...withRequestTags(question, tags), action: "redshift:CreateTags" }] : [];

/** On something new that may be given tags. */
export const onNew = (question: Question, tags: TagInput | undefined): readonly Question[] => [
  withRequestTags(question, tags),
  ...creatingTags(question, tags),
];
