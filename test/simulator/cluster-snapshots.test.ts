import {
  CopyDBClusterSnapshotCommand,
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

const home = "us-east-1";
const away = "eu-west-1";

const fleet: Fleet = {
  now: "2026-03-01T00:00:00Z",
  settings: { snapshotBaseSeconds: 0, snapshotSecondsPerGib: 1, copyBaseSeconds: 0, copySecondsPerGib: 2 },
  keys: [
    { region: away, id: "good", alias: "alias/good" },
    { region: away, id: "moving", state: "Updating" },
    { region: away, id: "off", state: "Disabled" },
    { region: home, id: "home-key" },
  ],
  clusters: [
    { region: home, id: "Orders", engine: "aurora-postgresql", sizeGib: 100, tags: { backup: "daily" } },
    { region: home, id: "vault", engine: "aurora-mysql", encrypted: true, kmsKey: "home-key" },
    { region: home, id: "graph", engine: "neptune", status: "stopped" },
    { region: home, id: "multi", engine: "mysql" },
  ],
  snapshots: [
    ...["1", "2", "3", "4", "5", "6"].map((n) => ({
      region: home,
      id: `orders-${n}`,
      cluster: "orders",
      created: `2026-02-0${n}T00:00:00Z`,
      tags: { n },
    })),
    { region: home, id: "vault-1", cluster: "vault", created: "2026-02-01T00:00:00Z" },
    { region: home, id: "multi-1", cluster: "multi", created: "2026-02-01T00:00:00Z" },
    {
      region: home,
      id: "rds:orders-x",
      cluster: "orders",
      type: "automated",
      created: "2026-02-01T00:00:00Z",
    },
  ],
};

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ fleet });
});
afterEach(() => simulator.close());

const client = (region: string) =>
  new RDSClient({
    region,
    endpoint: simulator.endpoint,
    credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
    maxAttempts: 1,
  });

const arn = (id: string) => `arn:aws:rds:${home}:123456789012:cluster-snapshot:${id}`;

const create = (cluster: string, id: string, more: object = {}) =>
  client(home).send(
    new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: cluster,
      DBClusterSnapshotIdentifier: id,
      ...more,
    }),
  );

const copy = (source: string, target: string, more: object = {}) =>
  client(away).send(
    new CopyDBClusterSnapshotCommand({
      SourceDBClusterSnapshotIdentifier: arn(source),
      TargetDBClusterSnapshotIdentifier: target,
      ...more,
    }),
  );

const remove = (region: string, id: string) =>
  client(region).send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: id }));

const see = async (region: string, id: string) => {
  const command = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id });
  return (await client(region).send(command)).DBClusterSnapshots?.[0];
};

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => ({
      name: error.name,
      code: error.Code,
      status: error.$metadata?.httpStatusCode,
      message: error.message,
    }),
  );

test("while the clock stands still, nothing becomes available", async () => {
  const created = (await create("ORDERS", "Nightly")).DBClusterSnapshot;
  expect(created).toMatchObject({
    DBClusterSnapshotIdentifier: "nightly",
    Status: "creating",
    PercentProgress: 0,
  });
  expect(created?.TagList).toEqual([]);
  for (let look = 0; look < 3; look += 1) {
    expect(await see(home, "nightly")).toMatchObject({ Status: "creating", PercentProgress: 0 });
  }
  expect((await see(home, "nightly"))?.SnapshotCreateTime).toBeUndefined();
});

test("progress follows the clock in whole percents, and the size decides the end", async () => {
  await create("orders", "nightly");
  simulator.clock.advance(33.6);
  expect(await see(home, "nightly")).toMatchObject({ Status: "creating", PercentProgress: 33 });
  simulator.clock.advance(66.3);
  expect(await see(home, "nightly")).toMatchObject({ Status: "creating", PercentProgress: 99 });
  simulator.clock.advance(0.1);
  const done = await see(home, "nightly");
  expect(done).toMatchObject({ Status: "available", PercentProgress: 100 });
  expect(done?.SnapshotCreateTime).toEqual(new Date("2026-03-01T00:00:00Z"));
});

