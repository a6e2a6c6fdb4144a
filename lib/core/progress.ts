/** Seconds between looks: short at first, longer as work drags on. */
const waitSecondsMin = 15;
const waitSecondsMax = 300;

/** A quarter of the time already waited: a look is never late by more than that share. */
const shareOfElapsed = 0.25;

export interface WaitInput {
  readonly now: number;
  /** When the waiting began, epoch milliseconds. */
  readonly since: number;
  /** When it ends whatever happens, epoch milliseconds. */
  readonly deadline: number;
  /** Percent done of things that began when the waiting did; `undefined` where AWS tells none. */
  readonly percents: readonly (number | undefined)[];
}

/**
 * How many whole seconds to wait before looking again, or `"over"` once the deadline has passed.
 * Grows with the time already waited; where AWS's progress foretells that all will take longer than that, it is
 * believed, and no look is wasted before. Never sleeps past the deadline.
 */
export const nextWait = ({ now, since, deadline, percents }: WaitInput): number | "over" => {
  if (now >= deadline) return "over";
  const elapsed = Math.max(0, now - since) / 1000;
  const foretold = Math.min(...percents.map((percent) => secondsLeft(elapsed, percent)));
  const patient = elapsed * shareOfElapsed;
  const wanted = Number.isFinite(foretold) ? Math.max(patient, foretold) : patient;
  const wait = Math.min(waitSecondsMax, Math.max(waitSecondsMin, wanted));
  return Math.ceil(Math.min(wait, (deadline - now) / 1000));
};

/** At the rate so far. What has not moved foretells nothing, and neither does anything beside it. */
const secondsLeft = (elapsed: number, percent: number | undefined): number =>
  percent === undefined || percent <= 0 ? Number.NEGATIVE_INFINITY : (elapsed * (100 - percent)) / percent;
