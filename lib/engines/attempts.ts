import { attemptNames, baseName, laterAttempts, plainName } from "../core/naming.ts";
import { homeOf, ownedBy } from "../core/ownership.ts";
import { isInProgress, type Snapshot } from "../core/snapshot.ts";
import type { Engine } from "./engine.ts";

interface AttemptsQuery {
  readonly service: string;
  readonly region: string;
  /** Names of first attempts. */
  readonly names: readonly string[];
  readonly runId: string;
  /** Those names that must be there, in one attempt or another, so a filter that leaves one out is not trusted. */
  readonly expected?: readonly string[];
  /** The run may have taken nothing yet: if not one of the first attempts is there, no later one is asked for. */
  readonly mayBeFresh?: boolean;
  /** The run is over, so that a later attempt may be done while another execution brings the first one again. */
  readonly mayBeDone?: boolean;
}

/** So many are one call in either family: then asking for every attempt costs no more than for the first. */
const idsAtOnce = 100;

/**
 * Every snapshot that holds one of the names or a later attempt's of it. The first attempts are asked for
 * together; the later ones only where the first does not live: it failed, a stranger holds its name, or it is
 * gone, which says nothing about a second, since a failed first may have been deleted meanwhile; of a run that is over
 * also where the first is not done.
 */
export const findAttempts = async (
  engine: Engine,
  { service, region, names, runId, expected = [], mayBeFresh = false, mayBeDone = false }: AttemptsQuery,
): Promise<readonly Snapshot[]> => {
  const all = names.flatMap(attemptNames);
  if (expected.length === 0 && all.length <= idsAtOnce)
    return engine.findSnapshots({ region, ids: all, runId });
  const first = await engine.findSnapshots({ region, ids: names, runId, expected });
  if (mayBeFresh && first.length === 0) return first;
  const counts = (one: Snapshot): boolean => livesAsOurs(service, one) && !(mayBeDone && isInProgress(one));
  const living = new Set(first.filter(counts).map(({ id }) => firstName(id)));
  const later = names.filter((name) => !living.has(name)).flatMap(laterAttempts);
  if (later.length === 0) return first;
  return [...first, ...(await engine.findSnapshots({ region, ids: later, runId }))];
};

/**
 * Whether it is ours and may count: what has failed or is going does not, nor what somebody has copied by hand under
 * such a name: RDS hands the source's tags on to that, and none says of what it is the copy.
 */
export const livesAsOurs = (service: string, snapshot: Snapshot): boolean => {
  const owned = ownedBy(service, snapshot);
  if (owned === undefined || spent.has(snapshot.status)) return false;
  return owned.source !== undefined || homeOf(owned) === snapshot.region;
};

/** An undocumented word may mean anything: then a later attempt may be there. */
const spent: ReadonlySet<string> = new Set(["failed", "deleting", "unknown"]);

/** The first attempt's name, without the prefix that AWS gives to Redshift's cross-region copies. */
const firstName = (id: string): string => baseName(plainName(id));
