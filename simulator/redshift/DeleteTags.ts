import { defineOperation } from "../operation.ts";
import { list, required, text } from "../protocol/shape.ts";
import { withoutTags } from "../tags.ts";
import { findTaggable } from "./tagged-resources.ts";

export const operation = defineOperation({
  name: "DeleteTags",
  input: { ResourceName: required(text), TagKeys: required(list("TagKey", text)) },
  run: ({ ResourceName, TagKeys }, call) => {
    const { record } = findTaggable(call, ResourceName);
    // A key that is not there is no error.
    record.tags = withoutTags(record.tags, TagKeys);
    return undefined;
  },
});
