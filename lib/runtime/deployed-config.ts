import { readFileSync } from "node:fs";
import type { Config } from "../core/plan.ts";
import { readConfig } from "../core/plan-schema.ts";
import { ConfigError } from "../errors.ts";

/**
 * holdfast.yml as packaging laid it beside the function's bundle: the same document as JSON, which spares every
 * cold start a YAML parser. It was checked then, and is checked again by the same code.
 */
export const loadDeployedConfig = (path: string, home: string): Config => {
  const verdict = readConfig(readDocument(path), home);
  if ("config" in verdict) return verdict.config;
  const words = verdict.problems.map((problem) => `${problem.path.join(".")} ${problem.message}`);
  throw new ConfigError(`${path}: ${words.join("; ")}; package the service again`);
};

const readDocument = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const message = `cannot read ${path}; package the service again, or set HOLDFAST_CONFIG`;
    throw new ConfigError(message, { cause: error });
  }
};
