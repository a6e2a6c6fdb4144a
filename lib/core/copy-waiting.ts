import { allDone, nthDone } from "./progress.ts";

/** What a pump waits for, each by the seconds that are left of it as far as anything foretells them. */
export interface PumpWaiting {
  /** Snapshots that are being created and whose copies will be asked for. */
  readonly awaited: readonly (number | undefined)[];
  /** Copies that run. */
  readonly running: readonly (number | undefined)[];
  /** Copies that could start now if there were places. */
  readonly due: number;
  /** Places that are free. */
  readonly free: number;
}

/**
 * A pass is worth its calls once so much of what it could act on has changed: a quarter of the copies, so that places are
 * rarely idle; half of the snapshots, unless there are fewer places, since until then nothing of the night waits for them.
 */
const worthwhile = { copies: 0.25, snapshots: 0.5 } as const;

/**
 * Seconds until the next pass finds enough to do: snapshots for the free places, or places for what waits for one.
 * Where nothing waits for a place, the last copy's end. `undefined` where nothing foretells.
 */
export const nextWorthwhile = ({ awaited, running, due, free }: PumpWaiting): number | undefined => {
  const snapshots =
    free > 0 && awaited.length > 0
      ? nthDone(awaited, Math.min(free, shareOf(awaited, worthwhile.snapshots)))
      : undefined;
  const copies =
    due + awaited.length > 0 && running.length > 0
      ? nthDone(running, shareOf(running, worthwhile.copies))
      : allDone(running);
  const foretold = [snapshots, copies].filter((seconds) => seconds !== undefined);
  return foretold.length === 0 ? undefined : Math.min(...foretold);
};

const shareOf = (some: readonly unknown[], share: number): number => Math.ceil(some.length * share);

/** How long the quickest copy lasts, in seconds, as far as a pump has learnt it. */
export interface CopyLasting {
  /** What is expected of one that nobody has seen yet. */
  readonly lasting?: number;
  /** The least that the progress of one has told. */
  readonly measured?: number;
}

/** What takes so many times as long as others is stuck. */
const stuckTimes = 2;

/** Seconds that a copy, so many seconds old, may still take by how long others last; a stuck one foretells nothing. */
export const leftByLasting = (lasting: number | undefined, age: number): number | undefined =>
  lasting === undefined || age > lasting * stuckTimes ? undefined : Math.max(0, lasting - age);

/** Where all copies had ended by a look, nobody knows how long before: the next look comes sooner, by this share. */
const soonerShare = 0.75;

/**
 * The same after another look. `ended`: the ages at which copies were found done, which they may have been for a while;
 * `running`: how long each of the others is going to last, by its progress so far. All in seconds.
 *
 * A look that finds all copies done may have come late, and then would make every later look as late: so the next one
 * is made sooner. If that is too soon, the progress of what still runs corrects it.
 */
export const learnLasting = (
  { lasting, measured }: CopyLasting,
  { ended, running }: { readonly ended: readonly number[]; readonly running: readonly number[] },
): CopyLasting => {
  const told = leastOf(measured, ...running);
  const seen = running.length > 0 ? leastOf(told, ...ended) : leastOf(lasting, told, ...ended);
  const late = ended.length > 0 && running.length === 0 && seen !== told;
  return {
    ...(seen !== undefined && { lasting: Math.round(late ? seen * soonerShare : seen) }),
    ...(told !== undefined && { measured: told }),
  };
};

const leastOf = (...seconds: readonly (number | undefined)[]): number | undefined => {
  const known = seconds.filter((one) => one !== undefined && one > 0) as readonly number[];
  return known.length === 0 ? undefined : Math.min(...known);
};
