import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { unzipSync } from "fflate";

/** One function's package, in bytes. */
export interface Bundle {
  readonly name: string;
  /** What Node loads at a cold start. */
  readonly code: number;
  /** What is uploaded: code, source map and plans. */
  readonly zip: number;
}

/**
 * The most that a bundle's code may hold, in KiB: a tenth above the largest (Copy) as it was measured when this
 * was set. A dependency that comes in unseen crosses it, and then somebody decides.
 */
export const codeKibMax = 675;

/** What packaging laid into `folder`, by name. */
export const readBundles = (folder: string): readonly Bundle[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".zip"))
    .toSorted()
    .map((name) => {
      const packed = readFileSync(join(folder, name));
      const files = Object.entries(unzipSync(packed));
      const code = files.filter(([path]) => path.endsWith(".cjs"));
      return {
        name: basename(name, ".zip"),
        code: code.reduce((sum, [, bytes]) => sum + bytes.length, 0),
        zip: packed.length,
      };
    });

export const tooLarge = (bundles: readonly Bundle[]): readonly Bundle[] =>
  bundles.filter(({ code }) => code > codeKibMax * 1024);

/** A line for each bundle, for a terminal. */
export const describeBundles = (bundles: readonly Bundle[]): string =>
  ["function      code KiB   zip KiB", ...bundles.map(describe)].join("\n");

const describe = ({ name, code, zip }: Bundle): string =>
  `${name.padEnd(12)}${kib(code).padStart(10)}${kib(zip).padStart(10)}`;

const kib = (bytes: number): string => (bytes / 1024).toFixed(0);
