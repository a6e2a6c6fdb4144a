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

/** A pass is worth its calls once a quarter of what it could act on has changed: passes are then few, places rarely idle. */
const worthwhileShare = 0.25;

/**
 * Seconds until the next pass finds enough to do: snapshots for the free places, or places for what waits for one.
 * Where nothing waits for a place, the last copy's end. `undefined` where nothing foretells.
 */
export const nextWorthwhile = ({ awaited, running, due, free }: PumpWaiting): number | undefined => {
  const snapshots =
    free > 0 && awaited.length > 0 ? nthDone(awaited, Math.min(free, share(awaited))) : undefined;
  const copies =
    due + awaited.length > 0 && running.length > 0 ? nthDone(running, share(running)) : allDone(running);
  const foretold = [snapshots, copies].filter((seconds) => seconds !== undefined);
  return foretold.length === 0 ? undefined : Math.min(...foretold);
};

const share = (some: readonly unknown[]): number => Math.ceil(some.length * worthwhileShare);
