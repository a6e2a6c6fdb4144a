import { commonError } from "../protocol/errors.ts";
import type { TagInput, Tags } from "../tags.ts";

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Checks the tags a caller sets, by the rules of RDS; `max` counts those already there. */
export const readTags = (given: TagInput | undefined, { max }: { max: number }): Tags => {
  const tags = new Map<string, string>();
  for (const { Key, Value } of given ?? []) tags.set(checkedKey(Key ?? ""), checkedValue(Value ?? ""));
  if (tags.size > max) throw invalid(`The number of tags exceeds the maximum of ${max}.`);
  return tags;
};

/** Tags that a copy or snapshot may take over from what it is made of: AWS's own stay behind. */
export const inheritableTags = (tags: Tags): Tags =>
  new Map([...tags].filter(([key]) => !key.startsWith("aws:")));

export const assertNoReservedTags = (tags: Tags): void => {
  for (const key of tags.keys()) assertNotReserved(key);
};

const assertNotReserved = (key: string): void => {
  if (!/^(aws|rds):/i.test(key)) return;
  throw invalid(`Tag keys cannot start with the reserved prefix "${key.slice(0, 4)}"`);
};

const checkedKey = (key: string): string => {
  assertNotReserved(key);
  if (key.length < 1 || key.length > 128 || !allowed.test(key)) throw invalid(`Invalid tag key: ${key}`);
  return key;
};

// The model gives values 1 to 256 characters and no prefix of AWS's: RDS refuses an empty one, unlike most services.
const checkedValue = (value: string): string => {
  if (value.length < 1 || value.length > 256 || !allowed.test(value) || /^(aws|rds):/i.test(value))
    throw invalid(`Invalid tag value: ${value}`);
  return value;
};

const invalid = (message: string) => commonError("InvalidParameterValue", message);
