import type { TagInput, Tags } from "../tags.ts";
import { mergeTags } from "../tags.ts";
import { redshiftFault } from "./errors.ts";

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

interface TagRules {
  readonly max: number;
  /** Tags already there, which count too; a key that exists gets the new value. */
  readonly held?: Tags;
}

/** Checks the tags a caller sets and answers them on top of those held. */
export const readTags = (
  given: TagInput | undefined,
  { max, held = new Map<string, string>() }: TagRules,
): Tags => {
  const added = new Map<string, string>();
  for (const { Key, Value } of given ?? []) added.set(checkedKey(Key ?? ""), checkedValue(Value ?? ""));
  const tags = mergeTags(held, added);
  if (added.size === 0 || tags.size <= max) return tags;
  throw redshiftFault("TagLimitExceededFault", `You have exceeded the number of tags allowed: ${max}.`);
};

const checkedKey = (key: string): string => {
  if (/^aws:/i.test(key)) throw invalid('Tag keys cannot start with the reserved prefix "aws:"');
  if (key.length < 1 || key.length > 128 || !allowed.test(key)) throw invalid(`Invalid tag key: ${key}`);
  return key;
};

// Unlike RDS, Redshift takes an empty value: a recorded answer of DescribeTags shows one.
const checkedValue = (value: string): string => {
  if (value.length > 256 || !allowed.test(value)) throw invalid(`Invalid tag value: ${value}`);
  return value;
};

const invalid = (message: string) => redshiftFault("InvalidTagFault", message);
