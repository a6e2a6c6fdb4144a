import { type Cluster, type Family, families } from "../lib/core/cluster.ts";
import type { JournalEntry } from "../lib/core/journal.ts";
import { type OwnedSnapshot, ownedBy, tagKeys } from "../lib/core/ownership.ts";
import type { Snapshot } from "../lib/core/snapshot.ts";
import { HoldfastError } from "../lib/errors.ts";
import type { Runtime } from "../lib/runtime/runtime.ts";
import type { Context } from "../lib/steps/context.ts";
import { lookThrough, type Seen, surveyClusters, surveySnapshots } from "../lib/steps/survey.ts";
import type { Account } from "./account.ts";

/** A region that did not answer for a family, and AWS's words. */
export interface Unlisted {
  readonly region: string;
  readonly family: Family;
  readonly error: string;
}

/** An account at one moment, as far as it answered. */
export interface Look {
  readonly clusters: readonly Cluster[];
  readonly snapshots: readonly Snapshot[];
  readonly owned: readonly OwnedSnapshot[];
  readonly unlisted: readonly Unlisted[];
  /** Whether nothing can be said about a family's clusters in a region. */
  readonly unseen: (family: Family, region: string) => boolean;
  /** What the look was made with, for further questions at the same moment. */
  readonly context: Context<"engines" | "keys">;
}

/** Lists clusters and manual snapshots in every region of holdfast.yml; asks, and changes nothing. */
export const lookEverywhere = async (account: Account, cluster?: string): Promise<Look> => {
  const { context, unlisted } = openEyes(account);
  const [clusters, snapshots] = await Promise.all([
    Promise.all(families.map((family) => surveyClusters(family, context))),
    Promise.all(families.map((family) => snapshotsIn(family, context, cluster))),
  ]);
  const silent = unlisted();
  const found = [...clusters, ...snapshots].reduce((sum, { items }) => sum + items.length, 0);
  refuseBlindness({ found, asked: account.config.regions, silent });
  const missing = new Set(silent.map(({ family, region }) => `${family} ${region}`));
  return {
    clusters: clusters.flatMap(({ items }) => items),
    ...foundIn(snapshots, account),
    ...{ context, unlisted: silent },
    // A region that is not in holdfast.yml was not asked.
    unseen: (family, region) =>
      missing.has(`${family} ${region}`) || !account.config.regions.includes(region),
  };
};

/** Lists the snapshots of one region, and asks no other for anything: what their own tags say is all there is. */
export const lookHere = async (account: Account, region: string, cluster?: string): Promise<Look> => {
  const { context, unlisted } = openEyes(account);
  const here = { ...context, config: { ...account.config, regions: [region] } };
  const snapshots = await Promise.all(families.map((family) => snapshotsIn(family, here, cluster)));
  const silent = unlisted();
  const found = snapshots.reduce((sum, { items }) => sum + items.length, 0);
  refuseBlindness({ found, asked: [region], silent });
  return {
    ...{ clusters: [], ...foundIn(snapshots, account), context, unlisted: silent },
    unseen: () => true,
  };
};

interface Sight {
  readonly found: number;
  readonly asked: readonly string[];
  readonly silent: readonly Unlisted[];
}

/** Where no region answered for any family there is nothing to show: mostly the credentials are to blame. */
const refuseBlindness = ({ found, asked, silent }: Sight): void => {
  const [first] = silent;
  if (first && found === 0 && silent.length === asked.length * families.length)
    throw new HoldfastError(first.error);
};

/**
 * All, or those of one cluster, which AWS can be asked for. It is expected to have some: where the filter shows none the
 * region is listed whole.
 */
const snapshotsIn = (
  family: Family,
  context: Look["context"],
  cluster: string | undefined,
): Promise<Seen<Snapshot>> => {
  if (cluster === undefined) return surveySnapshots(family, all, context);
  const [clusters, { regions }] = [[cluster], context.config];
  return lookThrough<Snapshot>(
    family,
    { regions, ask: (engine, region) => engine.snapshotsOf({ region, clusters, expected: clusters }) },
    context,
  );
};

/** Stages whose recovery points there are, beside the one that is asked about. */
export const otherServices = ({ snapshots }: Look, own: string): readonly string[] => {
  const services = snapshots.map(({ tags }) => tags?.[tagKeys.service] ?? "");
  return [...new Set(services)].filter((one) => /^holdfast\/./.test(one) && one !== own).toSorted();
};

/** Commands show what there is, others' too. */
const all = (snapshot: Snapshot): Snapshot => snapshot;

const foundIn = (listings: readonly Seen<Snapshot>[], { service }: Account) => {
  const snapshots = listings.flatMap(({ items }) => items);
  return { snapshots, owned: snapshots.flatMap((one) => ownedBy(service, one) ?? []) };
};

const openEyes = (account: Account) => {
  const entries: JournalEntry[] = [];
  const runtime = account.runtime((entry) => void entries.push(entry));
  return { context: contextOf(runtime), unlisted: () => unlistedIn(entries) };
};

const contextOf = ({ clock, ...rest }: Runtime): Look["context"] => ({ ...rest, now: clock() });

/** Clusters and snapshots may both have failed, and mostly by the same cause: the first is told. */
export const unlistedIn = (entries: readonly JournalEntry[]): readonly Unlisted[] => {
  const told = entries.flatMap((entry) => (entry.kind === "region.unlisted" ? [entry] : []));
  const first = new Map(told.toReversed().map((entry) => [`${entry.region} ${entry.family}`, entry]));
  return [...first.values()]
    .map(({ region, family, error }) => ({ region, family, error }))
    .toSorted((a, b) => compare(`${a.region} ${a.family}`, `${b.region} ${b.family}`));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
