import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { tagsShape } from "../tags.ts";
import { assertAvailable } from "./lookup.ts";
import { withRequestTags } from "./questions.ts";
import { findTaggable, onTaggable } from "./tagged-resources.ts";
import { readTags } from "./tagging.ts";

export const operation = defineOperation({
  name: "CreateTags",
  input: { ResourceName: required(text), Tags: required(tagsShape) },
  permissions: ({ ResourceName, Tags }, { store }) =>
    onTaggable(store, ResourceName).map((question) => withRequestTags(question, Tags)),
  run: (input, call) => {
    const { type, record } = findTaggable(call, input.ResourceName);
    // Of the resources only a cluster must be available to be tagged: a snapshot may be so while it is made.
    if (type === "cluster") assertAvailable(record);
    record.tags = readTags(input.Tags, { max: call.world.settings.tagsPerResourceMax, held: record.tags });
    return undefined;
  },
});
