/**
 * `npm run deploy`: deploys what `npm run package` made, for the stage and the region that it was made for. The
 * framework alone would not compare: a package of one stage would become the stack of another.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const folder = ".serverless";

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

const packaged = readState();
const given = process.argv.slice(2);
if (packaged === undefined) {
  console.error("holdfast: nothing is packaged; run `npm run package` first");
  process.exitCode = 2;
} else if (given.some((word) => /^(-s|-r|--stage|--region|--param|--package)\b/.test(word))) {
  console.error("holdfast: stage, region and parameters are the package's; give them to `npm run package`");
  process.exitCode = 2;
} else {
  const { stage, region } = packaged;
  console.log(`deploying ${folder} to stack holdfast-${stage} in ${region}`);
  const framework = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
  const words = ["deploy", "--package", folder, "--stage", stage, "--region", region, ...given];
  const { status } = spawnSync(process.execPath, [framework, ...words], { stdio: "inherit" });
  process.exitCode = status === 0 ? 0 : 1;
}
