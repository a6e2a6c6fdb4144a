import { metricNames } from "../core/measure.ts";
import type { Sighting } from "../core/sighting.ts";
import type { SweepWork } from "../core/sweep-work.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";

/** A key that cannot be used now, and the recovery points that cannot be restored or copied without it. */
export interface UnusableKey {
  readonly region: string;
  readonly key: string;
  readonly points: readonly Sighting[];
  readonly reason: string;
}

/** Asks KMS about every key that these recovery points in a region need: one call for each. */
export const unusableKeys = async (
  region: string,
  owned: readonly Sighting[],
  context: Context<"keys">,
): Promise<readonly UnusableKey[]> => {
  const here = owned.filter(({ snapshot }) => snapshot.region === region && snapshot.status === "available");
  const unusable: UnusableKey[] = [];
  for (const [key, points] of Map.groupBy(here, ({ snapshot }) => snapshot.kmsKey)) {
    const reason = key === undefined ? undefined : await objectionTo({ region, id: key }, context);
    if (key !== undefined && reason !== undefined) unusable.push({ region, key, points, reason });
  }
  return unusable;
};

/**
 * Tells which of the keys cannot be used that a sweep has counted, and how many by region. Of a region that was not seen
 * whole only bad news is told: that its keys are well, nobody knows.
 */
export const examineKeys = async ({ keys, unseen }: SweepWork, context: Context<"keys">): Promise<void> => {
  for (const region of context.config.regions) {
    let value = 0;
    for (const [key, points] of Object.entries(keys[region] ?? {})) {
      const reason = await objectionTo({ region, id: key }, context);
      if (reason === undefined) continue;
      value += 1;
      context.journal({ kind: "key.unusable", region, key, points, reason });
    }
    if (value > 0 || !unseen.includes(region))
      context.measure({ name: metricNames.keysUnusable, unit: "Count", value, dimensions: { region } });
  }
};

/** A key that may not even be looked at is as good as gone, until somebody says otherwise. */
const objectionTo = async (
  key: { readonly region: string; readonly id: string },
  { keys }: Context<"keys">,
): Promise<string | undefined> => {
  try {
    const verdict = await keys.examine(key);
    return "usable" in verdict ? undefined : verdict.unusable;
  } catch (error) {
    if (error instanceof HoldfastError) return error.message;
    throw error;
  }
};
