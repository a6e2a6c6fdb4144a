import type { Family } from "../core/cluster.ts";
import { mayPass } from "../errors.ts";
import type { Context } from "./context.ts";

export interface Place {
  readonly region: string;
  readonly family: Family;
}

/**
 * What a place answers, or `undefined` where it cannot be reached just now: what needs it waits, and all
 * else goes on.
 */
export const reach = async <T>(
  { region, family }: Place,
  list: () => Promise<T>,
  { journal }: Context<"engines">,
): Promise<T | undefined> => {
  try {
    return await list();
  } catch (error) {
    if (!mayPass(error)) throw error;
    journal({ kind: "region.unlisted", region, family, error: error.message });
    return undefined;
  }
};
