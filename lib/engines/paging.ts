import { IncompleteListingError } from "../errors.ts";
import type { Stretch, Stretched } from "./engine.ts";
import type { CallPlace } from "./faults.ts";

/** One page as the SDK gives it: `items` is `undefined` when the answer held no list at all. */
export interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly marker: string | undefined;
}

/** AWS's largest page in both families. */
export const pageSize = 100;

type FetchPage<T> = (marker: string | undefined) => Promise<Page<T>>;

/** Every item of a listing. */
export const listAll = async <T>(place: CallPlace, fetchPage: FetchPage<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const items of pagesOf(place, fetchPage)) all.push(...items);
  return all;
};

/** Where a listing stands: it moves on with each page, and has no marker once the listing is over. */
export interface Cursor {
  marker: string | undefined;
  pagesLeft: number;
}

/**
 * A listing page by page, as far as the cursor lets it. Whoever keeps something of it has kept it of the whole once the last page has come, and of
 * nothing where this throws. An answer without its list is not an empty list: the SDK parses an HTTP 200 with an empty
 * or alien body to `undefined` fields without an error, and to prune on that would be fatal.
 */
export async function* pagesOf<T>(
  place: CallPlace,
  fetchPage: FetchPage<T>,
  cursor: Cursor = { marker: undefined, pagesLeft: Number.POSITIVE_INFINITY },
): AsyncGenerator<readonly T[], void> {
  do {
    const { marker } = cursor;
    const page = await fetchPage(marker);
    if (page.items === undefined) {
      throw new IncompleteListingError(
        `${place.service} ${place.operation} in ${place.region} answered without its list`,
      );
    }
    if (page.marker !== undefined && page.marker === marker) {
      throw new IncompleteListingError(
        `${place.service} ${place.operation} in ${place.region} gave the same marker twice`,
      );
    }
    yield page.items;
    // `<Marker></Marker>` ends a listing as well as no marker does.
    cursor.marker = page.marker || undefined;
    cursor.pagesLeft -= 1;
  } while (cursor.marker !== undefined && cursor.pagesLeft > 0);
}

/** What a listing makes of a stretch, and where the next one begins. */
export const stretched = async <T>(
  { from, pages }: Stretch,
  list: (cursor: Cursor) => Promise<readonly T[]>,
): Promise<Stretched<T>> => {
  const cursor: Cursor = { marker: from, pagesLeft: pages };
  const items = await list(cursor);
  return { items, ...(cursor.marker !== undefined && { next: cursor.marker }) };
};

/** What is wanted of each item, as the pages come; the rest is let go with its page. */
export const pickFrom = async <Item, T>(
  pages: AsyncIterable<readonly Item[]>,
  pick: (item: Item) => T | undefined,
): Promise<readonly T[]> => {
  const picked: T[] = [];
  for await (const items of pages) {
    for (const item of items) {
      const one = pick(item);
      if (one !== undefined) picked.push(one);
    }
  }
  return picked;
};

type Whole<Fields> = { readonly [Name in keyof Fields]-?: NonNullable<Fields[Name]> };

/**
 * The fields of an item that it cannot be known without. A listing in which one is missing is not whole: to leave the
 * item out would make a running copy's source free to go, or a cluster's points orphans.
 */
export const assertWhole = <Fields extends Readonly<Record<string, string | undefined>>>(
  what: string,
  region: string,
  fields: Fields,
): Whole<Fields> => {
  const missing = Object.keys(fields).filter((name) => !fields[name]?.trim());
  if (missing.length === 0) return fields as Whole<Fields>;
  throw new IncompleteListingError(`a ${what} in ${region} was answered without ${missing.join(", ")}`);
};
