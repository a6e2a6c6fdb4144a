import type { RegionStore, World } from "../../../simulator/world.ts";
import type { Rules } from "./keeping.ts";

/** What the checkers see of a simulation: the simulator's records, in words that are not the product's. */

export interface SeenSnapshot {
  readonly family: "rds" | "redshift";
  readonly region: string;
  readonly id: string;
  readonly arn: string;
  readonly automated: boolean;
  /** In AWS's own word. */
  readonly status: string;
  readonly cluster: string;
  readonly engine: string;
  readonly tags: ReadonlyMap<string, string>;
  /** The snapshot it was or is being copied from, where the record says. */
  readonly sourceArn?: string;
  readonly sourceRegion?: string;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly encrypted: boolean;
  /** Under a key that AWS owns, which AWS does not count as encrypted. */
  readonly awsOwned?: true;
  /** Without which it cannot be restored. */
  readonly kmsKey?: string;
}

export interface SeenCluster {
  readonly family: "rds" | "redshift";
  readonly region: string;
  readonly id: string;
  readonly arn: string;
  readonly resource: string;
  readonly engine: string;
  readonly status: string;
  readonly encrypted: boolean;
  readonly awsOwned?: true;
  readonly tags: ReadonlyMap<string, string>;
  readonly createdAt?: number;
  /** One that takes over from another cluster what is written there, and is not written itself. */
  readonly reads?: true;
  /** Where AWS copies its snapshots to by itself, and for how many days; -1 is for ever. */
  readonly copying?: { readonly region: string; readonly days: number };
}

/** One call of a function, as Lambda counts them: a retry is another. */
export interface Invocation {
  readonly number: number;
  readonly function: string;
  /** It was ended before its end: what it was about to do is not done. */
  readonly died?: true;
  readonly startedAt: number;
  readonly plan?: string;
  readonly at?: string;
  /** Of a run that a person asked for. */
  readonly asked?: true;
  /** What was asked for: how long its points are to be kept. */
  readonly wish?: { readonly hold?: string; readonly until?: string; readonly reason?: string };
  /** Of the state machine, by number; what is called daily has none. */
  readonly execution?: number;
  /** The execution of the whole run, where this one does a part of it; else the same. */
  readonly whole?: number;
}

