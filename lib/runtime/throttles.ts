import { isThrottlingError } from "@smithy/core/retry";
import { type Watchable, watchAttempts } from "../engines/faults.ts";

export type OnThrottled = () => void;

/**
 * Reports every throttled attempt. The SDK retries throttling by itself, so that a service may be starved for
 * hours without one error.
 */
export const watchThrottles = (client: Watchable, onThrottled: OnThrottled): void =>
  watchAttempts(client, "holdfastThrottles", (error) => {
    if (isThrottlingError(error as Parameters<typeof isThrottlingError>[0])) onThrottled();
  });
