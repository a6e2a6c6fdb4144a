import type { Random } from "../../simulator/random.ts";

/** A clock that only its caller moves. */
export interface AdvancingClock {
  now(): Date;
  advance(seconds: number): void;
}

interface VirtualTime {
  readonly clock: AdvancingClock;
  readonly random: Random;
  readonly stopped: () => boolean;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

const real = {
  setImmediate: globalThis.setImmediate,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  Date: globalThis.Date,
  random: Math.random,
};

/**
 * Runs `work` in a process whose time is the given clock and whose chance is the given source: timers, dates and
 * `Math.random` of everybody, the SDK's back-off and jitter included. When nothing can go on by itself, the clock
 * jumps to the next timer. Nothing may wait for a socket or a file meanwhile: it would be left behind. Once `stopped`
 * says so, the work is abandoned where it is.
 */
export const inVirtualTime = async (
  { clock, random, stopped }: VirtualTime,
  work: () => Promise<void>,
): Promise<void> => {
  const timers = new Timers();
  const restore = takeOver(timers, clock, random);
  try {
    let over = false;
    const result = work().finally(() => {
      over = true;
    });
    result.catch(() => undefined);
    for (;;) {
      await settled();
      if (over) break;
      if (stopped()) return;
      const next = timers.take();
      if (next === undefined) throw new Error("the simulation waits for something that no timer brings");
      const ahead = next.due - clock.now().getTime();
      if (ahead > 0) clock.advance(ahead / 1000);
      next.run();
    }
    await result;
  } finally {
    restore();
  }
};

/** All promises that could be settled without time passing are, when a real immediate runs. */
const settled = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve));

const takeOver = (timers: Timers, clock: AdvancingClock, random: Random): (() => void) => {
  const later = (run: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]): Timer =>
    timers.add(clock.now().getTime() + Math.max(0, Math.ceil(milliseconds)), () => run(...given));
  const cancel = (timer?: unknown): void => timers.cancel(timer as Timer | undefined);
  Object.assign(globalThis, {
    setTimeout: later,
    clearTimeout: cancel,
    setImmediate: (run: (...given: unknown[]) => void, ...given: unknown[]) => later(run, 0, ...given),
    Date: virtualDate(clock),
  });
  Math.random = random;
  return () => {
    Math.random = real.random;
    Object.assign(globalThis, {
      setTimeout: real.setTimeout,
      clearTimeout: real.clearTimeout,
      setImmediate: real.setImmediate,
      Date: real.Date,
    });
  };
};

const virtualDate = (clock: AdvancingClock): DateConstructor =>
  class extends real.Date {
    constructor(...given: []) {
      if (given.length === 0) super(clock.now().getTime());
      else super(...given);
    }
    static override now(): number {
      return clock.now().getTime();
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof real.Date;
    }
  } as DateConstructor;

/** A binary heap: by the time due, and of one time in the order of setting. */
class Timers {
  readonly #heap: Timer[] = [];
  readonly #cancelled = new WeakSet<Timer>();
  #order = 0;

  add(due: number, run: () => void): Timer {
    const timer = { due, order: this.#order, run, unref: () => timer, ref: () => timer };
    this.#order += 1;
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  }

  cancel(timer: Timer | undefined): void {
    if (timer !== undefined && typeof timer === "object") this.#cancelled.add(timer);
  }

  take(): Timer | undefined {
    for (let first = this.#pop(); first !== undefined; first = this.#pop()) {
      if (!this.#cancelled.has(first)) return first;
    }
    return undefined;
  }

  #pop(): Timer | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#heap[0] = last;
    this.#sink();
    return first;
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = right < this.#heap.length && this.#isBefore(right, left) ? right : left;
      if (least >= this.#heap.length || !this.#swapIfBefore(least, at)) return;
      at = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one] as Timer, this.#heap[other] as Timer];
    return a.due < b.due || (a.due === b.due && a.order < b.order);
  }

  #swapIfBefore(one: number, other: number): boolean {
    if (!this.#isBefore(one, other)) return false;
    const [a, b] = [this.#heap[one] as Timer, this.#heap[other] as Timer];
    this.#heap[one] = b;
    this.#heap[other] = a;
    return true;
  }
}
