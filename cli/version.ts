import { readFileSync } from "node:fs";

/** The package's version; package.json is where npm puts it, beside cli/ and dist/. */
export const packageVersion = (): string => {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
};
