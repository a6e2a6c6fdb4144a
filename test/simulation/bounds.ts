import type { Dice } from "./dice.ts";

/** What the functions of a season are held to, and what else is its own; a season without any is deployed as it comes. */
export interface Bounds {
  /** What an execution's payload may hold: so little that `daily` is done in parts, one for each place and a few for the largest. */
  readonly payloadBytesMax?: number;
  /** holdfast.yml's `calls-per-second`, which its functions then keep to as they do when they are deployed. */
  readonly callsPerSecond?: number;
  /** How many pages a pass of a sweep looks at: so few that it is many passes. */
  readonly pagesMax?: number;
  /** `ledger` has a rate for its schedule: when it fires only Scheduler knows. */
  readonly rated?: true;
  /** Nothing in the estate makes a row night after night, and on quiet nights people put right what does: then runs are complete. */
  readonly sound?: true;
}

/** What a batch with one copy region weighs beside its clusters, and one of these; and what a part may of an execution's. */
const weights = { batch: 6300, cluster: 130, share: 0.78 } as const;

/** Each from a source of its own, so that what else a seed draws stays as it is. */
export const drawBounds = (dice: Dice, clusters: number): Bounds => {
  const parts = dice.fork("in parts");
  const calls = dice.fork("calls");
  const pages = dice.fork("pages");
  const each = Math.max(3, Math.ceil(clusters / 6)) + parts.fork("each").between(0, 2);
  const payloadBytesMax = Math.ceil((weights.batch + weights.cluster * each) / weights.share);
  return {
    ...(parts.chance(0.25) && { payloadBytesMax }),
    ...(calls.chance(0.25) && { callsPerSecond: calls.between(2, 8) }),
    ...(pages.chance(0.5) && { pagesMax: pages.between(1, 3) }),
    ...(dice.fork("rated").chance(0.3) && { rated: true }),
    ...(dice.fork("sound").chance(0.35) && { sound: true }),
  };
};
