import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Deployment {
  readonly params: { readonly default: Readonly<Record<string, string | number>> };
  readonly provider: { readonly memorySize: string; readonly environment: { readonly NODE_OPTIONS: string } };
  readonly functions: Readonly<Record<string, { readonly memorySize?: string }>>;
}

const readDeployment = (): Deployment => {
  const text = readFileSync(new URL("../serverless.yml", import.meta.url), "utf8");
  // CloudFormation's own tags are of no interest here, and unknown to YAML.
  return parse(text, { logLevel: "silent" }) as Deployment;
};

/** What every function's Node is told, its use of memory among it. */
export const deployedNodeOptions = (): string => readDeployment().provider.environment.NODE_OPTIONS;

/** The memory of each function in GB, as serverless.yml deploys it where nobody says otherwise. */
export const deployedMemory = (): ReadonlyMap<string, number> => {
  const { params, provider, functions } = readDeployment();
  const megabytes = (word: string): number => {
    const name = /^\$\{param:(.+)\}$/.exec(word)?.[1];
    return Number(name === undefined ? word : params.default[name]);
  };
  return new Map(
    Object.entries(functions).map(([name, { memorySize = provider.memorySize }]) => [
      name,
      megabytes(`${memorySize}`) / 1024,
    ]),
  );
};
