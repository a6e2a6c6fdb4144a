import type { PublishedEvent } from "../core/event.ts";
import type { Problem } from "../core/problem.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";

/**
 * Tells the event bus what was done in a region. A bus that does not listen must not cost anybody a backup:
 * the work goes on, and what was not told is a problem of the run.
 */
export const announce = async (
  { events, region }: { readonly events: readonly PublishedEvent[]; readonly region: string },
  { events: bus, journal }: Context<"events">,
): Promise<readonly Problem[]> => {
  try {
    await bus.publish(events);
    return [];
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const ids = events.map(({ detail }) => detail.id);
    journal({ kind: "events.untold", region, ids, error: error.message });
    return [{ cluster: "*", region, code: "untold" }];
  }
};
