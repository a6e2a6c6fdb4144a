import { closest, distance } from "fastest-levenshtein";
import { wallClock } from "../lib/core/calendar.ts";
import { type Engine, engineNames, isEngine } from "../lib/core/cluster.ts";
import type { OwnedSnapshot } from "../lib/core/ownership.ts";
import type { Config } from "../lib/core/plan.ts";
import type { Snapshot } from "../lib/core/snapshot.ts";
import { parseSpan } from "../lib/core/span.ts";
import { planNamed } from "../lib/steps/context.ts";
import type { Account } from "./account.ts";
import { clusterNamed } from "./cluster-option.ts";
import { Misuse } from "./exit.ts";
import { regionOf } from "./region-option.ts";

/** As they are typed. */
export interface FilterOptions {
  readonly plan?: string;
  readonly cluster?: string;
  readonly engine?: string;
  readonly in?: string;
  readonly since?: string;
  readonly until?: string;
  readonly orphans?: boolean;
  readonly newest?: boolean;
  readonly foreign?: boolean;
  readonly fromHere?: boolean;
}

/** What is shown of an account. */
export interface Filters {
  readonly plan?: string;
  /** Identifier or ARN, in small letters: AWS takes them in any case. */
  readonly cluster?: string;
  readonly engine?: Engine;
  readonly region?: string;
  /** Epoch milliseconds: only what was taken at that moment or later. */
  readonly since?: number;
  /** Only what was taken before. */
  readonly until?: number;
  readonly orphans: boolean;
  /** Only the newest that is available of each cluster in each region. */
  readonly newest?: boolean;
  readonly foreign: boolean;
  /** The only region to ask. */
  readonly only?: string;
  /** Whether anything narrows the list, beside what is said here by itself. */
  readonly narrow: boolean;
}

/** Reads the filters; everything that is wrong with them is a `Misuse` before anything is asked of AWS. */
export const readFilters = (options: FilterOptions, { config, home }: Account, now: number): Filters => {
  const { plan, cluster, engine, in: region, since, until } = options;
  const { orphans = false, foreign = false, fromHere = false } = options;
  const looked = { regions: config.regions, otherwise: "ask it alone with --from-here" };
  const filters = {
    ...(plan !== undefined && { plan }),
    ...(cluster !== undefined && { cluster: clusterNamed(cluster).toLowerCase() }),
    ...(engine !== undefined && { engine: engineOf(engine) }),
    ...(region !== undefined && { region: regionOf(region, fromHere ? undefined : looked) }),
    ...(since !== undefined && { since: momentOf("--since", since, now) }),
    ...(until !== undefined && { until: momentOf("--until", until, now) }),
  };
  if (filters.since !== undefined && filters.until !== undefined && filters.since >= filters.until)
    throw new Misuse(
      `--since ${since} and --until ${until} leave nothing; --since takes the greater age of the two`,
    );
  return {
    ...{ ...filters, orphans, foreign },
    ...(options.newest && { newest: true }),
    ...(fromHere && { only: region ?? home }),
    narrow: Object.keys(filters).length > 0,
  };
};

const engineOf = (word: string): Engine => {
  if (isEngine(word)) return word;
  const near = closest(word, [...engineNames]);
  const meant = distance(word, near) <= 3 ? `; did you mean ${near}?` : "";
  throw new Misuse(`--engine ${word} is no engine; use one of ${engineNames.join(", ")}${meant}`);
};

const momentOf = (option: string, age: string, now: number): number => {
  const span = parseSpan(age);
  if (span !== undefined) return wallClock("UTC").before(now, span);
  throw new Misuse(
    `${option} ${age} is not an age; use years, months, days and hours such as 7d, 36h or 1y6m`,
  );
};

/** A plan that is gone has its recovery points still: unknown is only a name that neither has. */
export const refuseUnknownPlan = (
  { plan }: Filters,
  config: Config,
  owned: readonly OwnedSnapshot[],
): void => {
  if (plan !== undefined && !owned.some((point) => point.plan === plan)) planNamed(config, plan);
};

/** Whether a snapshot is shown; one that tells no time yet has just been begun. */
export const passes = (
  { cluster, engine, region, since, until }: Filters,
  snapshot: Snapshot,
  { takenAt = Number.POSITIVE_INFINITY, clusterArn }: { takenAt?: number; clusterArn?: string },
): boolean =>
  (cluster === undefined || [clusterArn, snapshot.cluster].some((one) => one?.toLowerCase() === cluster)) &&
  (engine === undefined || engine === snapshot.engine) &&
  (region === undefined || region === snapshot.region) &&
  (since === undefined || takenAt >= since) &&
  (until === undefined || takenAt < until);
