import type { Dice } from "./dice.ts";

/** What the functions of a season are held to; a season without any is deployed as it comes. */
export interface Bounds {
  /** What an execution's payload may hold: so little that `daily` does not fit into one, and is done in parts. */
  readonly payloadBytesMax?: number;
  /** holdfast.yml's `calls-per-second`, which its functions then keep to as they do when they are deployed. */
  readonly callsPerSecond?: number;
}

/** Each from a source of its own, so that what else a seed draws stays as it is. */
export const drawBounds = (dice: Dice): Bounds => {
  const parts = dice.fork("in parts");
  const calls = dice.fork("calls");
  return {
    // Between what a child's answer for each of two places to look in takes, and for each of four.
    ...(parts.chance(0.25) && { payloadBytesMax: parts.between(17_800, 18_400) }),
    ...(calls.chance(0.25) && { callsPerSecond: calls.between(2, 8) }),
  };
};
