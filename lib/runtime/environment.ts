import { fileURLToPath } from "node:url";
import { ConfigError } from "../errors.ts";

/** What a deployed function is told by its environment. Read here and nowhere else. */
export interface Environment {
  /** `holdfast/<stage>`: the owner's name on every snapshot. */
  readonly service: string;
  /** The region that the service is deployed in. */
  readonly home: string;
  /** Where the plans lie. */
  readonly configPath: string;
}

export const readEnvironment = (variables: NodeJS.ProcessEnv = process.env): Environment => {
  const home = variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION;
  if (!home) throw new ConfigError("no region is set; set AWS_REGION to the region of the deployed service");
  return {
    service: serviceName(variables.HOLDFAST_STAGE ?? "dev"),
    home,
    configPath: variables.HOLDFAST_CONFIG ?? besideBundle,
  };
};

/** Where packaging lays the plans, seen from a bundle in functions/; not from the working directory, which is the caller's. */
const besideBundle = fileURLToPath(new URL("../.holdfast/holdfast.json", import.meta.url));

/** The owner's name on snapshots: two stages in one account never touch each other's. */
export const serviceName = (stage: string): string => {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(stage)) return `holdfast/${stage}`;
  throw new ConfigError(
    `the stage "${stage}" is not a name; use up to 20 lower-case letters, digits and hyphens`,
  );
};
