import { families } from "../core/cluster.ts";
import type { CopyTask } from "../core/copying.ts";
import { baseName } from "../core/naming.ts";
import { ownedBy } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { findAttempts } from "../engines/attempts.ts";
import type { Context } from "./context.ts";
import type { CopyPass } from "./copy-pass.ts";
import { reach } from "./reach.ts";

/**
 * Copies of ours that live under another attempt's name than the one that a task is about to ask for, by that name's base.
 * Two pumps of one run each count their own losses: what one has lost, the other may have replaced. A call for each
 * family, and only where something was lost. `undefined` where it does not answer: what was lost waits.
 */
export const findReplaced = async (
  { input, copyPlan }: CopyPass,
  picked: readonly CopyTask[],
  context: Context<"engines">,
): Promise<ReadonlyMap<string, Snapshot> | undefined> => {
  const { engines, service } = context;
  const again = picked.filter(({ lost = 0 }) => lost > 0);
  const { region } = copyPlan;
  const query = { service, region, runId: input.run.id };
  const found = await Promise.all(
    families.map(async (family) => {
      const names = again.filter((task) => task.family === family).map(({ source }) => baseName(source));
      if (names.length === 0) return [];
      return reach({ region, family }, () => findAttempts(engines[family], { ...query, names }), context);
    }),
  );
  if (found.includes(undefined)) return undefined;
  const living = found
    .flatMap((some) => some ?? [])
    .filter(({ status }) => status === "copying" || status === "available")
    .filter((one) => ownedBy(service, one) !== undefined);
  return new Map(living.map((one) => [baseName(one.id), one]));
};
