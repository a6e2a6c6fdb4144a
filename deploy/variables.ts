import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse } from "yaml";
import type { Config } from "../lib/core/plan.ts";
import { loadConfig } from "../lib/runtime/config-file.ts";
import { serviceName } from "../lib/runtime/environment.ts";
import { packagingProblems } from "./packaging-problems.ts";
import { readRegionLock, writeRegionLock } from "./region-lock.ts";
import { defaults, givenParameters, readSettings } from "./settings.ts";
import type { Stack } from "./stack.ts";
import { makeTemplate, type Template } from "./template.ts";

const plansPath = "holdfast.yml";

/** The plans as the functions read them; serverless.yml puts this file beside every bundle. */
const deployedPlansPath = ".holdfast/holdfast.json";

/** Commands that package. The others, removing among them, read the plans too, and are to leave nothing behind. */
const packaging = ["package", "deploy"];

/** How the framework tells values of its command line and of serverless.yml. */
export type ResolveVariable = (address: string) => Promise<unknown>;

/**
 * Reads the plans, refuses what must not be deployed, and makes everything that depends on them. Also lays the
 * plans where the functions' packages take them from, and remembers the regions. `given` is what the command line
 * has as `--param`.
 */
export const packageTemplate = async (
  resolve: ResolveVariable,
  given: readonly string[],
): Promise<Template> => {
  const stack = readStack({
    home: String(await resolve("self:provider.region")),
    stage: String(await resolve("sls:stage")),
    // Of what was given the framework asks only for what serverless.yml mentions: a misspelt name is found here.
    parameters: { ...givenParameters(given), ...(await resolvedParameters(resolve)) },
  });
  const template = makeTemplate(stack);
  if (!process.argv.some((word) => packaging.includes(word))) return template;
  mkdirSync(dirname(deployedPlansPath), { recursive: true });
  writeFileSync(deployedPlansPath, JSON.stringify(parse(readFileSync(plansPath, "utf8"))));
  writeRegionLock(stack.config.regions);
  return template;
};

const resolvedParameters = async (resolve: ResolveVariable): Promise<Readonly<Record<string, unknown>>> =>
  Object.fromEntries(
    await Promise.all(Object.keys(defaults).map(async (name) => [name, await resolve(`param:${name}`)])),
  );

export interface StackInput {
  readonly home: string;
  readonly stage: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Everything that a deployment is made from, or one `ConfigError` that names every mistake. */
export const readStack = ({ home, stage, parameters }: StackInput): Stack => {
  const service = serviceName(stage);
  const settings = readSettings(parameters, home);
  const locked = readRegionLock();
  const stackOf = (config: Config): Stack => ({ config, stage, service, settings });
  const config = loadConfig(plansPath, home, (read) => packagingProblems(stackOf(read), { home, locked }));
  return stackOf(config);
};
