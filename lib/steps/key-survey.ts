import pMap from "p-map";
import { metricNames } from "../core/measure.ts";
import type { Sighting } from "../core/sighting.ts";
import { keysIn, type SweepWork } from "../core/sweep-work.ts";
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
  const byKey = Map.groupBy(here, ({ snapshot }) => snapshot.kmsKey ?? "");
  byKey.delete("");
  const objections = await objectionsTo({ region, ids: [...byKey.keys()] }, context);
  return objections.map(({ id, reason }) => ({ region, key: id, points: byKey.get(id) ?? [], reason }));
};

/**
 * Tells which of the keys cannot be used that a sweep has counted, and how many by region. Of a region that was not seen
 * whole only bad news is told: that its keys are well, nobody knows.
 */
export const examineKeys = async (work: SweepWork, context: Context<"keys">): Promise<void> => {
  for (const region of context.config.regions) {
    const points = keysIn(work, region);
    const objections = await objectionsTo({ region, ids: [...points.keys()] }, context);
    for (const { id, reason } of objections)
      context.journal({ kind: "key.unusable", region, key: id, points: points.get(id) ?? 0, reason });
    const value = objections.length;
    if (value > 0 || !work.unseen.includes(region))
      context.measure({ name: metricNames.keysUnusable, unit: "Count", value, dimensions: { region } });
  }
};

/** Each cluster may have a key of its own. */
const keysAtOnce = 5;

interface Objection {
  readonly id: string;
  readonly reason: string;
}

/** The keys among some that cannot be used, in their order. */
const objectionsTo = async (
  { region, ids }: { readonly region: string; readonly ids: readonly string[] },
  context: Context<"keys">,
): Promise<readonly Objection[]> => {
  const answers = await pMap(
    ids,
    async (id) => ({ id, reason: await objectionTo({ region, id }, context) }),
    { concurrency: keysAtOnce },
  );
  return answers.flatMap(({ id, reason }) => (reason === undefined ? [] : [{ id, reason }]));
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
