const utf8 = new TextEncoder();

/** What a value weighs in a state's payload: AWS counts the bytes of its JSON, and a letter of a tag may have several. */
export const bytesOf = (value: unknown): number => utf8.encode(JSON.stringify(value)).length;
