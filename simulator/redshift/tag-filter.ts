import { list, text } from "../protocol/shape.ts";
import type { Tags } from "../tags.ts";

export const tagFilterShapes = { TagKeys: list("TagKey", text), TagValues: list("TagValue", text) };

interface TagFilter {
  readonly TagKeys: readonly string[] | undefined;
  readonly TagValues: readonly string[] | undefined;
}

export const filtersByTag = ({ TagKeys, TagValues }: TagFilter): boolean =>
  Boolean(TagKeys?.length || TagValues?.length);

/**
 * Whether one tag has any of the keys and any of the values. "Any combination" of the documentation: several
 * keys or values widen the result, as OR does, and never narrow it.
 */
export const tagMatches = ({ TagKeys, TagValues }: TagFilter, key: string, value: string): boolean =>
  (!TagKeys?.length || TagKeys.includes(key)) && (!TagValues?.length || TagValues.includes(value));

/** Whether a resource with these tags is listed; without keys and values every one is, tagged or not. */
export const hasTags = (filter: TagFilter, tags: Tags): boolean =>
  !filtersByTag(filter) || [...tags].some(([key, value]) => tagMatches(filter, key, value));
