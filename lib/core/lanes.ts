import type { Part } from "./part.ts";

/**
 * Calls a second to one service in one region, of all functions of a run together, where holdfast.yml says nothing.
 * AWS publishes no limit for RDS; some 12 a second were seen throttled (awslabs/rds-snapshot-tool#29).
 */
export const callsPerSecondDefault = 10;

/** Prunes that run at once, all meeting in the copy region: of a run in parts, one of each part. */
export const prunesAtOnce = (part: Part | undefined): number => (part === undefined ? 4 : 1);

/** Batches of an execution that call at the same time as one of them, as Discover has counted them. */
interface Lanes {
  readonly region: number;
  readonly run: number;
}

interface Event {
  readonly batch?: { readonly lanes?: Lanes };
  readonly run?: { readonly part?: Part };
  readonly request?: { readonly part?: Part };
}

/** What calls in source regions only: of a run in parts, a region is that of its own slices. */
const staysInSources = new Set(["discover", "snapshot", "check"]);

/**
 * How many functions share the budget during a call, by the function's name and its event. The parts of a run are at
 * work at once, and know as little of each other as functions do.
 */
export const lanesOf = (name: string, event: unknown): number => {
  const { batch, run, request } = (event ?? {}) as Event;
  const { region, run: all } = batch?.lanes ?? { region: 1, run: 1 };
  const part = run?.part ?? request?.part;
  const step = name.toLowerCase();
  const here = step === "prune" ? Math.min(prunesAtOnce(part), all) : region;
  const beside = staysInSources.has(step) ? part?.slice?.of : part?.of;
  return here * (beside ?? 1);
};

/** Calls that a function's share of the budget allows in so many seconds: at least one. */
export const callsWithin = (
  seconds: number,
  { lanes, callsPerSecond = callsPerSecondDefault }: { lanes: number; callsPerSecond?: number | undefined },
): number => Math.max(1, Math.floor((seconds * callsPerSecond) / lanes));
