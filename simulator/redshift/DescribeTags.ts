import { type Call, defineOperation } from "../operation.ts";
import { page } from "../paging.ts";
import { commonError } from "../protocol/errors.ts";
import { integer, text } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import { tagFilterShapes, tagMatches } from "./tag-filter.ts";
import { findTaggable, onTaggable, type TaggedResource, taggableResources } from "./tagged-resources.ts";

export const operation = defineOperation({
  name: "DescribeTags",
  input: {
    ResourceName: text,
    ResourceType: text,
    MaxRecords: integer,
    Marker: text,
    ...tagFilterShapes,
  },
  permissions: ({ ResourceName }, { store }) =>
    ResourceName ? onTaggable(store, ResourceName) : [{ resource: "*" }],
  run: (input, call) => {
    const { ResourceName, MaxRecords, Marker } = input;
    const found = chosen(call, input)
      .flatMap(tagsOf)
      .filter(({ Tag }) => tagMatches(input, Tag.Key, Tag.Value));
    const keyOf = (item: TaggedItem) => `${item.ResourceName} ${item.Tag.Key}`;
    const cut = ResourceName
      ? { items: found, Marker: undefined }
      : page(found, { MaxRecords, Marker, keyOf, listing: call.operation, sizes: { min: 10, max: 50 } });
    return { TaggedResources: elements("TaggedResource", cut.items), Marker: cut.Marker };
  },
});

type TaggedItem = ReturnType<typeof tagsOf>[number];

// One item for each tag, not for each resource.
const tagsOf = ({ type, record }: TaggedResource) =>
  [...record.tags].map(([Key, Value]) => ({
    Tag: { Key, Value },
    ResourceName: record.arn,
    ResourceType: type,
  }));

interface Choice {
  readonly ResourceName: string | undefined;
  readonly ResourceType: string | undefined;
  readonly MaxRecords: number | undefined;
  readonly Marker: string | undefined;
}

const chosen = (call: Call, { ResourceName, ResourceType, MaxRecords, Marker }: Choice) => {
  if (ResourceName && (ResourceType || MaxRecords !== undefined || Marker)) {
    throw commonError(
      "InvalidParameterCombination",
      "ResourceName cannot be specified together with ResourceType, MaxRecords or Marker.",
    );
  }
  if (ResourceName) return [findTaggable(call, ResourceName)];
  // The documentation writes `Snapshot copy grant` where answers say `snapshotcopygrant`.
  const type = ResourceType?.toLowerCase().replaceAll(" ", "");
  return taggableResources(call.store).filter((resource) => (type || resource.type) === resource.type);
};
