import { createHash } from "node:crypto";

/** An id such as `cluster-FLECGNGAS7PCRHRT7DHDF24BGU`: the same parts always give the same id. */
export const stableResourceId = (prefix: string, ...parts: readonly string[]): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const letters = [...digest(parts)].slice(0, 26).map((byte) => alphabet[byte % 32]);
  return `${prefix}${letters.join("")}`;
};

/** A UUID that depends on its parts only: key ids, Redshift namespaces. */
export const stableUuid = (...parts: readonly string[]): string => {
  const hex = digest(parts).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
};

const digest = (parts: readonly string[]): Buffer => createHash("sha256").update(parts.join("\n")).digest();
