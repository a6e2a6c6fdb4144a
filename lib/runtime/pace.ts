import { AdaptiveRetryStrategy, type RateLimiter } from "@smithy/core/retry";
import { callsPerSecondDefault, type Lanes } from "../core/lanes.ts";

/** However throttled, a client goes on trying so often: it has to notice when the account is quiet again. */
const callsPerSecondMin = 0.2;

/** As the SDK's own: full jitter, doubled with each refusal in a row, after throttling from half a second on. */
const backoffMs = { throttled: 500, failed: 100, max: 20_000 } as const;

/** One more than the SDK's: a throttled client first learns how slow it has to be. */
const attemptsMax = 4;

export interface PaceOptions {
  /** The budget; default: 10. */
  readonly callsPerSecond?: number | undefined;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** How fast the clients of one sandbox may call; each client, of a service in a region, has a limiter of its own. */
export interface Pace {
  /** Divides each region's budget by the functions that call at the same time: they know nothing of each other. */
  share(lanes: Lanes): void;
  /** For a client of one service in one region. */
  retryStrategy(region: string): AdaptiveRetryStrategy;
}

/**
 * The SDK's adaptive retrying, with a limiter in it that keeps to a budget from the first call on: the SDK's own
 * begins without any limit and knows no ceiling. Throttling halves the rate, each success gives a twentieth back.
 */
export const makePace = ({
  callsPerSecond = callsPerSecondDefault,
  clock = Date.now,
  sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random = Math.random,
}: PaceOptions = {}): Pace => {
  let lanesIn: Lanes = () => 1;
  return {
    share: (lanes) => {
      lanesIn = lanes;
    },
    retryStrategy: (region) =>
      new AdaptiveRetryStrategy(attemptsMax, {
        rateLimiter: limiter({ ceiling: () => callsPerSecond / lanesIn(region), clock, sleep, random }),
        // The limiter waits, on a clock of the caller's.
        backoff: { computeNextBackoffDelay: () => 0, setDelayBase: () => {} },
      }),
  };
};

interface LimiterOptions extends Required<Pick<PaceOptions, "clock" | "sleep" | "random">> {
  readonly ceiling: () => number;
}

/** Calls leave one after the other, in the order in which they were asked for. */
const limiter = ({ ceiling, clock, sleep, random }: LimiterOptions): RateLimiter => {
  let slowedTo = Number.POSITIVE_INFINITY;
  let nextAt = 0;
  let refusals = 0;
  const rate = (): number => Math.min(ceiling(), slowedTo);

  const backOff = (base: number): void => {
    const most = Math.min(backoffMs.max, base * 2 ** refusals);
    refusals += 1;
    nextAt = Math.max(nextAt, clock() + random() * most);
  };

  return {
    getSendToken: async () => {
      const now = clock();
      const leaveAt = Math.max(now, nextAt);
      nextAt = leaveAt + 1000 / rate();
      if (leaveAt > now) await sleep(leaveAt - now);
    },
    updateClientSendingRate: ({ errorType }: { readonly errorType?: string }) => {
      if (errorType === "THROTTLING") {
        slowedTo = Math.max(callsPerSecondMin, rate() / 2);
        backOff(backoffMs.throttled);
      } else if (errorType === "TRANSIENT" || errorType === "SERVER_ERROR") {
        backOff(backoffMs.failed);
      } else {
        refusals = 0;
        slowedTo += ceiling() / 20;
      }
    },
  };
};
