/**
 * Tags for what AWS described without a tag list.
 *
 * RDS-shaped answers carry `TagList` for every engine as far as is known; where one does not (unconfirmed for
 * Neptune and DocumentDB in every region), one `tag:GetResources` for each 100 resources tells their tags.
 * Never `ListTagsForResource` by resource: some 700 of those a minute get an account throttled
 * (awslabs/rds-snapshot-tool#29).
 */
import {
  GetResourcesCommand,
  type ResourceGroupsTaggingAPIClient,
  type ResourceTagMapping,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { chunk } from "../core/batch.ts";
import type { Tags } from "../core/cluster.ts";
import { DeniedError, IncompleteListingError } from "../errors.ts";
import { ask } from "./faults.ts";

const arnsMax = 100;

interface Tagged {
  readonly arn: string;
  readonly tags: Tags | undefined;
}

/**
 * The same items, with the tags looked up that were not told. Costs nothing where all were. Where the lookup
 * itself is refused they stay `undefined`: the caller then does not know, and must not guess.
 */
export const withTags = async <T extends Tagged>(
  client: ResourceGroupsTaggingAPIClient,
  region: string,
  items: readonly T[],
): Promise<readonly T[]> => {
  const untold = items.filter(({ tags }) => tags === undefined).map(({ arn }) => arn);
  if (untold.length === 0) return items;
  try {
    const found = await lookUp(client, region, untold);
    // The API returns only what has tags, or had some: what it leaves out has none.
    return items.map((item) =>
      item.tags === undefined ? { ...item, tags: found.get(item.arn) ?? {} } : item,
    );
  } catch (error) {
    if (error instanceof DeniedError) return items;
    throw error;
  }
};

const lookUp = async (
  client: ResourceGroupsTaggingAPIClient,
  region: string,
  untold: readonly string[],
): Promise<ReadonlyMap<string, Tags>> => {
  const found = new Map<string, Tags>();
  for (const arns of chunk(untold, arnsMax)) {
    for (const { ResourceARN = "", Tags } of await mappingsOf(client, region, arns)) {
      const tags = readTags(Tags);
      // An entry that says not what it is of, or not what its tags are, leaves one of those asked for untold.
      if (!arns.includes(ResourceARN) || tags === undefined) throw notWhole(region);
      found.set(ResourceARN, tags);
    }
  }
  return found;
};

/**
 * The whole answer for some ARNs. What it leaves out counts as untagged, so one that is cut short must not
 * pass: with a list of ARNs no PaginationToken may be sent, and fewer ARNs are asked for instead.
 */
const mappingsOf = async (
  client: ResourceGroupsTaggingAPIClient,
  region: string,
  arns: readonly string[],
): Promise<readonly ResourceTagMapping[]> => {
  const answer = await ask({ service: "tagging", operation: "GetResources", region }, () =>
    client.send(new GetResourcesCommand({ ResourceARNList: [...arns] })),
  );
  const cut = Boolean(answer.PaginationToken);
  // The SDK hands on what JSON holds, of whatever type it is.
  if (!Array.isArray(answer.ResourceTagMappingList) || (cut && arns.length === 1)) throw notWhole(region);
  if (!cut) return answer.ResourceTagMappingList;
  const halves: (readonly ResourceTagMapping[])[] = [];
  for (const half of chunk(arns, Math.ceil(arns.length / 2)))
    halves.push(await mappingsOf(client, region, half));
  return halves.flat();
};

const notWhole = (region: string): IncompleteListingError =>
  new IncompleteListingError(`tagging GetResources in ${region} answered without its whole list`);

/** The longest key of a tag that AWS allows. */
const keyLettersMax = 128;

interface Pair {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/**
 * AWS's list of pairs as a record; `undefined` stays `undefined`: not told is not "none". A list with a pair in it that
 * is none is not told either: it may be the hold that is missing.
 */
export const readTags = (list: readonly Pair[] | undefined): Tags | undefined => {
  if (!Array.isArray(list) || !list.every(isPair)) return undefined;
  return Object.fromEntries(list.map(({ Key = "", Value }) => [Key, Value ?? ""]));
};

const isPair = (pair: unknown): boolean => {
  const { Key, Value = "" } = (pair ?? {}) as { readonly Key?: unknown; readonly Value?: unknown };
  return (
    typeof Key === "string" && Key.trim() !== "" && Key.length <= keyLettersMax && typeof Value === "string"
  );
};

/** A record as AWS's list of pairs. */
export const writeTags = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
