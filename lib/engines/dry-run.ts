/**
 * An engine that reads AWS and changes nothing: what would have been written is recorded, and shows in later
 * listings as if it had been done at once. A step does not know the difference, so that a preview is made by the
 * very decisions of a run.
 */
import type { Cluster, CopySetting, Tags } from "../core/cluster.ts";
import { manualCopyDays } from "../core/copy-setting.ts";
import { plainName } from "../core/naming.ts";
import { tagKeys } from "../core/ownership.ts";
import { arnOf, type Snapshot } from "../core/snapshot.ts";
import { SnapshotExistsError } from "../errors.ts";
import { assertDeletable } from "./deletion-guard.ts";
import type { Engine, SnapshotPick } from "./engine.ts";

/** What a run would ask AWS to do, in order. */
export type Deed =
  | {
      readonly do: "create";
      readonly region: string;
      readonly cluster: string;
      readonly id: string;
      readonly tags: Tags;
    }
  | {
      readonly do: "copy";
      readonly region: string;
      /** The ARN of what is copied. */
      readonly source: string;
      readonly id: string;
      readonly kmsKey?: string;
      readonly tags: Tags;
    }
  | {
      readonly do: "enable";
      /** The copy region that AWS is to copy the cluster's snapshots into. */
      readonly region: string;
      readonly cluster: string;
      readonly kmsKey?: string;
    }
  | { readonly do: "tag"; readonly region: string; readonly id: string; readonly tags: Tags }
  | { readonly do: "delete"; readonly region: string; readonly id: string };

export interface DryRunOptions {
  readonly record: (deed: Deed) => void;
  /** The moment at which what is recorded is taken to be done, epoch milliseconds. */
  readonly clock: () => number;
}

export const dryRun = (engine: Engine, { record, clock }: DryRunOptions): Engine => {
  const world = makeImagined();
  const listed = async (region: string, list: () => Promise<readonly Snapshot[]>, matches: Matches) =>
    world.seenIn(region, await list(), matches);

  // Each method by itself: one that is added to the interface must be thought about here.
  return {
    family: engine.family,
    copies: engine.copies,
    listClusters: async (region) => (await engine.listClusters(region)).map(world.clusterSeen),
    findClusters: async (query) => (await engine.findClusters(query)).map(world.clusterSeen),
    manualQuota: (region) => engine.manualQuota(region),
    pickSnapshots: async (region, pick) => [
      ...(await engine.pickSnapshots(region, world.seenBy(pick))),
      ...world.pickMade(region, pick),
    ],

    // What is only imagined comes at the listing's end.
    pickStretch: async (region, stretch, pick) => {
      const { items, next } = await engine.pickStretch(region, stretch, world.seenBy(pick));
      return next === undefined ? { items: [...items, ...world.pickMade(region, pick)] } : { items, next };
    },

    snapshotsOf: (query) => {
      const { region, clusters, expected = [] } = query;
      const imagined = new Set(world.made(region).map(({ cluster }) => cluster));
      // What is only imagined cannot be expected of AWS: it would cast doubt on its filters.
      const rest = { ...query, expected: expected.filter((one) => !imagined.has(one)) };
      return listed(
        region,
        () => engine.snapshotsOf(rest),
        ({ cluster }) => clusters.includes(cluster),
      );
    },

    findSnapshots: (query) => {
      const { region, ids, expected = [] } = query;
      const imagined = new Set(world.made(region).map(({ id }) => id));
      const areReal = (some: readonly string[]) => some.filter((id) => !imagined.has(id));
      const real = { ...query, ids: areReal(ids), expected: areReal(expected) };
      const list = async () => (real.ids.length === 0 ? [] : engine.findSnapshots(real));
      return listed(region, list, ({ id }) => ids.includes(plainName(id)));
    },

    createSnapshot: async ({ cluster, id, tags }) => {
      const snapshot = imagineSnapshot(cluster, { id, tags, at: new Date(clock()).toISOString() });
      world.add(snapshot);
      record({ do: "create", region: cluster.region, cluster: cluster.arn, id, tags });
      const arrival = imagineArrival(cluster, snapshot);
      if (arrival) world.add(arrival);
      return snapshot;
    },

    copySnapshot: async ({ source, region, id, tags, kmsKey }) => {
      const copy = {
        ...source,
        ...{ id, region, tags, status: "available" as const, sourceArn: arnOf(source) },
        arnPattern: arnOf(source).replace(/^((?:[^:]*:){3})[^:]*(.*:)[^:]*$/, `$1${region}$2*`),
      };
      world.add(copy);
      record({ do: "copy", region, source: arnOf(source), id, tags, ...(kmsKey && { kmsKey }) });
      return copy;
    },

    enableCopies: async ({ cluster, region, kmsKey }) => {
      const setting = { region, manualRetentionDays: manualCopyDays };
      world.setCopying(cluster.arn, setting);
      record({ do: "enable", cluster: cluster.arn, region, ...(kmsKey && { kmsKey }) });
      return setting;
    },

    tagSnapshot: async ({ snapshot, tags }) => {
      world.replace({ ...snapshot, tags });
      record({ do: "tag", region: snapshot.region, id: snapshot.id, tags });
    },

    holdSnapshot: async ({ owned: { snapshot }, reason }) => {
      const tags = { ...snapshot.tags, [tagKeys.hold]: reason };
      world.replace({ ...snapshot, tags });
      record({ do: "tag", region: snapshot.region, id: snapshot.id, tags });
    },

    releaseSnapshot: async ({ owned: { snapshot } }) => {
      const { [tagKeys.hold]: _, ...tags } = snapshot.tags ?? {};
      world.replace({ ...snapshot, tags });
      record({ do: "tag", region: snapshot.region, id: snapshot.id, tags });
    },

    deleteSnapshots: async ({ service, region, snapshots }) => {
      for (const owned of snapshots) assertDeletable(service, region, owned);
      for (const { snapshot } of snapshots) {
        if (world.remove(snapshot)) record({ do: "delete", region, id: snapshot.id });
      }
      return snapshots.map(({ snapshot: { id } }) => ({ id }));
    },
  };
};

