import { traitsOf } from "./cluster.ts";
import { isOurName, plainName } from "./naming.ts";
import { arnOf, type Snapshot, type SnapshotStatus } from "./snapshot.ts";

/**
 * Whether a snapshot in a copy region is AWS's own cross-region copy of one of a Redshift cluster's.
 *
 * Such copies carry no tags. AWS makes their names of the sources' (unconfirmed how; seen: `copy:` before it), and where one
 * is a name of ours it tells the source: there is no other of that name. Else they are recognised by the times of the
 * snapshot and of the cluster's creation, which tells a re-created one apart; that a copy keeps both is unconfirmed too.
 */
export const isArrivalOf = (copy: Snapshot, source: Snapshot): boolean =>
  copy.sourceRegion === source.region &&
  copy.cluster === source.cluster &&
  (isOurName(copy.id) ? plainName(copy.id) === source.id : hasTimesOf(copy, source));

const hasTimesOf = (copy: Snapshot, source: Snapshot): boolean =>
  copy.createdAt !== undefined &&
  copy.createdAt === source.createdAt &&
  copy.clusterCreatedAt === source.clusterCreatedAt;

/**
 * While a copy runs AWS may not tell its time yet, or another than the source's, or leave out something else: then every
 * snapshot of its cluster whose name it bears, or that agrees with what is told, may be the source.
 */
const mayArriveFrom = (copy: Snapshot, source: Snapshot): boolean =>
  copy.cluster === source.cluster &&
  copy.engine === source.engine &&
  (copy.sourceRegion === undefined ? copy.region !== source.region : copy.sourceRegion === source.region) &&
  (plainName(copy.id) === source.id ||
    (agree(copy.createdAt, source.createdAt) && agree(copy.clusterCreatedAt, source.clusterCreatedAt)));

const agree = <T>(one: T | undefined, other: T | undefined): boolean =>
  one === undefined || other === undefined || one === other;

const isCopiedByItself = ({ engine }: Pick<Snapshot, "engine">): boolean =>
  traitsOf(engine).copies === "by-cluster-setting";

/**
 * Whether a snapshot may be a copy that runs, so that its source is in use. One that is being created is a copy only where
 * copies are called so as well.
 */
const mayBeCopy = ({ status, engine, sourceArn, sourceRegion }: Snapshot): boolean =>
  running.has(status) &&
  (status !== "creating" ||
    sourceArn !== undefined ||
    sourceRegion !== undefined ||
    isCopiedByItself({ engine }));

/** A word that AWS has not documented may well mean "still copying": in doubt the source is in use. */
const running: ReadonlySet<SnapshotStatus> = new Set(["copying", "creating", "unknown"]);

/**
 * So long a copy that has come may wait for its tags, counted from its source: Recognise looks every day. One that the
 * roles may not tag must not keep its source for ever.
 */
const untaggedMsMax = 3 * 86_400_000;

/** Whether AWS's own copy has come and is not tagged yet: only its source tells what it is. */
const isUntagged = (copy: Snapshot): boolean =>
  copy.status === "available" && isCopiedByItself(copy) && Object.keys(copy.tags ?? {}).length === 0;

export interface CopiesSeen {
  /** What the listings of the copies' destination show. */
  readonly destination: readonly Snapshot[];
  readonly sources: readonly Snapshot[];
  readonly now: number;
}

/** ARNs of the snapshots that a copy in progress reads from, or that one which has just come is to be recognised by. */
export const sourcesInUse = ({ destination, sources, now }: CopiesSeen): ReadonlySet<string> => {
  const readFrom = destination.filter(mayBeCopy).flatMap((copy) => {
    if (copy.sourceArn !== undefined) return [copy.sourceArn];
    return sources.filter((source) => mayArriveFrom(copy, source)).map(arnOf);
  });
  const tellers = sources.filter(
    (source) =>
      source.status === "available" &&
      isCopiedByItself(source) &&
      now - (source.createdAt ?? now) < untaggedMsMax,
  );
  const recognisedBy = destination
    .filter(isUntagged)
    .flatMap((copy) => tellers.filter((source) => isArrivalOf(copy, source)).map(arnOf));
  return new Set([...readFrom, ...recognisedBy]);
};
