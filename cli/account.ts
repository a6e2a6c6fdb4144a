import { Command, Option } from "commander";
import type { Journal } from "../lib/core/journal.ts";
import type { Config } from "../lib/core/plan.ts";
import { impatient, type Unanswered } from "../lib/engines/impatient.ts";
import { ConfigError } from "../lib/errors.ts";
import { loadConfig } from "../lib/runtime/config-file.ts";
import { serviceName } from "../lib/runtime/environment.ts";
import { makePace } from "../lib/runtime/pace.ts";
import { makeRuntime, type Runtime } from "../lib/runtime/runtime.ts";
import { takeProfile } from "./profile.ts";
import { homeOf } from "./region-option.ts";

/** What every command is told that looks at an account. */
export interface AccountOptions {
  readonly config: string;
  readonly region?: string;
  readonly profile?: string;
  readonly stage: string;
  readonly json?: boolean;
}

/** A command with the options that are the same everywhere. */
export const accountCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option("--config <file>", "the plans", "holdfast.yml")
    .option("--region <region>", "the home region (default: AWS_REGION)")
    .option("--profile <name>", "a profile of your AWS configuration (default: AWS_PROFILE)")
    .addOption(
      new Option("--stage <stage>", "whose snapshots these are").default("dev").env("HOLDFAST_STAGE"),
    )
    .option("--json", "print one JSON document")
    .hook("preAction", (command) => takeProfile(command.opts<AccountOptions>().profile));

/** Whose account, which plans, in whose name. */
export interface Account {
  readonly home: string;
  readonly config: Config;
  readonly service: string;
  /** What steps are handed when they run in this process. */
  runtime(journal: Journal, options?: RuntimeOfCommand): Runtime;
}

interface RuntimeOfCommand {
  /** The steps' own clock; default: the wall's. */
  readonly clock?: () => number;
  /** Questions that a region may leave unanswered until it is given up for a while; default: 2, for a look. */
  readonly unansweredMax?: number;
}

/** A dead region is asked again in a run of hours, and not in a look of minutes. */
const restMs = 5 * 60_000;

/**
 * Reads the plans and settles where to look. Fails with `ConfigError` before anything is asked of AWS; unless the plans
 * are only `helpful`: on a bad day they are out of reach, or not meant to be read from where one looks.
 */
export const openAccount = (
  { config: path, region, stage }: AccountOptions,
  plans: "needed" | "helpful" = "needed",
): Account => {
  const home = homeOf(region);
  const config = plans === "needed" ? loadConfig(path, home) : loadHelpful(path, home);
  const service = serviceName(stage);
  const unanswered: Unanswered = new Map();
  return {
    ...{ home, config, service },
    runtime: (journal, { clock = () => Date.now(), unansweredMax = 2 } = {}) => {
      const pace = makePace({ callsPerSecond: config.callsPerSecond });
      const made = makeRuntime({ service, home, config, journal, clock, clients: { pace } });
      const patience = { unansweredMax, restMs, clock: () => Date.now() };
      const { rds, redshift } = made.engines;
      const engines = {
        rds: impatient(rds, patience, unanswered),
        redshift: impatient(redshift, patience, unanswered),
      };
      return { ...made, engines };
    },
  };
};

const loadHelpful = (path: string, home: string): Config => {
  try {
    return loadConfig(path, home);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(
      `${path} cannot be used here, and what stands on the snapshots has to do: ${error.message}`,
    );
    return { regions: [home], plans: {} };
  }
};
