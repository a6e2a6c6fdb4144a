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
  readonly tags: Tags | undefined;
}

/** Where things were listed, and how the Tagging API names one. */
interface TagQuery<T> {
  readonly region: string;
  readonly arnOf: (item: T) => string;
}

/**
 * The same items, with the tags looked up that were not told. Costs nothing where all were. Where the lookup
 * itself is refused they stay `undefined`: the caller then does not know, and must not guess.
 */
export const withTags = async <T extends Tagged>(
  client: ResourceGroupsTaggingAPIClient,
  query: TagQuery<T>,
  items: readonly T[],
): Promise<readonly T[]> => (await completed(client, query, items)) ?? items;

/** What comes by the page, and which of it needs its tags. */
interface TaggedPages<T> extends TagQuery<T> {
  readonly pages: AsyncIterable<readonly T[]>;
  readonly needsTags: (item: T) => boolean;
}

/**
 * The same for a listing page by page, in as few calls as for the whole at once: what was not told waits until there is
 * a callful of it, and so comes later than its page. Whether the lookup is refused shows with the first call, for the
 * whole listing; one that is refused only later would leave half of it untold, and fails.
 */
export async function* pagesWithTags<T extends Tagged>(
  client: ResourceGroupsTaggingAPIClient,
  { pages, needsTags, ...query }: TaggedPages<T>,
): AsyncGenerator<readonly T[], void> {
  let waiting: readonly T[] = [];
  let answers: boolean | undefined;
  const lookUpSome = async (some: readonly T[]): Promise<readonly T[]> => {
    const found = answers === false ? undefined : await completed(client, query, some);
    if (found === undefined && answers) throw notWhole(query.region);
    answers = found !== undefined;
    return found ?? some;
  };
  for await (const page of pages) {
    const isUntold = (item: T): boolean => item.tags === undefined && needsTags(item);
    yield page.filter((item) => !isUntold(item));
    waiting = [...waiting, ...page.filter(isUntold)];
    for (; waiting.length >= arnsMax; waiting = waiting.slice(arnsMax))
      yield await lookUpSome(waiting.slice(0, arnsMax));
  }
  if (waiting.length > 0) yield await lookUpSome(waiting);
}

/** With the tags looked up that were not told; `undefined` where the lookup is refused. */
const completed = async <T extends Tagged>(
  client: ResourceGroupsTaggingAPIClient,
  { region, arnOf }: TagQuery<T>,
  items: readonly T[],
): Promise<readonly T[] | undefined> => {
  const untold = items.filter(({ tags }) => tags === undefined).map(arnOf);
  if (untold.length === 0) return items;
  try {
    const found = await lookUp(client, region, untold);
    // The API returns only what has tags, or had some: what it leaves out has none.
    return items.map((item) =>
      item.tags === undefined ? { ...item, tags: found.get(arnOf(item)) ?? {} } : item,
    );
  } catch (error) {
    if (error instanceof DeniedError) return undefined;
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
