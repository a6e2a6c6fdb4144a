import { membersMax } from "./batch.ts";
import type { Family } from "./cluster.ts";

/**
 * Where a region's budget of calls is divided among very many batches, each would create for minutes, in a function that
 * mostly waits. So they create in turns, a few at a time and these quickly.
 */
export interface Turns {
  /** Batches that create at the same time. */
  readonly atOnce: number;
  /** Until the next ones do. */
  readonly seconds: number;
}

export interface TurnsInput {
  /** Of one family and region, in all executions of a run. */
  readonly batches: number;
  readonly family: Family;
  /** What all of them together have. */
  readonly callsPerSecond: number;
}

/** The share of those whose turn it is; the rest is for looking, and for creating what was refused at first. */
export const turnShare = 0.7;

/** So long a batch may create, if it is to be done before its function is. */
const createSecondsMax = 45;

/** Looks of one call of Snapshot: at the clusters, and at first and later attempts. */
export const looksOfSnapshot = 3;

/** Between two turns, so that a function that is slow to start does not meet the next ones. */
const slackSeconds = 10;

/** `undefined` where all batches may create at once. They are taken for full ones, so that every part counts alike. */
export const turnsOf = ({ batches, family, callsPerSecond }: TurnsInput): Turns | undefined => {
  const calls = membersMax[family] + looksOfSnapshot;
  const budget = callsPerSecond * turnShare;
  const atOnce = Math.max(1, Math.floor((budget * createSecondsMax) / calls));
  if (batches <= atOnce) return undefined;
  return { atOnce, seconds: Math.ceil((calls * atOnce) / budget) + slackSeconds };
};
