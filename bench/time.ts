import { AsyncLocalStorage } from "node:async_hooks";
import type { AdvancingClock, TimeKeeper } from "../cli/virtual-time.ts";

/** Virtual time in which calls last as well: what waits inside a function lets the clock go on. */
export interface LastingTime extends TimeKeeper {
  /** Lets virtual milliseconds pass for whoever awaits it, inside of `busy` or outside. */
  pass(milliseconds: number): Promise<void>;
}

interface Sleeper {
  readonly wakeAt: number;
  readonly work: Work | undefined;
  readonly wake: () => void;
}

/** What `busy` marks: it computes unless one of its calls sleeps. */
interface Work {
  sleeping: number;
}

/**
 * The clock jumps to the first moment at which somebody wakes, as soon as nobody computes: every work in progress
 * has a call that sleeps, and nothing has stirred for two turns of the event loop. For worlds without sockets:
 * what waits for one would look asleep.
 */
export const lastingTime = (clock: AdvancingClock): LastingTime => {
  const scope = new AsyncLocalStorage<Work>();
  const works = new Set<Work>();
  const sleepers = new Set<Sleeper>();
  let stirred = 0;

  const computing = (): boolean => [...works].some(({ sleeping }) => sleeping === 0);

  const wakeFirst = (): void => {
    const first = Math.min(...[...sleepers].map(({ wakeAt }) => wakeAt));
    clock.advance(Math.max(0, first - clock.now().getTime()) / 1000);
    for (const sleeper of [...sleepers].filter(({ wakeAt }) => wakeAt <= first)) {
      sleepers.delete(sleeper);
      if (sleeper.work) sleeper.work.sleeping -= 1;
      sleeper.wake();
    }
    settle();
  };

  const settle = (): void => {
    stirred += 1;
    const seen = stirred;
    setImmediate(() =>
      setImmediate(() => {
        if (seen === stirred && sleepers.size > 0 && !computing()) wakeFirst();
      }),
    );
  };

  const pass = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const work = scope.getStore();
      if (work) work.sleeping += 1;
      sleepers.add({ wakeAt: clock.now().getTime() + Math.ceil(milliseconds), work, wake: resolve });
      settle();
    });

  return {
    pass,
    sleep: (seconds) => pass(seconds * 1000),
    busy: async (work) => {
      const own: Work = { sleeping: 0 };
      works.add(own);
      try {
        return await scope.run(own, work);
      } finally {
        works.delete(own);
        settle();
      }
    },
  };
};
