import { list, structure, text } from "./protocol/shape.ts";
import { elements } from "./protocol/xml.ts";

/** Tags of a resource, in the order in which they were set. */
export type Tags = ReadonlyMap<string, string>;

/** The shape of a `Tags` parameter: `Tags.Tag.1.Key`, in the RDS family and in Redshift alike. */
export const tagsShape = list("Tag", structure({ Key: text, Value: text }));

export type TagInput = readonly { readonly Key: string | undefined; readonly Value: string | undefined }[];

/** Sets tags on top of others; a later value wins. */
export const mergeTags = (held: Tags, added: Tags): Tags => new Map([...held, ...added]);

export const withoutTags = (held: Tags, keys: readonly string[]): Tags =>
  new Map([...held].filter(([key]) => !keys.includes(key)));

/** Tags as an answer lists them: `<TagList><Tag>…`. */
export const tagList = (tags: Tags) =>
  elements(
    "Tag",
    [...tags].map(([Key, Value]) => ({ Key, Value })),
  );
