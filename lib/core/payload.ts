const utf8 = new TextEncoder();

/** What a value weighs in a state's payload, in bytes: AWS counts its JSON as UTF-8, where a letter of a tag may have several. */
export const bytesOf = (value: unknown): number => utf8.encode(JSON.stringify(value)).length;