test("a sixth copy into a region is refused with the exact words, until one is done", async () => {
  for (const n of ["1", "2", "3", "4", "5"]) await copy(`orders-${n}`, `copy-${n}`);
  expect(await failure(copy("orders-6", "copy-6"))).toEqual({
    name: "SnapshotQuotaExceededFault",
    code: "SnapshotQuotaExceeded",
    status: 400,
    message: "Cannot copy more than 5 snapshots across regions",
  });
  simulator.clock.advance(200);
  expect(await failure(copy("orders-6", "copy-6"))).toBeUndefined();
});

test("the quota of manual snapshots is refused with the same code and other words", async () => {
  const store = simulator.world.store(home);
  for (let n = store.clusterSnapshots.size; n <= 100; n += 1) await create("orders", `fill-${n}`);
  expect(await failure(create("orders", "one-more"))).toEqual({
    name: "SnapshotQuotaExceededFault",
    code: "SnapshotQuotaExceeded",
    status: 400,
    message: "Cannot create more than 100 manual snapshots",
  });
});

test("a copy keeps the create time, names its source, and takes tags as asked", async () => {
  await copy("orders-1", "plain");
  await copy("orders-2", "tagged", { CopyTags: true });
  await copy("orders-3", "own", { CopyTags: true, Tags: [{ Key: "a", Value: "b" }] });
  simulator.clock.advance(200);
  expect(await see(away, "plain")).toMatchObject({
    SnapshotType: "manual",
    SourceDBClusterSnapshotArn: arn("orders-1"),
    SnapshotCreateTime: new Date("2026-02-01T00:00:00Z"),
    TagList: [],
  });
  expect((await see(away, "tagged"))?.TagList).toEqual([{ Key: "n", Value: "2" }]);
  expect((await see(away, "own"))?.TagList).toEqual([{ Key: "a", Value: "b" }]);
});

test("a copy fails with its source, and deleting a copy in progress cancels it", async () => {
  await copy("orders-1", "orphaned");
  await copy("orders-2", "cancelled");
  simulator.clock.advance(50);
  await remove(home, "orders-1");
  await remove(away, "cancelled");
  expect(await see(away, "orphaned")).toMatchObject({ Status: "failed", PercentProgress: 25 });
  expect(await failure(see(away, "cancelled"))).toMatchObject({
    name: "DBClusterSnapshotNotFoundFault",
    status: 404,
  });
  simulator.clock.advance(1000);
  expect(await failure(see(away, "cancelled"))).toMatchObject({ status: 404 });
});

test("keys: encrypted copies need an enabled one of the destination, unencrypted ones none", async () => {
  expect(await failure(copy("vault-1", "a"))).toMatchObject({
    name: "InvalidParameterValue",
    message: "Must specify new KMS key for cross region encrypted snapshot copy.",
  });
  const inaccessible = { name: "KMSKeyNotAccessibleFault", status: 400 };
  const homeKey = `arn:aws:kms:${home}:123456789012:key/home-key`;
  expect(await failure(copy("vault-1", "a", { KmsKeyId: "off" }))).toMatchObject(inaccessible);
  expect(await failure(copy("vault-1", "a", { KmsKeyId: homeKey }))).toMatchObject(inaccessible);
  expect(await failure(copy("orders-1", "a", { KmsKeyId: "good" }))).toMatchObject({
    name: "InvalidParameterCombination",
  });
  const { DBClusterSnapshot } = await copy("vault-1", "a", { KmsKeyId: "alias/good" });
  expect(DBClusterSnapshot?.KmsKeyId).toBe(`arn:aws:kms:${away}:123456789012:key/good`);
  expect((await copy("vault-1", "b", { KmsKeyId: "moving" })).DBClusterSnapshot?.Status).toBe("copying");
});

