/** Seconds between looks: what AWS does of ours takes minutes; longer as work drags on. */
const waitSecondsMin = 90;
const waitSecondsMax = 300;

/** Where nothing foretells: what has dragged on for hours is stuck or slow, and is looked at less and less. */
const dragSecondsMax = 900;

/** Where progress foretells: it may stop being true, so it is not believed for ever. */
const foretoldSecondsMax = 1200;

/** A quarter of the time already waited, after an hour a twelfth: a look is never late by more than that share. */
const shareOfElapsed = 0.25;
const shareOfDrag = 1 / 12;

export interface WaitInput {
  readonly now: number;
  /** When the waiting began, epoch milliseconds. */
  readonly since: number;
  /** When it ends whatever happens, epoch milliseconds. */
  readonly deadline: number;
  /** Seconds until a look is worth its calls, as progress foretells it; `undefined` where nothing does. */
  readonly foretold: number | undefined;
}

/**
 * How many whole seconds to wait before looking again, or `"over"` once the deadline has passed.
 * Grows with the time already waited; where progress foretells that it will take longer than that, it is
 * believed, and no look is wasted before. Never sleeps past the deadline.
 */
export const nextWait = ({ now, since, deadline, foretold }: WaitInput): number | "over" => {
  if (now >= deadline) return "over";
  const elapsed = Math.max(0, now - since) / 1000;
  const patient = Math.min(waitSecondsMax, elapsed * shareOfElapsed);
  // A rate of the first seconds is mostly rounding.
  const wait =
    foretold === undefined || elapsed < waitSecondsMin
      ? Math.max(waitSecondsMin, patient, Math.min(dragSecondsMax, elapsed * shareOfDrag))
      : Math.min(foretoldSecondsMax, Math.max(patient, foretold));
  return Math.ceil(Math.min(wait, (deadline - now) / 1000));
};

/**
 * How long something still takes that began so many seconds ago, at its rate so far.
 * What has not moved, or of which AWS tells no percentage, foretells nothing.
 */
export const secondsLeft = (elapsed: number, percent: number | undefined): number | undefined =>
  percent === undefined || percent <= 0 ? undefined : (Math.max(0, elapsed) * (100 - percent)) / percent;

/** When the nth of some is done, counted from 1; `undefined` where too few of them foretell anything. */
export const nthDone = (left: readonly (number | undefined)[], nth: number): number | undefined =>
  left.filter((seconds) => seconds !== undefined).toSorted((a, b) => a - b)[nth - 1];

/** When all are done; `undefined` where one of them foretells nothing, or there are none. */
export const allDone = (left: readonly (number | undefined)[]): number | undefined =>
  nthDone(left, left.length);
