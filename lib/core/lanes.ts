import type { Batch } from "./batch.ts";
import type { Part } from "./part.ts";
import { type Config, type CopyPlan, planIn } from "./plan.ts";
import type { Run } from "./run.ts";
import { turnShare, turnsOf } from "./turns.ts";

/**
 * Calls a second to one service in one region, of all functions of a run together, where holdfast.yml says nothing.
 * AWS publishes no limit for RDS; some 12 a second were seen throttled (awslabs/rds-snapshot-tool#29).
 */
export const callsPerSecondDefault = 10;

/** Prunes that run at once, all meeting in the copy region: of a run in parts, one of each part. */
export const prunesAtOnce = (part: Part | undefined): number => (part === undefined ? 4 : 1);

/** What of an event tells how much is shared; nobody has checked it yet. */
interface Event {
  readonly batch?: Partial<Pick<Batch, "lanes" | "family">>;
  readonly work?: Untried;
  readonly run?: Pick<Run, "plan" | "part">;
  readonly request?: Pick<Run, "plan" | "part">;
  readonly destination?: Pick<CopyPlan, "region">;
}

/** As a batch's work tells it: how many of its tasks nobody has come to yet. */
export interface Untried {
  readonly untried?: number;
}

/** The functions that divide a budget with others, each in its own way, by the names that they bear in `functions`. */
export type SharingName = "Discover" | "Snapshot" | "Check" | "Copy" | "Prune";

/**
 * By what a function divides a region's budget of calls: how many like it are at work there at once, and more than that
 * (a fraction, maybe) where other functions have a share of the budget too.
 */
export type Lanes = (region: string) => number;

/** What all pumps together have of a source region's budget, to look at what they await: a call for each hundred. */
const looksShare = 0.1;

/**
 * How a function shares the budgets during a call, by its name and its event. Functions know nothing of each other: the
 * batches and the pumps of a run are at work at once, and so are its parts.
 */
export const lanesOf = (name: string, event: unknown, config: Config): Lanes => {
  const { batch, run, request, destination, work } = (event ?? {}) as Event;
  const part = run?.part ?? request?.part;
  const [slices, parts] = [part?.slice?.of ?? 1, part?.of ?? 1];
  const { destinations, isBoth, shareOfBatches } = sharesOf(config, run?.plan ?? request?.plan);
  const ofBatch = (hasTurn: boolean): Lanes =>
    lanesOfBatch({ batch, slices, shareOfBatches, config }, hasTurn);
  switch (name) {
    case "Discover":
      return () => slices;
    case "Snapshot":
      // Where some are untried it is still, or for the first time, the batch's turn.
      return ofBatch(work === undefined || Boolean(work.untried));
    case "Check":
      return ofBatch(false);
    case "Copy":
      return (region) => {
        if (region !== destination?.region) return (slices * destinations.length) / looksShare;
        return parts / (isBoth(region) ? shareOfBatches(region) : 1);
      };
    case "Prune":
      // A part may be at its prunes while others are still at their batches and copies.
      return (region) =>
        (parts * Math.min(prunesAtOnce(part), batch?.lanes?.run ?? 1)) /
        (part && isBoth(region) ? shareOfBatches(region) : 1);
    default:
      return () => parts;
  }
};

/** The regions that a plan's runs read from and copy to, and what batches have of each budget: half, where pumps meet them. */
const sharesOf = (config: Config, name = "") => {
  const plan = planIn(config, name);
  const sources = plan?.select.regions ?? [];
  const destinations = plan?.copies.map(({ region }) => region) ?? [];
  const isBoth = (region: string): boolean => sources.includes(region) && destinations.includes(region);
  const left = 1 - (destinations.length > 0 ? looksShare : 0);
  return { destinations, isBoth, shareOfBatches: (region: string) => (isBoth(region) ? left / 2 : left) };
};

interface BatchLanes {
  readonly batch: Event["batch"];
  readonly slices: number;
  readonly shareOfBatches: (region: string) => number;
  readonly config: Config;
}

const lanesOfBatch =
  ({ batch, slices, shareOfBatches, config }: BatchLanes, hasTurn: boolean): Lanes =>
  (region) => {
    const share = shareOfBatches(region);
    const { batches, turns } = crowdOf(batch, { slices, share, config });
    if (turns === undefined) return batches / share;
    return hasTurn ? turns.atOnce / (share * turnShare) : batches / (share * (1 - turnShare));
  };

interface CrowdInput {
  readonly slices: number;
  /** Of the region's budget. */
  readonly share: number;
  readonly config: Config;
}

/** How many batches a batch has beside it in its region, itself among them, and the turns that they take. */
const crowdOf = (batch: Event["batch"], { slices, share, config }: CrowdInput) => {
  const { callsPerSecond = callsPerSecondDefault } = config;
  const batches = (batch?.lanes?.region ?? 1) * slices;
  const family = batch?.family ?? "rds";
  return { batches, turns: turnsOf({ batches, family, callsPerSecond: callsPerSecond * share }) };
};

/** The batches of an execution, each with the seconds after which its turn to create comes. */
export const inTurns = (
  batches: readonly Batch[],
  { plan, part }: Pick<Run, "plan" | "part">,
  config: Config,
): readonly Batch[] => {
  const { number, of } = part?.slice ?? { number: 1, of: 1 };
  const { shareOfBatches } = sharesOf(config, plan);
  const before = new Map<string, number>();
  return batches.map((batch) => {
    const { family, region } = batch;
    const nth = before.get(`${family} ${region}`) ?? 0;
    before.set(`${family} ${region}`, nth + 1);
    const { turns } = crowdOf(batch, { slices: of, share: shareOfBatches(region), config });
    // Between two batches of a slice come those of the others.
    const ahead = nth * of + number - 1;
    return { ...batch, startsAfter: turns ? Math.floor(ahead / turns.atOnce) * turns.seconds : 0 };
  });
};

interface Call {
  readonly name: SharingName;
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
