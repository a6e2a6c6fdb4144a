import { parseArn } from "../arn.ts";
import { type Call, defineOperation } from "../operation.ts";
import { boolean, integer, list, type Read, required, structure, text } from "../protocol/shape.ts";
import type { Tags } from "../tags.ts";
import { taggingFault } from "./errors.ts";
import { pageOfResources } from "./resource-pages.ts";
import { type TaggedResource, taggedResources } from "./tagged-resources.ts";

const input = {
  PaginationToken: text,
  TagFilters: list("member", structure({ Key: required(text), Values: list("member", text) })),
  ResourcesPerPage: integer,
  TagsPerPage: integer,
  ResourceTypeFilters: list("member", text),
  // Taken without effect: there are no tag policies here.
  IncludeComplianceDetails: boolean,
  ExcludeCompliantResources: boolean,
  ResourceARNList: list("member", text),
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "GetResources",
  input,
  run: (input, call) => {
    assertLimits(input);
    assertAloneIfByArn(input);
    const found = chosen(call, input);
    // A list of ARNs excludes every paging parameter, so the rest of a page could never be asked for.
    if (input.ResourceARNList) return { PaginationToken: "", ResourceTagMappingList: found.map(mapping) };
    const { items, PaginationToken } = pageOfResources(found, input);
    return { PaginationToken, ResourceTagMappingList: items.map(mapping) };
  },
});

const chosen = (call: Call, input: Input): readonly TaggedResource[] => {
  const held = taggedResources(call.store).filter((resource) => isIndexed(call, resource));
  // An ARN that names nothing, or nothing with tags, is left out of the answer without an error.
  if (input.ResourceARNList) {
    const arns = new Set(input.ResourceARNList);
    return held.filter(({ arn }) => arns.has(arn));
  }
  return held.filter(
    (resource) => ofType(resource, input.ResourceTypeFilters) && taggedAs(resource.tags, input.TagFilters),
  );
};

const isIndexed = ({ world, now }: Call, { since }: TaggedResource): boolean =>
  since === undefined || since.getTime() <= now.getTime() - world.settings.taggingDelaySeconds * 1000;

/** A filter is `rds`, or `rds:cluster` as the type is written in the ARN. */
const ofType = ({ arn }: TaggedResource, types: readonly string[] | undefined): boolean => {
  if (!types?.length) return true;
  const parts = parseArn(arn);
  return types.some((type) => type === parts?.service || type === `${parts?.service}:${parts?.type}`);
};

// All filters must hold, each by any of its values; one without values asks for the key only.
const taggedAs = (tags: Tags, filters: Input["TagFilters"]): boolean =>
  (filters ?? []).every(({ Key, Values }) => {
    const value = tags.get(Key);
    return value !== undefined && (!Values?.length || Values.includes(value));
  });

const mapping = ({ arn, tags }: TaggedResource) => ({
  ResourceARN: arn,
  Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
});

const assertLimits = ({ ResourceARNList, TagFilters, ResourceTypeFilters }: Input): void => {
  assertLength("ResourceARNList", ResourceARNList, 1, 100);
  assertLength("ResourceTypeFilters", ResourceTypeFilters, 0, 100);
  assertLength("TagFilters", TagFilters, 0, 50);
  for (const { Values } of TagFilters ?? []) assertLength("TagFilters.Values", Values, 0, 20);
};

// The model names this exception for values out of range; its words here are a guess.
const assertLength = (name: string, given: readonly unknown[] | undefined, min: number, max: number) => {
  if (given === undefined || (given.length >= min && given.length <= max)) return;
  throw taggingFault(
    "InvalidParameterException",
    `Value at '${name}' failed to satisfy constraint: Member must have length between ${min} and ${max}`,
  );
};

const assertAloneIfByArn = (input: Input): void => {
  if (!input.ResourceARNList) return;
  const excluded = [
    input.ResourceTypeFilters?.length,
    input.TagFilters?.length,
    input.ResourcesPerPage,
    input.TagsPerPage,
    input.PaginationToken,
  ];
  if (!excluded.some(Boolean)) return;
  throw taggingFault(
    "InvalidParameterException",
    "ResourceARNList cannot be specified together with TagFilters, ResourceTypeFilters or pagination parameters.",
  );
};