/** A call to AWS, or another attempt at it, as it leaves its function. */
export interface Departure {
  readonly invocation: Invocation;
  /** As AWS signs its name: `rds`, `redshift`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly at: number;
}

/** A call to AWS as it was answered. */
export interface SeenCall {
  readonly invocation: Invocation;
  readonly operation: string;
  readonly region: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly at: number;
  /** 0 where the connection was dropped. */
  readonly status: number;
  readonly code: string;
  readonly body: string;
  /** Its caller did not wait so long. */
  readonly unheard?: true;
}

/** What there was of clusters when a listing of them was answered. */
export interface Finding {
  readonly invocation: Invocation;
  readonly clusters: readonly SeenCluster[];
}

/** A listing of snapshots at the moment of its answer; with pages there are several. */
export interface Listing {
  readonly invocation: Invocation;
  readonly family: "rds" | "redshift";
  readonly region: string;
  readonly first: boolean;
  /** Some snapshots only, asked for by their names: of the others it shows nothing. */
  readonly named?: boolean;
  readonly at: number;
  readonly snapshots: readonly SeenSnapshot[];
}

export interface Verdict {
  readonly invocation: Invocation;
  readonly region: string;
  readonly clusterArn: string;
  readonly remove: readonly string[];
  readonly keep: readonly string[];
  readonly problems: readonly string[];
}

export interface Deletion {
  readonly invocation: Invocation;
  readonly snapshot: SeenSnapshot;
  /** What the region held just before, this one included. */
  readonly before: readonly SeenSnapshot[];
  readonly at: number;
}

/** What Watch told of a plan's points in a place, at the time by which it measured. */
export interface CoverageTold {
  readonly invocation?: Invocation;
  readonly plan: string;
  readonly region: string;
  readonly kind: "source" | "copy";
  readonly at: number;
  /** In seconds. */
  readonly recoveryPointAge: number;
  readonly runAge: number;
  readonly atRisk: readonly string[];
}

/** A plan as an operator wrote it down. */
export interface PlanFacts {
  readonly name: string;
  readonly timeZone: string;
  /** One that is switched off has no runs but those that a person asks for, and keeps its points. */
  readonly enabled: boolean;
  readonly regions: readonly string[];
  readonly select: Selection;
  /** Clusters with one of these values of a tag are left out. */
  readonly exclude: Readonly<Record<string, readonly string[]>>;
  readonly retention: Rules;
  readonly copies: readonly CopyFacts[];
  /** How many copies may run into a region at once. */
  readonly copiesInFlight: number;
  /** The tags of a cluster that go onto its snapshots; `*` for all. */
  readonly carryTags: readonly string[];
  /** Whether a stopped cluster is a problem, or expected. */
  readonly stopped: "problem" | "skip";
  readonly floor: number;
  readonly brake: number;
  readonly copyObjectiveHours: number;
}

/** All of these: one of the values of each tag, of which `*` is any, and where they are given a pattern and an engine. */
export interface Selection {
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** In which `?` is any one character. */
  readonly identifiers?: readonly string[];
  readonly engines?: readonly string[];
}

export interface CopyFacts {
  readonly region: string;
  readonly retention?: Rules;
  /** The key that what is encrypted is copied under. */
  readonly key?: string;
  /** Whether there is none, and what is encrypted is not copied. */
  readonly keyless?: true;
  /** Whether clusters that AWS copies by a setting of theirs are given it. */
  readonly manage?: true;
}

export interface Report {
  readonly outcome: "complete" | "incomplete";
  readonly problems: readonly { readonly cluster: string; readonly region: string; readonly code: string }[];
  readonly totals?: Readonly<Record<"clusters" | "snapshots" | "copies" | "pruned" | "problems", number>>;
}

/** An event that the event bus took. */
export interface Told {
  readonly type: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** A figure that an invocation handed to CloudWatch. */
export interface Measured {
  readonly invocation: Invocation;
  readonly name: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface EndedRun {
  readonly plan: PlanFacts;
  readonly at: string;
  readonly asked: boolean;
  /** Of the whole. */
  readonly execution: number;
  readonly startedAt: number;
  readonly clustersAtStart: readonly SeenCluster[];
  /** Of a night on which nothing was injected. */
  readonly calm?: true;
  /** Absent where Report never came to speak. */
  readonly report?: Report;
  readonly succeeded: boolean;
}

/** The state of things, whenever a checker asks. */
export interface Scene {
  readonly service: string;
  /** Where functions keep to a budget: the calls that a service in a region may get in a second. */
  readonly callsPerSecond?: number;
  now(): number;
  plans(): readonly PlanFacts[];
  /** Of all regions, or of one. */
  snapshots(region?: string): readonly SeenSnapshot[];
  clusters(): readonly SeenCluster[];
  /** Whether a copy of what is under a key that AWS owns has to name a key, must not, or may. */
  readonly awsOwnedCopies: "either" | "with-key" | "without-key";
  /** ARNs of the keys that cannot be used now. */
  brokenKeys(): ReadonlySet<string>;
  /** The clusters as the last Discover of an execution was shown them: their tags are the run's terms. */
  discovered(execution: number): readonly SeenCluster[];
  /** The same of each part of a run, where it was done in parts: every part looks for itself, and takes some. */
  views(whole: number): readonly (readonly SeenCluster[])[];
  /** Keys `region id` of snapshots that others deleted or re-tagged. */
  readonly touched: ReadonlySet<string>;
  /** When others last changed how AWS copies a cluster's snapshots, by its ARN. */
  readonly unsettled: ReadonlyMap<string, number>;
  /** Snapshots of a region that others have deleted or re-tagged since, each as it was before. */
  removedByOthers(region: string, since: number): readonly SeenSnapshot[];
  /** How often an answer of this name was lost, or the run that asks was doubled. */
  excuses(region: string, snapshot: string): number;
}

export const keyOf = ({ region, id }: { readonly region: string; readonly id: string }): string =>
  `${region} ${id}`;

/** The same object for a snapshot for as long as nothing of it has changed. */
export const snapshotsOf = ({ clusterSnapshots, redshiftSnapshots }: RegionStore): SeenSnapshot[] => {
  const all: SeenSnapshot[] = [];
  for (const one of clusterSnapshots.values()) all.push(seenSnapshot(one));
  for (const one of redshiftSnapshots.values()) all.push(seenSnapshot(one));
  return all;
};

type StoredSnapshot =
  ReturnType<(RegionStore["clusterSnapshots"] | RegionStore["redshiftSnapshots"])["values"]> extends Iterable<
    infer One
  >
    ? One
    : never;

const seen = new WeakMap<StoredSnapshot, SeenSnapshot>();

const seenSnapshot = (one: StoredSnapshot): SeenSnapshot => {
  const last = seen.get(one);
  if (last?.status === one.status && last.tags === one.tags && last.createdAt === one.createTime.getTime())
    return last;
  const now = readSnapshot(one);
  seen.set(one, now);
  return now;
};

const readSnapshot = (one: StoredSnapshot): SeenSnapshot => ({
  ...{ region: one.region, id: one.id, arn: one.arn, status: one.status, tags: one.tags },
  ...{ cluster: one.clusterId, automated: one.type !== "manual" },
  ...{ createdAt: one.createTime.getTime(), startedAt: one.startedAt.getTime() },
  encrypted: one.encrypted,
  ...(one.kmsKeyArn !== undefined && { kmsKey: one.kmsKeyArn }),
  ...("awsOwnedKey" in one && one.awsOwnedKey && { awsOwned: true }),
  ...("engine" in one
    ? { family: "rds", engine: one.engine, ...(one.sourceArn !== undefined && { sourceArn: one.sourceArn }) }
    : {
        ...{ family: "redshift", engine: "redshift" },
        ...(one.sourceRegion !== undefined && { sourceRegion: one.sourceRegion }),
      }),
});

export const clustersIn = (world: World): SeenCluster[] =>
  world.stores().flatMap((store) => [
    ...[...store.clusters.values()].map(
      (one): SeenCluster => ({
        ...{ family: "rds", region: one.region, id: one.id, arn: one.arn },
        ...{ resource: one.resourceId, engine: one.engine, status: one.status, tags: one.tags },
        encrypted: one.encrypted,
        ...(one.awsOwnedKey && { awsOwned: true }),
        ...(one.createdAt && { createdAt: one.createdAt.getTime() }),
        ...(one.replicationSourceArn !== undefined && { reads: true }),
      }),
    ),
    ...[...store.redshiftClusters.values()].map(
      (one): SeenCluster => ({
        ...{ family: "redshift", region: one.region, id: one.id, arn: one.arn },
        ...{ resource: one.namespaceArn.split(":").at(-1) ?? "", engine: "redshift" },
        ...{ status: one.status, encrypted: one.encrypted, tags: one.tags },
        createdAt: one.createdAt.getTime(),
        ...(one.snapshotCopy && {
          copying: {
            region: one.snapshotCopy.destinationRegion,
            days: one.snapshotCopy.manualRetentionPeriod,
          },
        }),
      }),
    ),
  ]);
