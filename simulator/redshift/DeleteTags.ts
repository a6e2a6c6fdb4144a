import { defineOperation } from "../operation.ts";
import { list, required, text } from "../protocol/shape.ts";
import { withTagKeys } from "../tag-context.ts";
import { withoutTags } from "../tags.ts";
import { findTaggable, onTaggable } from "./tagged-resources.ts";

export const operation = defineOperation({
  name: "DeleteTags",
  input: { ResourceName: required(text), TagKeys: required(list("TagKey", text)) },
  permissions: ({ ResourceName, TagKeys }, { store }) =>
    onTaggable(store, ResourceName).map((question) => withTagKeys(question, TagKeys)),
  run: ({ ResourceName, TagKeys }, call) => {
    const { record } = findTaggable(call, ResourceName);
    // A key that is not there is no error.
    record.tags = withoutTags(record.tags, TagKeys);
    return undefined;
  },
});
