import { partitionOf } from "./region.ts";

// A key by its id, alias or ARN; ids that begin with mrk- are those of multi-region keys.
const id = "(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})";
const alias = "alias/[A-Za-z0-9/_-]{1,250}";
const bareForm = new RegExp(`^(?:${id}|${alias})$`);
const arnForm = new RegExp(`^arn:([a-z-]+):kms:([a-z0-9-]+):\\d{12}:(?:key/${id}|${alias})$`);

/** The word for snapshots that are unencrypted on purpose, so that no key is missing. */
export const noKey = "none";

/** What is wrong with the form of a key's name, as a remedy; `undefined` when nothing is. */
export const keyMistake = (text: string): string | undefined => {
  const [, others] = /(?:^|:)alias\/aws\/(?!rds$)(.*)$/.exec(text) ?? [];
  if (others !== undefined) return `use a key of your own; AWS's key for ${others} serves no other service`;
  if (text === noKey || bareForm.test(text) || arnForm.test(text)) return undefined;
  const [, service] = /^arn:[^:]*:([^:]*)/.exec(text) ?? [];
  if (service === "kms") return "use an ARN that ends in :ACCOUNT:key/ID or :ACCOUNT:alias/NAME";
  if (service !== undefined) return `use an ARN of kms; this one is of ${service || "no service"}`;
  if (/^[\w-]+$/.test(text)) return `use alias/${text} if that is its alias, a key's id or ARN, or ${noKey}`;
  return `use alias/NAME, a key's id or ARN, or ${noKey}`;
};

/** A snapshot is encrypted anew where it is copied to, by a key of that region: no other can be reached. */
export const keyMismatch = (text: string, region: string): string | undefined => {
  const [, partition, home] = arnForm.exec(text) ?? [];
  if (partition === undefined || home === undefined) return undefined;
  if (home !== region) return `use a key of ${region}; this one is of ${home}`;
  const right = partitionOf(region);
  return partition === right
    ? undefined
    : `use an ARN of the partition ${right}; this one is of ${partition}`;
};
