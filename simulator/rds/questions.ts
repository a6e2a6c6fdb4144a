import { arnOf } from "../arn.ts";
import type { Question } from "../iam.ts";
import { requestTagContext, tagContext } from "../tag-context.ts";
import type { TagInput, Tags } from "../tags.ts";
import type { RegionStore } from "../world.ts";
import { readReference } from "./identifiers.ts";
import { instancesIn } from "./instances.ts";

/**
 * Questions about resources of the RDS family, whose IAM prefix is `rds` for Neptune and DocumentDB too. After
 * the service authorization reference: resource types, and the condition keys each of them has.
 */
interface Kind {
  /** RDS knows a resource's tags under a key of its own besides `aws:ResourceTag`. */
  readonly tagName: string;
  tagsOf(store: RegionStore, id: string): Tags | undefined;
}

const kinds = {
  cluster: { tagName: "rds:cluster-tag", tagsOf: ({ clusters }, id) => clusters.get(id)?.tags },
  "cluster-snapshot": {
    tagName: "rds:cluster-snapshot-tag",
    tagsOf: ({ clusterSnapshots }, id) => clusterSnapshots.get(id)?.tags,
  },
  db: {
    tagName: "rds:db-tag",
    tagsOf: (store, id) => instancesIn(store).find(({ member }) => member.id === id)?.member.tags,
  },
} as const satisfies Record<string, Kind>;

export type ResourceKind = keyof typeof kinds;

export const isResourceKind = (type: string): type is ResourceKind => Object.hasOwn(kinds, type);

/**
 * Asks on a resource by id or ARN, or on all of its kind where a listing names none. Tags are those it has now in
 * the region and account asked: that a region knows tags of another's resource is nowhere said.
 */
export const onResource = (kind: ResourceKind, store: RegionStore, given: string | undefined): Question => {
  const { id, region = store.region, account = store.account } = readReference(given || "*");
  const here = region === store.region && account === store.account;
  const { tagName, tagsOf }: Kind = kinds[kind];
  return {
    resource: arnOf("rds", { region, account }, `${kind}:${id}`),
    region: store.region,
    context: tagContext(here ? tagsOf(store, id) : undefined, ["aws:ResourceTag", tagName]),
  };
};

export const onCluster = (store: RegionStore, given: string | undefined): Question =>
  onResource("cluster", store, given);

export const onSnapshot = (store: RegionStore, given: string | undefined): Question =>
  onResource("cluster-snapshot", store, given);

export const onInstance = (store: RegionStore, given: string | undefined): Question =>
  onResource("db", store, given);

/** The same question with the tags that the call is to set. */
export const withRequestTags = (question: Question, tags: TagInput | undefined): Question => ({
  ...question,
  context: { ...question.context, ...requestTagContext(tags, ["aws:RequestTag", "rds:req-tag"]) },
});

/** Tags given with a call that makes something need the right to tag it, or the call is denied. */
export const addingTags = (question: Question, tags: TagInput | undefined): readonly Question[] =>
  tags?.length ? [settingTags(question, tags)] : [];

export const settingTags = (question: Question, tags: TagInput): Question =>
  tagging(withRequestTags(question, tags), "true");

/**
 * So do tags that AWS takes over from the source: it announced that for final snapshots, and describes
 * `rds:TagsFromRequest` as false for inherited tags. That plain snapshots and CopyTags ask it too is an inference.
 */
export const inheritingTags = (question: Question, tags: Tags | undefined): readonly Question[] =>
  tags?.size ? [tagging(question, "false")] : [];

const tagging = (question: Question, fromRequest: "true" | "false"): Question => ({
  ...question,
  action: "rds:AddTagsToResource",
  context: { ...question.context, "rds:TagsFromRequest": fromRequest },
});
