import { defineOperation } from "../operation.ts";
import { list, required, text } from "../protocol/shape.ts";
import { withTagKeys } from "../tag-context.ts";
import { withoutTags } from "../tags.ts";
import { findTaggable, onTaggable } from "./tagged-resource.ts";
import { assertNoReservedTags } from "./tagging.ts";

/** Keys that are not there are passed over. */
export const operation = defineOperation({
  name: "RemoveTagsFromResource",
  input: { ResourceName: required(text), TagKeys: required(list("member", text)) },
  permissions: ({ ResourceName, TagKeys }, { store }) =>
    onTaggable(store, ResourceName).map((question) => withTagKeys(question, TagKeys)),
  run: ({ ResourceName, TagKeys }, call) => {
    const resource = findTaggable(call, ResourceName);
    assertNoReservedTags(new Map(TagKeys.map((key) => [key, ""])));
    resource.tags = withoutTags(resource.tags, TagKeys);
    return undefined;
  },
});