test("what cannot be done is refused with the service's own code and status", async () => {
  expect(await failure(create("graph", "s"))).toMatchObject({
    name: "InvalidDBClusterStateFault",
    status: 400,
  });
  expect(await failure(create("nobody", "s"))).toMatchObject({ name: "DBClusterNotFoundFault", status: 404 });
  expect(await failure(create("orders", "orders-1"))).toMatchObject({
    name: "DBClusterSnapshotAlreadyExistsFault",
    status: 400,
  });
  expect(await failure(create("orders", "bad--id"))).toMatchObject({ name: "InvalidParameterValue" });
  const empty = { Tags: [{ Key: "a", Value: "" }] };
  expect(await failure(create("orders", "s", empty))).toMatchObject({ name: "InvalidParameterValue" });
  expect(await failure(remove(home, "rds:orders-x"))).toMatchObject({
    name: "InvalidDBClusterSnapshotStateFault",
    message: "Only manual snapshots may be deleted.",
  });
  expect(await failure(copy("multi-1", "m"))).toMatchObject({
    name: "InvalidParameterCombination",
    status: 400,
  });
});

test("fates: stuck, failing and vanishing work", async () => {
  simulator.world.works.befall({ arn: /:stuck$/, stuckAtPercent: 40 });
  simulator.world.works.befall({ arn: /:fails$/, failAtPercent: 60 });
  simulator.world.works.befall({ arn: /:gone$/, vanishAtPercent: 10 });
  for (const id of ["stuck", "fails", "gone"]) await create("orders", id);
  simulator.clock.advance(10_000);
  expect(await see(home, "stuck")).toMatchObject({ Status: "creating", PercentProgress: 40 });
  expect(await see(home, "fails")).toMatchObject({ Status: "failed", PercentProgress: 60 });
  expect(await failure(see(home, "gone"))).toMatchObject({ status: 404 });
});

test("deleting answers the status from before, and the snapshot is gone", async () => {
  expect((await remove(home, "orders-1")).DBClusterSnapshot?.Status).toBe("available");
  expect(await failure(remove(home, "orders-1"))).toMatchObject({ name: "DBClusterSnapshotNotFoundFault" });
});

test("settings: TagList left out per engine, listings lag, filters leave engines out", async () => {
  const { settings } = simulator.world;
  settings.omitTagList = ["neptune"];
  settings.listingDelaySeconds = 30;
  settings.snapshotFilters = { "aurora-mysql": "unsupported" };
  const clusters = await client(home).send(new DescribeDBClustersCommand({}));
  const tagLists = clusters.DBClusters?.map(({ DBClusterIdentifier, TagList }) => [
    DBClusterIdentifier,
    TagList,
  ]);
  expect(tagLists).toContainEqual(["graph", undefined]);
  expect(tagLists).toContainEqual(["orders", [{ Key: "backup", Value: "daily" }]]);
  await create("orders", "fresh");
  expect(await failure(see(home, "fresh"))).toMatchObject({ status: 404 });
  simulator.clock.advance(30);
  expect(await failure(see(home, "fresh"))).toBeUndefined();
  const command = new DescribeDBClusterSnapshotsCommand({
    Filters: [{ Name: "db-cluster-id", Values: ["vault"] }],
  });
  expect((await client(home).send(command)).DBClusterSnapshots).toEqual([]);
  settings.snapshotFilters = { "aurora-mysql": "ignored" };
  const shown = await Promise.all(
    ["db-cluster-id", "db-cluster-snapshot-id"].map(async (Name) => {
      const filtered = new DescribeDBClusterSnapshotsCommand({ Filters: [{ Name, Values: ["nobody"] }] });
      return (await client(home).send(filtered)).DBClusterSnapshots?.map(({ Engine }) => Engine);
    }),
  );
  for (const engines of shown) expect(new Set(engines)).toEqual(new Set(["aurora-mysql"]));
});
