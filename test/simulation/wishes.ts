import type { Dice } from "./dice.ts";

/** What clusters ask for by tags of their own, in words that can be read and in words that cannot. */

/** Values of this tag leave a cluster out of every plan, or say nothing. */
export const skipTag = "backup-skip";

export const readable: Readonly<Record<string, readonly string[]>> = {
  "holdfast:retention": [
    ...["last=2 daily=2", "last=1", "daily=9 weekly=1", "within=2d", "last=1 within=1d12h", "within=6d"],
    ...["within-daily=4d last=1", "within-hourly=60h", "within-weekly=1m daily=1", "last=3", "all"],
  ],
  "holdfast:copies": ["none", "none", "eu-west-1"],
  "holdfast:plan": ["ledger", "daily", "daily ledger"],
  [skipTag]: ["true", "false"],
};

export const unreadable: Readonly<Record<string, readonly string[]>> = {
  "holdfast:retention": [
    ...["a week", "daily=lots", "daily=2 daily=3", "keep-daily=7", "within=2w", "daily=-1", "within=0d"],
    ...["all daily=2", "daily=7,weekly=2", " "],
  ],
  "holdfast:copies": ["eu-west-9", "none eu-west-1", "all", "us-east-1", " "],
  "holdfast:plan": ["legder", "daily weekly"],
};

/** Which clusters wish for something in every estate, beside those that chance picks. */
const always: readonly (string | undefined)[] = [
  ...["holdfast:retention", "holdfast:copies", undefined, "holdfast:plan", "holdfast:retention"],
];

/** A copy region is no word that a plan without copies can read. */
const isRegion = (word: string): boolean => word.startsWith("eu-");

export const drawWishes = (dice: Dice, index: number, sound: boolean): Readonly<Record<string, string>> => {
  const shares = {
    "holdfast:retention": 0.3,
    "holdfast:copies": 0.25,
    "holdfast:plan": 0.15,
    [skipTag]: 0.1,
  };
  const wished = Object.entries(shares).filter(([key, share]) => dice.chance(share) || always[index] === key);
  return Object.fromEntries(
    wished.map(([key]) => {
      const slips = dice.chance(0.2) && !sound;
      const words = readable[key]?.filter((word) => !sound || !isRegion(word));
      const values = slips ? (unreadable[key] ?? words) : words;
      return [key, dice.one(values ?? [])];
    }),
  );
};
