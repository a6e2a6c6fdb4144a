import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../../lib/core/cluster.ts";
import { type OwnedSnapshot, ownedBy } from "../../lib/core/ownership.ts";
import { arnOf, type Snapshot } from "../../lib/core/snapshot.ts";
import {
  orphanedBy,
  type SetName,
  type SweepInput,
  type SweptSet,
  setKey,
  setNameOf,
  sweepSets,
} from "../../lib/core/sweeping.ts";
import { clusterOf, now, service, snapshotOf } from "./samples.ts";
import { anyCluster, inputOf, mostly, resources } from "./sweeping-worlds.ts";

/** An account while a sweep looks: its clusters before the snapshots are judged and after. */
interface Changing extends Pick<SweepInput, "config"> {
  readonly before: readonly Cluster[];
  readonly after: readonly Cluster[];
  readonly snapshots: readonly Snapshot[];
}

/** A snapshot that may be a copy of a point, or is one: of somebody else, or with the tags of the nth point. */
const anyOther = fc.record({
  status: mostly("copying", "creating", "unknown", "available"),
  engine: mostly("aurora-postgresql", "redshift"),
  region: fc.constantFrom("ap-south-1", "eu-west-1", "us-east-1"),
  sourceRegion: fc.constantFrom(undefined, undefined, "us-east-1", "eu-west-1"),
  nth: fc.nat(29),
  knowsSource: fc.boolean(),
  tagged: fc.boolean(),
});

/** A cluster whose identity Redshift did not tell this time. */
const doubtful = (id: string): readonly Cluster[] => [clusterOf({ id, resource: `${id}@2026-01-01` })];

const anyClusters = fc
  .tuple(
    ...resources.map((id) =>
      fc.oneof(
        { weight: 6, arbitrary: anyCluster(id) },
        { weight: 6, arbitrary: fc.constant([clusterOf({ id, resource: id })]) },
        { weight: 1, arbitrary: fc.constant(doubtful(id)) },
        { weight: 1, arbitrary: fc.constant([clusterOf({ id: `${id}-renamed`, resource: id })]) },
      ),
    ),
  )
  .map((some) => some.flat());

/** Points are of a plan that is mostly there, or most of them are. */
const anyInput = fc.oneof(inputOf(fc.constant("daily")), inputOf(mostly("daily", "gone", "weekly")));

const anyWorld: fc.Arbitrary<Changing> = fc
  .record({ input: anyInput, before: anyClusters, others: fc.array(anyOther, { maxLength: 4 }) })
  .map(({ input, before, others }) => {
    const points = input.owned.map(({ snapshot }) => snapshot);
    const copies = others.map(({ nth, knowsSource, tagged, sourceRegion, ...other }, index) => {
      const source = points[nth % points.length];
      const id = `${source?.id}${tagged ? "" : "-by-hand"}`;
      return snapshotOf({
        ...{ ...(other as Partial<Snapshot>), id },
        ...(source && { cluster: source.cluster }),
        arnPattern: `arn:aws:rds:${other.region}:123456789012:cluster-snapshot:${index}:*`,
        tags: tagged ? source?.tags : undefined,
        ...(knowsSource && source && { sourceArn: arnOf(source) }),
        ...(sourceRegion && { sourceRegion }),
      });
    });
    const { config, clusters: after, snapshots } = input;
    return { config, before, after, snapshots: [...snapshots, ...copies] };
  });

const ownedIn = (snapshots: readonly Snapshot[]): readonly OwnedSnapshot[] =>
  snapshots.flatMap((one) => ownedBy(service, one) ?? []);

/** The verdicts over all that there is. */
const byAll = ({ config, snapshots }: Changing, clusters: readonly Cluster[]): readonly SweptSet[] =>
  sweepSets({ config, clusters, owned: ownedIn(snapshots), snapshots, now });

/** The sets that no plan's run visits, by a look at the clusters of their names alone. */
const orphansOf = ({ config, before, snapshots }: Changing): readonly SetName[] => {
  const sets = ownedIn(snapshots).map(setNameOf);
  const names = new Set(sets.map(({ cluster }) => cluster));
  return sets.filter(
    orphanedBy(
      config,
      before.filter(({ id }) => names.has(id)),
    ),
  );
};

/** The verdicts as a sweep comes to them: over orphans, by all that their clusters have, by these clusters' names. */
const byName = (world: Changing): readonly SweptSet[] => {
  const orphans = orphansOf(world);
  const [names, keys] = [new Set(orphans.map(({ cluster }) => cluster)), new Set(orphans.map(setKey))];
  const snapshots = world.snapshots.filter(({ cluster }) => names.has(cluster));
  const clusters = [...world.before, ...world.after].filter(({ id }) => names.has(id));
  const owned = ownedIn(snapshots).filter((point) => keys.has(setKey(setNameOf(point))));
  return sweepSets({ config: world.config, clusters, owned, snapshots, now });
};

const nameOf = ({ region, cluster, owned: [first] }: SweptSet): string =>
  [region, cluster, first?.plan, first?.resource].join(" ");

const law = (name: string, holds: (world: Changing) => void): void => {
  it(name, () => fc.assert(fc.property(anyWorld, holds), { numRuns: 500 }));
};

describe("a sweep that looks at orphans by their clusters' names", () => {
  it("is put to worlds in which it leaves much aside, and removes something", () => {
    const worlds = fc.sample(anyWorld, { numRuns: 300, seed: 1 });
    const leaves = worlds.filter((world) => {
      const names = new Set(orphansOf(world).map(({ cluster }) => cluster));
      return world.snapshots.filter(({ cluster }) => !names.has(cluster)).length > 5;
    });
    expect(leaves.length).toBeGreaterThan(40);
    const removing = worlds.filter((world) => byName(world).some(({ verdict }) => verdict.remove.length > 0));
    expect(removing.length).toBeGreaterThan(40);
    const reasons = worlds.flatMap((world) =>
      byName(world).flatMap(({ verdict }) => verdict.keep.flatMap(({ because }) => because)),
    );
    for (const reason of ["source of a copy in progress", "the last that carries its retention"])
      expect(reasons).toContain(reason);
  });

  law("comes to exactly the verdicts that it would come to over everything", (world) => {
    expect(byName(world)).toEqual(byAll(world, [...world.before, ...world.after]));
  });

  law("comes to them where no cluster changes while it looks", ({ before, ...world }) => {
    const still = { ...world, before: world.after };
    expect(byName(still)).toEqual(byAll(still, world.after));
  });

  law("takes for an orphan only what is one by the first look at the clusters and by the last", (world) => {
    const last = new Set(byAll(world, world.after).map(nameOf));
    expect(byName(world)).toEqual(byAll(world, world.before).filter((set) => last.has(nameOf(set))));
  });
});
