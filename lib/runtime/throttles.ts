import { isThrottlingError } from "@smithy/core/retry";

export type OnThrottled = () => void;

/** Of an SDK client, no more than its middleware stack. */
interface Watchable {
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: each client's stack is typed by its own commands
    addRelativeTo(middleware: any, options: any): void;
  };
}

/**
 * Reports every throttled attempt. The SDK retries throttling by itself, so that a service may be starved for
 * hours without one error: below its retries each attempt shows.
 */
export const watchThrottles = ({ middlewareStack }: Watchable, onThrottled: OnThrottled): void => {
  const watch = (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
    try {
      return await next(args);
    } catch (error) {
      if (isThrottlingError(error as Parameters<typeof isThrottlingError>[0])) onThrottled();
      throw error;
    }
  };
  middlewareStack.addRelativeTo(watch, {
    name: "holdfastThrottles",
    relation: "after",
    toMiddleware: "retryMiddleware",
  });
};
