import { arnOf } from "./arn.ts";
import type { CheckedFleet, FleetCluster, FleetKey, FleetSnapshot } from "./fleet.ts";
import { loadRdsCluster, loadRdsSnapshot } from "./fleet-load-rds.ts";
import { loadRedshiftCluster, loadRedshiftSnapshot } from "./fleet-load-redshift.ts";
import { addKey, findKey, managedKey } from "./keys.ts";
import { stableUuid } from "./stable-id.ts";
import type { RegionStore, World } from "./world.ts";

/** Puts a fleet into an empty world. Throws where it refers to a key that it does not define. */
export const loadFleet = (world: World, fleet: CheckedFleet): void => {
  for (const account of fleet.accounts) world.accounts.set(account.accessKeyId, account);
  for (const key of fleet.keys) loadKey(world, key);
  for (const grant of fleet.copyGrants) loadGrant(world, grant);
  for (const cluster of fleet.clusters) loadCluster(world, cluster);
  for (const snapshot of fleet.snapshots) loadSnapshot(world, snapshot);
  for (const machine of fleet.stateMachines) loadStateMachine(world, machine);
};

const loadKey = (world: World, { region, account, id, ...key }: FleetKey): void => {
  const store = world.store(region, account);
  const name = id ?? stableUuid(store.account, region, "key", key.alias ?? String(store.keys.size));
  addKey(store, { ...key, id: name, createdAt: world.clock.now() });
};

const loadGrant = (
  world: World,
  { region, account, name, kmsKey, tags }: CheckedFleet["copyGrants"][number],
): void => {
  const store = world.store(region, account);
  const kmsKeyArn = kmsKeyOf(world, store, { encrypted: true, kmsKey, service: "redshift" }) ?? "";
  const arn = arnOf("redshift", store, `snapshotcopygrant:${name}`);
  store.copyGrants.set(name, {
    region,
    account: store.account,
    name,
    arn,
    kmsKeyArn,
    tags: new Map(Object.entries(tags)),
  });
};

const loadCluster = (world: World, cluster: FleetCluster): void => {
  const store = world.store(cluster.region, cluster.account);
  const service = cluster.engine === "redshift" ? "redshift" : "rds";
  const kmsKeyArn = kmsKeyOf(world, store, { ...cluster, service });
  if (cluster.engine === "redshift") loadRedshiftCluster(world, store, { cluster, kmsKeyArn });
  else loadRdsCluster(world, store, { cluster, kmsKeyArn });
};

const loadSnapshot = (world: World, snapshot: FleetSnapshot): void => {
  const store = world.store(snapshot.region, snapshot.account);
  const engine = snapshot.engine ?? engineOfCluster(store, snapshot.cluster);
  if (engine === undefined) {
    throw new Error(
      `fleet: snapshot ${snapshot.id}: its cluster ${snapshot.cluster} is not there; give its engine`,
    );
  }
  const held =
    engine === "redshift"
      ? store.redshiftClusters.get(snapshot.cluster)
      : store.clusters.get(snapshot.cluster.toLowerCase());
  const encrypted = snapshot.encrypted ?? (snapshot.kmsKey !== undefined || (held?.encrypted ?? false));
  const service = engine === "redshift" ? "redshift" : "rds";
  const inherited = snapshot.kmsKey ?? held?.kmsKeyArn;
  const kmsKeyArn = kmsKeyOf(world, store, { encrypted, kmsKey: inherited, service });
  if (engine === "redshift") loadRedshiftSnapshot(world, store, { snapshot, kmsKeyArn });
  else loadRdsSnapshot(world, store, { snapshot, engine, kmsKeyArn });
};

const loadStateMachine = (
  world: World,
  { region, account, name }: CheckedFleet["stateMachines"][number],
): void => {
  const store = world.store(region, account);
  const arn = arnOf("states", store, `stateMachine:${name}`);
  store.stateMachines.set(name, { name, arn, createdAt: world.clock.now() });
};

const engineOfCluster = (store: RegionStore, cluster: string): string | undefined =>
  store.clusters.get(cluster.toLowerCase())?.engine ??
  (store.redshiftClusters.has(cluster) ? "redshift" : undefined);

interface Encryption {
  readonly encrypted: boolean;
  readonly kmsKey?: string | undefined;
  readonly service: string;
}

const kmsKeyOf = (
  world: World,
  store: RegionStore,
  { encrypted, kmsKey, service }: Encryption,
): string | undefined => {
  if (!encrypted && kmsKey === undefined) return undefined;
  if (kmsKey === undefined || kmsKey === `alias/aws/${service}`)
    return managedKey(store, service, world.clock.now()).arn;
  const key = findKey(world, store, kmsKey);
  if (!key) throw new Error(`fleet: the key ${kmsKey} is not defined in ${store.region}; add it under keys`);
  return key.arn;
};
