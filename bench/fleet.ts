import type { Cluster } from "../lib/core/cluster.ts";
import { snapshotName } from "../lib/core/naming.ts";
import { ownedBy, stampCopy, stampSnapshot } from "../lib/core/ownership.ts";
import { type Run, runId } from "../lib/core/run.ts";
import type { Fleet } from "../simulator/fleet.ts";
import { createRandom, type Random } from "../simulator/random.ts";
import { foreignKey } from "./foreigner.ts";
import { at, copyRegion, type Scenario, service, sourceRegions } from "./scenario.ts";

type FleetCluster = NonNullable<Fleet["clusters"]>[number];
type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

type Engine = FleetCluster["engine"];

const account = "123456789012";
const dayMs = 86_400_000;

/** Shares of a fleet, in percent. Multi-AZ DB clusters are left out: they cannot be copied, which is a problem row. */
const engines: readonly (readonly [Engine, number])[] = [
  ["aurora-postgresql", 50],
  ["aurora-mysql", 25],
  ["docdb", 8],
  ["neptune", 10],
  ["redshift", 7],
];

/** An account in its steady state: as many recovery points of each cluster as the plan keeps, one a night. */
export const fleetOf = (scenario: Scenario): Fleet => {
  const random = createRandom(scenario.seed);
  const clusters = Array.from({ length: scenario.clusters }, (_, index) =>
    clusterAt(index, scenario, random),
  );
  return {
    now: at,
    accounts: [{ id: account, ...foreignKey }],
    settings: {
      snapshotBaseSeconds: scenario.snapshotBaseSeconds,
      snapshotSecondsPerGib: scenario.snapshotSecondsPerGib,
      copyBaseSeconds: scenario.copySeconds,
      copySecondsPerGib: 0,
      callsPerSecond: scenario.limit.callsPerSecond,
      callsBurst: scenario.limit.burst,
      copiesPerDestination: scenario.copiesAtOnce,
      manualClusterSnapshotsMax: 1_000_000,
      redshiftManualSnapshotsMax: 1_000_000,
    },
    keys: [
      ...sourceRegions.map((region) => ({ region, alias: "alias/data" })),
      { region: copyRegion, alias: "alias/backup" },
    ],
    copyGrants: [{ region: copyRegion, name: "warehouses", kmsKey: "alias/backup" }],
    clusters,
    // In the order of listings: the simulator sorts for each page, and what is sorted already takes it no time.
    snapshots: clusters.flatMap((cluster) => historyOf(cluster, scenario)).toSorted(byName),
  };
};

const byName = (a: FleetSnapshot, b: FleetSnapshot): number => (a.id < b.id ? -1 : 1);

/** Every engine is in each fleet of 10 and more: shares are dealt by position, sizes and keys are drawn. */
const clusterAt = (index: number, { clusters }: Scenario, random: Random): FleetCluster => {
  const engine = engineAt((100 * (index + 0.5)) / clusters);
  const encrypted = random() < 0.5;
  const id = `${engine}-${String(index).padStart(5, "0")}`;
  const region = sourceRegions[index % sourceRegions.length] ?? "";
  return {
    ...{ region, id, engine, encrypted, tags: { backup: "daily" } },
    sizeGib: Math.round(10 * 100 ** random()),
    resourceId: `cluster-${id}`.toUpperCase(),
    ...(encrypted && { kmsKey: "alias/data" }),
    ...(engine === "redshift" && { snapshotCopy: { destination: copyRegion, grant: "warehouses" } }),
  };
};

const engineAt = (percent: number): Engine => {
  let left = percent;
  for (const [engine, share] of engines) {
    if (left < share) return engine;
    left -= share;
  }
  return "redshift";
};

const historyOf = (cluster: FleetCluster, { keep, keepCopies }: Scenario): readonly FleetSnapshot[] =>
  Array.from({ length: keep }, (_, night) => pastPoint(cluster, night + 1, keep)).flatMap((point, night) =>
    night < keepCopies ? [point, pastCopy(point, cluster, keepCopies)] : [point],
  );

const identityOf = ({ region, id, engine, encrypted = false, resourceId = "" }: FleetCluster): Cluster => ({
  arn: `arn:aws:${engine === "redshift" ? "redshift" : "rds"}:${region}:${account}:cluster:${id}`,
  ...{ id, region, engine, encrypted, status: "available", readOnlyReplica: false, tags: {} },
  resource: resourceId,
});

const pastPoint = (cluster: FleetCluster, nights: number, daily: number): FleetSnapshot => {
  const takenAt = Date.parse(at) - nights * dayMs;
  const taken = new Date(takenAt).toISOString();
  // A time of its own, as AWS tells it, to the millisecond.
  const created = new Date(
    takenAt + ((Number(cluster.id.slice(-5)) * 613 + nights * 977) % 60_000),
  ).toISOString();
  const run: Run = { plan: "daily", at: taken, id: runId("daily", taken), deadline: taken };
  const identity = identityOf(cluster);
  return {
    ...{ region: cluster.region, cluster: cluster.id, engine: cluster.engine, created },
    encrypted: cluster.encrypted ?? false,
    ...(cluster.encrypted && { kmsKey: "alias/data" }),
    id: snapshotName({ service, run, cluster: identity }),
    tags: { ...stampSnapshot({ service, run, cluster: identity, retention: { daily } }) },
  };
};

const pastCopy = (source: FleetSnapshot, cluster: FleetCluster, daily: number): FleetSnapshot => {
  const isRedshift = cluster.engine === "redshift";
  const { kmsKey: _, ...rest } = source;
  const sourceArn = isRedshift
    ? `arn:aws:redshift:${source.region}:${account}:snapshot:${cluster.id}/${source.id}`
    : `arn:aws:rds:${source.region}:${account}:cluster-snapshot:${source.id}`;
  const owned = ownedBy(service, {
    ...{
      id: source.id,
      arnPattern: sourceArn,
      region: source.region,
      cluster: cluster.id,
      engine: cluster.engine,
    },
    ...{ status: "available", manual: true, encrypted: false, tags: source.tags ?? {} },
  });
  if (owned === undefined) throw new Error(`${source.id} is not a recovery point as a run would leave it`);
  return {
    ...rest,
    region: copyRegion,
    ...(isRedshift ? { id: `copy:${source.id}`, sourceRegion: source.region } : { sourceArn }),
    tags: { ...stampCopy({ source: owned, retention: { daily } }) },
    ...(source.encrypted && { kmsKey: "alias/backup" }),
  };
};
