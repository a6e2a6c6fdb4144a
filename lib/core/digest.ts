import { Sha256 } from "@aws-crypto/sha256-js";

/**
 * SHA-256 over a list of words. The words are joined by a character that none of them can hold, so that
 * ("ab", "c") and ("a", "bc") differ. A pure library does the work: lib/core may not reach for node:crypto.
 */
export const digest = (parts: readonly string[]): Uint8Array => {
  const hash = new Sha256();
  hash.update(parts.join("\u0000"));
  return hash.digestSync();
};

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Base32 of RFC 4648 in lower case without padding: every character may stand in a snapshot's identifier. */
export const base32 = (bytes: Uint8Array): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join("");
};
