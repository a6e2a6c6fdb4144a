import { bornAt, type ClusterTimes, type CoverageRow, isServedAt } from "./coverage.ts";

/** A plan's clusters in one place, where each run that was looked at left out one of them at least. */
interface Place {
  readonly members: readonly ClusterTimes[];
  /** Runs whose points were asked for of every cluster of the place, epoch milliseconds. */
  readonly looked: readonly number[];
}

/** The clusters without a recovery point of that one of the runs which left out the fewest. */
const shortOf = ({ members, looked }: Place): readonly ClusterTimes[] => {
  const byRun = looked.map((at) => members.filter((one) => !isServedAt(one, at)));
  return byRun.toSorted((a, b) => a.length - b.length)[0] ?? [];
};

/**
 * These clusters and, where there is one, a witness: the oldest of the clusters that were not left out. People may have had
 * snapshots taken of the former alone; that those were no complete run shows in the witness, which has none of that time.
 */
export const shortWithWitness = (place: Place): readonly ClusterTimes[] => {
  const short = shortOf(place);
  // On a night that failed whole they are all of ten thousand.
  const lacking = new Set(short);
  const [witness] = place.members
    .filter((one) => !lacking.has(one))
    .toSorted((a, b) => bornAt(a.cluster.createdAt) - bornAt(b.cluster.createdAt));
  return short.length > 0 && witness ? [...short, witness] : short;
};

export interface ShortfallInput extends Place {
  readonly row: Pick<CoverageRow, "runAge" | "atRisk">;
  /** Those of the members, by ARN, of which every point is known that bears their present name. */
  readonly short: ReadonlySet<string>;
  readonly now: number;
}

/**
 * Whether a row's figures are final ("told"), although of most clusters only the points of some runs are known, and all
 * points only of the clusters in `short`. If not, they may be by the points of an earlier run that may have been complete:
 * then its time is answered, for the caller to ask for those.
 *
 * A row that calls any other cluster at risk is not final, since a person may have had a snapshot taken of that one. Nor
 * is one for which a run counts that is further back than the oldest point of a cluster in `short`, and not than the cluster: a
 * snapshot keeps the name that its cluster had, so that older ones may be there under another name.
 */
export const tellShortfall = ({
  row,
  members,
  short,
  looked,
  now,
}: ShortfallInput): "told" | "untold" | { readonly earlier: number } => {
  const those = members.filter(({ cluster }) => short.has(cluster.arn));
  // A row names clusters by their identifiers, which one of the RDS family and one of Redshift may share.
  const isSeen = (id: string): boolean =>
    members
      .filter(({ cluster }) => cluster.id === id)
      .every(({ cluster, times }) => short.has(cluster.arn) && times.size > 0);
  if (those.length === 0 || !row.atRisk.every(isSeen)) return "untold";
  const whole = now - row.runAge * 1000;
  const asked = new Set(looked);
  const later = [...new Set(those.flatMap(({ times }) => [...times]))].filter((at) => at > whole);
  const [earlier] = later
    .filter((at) => !asked.has(at) && those.every((one) => isServedAt(one, at)))
    .toSorted((a, b) => b - a);
  if (earlier !== undefined) return { earlier };
  const isTold = those.every((one) => [whole, ...later].every((at) => reachesBackTo(at, one)));
  // In a run that these had their part in, any other may have had one too, under the name that it had then.
  const shared = looked.filter((at) => at > whole && those.every((one) => isServedAt(one, at)));
  const isShown = members.every((one) => shared.every((at) => reachesBackTo(at, one)));
  return isTold && isShown ? "told" : "untold";
};

/** Whether the cluster was not there yet, or bore its present name. */
const reachesBackTo = (at: number, { cluster, times }: ClusterTimes): boolean =>
  isServedAt({ cluster, times: new Set() }, at) || [...times].some((time) => time <= at);
