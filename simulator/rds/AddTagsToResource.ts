import { defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { required, text } from "../protocol/shape.ts";
import { mergeTags, tagsShape } from "../tags.ts";
import { settingTags } from "./questions.ts";
import { findTaggable, onTaggable } from "./tagged-resource.ts";
import { inheritableTags, readTags } from "./tagging.ts";

export const operation = defineOperation({
  name: "AddTagsToResource",
  input: { ResourceName: required(text), Tags: required(tagsShape) },
  permissions: ({ ResourceName, Tags }, { store }) =>
    onTaggable(store, ResourceName).map((question) => settingTags(question, Tags)),
  run: (input, call) => {
    const max = call.world.settings.tagsPerResourceMax;
    const resource = findTaggable(call, input.ResourceName);
    const tags = mergeTags(resource.tags, readTags(input.Tags, { max }));
    // Tags that AWS itself set do not count.
    if (inheritableTags(tags).size > max) {
      throw commonError("InvalidParameterValue", `The number of tags exceeds the maximum of ${max}.`);
    }
    resource.tags = tags;
    return undefined;
  },
});
