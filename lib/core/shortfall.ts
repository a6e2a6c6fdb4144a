import { bornAt, type ClusterTimes, type CoverageRow, isServedAt } from "./coverage.ts";

/** A place's clusters of which one lacks a point of every run that was looked at, and what is known of all of them. */
interface Place {
  readonly members: readonly ClusterTimes[];
  /** Runs whose points were asked for of every cluster of the place, epoch milliseconds. */
  readonly looked: readonly number[];
}

/** The clusters that lack a point of the run that fewest lack one of. */
const shortOf = ({ members, looked }: Place): readonly ClusterTimes[] => {
  const byRun = looked.map((at) => members.filter((one) => !isServedAt(one, at)));
  return byRun.toSorted((a, b) => a.length - b.length)[0] ?? [];
};

/**
 * The same and one of the others, the oldest, where there are any: what people have had taken of those that lack a point was
 * no run of all clusters if it has none of that time.
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
 * Whether a row is told by the points of some runs and by all that some clusters have: those which lack one, and a witness.
 * Else, where there is one, the time of an earlier run that may have been complete, to be asked for.
 *
 * Nobody else may be at risk, since a person may have had others taken. A snapshot keeps the name that its cluster had:
 * what is older than all that is seen of a cluster may be there under another name, so that nothing is said of then.
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
  const [earlier] = [...new Set(those.flatMap(({ times }) => [...times]))]
    .filter((at) => at > whole && !asked.has(at) && those.every((one) => isServedAt(one, at)))
    .toSorted((a, b) => b - a);
  if (earlier !== undefined) return { earlier };
  return those.every((one) => reachesBackTo(whole, one)) ? "told" : "untold";
};

/** Whether the cluster was not there yet, or bore its present name. */
const reachesBackTo = (at: number, { cluster, times }: ClusterTimes): boolean =>
  isServedAt({ cluster, times: new Set() }, at) || [...times].some((time) => time <= at);
