import { describe, expect, it } from "vitest";
import { makePace, type PaceOptions } from "../../lib/runtime/pace.ts";

/** A pace on a clock that only its own sleeping moves, and the moments at which calls left. */
const paced = ({ region = "us-east-1", ...options }: PaceOptions & { readonly region?: string } = {}) => {
  let now = 0;
  const pace = makePace({
    clock: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    random: () => 0.5,
    ...options,
  });
  const strategy = pace.retryStrategy(region);
  const call = async (outcome?: "THROTTLING" | "TRANSIENT" | "SERVER_ERROR"): Promise<number> => {
    const token = await strategy.acquireInitialRetryToken("");
    const leftAt = now;
    if (outcome === undefined) strategy.recordSuccess(token as never);
    else await strategy.refreshRetryTokenForRetry(token as never, { errorType: outcome });
    return leftAt;
  };
  return { pace, call, strategy, clock: () => now };
};

const times = async (count: number, call: () => Promise<number>): Promise<number[]> => {
  const all: number[] = [];
  for (let index = 0; index < count; index += 1) all.push(await call());
  return all;
};

describe("the pace of calls", () => {
  it("keeps to the budget from the first call on", async () => {
    const { call } = paced({ callsPerSecond: 5 });
    expect(await times(4, call)).toEqual([0, 200, 400, 600]);
  });

  it("is ten a second where nobody says otherwise", async () => {
    expect((await times(11, paced().call)).at(-1)).toBe(1000);
  });

  it("divides the budget by the functions that call at the same time", async () => {
    const { call, pace } = paced({ callsPerSecond: 10 });
    pace.share((region) => (region === "us-east-1" ? 5 : 1));
    expect(await times(3, call)).toEqual([0, 500, 1000]);
    const elsewhere = paced({ callsPerSecond: 10, region: "eu-west-1" });
    elsewhere.pace.share((region) => (region === "us-east-1" ? 5 : 1));
    expect(await times(3, elsewhere.call)).toEqual([0, 100, 200]);
  });

  it("halves with each throttled call, after a pause, and comes back with success", async () => {
    const { call, clock } = paced({ callsPerSecond: 10 });
    await call("THROTTLING");
    // Half of the half second that full jitter allows at most, then the second attempt leaves.
    expect(clock()).toBe(250);
    const [first = 0, second = 0, third = 0] = await times(3, call);
    expect(second - first).toBeGreaterThan(150);
    expect(third - second).toBeGreaterThan(150);
    await times(60, call);
    const [late = 0, later = 0] = await times(2, call);
    expect(later - late).toBe(100);
  });

  it("pauses longer with each refusal in a row, and after a success as long as for the first", async () => {
    const { call, clock } = paced({ callsPerSecond: 10 });
    const pauseAfter = async () => {
      const leftAt = await call("THROTTLING");
      return clock() - leftAt;
    };
    expect([await pauseAfter(), await pauseAfter()]).toEqual([250, 500]);
    await times(80, call);
    expect(await pauseAfter()).toBe(250);
  });

  it("pauses for ten seconds on average at most", async () => {
    const { call, clock } = paced({ callsPerSecond: 10 });
    await times(30, () => call("THROTTLING"));
    const leftAt = await call("THROTTLING");
    expect(clock() - leftAt).toBe(10_000);
  });

  it("goes on trying every five seconds, however often it is refused", async () => {
    const { call } = paced({ callsPerSecond: 10 });
    await times(30, () => call("THROTTLING"));
    const [first = 0, second = 0] = await times(2, call);
    expect(second - first).toBe(5000);
  });

  it("gives a call up that failed four times", async () => {
    const { strategy } = paced();
    let token = await strategy.acquireInitialRetryToken("");
    const again = async () => {
      token = await strategy.refreshRetryTokenForRetry(token as never, { errorType: "THROTTLING" });
    };
    for (let failure = 1; failure < 4; failure += 1) await again();
    await expect(again()).rejects.toThrow();
  });

  it("pauses for a service that fails in a way that no second try mends", async () => {
    const { call } = paced({ callsPerSecond: 100 });
    await expect(call("SERVER_ERROR")).rejects.toThrow();
    expect(await call()).toBe(50);
  });

  it("pauses for a service that fails, and goes on as fast as before", async () => {
    const { call, clock } = paced({ callsPerSecond: 10 });
    await call("TRANSIENT");
    expect(clock()).toBe(100);
    expect(await times(2, call)).toEqual([200, 300]);
  });
});
