import { hash } from "node:crypto";
import { commonError } from "./protocol/errors.ts";

interface Paging<T> {
  readonly MaxRecords: number | undefined;
  readonly Marker: string | undefined;
  /** Names an item for good, so that paging goes on rightly where items come and go in between. */
  readonly keyOf: (item: T) => string;
  /** Which listing this is; a marker of another one is refused. */
  readonly listing: string;
  /** What MaxRecords may be, where it is not 20 to 100; the most is the default. */
  readonly sizes?: PageSizes;
}

interface PageSizes {
  readonly min: number;
  readonly max: number;
}

const usualSizes: PageSizes = { min: 20, max: 100 };

/** Cuts one page out of a listing, which must come in the same order each time. */
export const page = <T>(items: readonly T[], paging: Paging<T>): { items: T[]; Marker?: string } => {
  const size = sizeOf(paging.MaxRecords, paging.sizes ?? usualSizes);
  const start = startOf(items, paging);
  const cut = items.slice(start, start + size);
  const last = cut.at(-1);
  if (last === undefined || start + size >= items.length) return { items: cut };
  return { items: cut, Marker: writeMarker(paging.listing, start + size, paging.keyOf(last)) };
};

const sizeOf = (given: number | undefined, { min, max }: PageSizes): number => {
  if (given === undefined) return max;
  if (given >= min && given <= max) return given;
  throw commonError(
    "InvalidParameterValue",
    `Invalid value ${given} for MaxRecords. Must be between ${min} and ${max}`,
  );
};

const startOf = <T>(items: readonly T[], { Marker, listing, keyOf }: Paging<T>): number => {
  if (!Marker) return 0;
  const { index, key } = readMarker(listing, Marker);
  const before = items[index - 1];
  if (before !== undefined && keyOf(before) === key) return index;
  const held = items.findIndex((item) => keyOf(item) === key);
  return held >= 0 ? held + 1 : index;
};

const writeMarker = (listing: string, index: number, key: string): string => {
  const content = JSON.stringify([index, key]);
  return Buffer.from(`${sealOf(listing, content)}${content}`).toString("base64");
};

const readMarker = (listing: string, marker: string): { index: number; key: string } => {
  const decoded = Buffer.from(marker, "base64").toString();
  const content = decoded.slice(sealLength);
  if (decoded.slice(0, sealLength) !== sealOf(listing, content)) {
    throw commonError("InvalidParameterValue", "The request token in the Marker parameter is invalid.");
  }
  const [index, key] = JSON.parse(content) as [number, string];
  return { index, key };
};

const sealLength = 12;

const sealOf = (listing: string, content: string): string =>
  hash("sha256", `${listing}\n${content}`).slice(0, sealLength);
