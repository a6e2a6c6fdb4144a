import { createRandom, type Random } from "../../simulator/random.ts";

/** Chance from a seed: the only source of it in a simulation. */
export interface Dice {
  readonly random: Random;
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  /** A whole number of a range, both ends included. */
  between(least: number, most: number): number;
  chance(share: number): boolean;
  one<T>(of: readonly T[]): T;
  /** A source of its own: draws from it leave those from this one as they are. */
  fork(name: string): Dice;
}

export const diceOf = (seed: number): Dice => {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    random,
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (share) => random() < share,
    one: <T>(of: readonly T[]): T => of[below(of.length)] as T,
    fork: (name) =>
      diceOf([...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), seed)),
  };
};
