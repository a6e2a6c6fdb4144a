import type { Part } from "./part.ts";
import { type Config, planIn } from "./plan.ts";

/**
 * Calls a second to one service in one region, of all functions of a run together, where holdfast.yml says nothing.
 * AWS publishes no limit for RDS; some 12 a second were seen throttled (awslabs/rds-snapshot-tool#29).
 */
export const callsPerSecondDefault = 10;

/** Prunes that run at once, all meeting in the copy region: of a run in parts, one of each part. */
export const prunesAtOnce = (part: Part | undefined): number => (part === undefined ? 4 : 1);

/** Batches of an execution that call at the same time as one of them, as Discover has counted them. */
interface Counted {
  readonly region: number;
  readonly run: number;
}

interface Event {
  readonly batch?: { readonly lanes?: Counted };
  readonly run?: { readonly plan: string; readonly part?: Part };
  readonly request?: { readonly plan: string; readonly part?: Part };
  readonly destination?: { readonly region: string };
}

/** Among how many functions like itself one has to divide a region's budget; a fraction where others call there too. */
export type Lanes = (region: string) => number;

/** What all pumps together have of a source region's budget, to look at what they await: a call for each hundred. */
const looksShare = 0.1;

/**
 * How a function shares the budgets during a call, by its name and its event. Functions know nothing of each other: the
 * batches and the pumps of a run are at work at once, and so are its parts.
 */
export const lanesOf = (name: string, event: unknown, config: Config): Lanes => {
  const { batch, run, request, destination } = (event ?? {}) as Event;
  const { region: inRegion, run: inRun } = batch?.lanes ?? { region: 1, run: 1 };
  const part = run?.part ?? request?.part;
  const [slices, parts] = [part?.slice?.of ?? 1, part?.of ?? 1];
  const { sources, copies } = waysOf(config, run?.plan ?? request?.plan);
  const left = 1 - (copies.length > 0 ? looksShare : 0);
  const isBoth = (region: string): boolean => sources.includes(region) && copies.includes(region);
  switch (name.toLowerCase()) {
    case "discover":
      return () => slices;
    case "snapshot":
    case "check":
      return (region) => (inRegion * slices) / (isBoth(region) ? left / 2 : left);
    case "copy":
      return (region) => {
        if (region !== destination?.region) return (slices * copies.length) / looksShare;
        return parts / (isBoth(region) ? left / 2 : 1);
      };
    case "prune":
      // A part may be at its prunes while others are still at their batches and copies.
      return (region) =>
        (parts * Math.min(prunesAtOnce(part), inRun)) / (part && isBoth(region) ? left / 2 : 1);
    default:
      return () => parts;
  }
};

/** The regions that a plan's runs read from, and those that they copy to. */
const waysOf = (config: Config, name = "") => {
  const plan = planIn(config, name);
  return { sources: plan?.select.regions ?? [], copies: plan?.copies.map(({ region }) => region) ?? [] };
};

interface Call {
  readonly name: string;
  readonly event: unknown;
  readonly region: string;
}

/** Calls to a region that a function, by its name and its event, may make in so many seconds. */
export const callsIn = (seconds: number, { name, event, region }: Call, config: Config): number =>
  callsWithin(seconds, {
    lanes: lanesOf(name, event, config)(region),
    callsPerSecond: config.callsPerSecond,
  });

/** Calls that a function's share of the budget allows in so many seconds: at least one. */
export const callsWithin = (
  seconds: number,
  { lanes, callsPerSecond = callsPerSecondDefault }: { lanes: number; callsPerSecond?: number | undefined },
): number => Math.max(1, Math.floor((seconds * callsPerSecond) / lanes));
