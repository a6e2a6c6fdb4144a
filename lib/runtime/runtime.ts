import { AsyncLocalStorage } from "node:async_hooks";
import type { Journal } from "../core/journal.ts";
import { lanesOf } from "../core/lanes.ts";
import { type Meter, metricNames } from "../core/measure.ts";
import type { Config } from "../core/plan.ts";
import type { Context, FullContext, Tools } from "../steps/context.ts";
import type { ClientOptions } from "./clients.ts";
import { loadDeployedConfig } from "./deployed-config.ts";
import { readEnvironment } from "./environment.ts";
import { logJournal } from "./log.ts";
import { emfMeter, noMeter } from "./meter.ts";
import { makePace } from "./pace.ts";
import { engines, events, keys, type Making, type ToolMakers } from "./tools.ts";

/** Everything that steps are handed, with a clock in place of the moment. */
export interface Runtime extends Omit<FullContext, "now"> {
  readonly clock: () => number;
}

export interface RuntimeOptions {
  readonly service: string;
  readonly home: string;
  readonly config: Config;
  readonly journal: Journal;
  readonly measure?: Meter;
  readonly clock: () => number;
  readonly clients?: ClientOptions;
  /** What an execution's payload may hold, where that is to be less than AWS allows. */
  readonly payloadBytesMax?: number;
  /** How many pages a pass of a sweep looks at, where that is to be another number than is deployed. */
  readonly pagesMax?: number;
}

/** AWS allows 256 KiB of payload in all; more ends an execution without Report. Some is left for the run itself. */
const payloadBytesDefault = 250 * 1024;

/** Half a minute of answers, and as long for what a pass computes and deletes. */
const pagesDefault = 100;

/** The composition root where all steps run in one process: command line, demo and tests. */
export const makeRuntime = ({
  home,
  clients,
  measure = noMeter,
  payloadBytesMax = payloadBytesDefault,
  pagesMax = pagesDefault,
  ...rest
}: RuntimeOptions): Runtime => {
  const making: Making = { home, ...(clients && { clients }) };
  const tools = { engines: engines(making), keys: keys(making), events: events(making) };
  return { ...rest, ...tools, measure, payloadBytesMax, pagesMax };
};

const scope = new AsyncLocalStorage<Runtime>();

/** Runs handlers with a runtime of the caller's: the command line and the tests use the same doors as Lambda. */
export const withRuntime = <T>(runtime: Runtime, work: () => T): T => scope.run(runtime, work);

/** One call's context, and what is to be done when the call is over. */
export interface CallContext<Needs extends keyof Tools> {
  readonly context: Context<Needs>;
  readonly finish: () => void;
}

/**
 * The source of contexts for a function: the caller's runtime where one is in force, else a deployed one, which
 * is made from the environment once for each sandbox and holds the named tools only.
 */
export const contextsFor = <Needs extends keyof Tools>(
  name: string,
  makers: Pick<ToolMakers, Needs>,
): ((event: unknown) => CallContext<Needs>) => {
  let deployed: ((event: unknown) => CallContext<Needs>) | undefined;
  return (event) => {
    const runtime = scope.getStore();
    if (runtime) {
      const { clock, ...rest } = runtime;
      return { context: { ...rest, now: clock() }, finish: () => {} };
    }
    deployed ??= deployedContexts(name, makers);
    return deployed(event);
  };
};

const deployedContexts = <Needs extends keyof Tools>(
  name: string,
  makers: Pick<ToolMakers, Needs>,
): ((event: unknown) => CallContext<Needs>) => {
  const { service, home, configPath } = readEnvironment();
  const config = loadDeployedConfig(configPath, home);
  const measure = emfMeter(service);
  let throttled = 0;
  const onThrottled = (): void => {
    throttled += 1;
  };
  const pace = makePace({ callsPerSecond: config.callsPerSecond });
  const tools = makeTools(makers, { home, clients: { onThrottled, pace } });
  const finish = (): void => {
    if (throttled > 0)
      measure({ name: metricNames.throttledCalls, unit: "Count", value: throttled, dimensions: {} });
    throttled = 0;
  };
  const bounds = { payloadBytesMax: payloadBytesDefault, pagesMax: pagesDefault };
  const facts = { service, config, journal: logJournal, measure, ...bounds };
  return (event) => {
    pace.share(lanesOf(name, event, config));
    return { context: { ...facts, ...tools, now: Date.now() }, finish };
  };
};

const makeTools = <Needs extends keyof Tools>(
  makers: Pick<ToolMakers, Needs>,
  making: Making,
): Pick<Tools, Needs> =>
  Object.fromEntries(
    Object.entries<(making: Making) => unknown>(makers).map(([name, make]) => [name, make(making)]),
  ) as unknown as Pick<Tools, Needs>;
