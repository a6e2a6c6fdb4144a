import { AsyncLocalStorage } from "node:async_hooks";
import type { Journal } from "../core/journal.ts";
import type { Config } from "../core/plan.ts";
import { eventBridge } from "../engines/event-bus.ts";
import { kmsKeys } from "../engines/keys.ts";
import { rdsFamily } from "../engines/rds-family.ts";
import { redshift } from "../engines/redshift.ts";
import type { Context } from "../steps/context.ts";
import { type ClientOptions, makeClients } from "./clients.ts";
import { loadConfig } from "./config-file.ts";
import { readEnvironment } from "./environment.ts";
import { logJournal } from "./log.ts";

/** Everything that steps are handed, with a clock in place of the moment. */
export interface Runtime extends Omit<Context, "now"> {
  readonly clock: () => number;
}

export interface RuntimeOptions {
  readonly service: string;
  readonly home: string;
  readonly config: Config;
  readonly journal: Journal;
  readonly clock: () => number;
  readonly clients?: ClientOptions;
}

/** The composition root: the only place where engines, clients and clock come together. */
export const makeRuntime = ({ home, clients: options, ...rest }: RuntimeOptions): Runtime => {
  const clients = makeClients(home, options);
  return {
    ...rest,
    engines: { rds: rdsFamily(clients), redshift: redshift(clients) },
    keys: kmsKeys(clients),
    events: eventBridge(clients, home),
  };
};

const scope = new AsyncLocalStorage<Runtime>();

/** Runs handlers with a runtime of the caller's: the command line and the tests use the same doors as Lambda. */
export const withRuntime = <T>(runtime: Runtime, work: () => T): T => scope.run(runtime, work);

/** The runtime in force; in a deployed function it is made from the environment, once for each sandbox. */
export const currentContext = (): Context => {
  const { clock, ...rest } = scope.getStore() ?? deployed();
  return { ...rest, now: clock() };
};

let made: Runtime | undefined;

const deployed = (): Runtime => {
  made ??= fromEnvironment();
  return made;
};

const fromEnvironment = (): Runtime => {
  const { service, home, configPath } = readEnvironment();
  const config = loadConfig(configPath, home);
  return makeRuntime({ service, home, config, journal: logJournal, clock: () => Date.now() });
};
