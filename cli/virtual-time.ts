/** Where a local execution's Wait states sleep. */
export interface TimeKeeper {
  /** Sleeps for whole seconds. */
  sleep(seconds: number): Promise<void>;
  /** Marks work in progress: virtual time stands still meanwhile. */
  busy<T>(work: () => Promise<T>): Promise<T>;
}

/** Time as the wall has it, for real accounts. */
export const wallTime: TimeKeeper = {
  sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  busy: (work) => work(),
};

/** A clock that only its caller moves, such as a simulator's. */
export interface AdvancingClock {
  now(): Date;
  advance(seconds: number): void;
}

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/**
 * Virtual time for an execution with parallel branches: when every branch sleeps, the clock jumps to the
 * moment at which the first of them wakes. Branches share the time, as they do in AWS, instead of adding it up.
 */
export const virtualTime = (clock: AdvancingClock): TimeKeeper => {
  const sleepers = new Set<Sleeper>();
  let running = 0;
  let stirred = 0;

  const wakeFirst = (): void => {
    const first = Math.min(...[...sleepers].map(({ wakeAt }) => wakeAt));
    clock.advance(Math.max(0, first - clock.now().getTime()) / 1000);
    for (const sleeper of [...sleepers].filter(({ wakeAt }) => wakeAt <= first)) {
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  };

  // The interpreter moves from state to state in microtasks, which are all done when a later immediate runs:
  // if nothing stirred by then, every branch is asleep.
  const settle = (): void => {
    stirred += 1;
    const seen = stirred;
    setImmediate(() =>
      setImmediate(() => {
        if (seen === stirred && running === 0 && sleepers.size > 0) wakeFirst();
      }),
    );
  };

  return {
    sleep: (seconds) =>
      new Promise((resolve) => {
        sleepers.add({ wakeAt: clock.now().getTime() + seconds * 1000, wake: resolve });
        settle();
      }),
    busy: async (work) => {
      running += 1;
      stirred += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        settle();
      }
    },
  };
};
