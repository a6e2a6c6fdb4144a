import { taggingFault } from "./errors.ts";
import type { TaggedResource } from "./tagged-resources.ts";

interface Paging {
  readonly PaginationToken: string | undefined;
  readonly ResourcesPerPage: number | undefined;
  readonly TagsPerPage: number | undefined;
}

interface Page {
  readonly items: readonly TaggedResource[];
  /** Empty, not absent, on the last page. */
  readonly PaginationToken: string;
}

// The model gives limits but no defaults; these are guesses.
const resourcesDefault = 50;
const tagsDefault = 500;

/** Cuts a page by number of resources and of tags, never through the tags of one resource. */
export const pageOfResources = (resources: readonly TaggedResource[], paging: Paging): Page => {
  const resourcesMax = within("ResourcesPerPage", paging.ResourcesPerPage ?? resourcesDefault, 1, 100);
  const tagsMax = within("TagsPerPage", paging.TagsPerPage ?? tagsDefault, 100, 500);
  const rest = after(resources, paging.PaginationToken);
  const items: TaggedResource[] = [];
  let tags = 0;
  for (const resource of rest) {
    tags += resource.tags.size;
    if (items.length === resourcesMax || tags > tagsMax) break;
    items.push(resource);
  }
  const last = items.at(-1);
  const more = last !== undefined && items.length < rest.length;
  return { items, PaginationToken: more ? writeToken(last.arn) : "" };
};

const after = (
  resources: readonly TaggedResource[],
  token: string | undefined,
): readonly TaggedResource[] => {
  if (!token) return resources;
  const last = readToken(token);
  return resources.filter(({ arn }) => arn > last);
};

// AWS's tokens expire after 15 minutes. These do not: virtual minutes may last a blink for the caller.
const writeToken = (arn: string): string => Buffer.from(JSON.stringify({ after: arn })).toString("base64");

const readToken = (token: string): string => {
  const after = /^\{"after":"(arn:[^"]+)"\}$/.exec(Buffer.from(token, "base64").toString())?.[1];
  if (after) return after;
  throw taggingFault("InvalidParameterException", "The PaginationToken is invalid.");
};

const within = (name: string, given: number, min: number, max: number): number => {
  if (given >= min && given <= max) return given;
  throw taggingFault("InvalidParameterException", `${name} must be between ${min} and ${max}, not ${given}.`);
};
