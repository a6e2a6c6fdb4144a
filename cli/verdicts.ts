import type { Ledger } from "./ledger.ts";

/** A recovery point with the reasons why it stays, or goes. */
export interface ReasonedPoint {
  readonly id: string;
  readonly because: readonly string[];
}

/** What prunes have judged of one cluster in one region. */
export interface ToldVerdict {
  readonly region: string;
  readonly cluster: string;
  readonly arn: string;
  readonly keep: readonly ReasonedPoint[];
  readonly remove: readonly ReasonedPoint[];
}

/**
 * By cluster and region, over all plans. A large batch is judged again after its first deletions, so what any of
 * the verdicts removes is to be removed, whatever a later one kept without it; and each point is told once.
 */
export const verdictsIn = (ledger: Ledger): readonly ToldVerdict[] => {
  const groups = Map.groupBy(ledger.of("prune.verdict"), ({ region, source }) => `${region} ${source}`);
  return [...groups.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const { region, cluster, source: arn } = first;
    const remove = byId(entries.flatMap(({ verdict }) => verdict.remove));
    const going = new Set(remove.map(({ id }) => id));
    const keep = byId(entries.flatMap(({ verdict }) => verdict.keep)).filter(({ id }) => !going.has(id));
    return [{ region, cluster, arn, keep, remove }];
  });
};

const byId = (points: readonly ReasonedPoint[]): readonly ReasonedPoint[] => [
  ...new Map(points.map((point) => [point.id, point])).values(),
];
