/**
 * `npm run package`: options and plans are checked first, so that a mistake in them is one clear sentence;
 * then the framework packages; then the bundles are weighed.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { HoldfastError } from "../lib/errors.ts";
import { codeKibMax, describeBundles, readBundles, tooLarge } from "./bundles.ts";
import { readPackageOptions } from "./options.ts";
import { defaults } from "./settings.ts";
import { hasListener, noListener } from "./topic.ts";
import { readStack } from "./variables.ts";

const folder = ".serverless";
const status = { done: 0, failed: 1, misuse: 2 } as const;

const main = (args: readonly string[]): number => {
  const options = readPackageOptions(args);
  if (options === undefined) return status.done;
  clear();
  // With the same stage, region and parameters as the framework is going to see.
  const { region: home, stage, parameters } = options;
  const stack = readStack({ home, stage, parameters: { ...defaults, ...parameters } });
  const framework = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
  const words = [framework, "package", ...options.words];
  if (spawnSync(process.execPath, words, { stdio: "inherit" }).status !== 0) return status.failed;
  const bundles = readBundles(folder);
  console.log(
    `${describeBundles(bundles)}\n\nready in ${folder}: look at the template there, then \`npm run deploy\``,
  );
  if (!hasListener(stack)) console.error(`holdfast: ${noListener}`);
  const heavy = tooLarge(bundles).map(({ name }) => name);
  if (heavy.length === 0) return status.done;
  console.error(
    `holdfast: over ${codeKibMax} KiB of code: ${heavy.join(", ")}; see what came in, or raise the limit`,
  );
  return status.failed;
};

/** What an earlier packaging left must not be taken for this one's. */
const clear = (): void => rmSync(folder, { recursive: true, force: true });

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof HoldfastError)) throw error;
  clear();
  console.error(error.message.replace(/^/gm, "holdfast: "));
  console.error("holdfast: nothing was packaged");
  process.exitCode = status.misuse;
}