type Matches = (snapshot: Snapshot) => boolean;

/** What a dry run has made, changed and taken away so far, by ARN. */
const makeImagined = () => {
  const made = new Map<string, Snapshot>();
  const changed = new Map<string, Snapshot>();
  const gone = new Set<string>();
  const copying = new Map<string, CopySetting>();
  /** What has become of a snapshot that AWS shows. */
  const seen = (real: Snapshot): Snapshot | undefined => {
    const arn = arnOf(real);
    return gone.has(arn) || made.has(arn) ? undefined : (changed.get(arn) ?? real);
  };
  const madeIn = (region: string): readonly Snapshot[] =>
    [...made.values()].filter((one) => one.region === region);
  return {
    seenBy:
      <T>(pick: SnapshotPick<T>): SnapshotPick<T> =>
      (real) => {
        const one = seen(real);
        return one && pick(one);
      },
    pickMade: <T>(region: string, pick: SnapshotPick<T>): readonly T[] =>
      madeIn(region)
        .map((one) => pick(one))
        .filter((one) => one !== undefined),
    setCopying: (cluster: string, setting: CopySetting): void => void copying.set(cluster, setting),
    clusterSeen: (cluster: Cluster): Cluster => {
      const copySetting = copying.get(cluster.arn) ?? cluster.copySetting;
      return { ...cluster, ...(copySetting && { copySetting }) };
    },
    made: madeIn,
    add: (snapshot: Snapshot): void => {
      if (made.has(arnOf(snapshot))) throw new SnapshotExistsError(`${snapshot.id} would be there already`);
      made.set(arnOf(snapshot), snapshot);
    },
    replace: (snapshot: Snapshot): void =>
      void (made.has(arnOf(snapshot)) ? made : changed).set(arnOf(snapshot), snapshot),
    /** Whether it was there: what is gone already is no error, to AWS's engines as well. */
    remove: (snapshot: Snapshot): boolean => {
      const arn = arnOf(snapshot);
      if (gone.has(arn)) return false;
      if (!made.delete(arn)) gone.add(arn);
      return true;
    },
    seenIn: (region: string, real: readonly Snapshot[], matches: Matches): readonly Snapshot[] => [
      ...real.flatMap((one) => seen(one) ?? []),
      ...[...made.values()].filter((one) => one.region === region && matches(one)),
    ],
  };
};

interface Imagined {
  readonly id: string;
  readonly tags: Tags;
  readonly at: string;
}

const imagineSnapshot = (cluster: Cluster, { id, tags, at }: Imagined): Snapshot => ({
  ...{ id, tags, region: cluster.region, engine: cluster.engine, cluster: cluster.id },
  arnPattern:
    cluster.engine === "redshift"
      ? cluster.arn.replace(/:cluster:(.+)$/, ":snapshot:$1/*")
      : cluster.arn.replace(/:cluster:.+$/, ":cluster-snapshot:*"),
  ...{ status: "available", manual: true, encrypted: cluster.encrypted, createdAt: Date.parse(at) },
  ...(cluster.awsOwnedKey && { awsOwnedKey: true }),
  ...(cluster.createdAt && { clusterCreatedAt: cluster.createdAt }),
});

/** What AWS would bring into the other region by itself, some time later. */
const imagineArrival = ({ copySetting, region }: Cluster, source: Snapshot): Snapshot | undefined =>
  copySetting && {
    ...source,
    ...{ region: copySetting.region, sourceRegion: region, tags: {} },
    arnPattern: source.arnPattern.replace(`:${region}:`, `:${copySetting.region}:`),
  };
