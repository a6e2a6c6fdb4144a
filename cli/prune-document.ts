import type { Problem } from "../lib/core/problem.ts";
import { type ToldProblem, tellInWords } from "./aws-words.ts";
import type { Ledger } from "./ledger.ts";
import { type Unlisted, unlistedIn } from "./look.ts";

export interface PrunedPoint {
  readonly id: string;
  readonly because: readonly string[];
}

/** One cluster's recovery points in one region. */
export interface PrunedSet {
  readonly region: string;
  readonly cluster: string;
  readonly arn: string;
  readonly keep: readonly PrunedPoint[];
  readonly remove: readonly PrunedPoint[];
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

/**
 * By cluster and region, over all plans. A large batch is judged again after its first deletions, so what any of
 * the verdicts removes is to be removed, whatever a later one kept without it.
 */
const setsIn = (ledger: Ledger): readonly PrunedSet[] => {
  const gone = new Set(ledger.of("snapshot.deleted").map(({ region, snapshot }) => `${region} ${snapshot}`));
  const groups = Map.groupBy(ledger.of("prune.verdict"), ({ region, source }) => `${region} ${source}`);
  return [...groups.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const { region, cluster, source: arn } = first;
    const remove = byId(entries.flatMap(({ verdict }) => verdict.remove));
    const keep = byId(entries.flatMap(({ verdict }) => verdict.keep)).filter(
      ({ id }) => !remove.some((one) => one.id === id),
    );
    const deleted = remove.map(({ id }) => id).filter((id) => gone.has(`${region} ${id}`));
    return [{ region, cluster, arn, keep, remove, deleted }];
  });
};

const byId = (points: readonly PrunedPoint[]): readonly PrunedPoint[] => [
  ...new Map(points.map((point) => [point.id, point])).values(),
];
