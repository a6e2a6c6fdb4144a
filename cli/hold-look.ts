import { type Family, families } from "../lib/core/cluster.ts";
import { pointsNamed } from "../lib/core/holding.ts";
import type { OwnedSnapshot } from "../lib/core/ownership.ts";
import { arnOf, type Snapshot } from "../lib/core/snapshot.ts";
import type { Engines } from "../lib/engines/engine.ts";
import { HoldfastError } from "../lib/errors.ts";
import type { Account } from "./account.ts";
import { Misuse } from "./exit.ts";
import type { Unlisted } from "./look.ts";
import { regionOf } from "./region-option.ts";

/** What somebody asks for: names, and where they may be. */
export interface Asked {
  readonly names: readonly string[];
  readonly in?: string;
  readonly copies: boolean;
}

/** A name that means no recovery point here, in a whole sentence; `misuse` where the caller could have known. */
export interface NotFound {
  readonly name: string;
  readonly error: string;
  readonly misuse: boolean;
}

/** What the names mean, as far as regions answered. */
export interface Found {
  readonly points: readonly OwnedSnapshot[];
  readonly notFound: readonly NotFound[];
  readonly unlisted: readonly Unlisted[];
}

/** Whether holdfast.yml can be done without: these say themselves where they are. */
export const areArns = ({ names, copies }: Asked): boolean =>
  !copies && names.every((name) => wayOf(name) !== undefined);

/** Finds all that is named with one look at each place that a name may be in; what does not answer is told. */
export const findPoints = async (account: Account, engines: Engines, asked: Asked): Promise<Found> => {
  const sought = asked.names.map((name) => placesOf(name, asked, account.config.regions));
  const places = new Map(sought.flatMap(({ looked }) => looked).map((one) => [keyOf(one), one]));
  const listings = await Promise.all([...places.values()].map((place) => lookAt(place, engines)));
  const listed = listings.flatMap(({ snapshots }) => snapshots);
  const unlisted = listings.flatMap(({ failed }) => failed ?? []);
  const silent = new Set(unlisted.map(({ region }) => region));
  const verdicts = sought.map(({ name, regions }) => {
    const query = { service: account.service, name, regions, copies: asked.copies };
    const verdict = pointsNamed(listed, query);
    if (!("missing" in verdict)) return { name, verdict };
    // Of a region that did not answer nobody can say that it is not there.
    const answered = regions.filter((region) => !silent.has(region));
    return {
      name,
      verdict: answered.length === 0 ? undefined : pointsNamed([], { ...query, regions: answered }),
    };
  });
  return { ...sorted(verdicts), unlisted };
};

interface Place {
  readonly region: string;
  readonly family: Family;
}

const keyOf = ({ region, family }: Place): string => `${region} ${family}`;

/** An ARN's own region and control plane. */
const wayOf = (name: string): Place | undefined => {
  const [, family, region] = /^arn:[^:]+:(rds|redshift):([a-z0-9-]+):/.exec(name) ?? [];
  return family && region ? { region, family: family as Family } : undefined;
};

/** Where a name may be, and where one has to look for it and its copies: an ARN says so itself, listed or not. */
const placesOf = (name: string, { in: place, copies }: Asked, regions: readonly string[]) => {
  if (name.trim() === "")
    throw new Misuse("name the snapshot by its identifier or ARN, as `holdfast list` shows it");
  const own = wayOf(name);
  if (own && place !== undefined && place !== own.region)
    throw new Misuse(`${name} is in ${own.region}, not in ${place}; leave --in out beside an ARN`);
  const only =
    own?.region ??
    (place === undefined
      ? undefined
      : regionOf(place, { regions, otherwise: "name the snapshot by its ARN" }));
  const within = only ? [only] : regions;
  const looked = copies ? [...new Set([...within, ...regions])] : within;
  const kinds = own ? [own.family] : families;
  return {
    ...{ name, regions: within },
    looked: looked.flatMap((region) => kinds.map((family): Place => ({ region, family }))),
  };
};

interface Listing {
  readonly snapshots: readonly Snapshot[];
  readonly failed?: Unlisted;
}

const lookAt = async ({ region, family }: Place, engines: Engines): Promise<Listing> => {
  try {
    return { snapshots: await engines[family].pickSnapshots(region, (one) => one) };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return { snapshots: [], failed: { region, family, error: error.message } };
  }
};

interface Named {
  readonly name: string;
  readonly verdict: ReturnType<typeof pointsNamed> | undefined;
}

/** Two names may mean one point, which is told once. */
const sorted = (verdicts: readonly Named[]): Omit<Found, "unlisted"> => {
  const points = new Map<string, OwnedSnapshot>();
  const notFound: NotFound[] = [];
  for (const { name, verdict } of verdicts) {
    if (verdict === undefined) continue;
    if ("points" in verdict) for (const point of verdict.points) points.set(arnOf(point.snapshot), point);
    if ("misuse" in verdict) notFound.push({ name, error: verdict.misuse, misuse: true });
    if ("missing" in verdict) notFound.push({ name, error: verdict.missing, misuse: false });
  }
  return { points: [...points.values()], notFound };
};
