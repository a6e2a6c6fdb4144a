/** The simulator's own time. It stands still until the caller advances it. */
export interface Clock {
  now(): Date;
  /** Moves time on by so many seconds; whatever falls due on the way happens in order of time. */
  advance(seconds: number): void;
}

/** `moved` is told the new time after each advance. */
export const createClock = (start: Date, moved: (now: Date) => void): Clock => {
  let milliseconds = start.getTime();
  return {
    now: () => new Date(milliseconds),
    advance: (seconds) => {
      if (!(seconds >= 0)) throw new RangeError(`the clock cannot advance by ${seconds} seconds`);
      milliseconds += Math.round(seconds * 1000);
      moved(new Date(milliseconds));
    },
  };
};
