import { engines, type Family } from "../lib/core/cluster.ts";
import { whyForeign } from "../lib/core/foreign.ts";
import type { Governor, JudgedPoint, JudgedSet } from "../lib/core/inventory.ts";
import type { Longevity } from "../lib/core/longevity.ts";
import { homeOf, madeAt, type OwnedSnapshot, stampOf, tagKeys } from "../lib/core/ownership.ts";
import { type Config, planIn } from "../lib/core/plan.ts";
import { arnOf, isEncrypted, type Snapshot, type SnapshotStatus } from "../lib/core/snapshot.ts";
import { type Filters, passes } from "./list-filters.ts";
import { type Look, otherServices, type Unlisted } from "./look.ts";

/** What AWS tells of a snapshot, whoever's it is. */
interface ListedSnapshot {
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly cluster: string;
  readonly engine: string;
  /** As people call the engine. */
  readonly label: string;
  readonly family: Family;
  readonly status: SnapshotStatus;
  /** At rest, under whosever key. */
  readonly encrypted: boolean;
  readonly kmsKey: string | null;
  readonly sizeGib: number | null;
}

export interface ListedPoint extends ListedSnapshot {
  readonly plan: string;
  readonly run: string;
  readonly takenAt: string;
  readonly timeZone: string;
  readonly clusterArn: string;
  readonly resource: string;
  readonly kind: "source" | "copy";
  /** The region of its cluster. */
  readonly home: string;
  readonly governor: Governor;
  readonly orphan: string | null;
  readonly policies: readonly string[];
  readonly stays: boolean;
  readonly because: readonly string[];
  readonly longevity: Longevity | null;
  /** A region that could not be listed: until it answers, nothing of this point's set is pruned. */
  readonly waitsFor: string | null;
  readonly hold: string | null;
  readonly until: string | null;
  /** Why a person had it taken. */
  readonly reason: string | null;
}

export interface ForeignSnapshot extends ListedSnapshot {
  readonly createdAt: string | null;
  readonly because: string;
}

/** What `holdfast list --json` prints, and the table shows. */
export interface ListDocument {
  readonly version: 1;
  /** Whose recovery points these are. */
  readonly service: string;
  /** The moment of the look. */
  readonly at: string;
  readonly regions: readonly string[];
  readonly points: readonly ListedPoint[];
  readonly foreign: readonly ForeignSnapshot[];
  /** Other stages' names that recovery points were seen of, such as `holdfast/prod`. */
  readonly others: readonly string[];
  readonly unlisted: readonly Unlisted[];
}

interface ListInput {
  readonly config: Config;
  readonly service: string;
  readonly look: Look;
  readonly sets: readonly JudgedSet[];
  readonly filters: Filters;
}

export const listDocument = ({ config, service, look, sets, filters }: ListInput): ListDocument => {
  const points = sets
    .filter((set) => filters.plan === undefined || set.plan === filters.plan)
    .filter((set) => !filters.orphans || set.governor === "sweep")
    .flatMap((set) =>
      set.points
        .filter(({ point }) => passes(filters, point.snapshot, point))
        .map(pointOf(set, { config, unlisted: look.unlisted })),
    );
  return {
    ...{ version: 1, service, at: new Date(look.context.now).toISOString() },
    regions: filters.only ? [filters.only] : config.regions,
    points: (filters.newest ? newestOf(points) : points).toSorted(inOrder),
    foreign: filters.foreign ? foreignIn(look.snapshots, service, filters) : [],
    ...{ others: otherServices(look, service), unlisted: look.unlisted },
  };
};

/** Of each cluster in each region the newest that a restore could begin from now. */
const newestOf = (points: readonly ListedPoint[]): readonly ListedPoint[] => {
  const available = points.filter(({ status }) => status === "available");
  const places = Map.groupBy(available, ({ region, resource }) => `${region} ${resource}`);
  return [...places.values()].flatMap((some) =>
    some.toSorted((a, b) => byText(b.takenAt, a.takenAt)).slice(0, 1),
  );
};

interface Known {
  readonly config: Config;
  readonly unlisted: readonly Unlisted[];
}

const pointOf =
  (set: JudgedSet, { config, unlisted }: Known) =>
  ({ point, stays, because, longevity }: JudgedPoint): ListedPoint => {
    const { plan, clusterArn, resource, governor, orphan, policies } = set;
    return {
      ...snapshotOf(point.snapshot),
      ...{ plan, run: point.runId, takenAt: new Date(point.takenAt).toISOString() },
      timeZone: planIn(config, plan)?.timeZone ?? "UTC",
      ...{ clusterArn, resource, kind: point.source === undefined ? "source" : "copy" },
      ...{ home: homeOf(point), governor, orphan: orphan ?? null, policies: policies.map(stampOf) },
      ...{ stays, because, longevity: longevity ?? null, hold: point.hold ?? null },
      until: point.snapshot.tags?.[tagKeys.until] ?? null,
      reason: point.snapshot.tags?.[tagKeys.reason] ?? null,
      waitsFor: waitsFor(set, point, { config, unlisted }),
    };
  };

/**
 * A run prunes no cluster that it does not find, and nothing in a cluster's region while it does not see a copy region;
 * Sweep prunes nothing of a family while any region is silent.
 */
const waitsFor = (
  { plan, governor, region }: JudgedSet,
  point: OwnedSnapshot,
  { config, unlisted }: Known,
): string | null => {
  const { family } = engines[point.snapshot.engine];
  const silent = unlisted.filter((one) => one.family === family).map((one) => one.region);
  const home = homeOf(point);
  if (silent.includes(home)) return home;
  if (governor === "sweep") return silent[0] ?? null;
  if (governor !== "plan" || region !== home) return null;
  return planIn(config, plan)?.copies.find((to) => silent.includes(to.region))?.region ?? null;
};

const snapshotOf = (snapshot: Snapshot): ListedSnapshot => {
  const { id, region, cluster, engine, status, kmsKey, sizeGib } = snapshot;
  const arn = arnOf(snapshot);
  const { label, family } = engines[engine];
  return {
    ...{ id, arn, region, cluster, engine, label, family, status, encrypted: isEncrypted(snapshot) },
    ...{ kmsKey: kmsKey ?? null, sizeGib: sizeGib ?? null },
  };
};

const toIso = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();

const foreignIn = (
  snapshots: readonly Snapshot[],
  service: string,
  filters: Filters,
): readonly ForeignSnapshot[] =>
  snapshots
    .flatMap((snapshot) => {
      const made = madeAt(snapshot);
      const because = whyForeign(service, snapshot);
      const times = made === undefined ? {} : { takenAt: made };
      if (because === undefined || !passes(filters, snapshot, times)) return [];
      return [{ ...snapshotOf(snapshot), createdAt: toIso(made), because }];
    })
    .toSorted((a, b) => byText(`${a.region} ${a.cluster} ${a.id}`, `${b.region} ${b.cluster} ${b.id}`));

/** By cluster and plan, the newest first, each before its copies. */
const inOrder = (a: ListedPoint, b: ListedPoint): number =>
  byText(groupOf(a), groupOf(b)) ||
  byText(b.takenAt, a.takenAt) ||
  byText(b.kind, a.kind) ||
  byText(`${a.region} ${a.id}`, `${b.region} ${b.id}`);

/** What recovery points are shown under one heading by. */
export const groupOf = ({ home, cluster, plan, resource }: ListedPoint): string =>
  `${home} ${cluster} ${plan} ${resource}`;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
