/**
 * `npm run deploy`: deploys what `npm run package` made, for the stage and the region that it was made for. The
 * framework alone would not compare: a package of one stage would become the stack of another.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ConfigError } from "../lib/errors.ts";
import { readDeployWords } from "./options.ts";

const folder = ".serverless";
const status = { done: 0, failed: 1, misuse: 2 } as const;

interface State {
  readonly service: { readonly provider: { readonly stage: string; readonly region: string } };
}

const readState = (): State["service"]["provider"] | undefined => {
  try {
    return (JSON.parse(readFileSync(`${folder}/serverless-state.json`, "utf8")) as State).service.provider;
  } catch {
    return undefined;
  }
};

const main = (args: readonly string[]): number => {
  const options = readDeployWords(args);
  if (options === undefined) return status.done;
  const packaged = readState();
  if (packaged === undefined) throw new ConfigError("nothing is packaged; run `npm run package` first");
  const { stage, region } = packaged;
  console.log(`deploying ${folder} to stack holdfast-${stage} in ${region}`);
  const framework = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
  const words = ["deploy", "--package", folder, "--stage", stage, "--region", region, ...options];
  const deployed = spawnSync(process.execPath, [framework, ...words], { stdio: "inherit" });
  return deployed.status === 0 ? status.done : status.failed;
};

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`holdfast: ${error.message}`);
  process.exitCode = status.misuse;
}
