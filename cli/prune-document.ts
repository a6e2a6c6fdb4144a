import type { Problem } from "../lib/core/problem.ts";
import { type ToldProblem, tellInWords } from "./aws-words.ts";
import type { Ledger } from "./ledger.ts";
import { type Unlisted, unlistedIn } from "./look.ts";
import { type ToldVerdict, verdictsIn } from "./verdicts.ts";

/** One cluster's recovery points in one region. */
export interface PrunedSet extends ToldVerdict {
  /** Of those to remove, the ones that are gone; all of them to be gone in a dry run. */
  readonly deleted: readonly string[];
}

/** What pruning came to, or would: `--json` prints it, the table shows it. */
export interface PruneDocument {
  readonly version: 1;
  /** False in a dry run: nothing was deleted. */
  readonly applied: boolean;
  readonly totals: { readonly keep: number; readonly remove: number; readonly deleted: number };
  readonly sets: readonly PrunedSet[];
  readonly problems: readonly ToldProblem[];
  /** Regions of which this says nothing, with AWS's words. */
  readonly unlisted: readonly Unlisted[];
}

export interface PruneOutcome {
  readonly applied: boolean;
  readonly problems: readonly (Problem | ToldProblem)[];
}

export const pruneDocument = (ledger: Ledger, { applied, problems }: PruneOutcome): PruneDocument => {
  const tell = tellInWords(ledger);
  const sets = setsIn(ledger).filter(({ keep, remove }) => keep.length + remove.length > 0);
  const count = (of: (set: PrunedSet) => readonly unknown[]) =>
    sets.reduce((sum, one) => sum + of(one).length, 0);
  return {
    version: 1,
    applied,
    totals: {
      keep: count(({ keep }) => keep),
      remove: count(({ remove }) => remove),
      deleted: applied ? count(({ deleted }) => deleted) : 0,
    },
    sets,
    problems: problems.map((one) => ("sentence" in one ? one : tell(one))),
    unlisted: unlistedIn(ledger.of("region.unlisted")),
  };
};

const setsIn = (ledger: Ledger): readonly PrunedSet[] => {
  const gone = new Set(ledger.of("snapshot.deleted").map(({ region, snapshot }) => `${region} ${snapshot}`));
  return verdictsIn(ledger).map((verdict) => ({
    ...verdict,
    deleted: verdict.remove.map(({ id }) => id).filter((id) => gone.has(`${verdict.region} ${id}`)),
  }));
};
