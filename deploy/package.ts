/**
 * `npm run package`: the plans are checked first, so that a mistake in them is one clear sentence; then the
 * framework packages, with whatever options were given; then the bundles are weighed.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { HoldfastError } from "../lib/errors.ts";
import { codeKibMax, describeBundles, readBundles, tooLarge } from "./bundles.ts";
import { defaults, givenParameters } from "./settings.ts";
import { readStack } from "./variables.ts";

const folder = ".serverless";
const status = { done: 0, failed: 1, misuse: 2 } as const;

const main = (args: readonly string[]): number => {
  // What an earlier packaging left must not be taken for this one's.
  rmSync(folder, { recursive: true, force: true });
  checkPlans(args);
  const framework = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
  const packaged = spawnSync(process.execPath, [framework, "package", ...args], { stdio: "inherit" });
  if (packaged.status !== 0) return status.failed;
  const bundles = readBundles(folder);
  console.log(
    `${describeBundles(bundles)}\n\nready in ${folder}: look at the template there, then \`npm run deploy\``,
  );
  const heavy = tooLarge(bundles).map(({ name }) => name);
  if (heavy.length === 0) return status.done;
  console.error(
    `holdfast: over ${codeKibMax} KiB of code: ${heavy.join(", ")}; see what came in, or raise the limit`,
  );
  return status.failed;
};

/** With the same stage, region and parameters as the framework is going to see. */
const checkPlans = (args: readonly string[]): void => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stage: { type: "string", short: "s", default: "dev" },
      region: { type: "string", short: "r" },
      param: { type: "string", multiple: true, default: [] },
    },
    strict: false,
  });
  readStack({
    home: String(values.region ?? process.env.AWS_REGION ?? "us-east-1"),
    stage: String(values.stage),
    parameters: { ...defaults, ...givenParameters(values.param as string[]) },
  });
};

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof HoldfastError)) throw error;
  console.error(error.message.replace(/^/gm, "holdfast: "));
  console.error("holdfast: nothing was packaged");
  process.exitCode = status.misuse;
}
