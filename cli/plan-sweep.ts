import { takeInventory } from "../lib/core/inventory.ts";
import { setKey } from "../lib/core/sweeping.ts";
import type { Account } from "./account.ts";
import { type ToldProblem, tellPlainly, unlistedFor } from "./aws-words.ts";
import { type Look, lookEverywhere } from "./look.ts";
import type { Change } from "./plan-changes.ts";

/** A set of recovery points that no plan's run visits, and what of it Sweep would remove. */
interface SweptSet {
  readonly key: string;
  readonly removes: readonly Change[];
  readonly problems: readonly ToldProblem[];
}

/** What Sweep would do under a configuration, as `list` and `prune` judge it. */
export interface ForetoldSweep {
  readonly sets: readonly SweptSet[];
  /** What was not seen of it. */
  readonly unlisted: readonly ToldProblem[];
}

export interface SweepQuestion {
  /** The only plan whose points are asked about. */
  readonly name: string | undefined;
  /** Of the runs that are imagined, epoch milliseconds; absent: now. */
  readonly now: number | undefined;
}

export const foretellSweep = (look: Look, { config }: Account, which: SweepQuestion): ForetoldSweep => {
  const now = which.now ?? look.context.now;
  const sets = takeInventory({ ...look, config, now }).filter(
    ({ governor, plan }) => governor === "sweep" && plan === (which.name ?? plan),
  );
  return {
    unlisted: look.unlisted.map(({ region, error }) => unlistedFor(region, error)),
    sets: sets.map((set) => ({
      key: setKey(set),
      problems: set.problems.map(tellPlainly),
      removes: set.points
        .filter(({ stays }) => !stays)
        .map(({ point, because }) => ({
          ...{ plan: set.plan, region: set.region, id: point.snapshot.id },
          because: `${because.join(", ")}; swept: ${set.orphan}`,
        })),
    })),
  };
};

/** Each configuration looks in its own regions; where these are the same, one look serves both. */
export const lookForBoth = async (now: Account, then: Account): Promise<readonly [Look, Look]> => {
  const look = await lookEverywhere(now);
  const [here, there] = [now, then].map(({ config }) => config.regions.toSorted().join(" "));
  return [look, here === there ? look : await lookEverywhere(then)];
};
