import { filtersShape } from "../filters.ts";
import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { tagList } from "../tags.ts";
import { findTaggable, onTaggable } from "./tagged-resource.ts";

/** Answers all tags at once; `Filters` is in the model as "not currently supported". */
export const operation = defineOperation({
  name: "ListTagsForResource",
  input: { ResourceName: required(text), Filters: filtersShape },
  permissions: ({ ResourceName }, { store }) => onTaggable(store, ResourceName),
  run: ({ ResourceName }, call) => ({ TagList: tagList(findTaggable(call, ResourceName).tags) }),
});
