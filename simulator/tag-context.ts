import type { Context, Question } from "./iam.ts";
import type { TagInput, Tags } from "./tags.ts";

/** Tags as condition keys: `aws:ResourceTag/team`, once under each of the names given. */
export const tagContext = (tags: Tags | undefined, names: readonly string[]): Context =>
  Object.fromEntries(
    [...(tags ?? [])].flatMap(([key, value]) => names.map((name) => [`${name}/${key}`, value])),
  );

/** What a call says of tags to be set. A call without tags leaves also `aws:TagKeys` unset. */
export const requestTagContext = (given: TagInput | undefined, names: readonly string[]): Context => {
  const tags = new Map((given ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  return { ...tagContext(tags, names), ...tagKeysContext([...tags.keys()]) };
};

/** The question with the keys of tags that the call is to take away. */
export const withTagKeys = (question: Question, keys: readonly string[]): Question => ({
  ...question,
  context: { ...question.context, ...tagKeysContext(keys) },
});

const tagKeysContext = (keys: readonly string[]): Context =>
  keys.length === 0 ? {} : { "aws:TagKeys": [...keys] };
