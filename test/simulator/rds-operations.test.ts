import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterCommand,
  type DeleteDBClusterCommandInput,
  DeleteDBInstanceCommand,
  DescribeAccountAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  StartDBClusterCommand,
  StopDBClusterCommand,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  arn,
  closeAccount,
  clusterNow,
  instanceNow,
  openAccount,
  type RdsAccount,
  refusal,
  region,
} from "./rds-account.ts";

let account: RdsAccount;
let client: RdsAccount["client"];
let simulator: RdsAccount["simulator"];
beforeEach(async () => {
  account = await openAccount();
  ({ client, simulator } = account);
});
afterEach(() => closeAccount(account));

describe("CreateDBCluster", () => {
  const create = { DBClusterIdentifier: "New", Engine: "aurora-mysql", MasterUsername: "admin" };
  const password = { MasterUserPassword: "correct horse" };

  it("makes an empty cluster that becomes available", async () => {
    const { DBCluster } = await client.send(
      new CreateDBClusterCommand({ ...create, ...password, Tags: [{ Key: "a", Value: "b" }] }),
    );
    expect(DBCluster).toMatchObject({
      DBClusterIdentifier: "new",
      DBClusterArn: arn("cluster:new"),
      Status: "creating",
      Engine: "aurora-mysql",
      MasterUsername: "admin",
      StorageEncrypted: false,
      DBClusterMembers: [],
      TagList: [{ Key: "a", Value: "b" }],
    });
    simulator.clock.advance(60);
    expect((await clusterNow(client, "new"))?.Status).toBe("available");
  });

  it("encrypts with the key asked for, or the one AWS keeps", async () => {
    const encrypted = { ...create, ...password, StorageEncrypted: true };
    const { DBCluster: own } = await client.send(
      new CreateDBClusterCommand({ ...encrypted, KmsKeyId: "alias/backup" }),
    );
    const store = simulator.world.store(region);
    expect(own?.KmsKeyId).toBe(store.keys.get(store.aliases.get("alias/backup") ?? "")?.arn);
    const { DBCluster: managed } = await client.send(
      new CreateDBClusterCommand({ ...encrypted, DBClusterIdentifier: "other" }),
    );
    expect(managed?.KmsKeyId).toBe(store.keys.get(store.aliases.get("alias/aws/rds") ?? "")?.arn);
    const refused = new CreateDBClusterCommand({ ...encrypted, KmsKeyId: "alias/retired" });
    expect(await refusal(client.send(refused))).toBe("KMSKeyNotAccessibleFault KMSKeyNotAccessibleFault 400");
  });

  it("makes Multi-AZ DB clusters with their three instances", async () => {
    const multiAz = { ...create, ...password, Engine: "postgres", AllocatedStorage: 200 };
    expect(await refusal(client.send(new CreateDBClusterCommand(multiAz)))).toMatch(/^InvalidParameterValue/);
    const { DBCluster } = await client.send(
      new CreateDBClusterCommand({ ...multiAz, DBClusterInstanceClass: "db.m6gd.large" }),
    );
    expect(DBCluster?.DBClusterMembers?.map(({ IsClusterWriter }) => IsClusterWriter)).toEqual([
      true,
      false,
      false,
    ]);
    expect((await instanceNow(client, "new-instance-2"))?.DBInstanceStatus).toBe("creating");
    simulator.clock.advance(60);
    expect((await instanceNow(client, "new-instance-2"))?.DBInstanceStatus).toBe("available");
  });

  it.each([
    [
      "a name that is taken",
      { ...password, DBClusterIdentifier: "SHOP" },
      /^DBClusterAlreadyExistsFault .* 400/,
    ],
    ["no password", {}, /^InvalidParameterValue/],
    ["a short password", { MasterUserPassword: "hunter2" }, /^InvalidParameterValue/],
    ["an engine there is not", { ...password, Engine: "oracle" }, /^InvalidParameterValue/],
    ["an id that is none", { ...password, DBClusterIdentifier: "1st" }, /^InvalidParameterValue/],
    ["a port out of range", { ...password, Port: 80 }, /^InvalidParameterValue/],
    [
      "compute for Aurora",
      { ...password, DBClusterInstanceClass: "db.r6g.large" },
      /^InvalidParameterCombination/,
    ],
  ])("refuses %s", async (_, change, expected) => {
    expect(await refusal(client.send(new CreateDBClusterCommand({ ...create, ...change })))).toMatch(
      expected,
    );
    expect(simulator.world.store(region).clusters.size).toBe(5);
  });

  it("refuses more clusters than the quota", async () => {
    simulator.world.settings.clustersMax = 5;
    expect(await refusal(client.send(new CreateDBClusterCommand({ ...create, ...password })))).toBe(
      "DBClusterQuotaExceededFault DBClusterQuotaExceededFault 403",
    );
  });
});

describe("DeleteDBCluster", () => {
  const remove = (input: Partial<DeleteDBClusterCommandInput>) =>
    client.send(new DeleteDBClusterCommand({ DBClusterIdentifier: "empty", ...input }));
  const snapshotIds = async () =>
    (await client.send(new DescribeDBClusterSnapshotsCommand({}))).DBClusterSnapshots?.map(
      ({ DBClusterSnapshotIdentifier }) => DBClusterSnapshotIdentifier,
    );

  it("answers deleting, then knows the cluster no more", async () => {
    expect((await remove({ SkipFinalSnapshot: true })).DBCluster?.Status).toBe("deleting");
    expect(await refusal(clusterNow(client, "empty"))).toBe(
      "DBClusterNotFoundFault DBClusterNotFoundFault 404",
    );
  });

  it("takes a final snapshot, which is manual and inherits tags as any other", async () => {
    await remove({ FinalDBSnapshotIdentifier: "empty-final" });
    expect((await clusterNow(client, "empty"))?.Status).toBe("deleting");
    expect(await refusal(remove({ SkipFinalSnapshot: true }))).toMatch(/^InvalidDBClusterStateFault/);
    simulator.clock.advance(3600);
    expect(await refusal(clusterNow(client, "empty"))).toMatch(/^DBClusterNotFoundFault/);
    const asked = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: "empty-final" });
    expect((await client.send(asked)).DBClusterSnapshots).toMatchObject([
      { Status: "available", SnapshotType: "manual", TagList: [{ Key: "a", Value: "b" }] },
    ]);
  });

  it("takes the cluster's automated snapshots along, unless they are retained", async () => {
    await remove({ SkipFinalSnapshot: true });
    expect(await snapshotIds()).not.toContain("rds:empty-2026-02-28");
    expect(await snapshotIds()).toContain("rds:shop-2026-02-28");
    for (const id of ["shop-instance-1", "shop-instance-2"]) {
      await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id }));
    }
    await remove({ DBClusterIdentifier: "shop", SkipFinalSnapshot: true, DeleteAutomatedBackups: false });
    expect(await snapshotIds()).toEqual(expect.arrayContaining(["rds:shop-2026-02-28", "shop-s"]));
  });

  it.each([
    ["neither a final snapshot nor none", {}, "InvalidParameterCombination InvalidParameterCombination 400"],
    [
      "both",
      { SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: "x" },
      "InvalidParameterCombination InvalidParameterCombination 400",
    ],
    [
      "a protected cluster",
      { DBClusterIdentifier: "guarded", SkipFinalSnapshot: true },
      "InvalidParameterCombination InvalidParameterCombination 400",
    ],
    [
      "a cluster with instances",
      { DBClusterIdentifier: "shop", SkipFinalSnapshot: true },
      "InvalidDBClusterStateFault InvalidDBClusterStateFault 400",
    ],
    [
      "a snapshot name that is taken",
      { FinalDBSnapshotIdentifier: "Shop-S" },
      "DBClusterSnapshotAlreadyExistsFault DBClusterSnapshotAlreadyExistsFault 400",
    ],
    [
      "a cluster there is not",
      { DBClusterIdentifier: "gone", SkipFinalSnapshot: true },
      "DBClusterNotFoundFault DBClusterNotFoundFault 404",
    ],
  ])("refuses %s", async (_, input, expected) => {
    expect(await refusal(remove(input))).toBe(expected);
    expect((await clusterNow(client, "empty"))?.Status).toBe("available");
  });

  it("refuses a final snapshot beyond the quota", async () => {
    simulator.world.settings.manualClusterSnapshotsMax = 6;
    expect(await refusal(remove({ FinalDBSnapshotIdentifier: "x" }))).toBe(
      "SnapshotQuotaExceededFault SnapshotQuotaExceeded 400",
    );
  });

  it("takes the instances of Multi-AZ DB clusters along", async () => {
    await remove({ DBClusterIdentifier: "till", SkipFinalSnapshot: true });
    expect(await refusal(instanceNow(client, "till-instance-1"))).toMatch(/^DBInstanceNotFoundFault/);
  });

  it("refuses the primary of a global database that has secondaries", async () => {
    for (const id of ["empty", "graph"]) {
      const cluster = simulator.world.store(region).clusters.get(id);
      if (cluster) cluster.globalClusterId = "world";
    }
    expect(await refusal(remove({ SkipFinalSnapshot: true }))).toBe(
      "InvalidGlobalClusterStateFault InvalidGlobalClusterStateFault 400",
    );
  });
});

describe("StopDBCluster and StartDBCluster", () => {
  const stop = (DBClusterIdentifier: string) =>
    client.send(new StopDBClusterCommand({ DBClusterIdentifier }));
  const start = (DBClusterIdentifier: string) =>
    client.send(new StartDBClusterCommand({ DBClusterIdentifier }));

  it("take a cluster down and up again, and its instances with it", async () => {
    // Recorded answers show the status from before.
    expect((await stop("shop")).DBCluster?.Status).toBe("available");
    expect((await clusterNow(client, "shop"))?.Status).toBe("stopping");
    simulator.clock.advance(300);
    expect((await clusterNow(client, "shop"))?.Status).toBe("stopped");
    expect((await instanceNow(client, "shop-instance-1"))?.DBInstanceStatus).toBe("stopped");
    expect((await start("shop")).DBCluster?.Status).toBe("stopped");
    expect((await instanceNow(client, "shop-instance-1"))?.DBInstanceStatus).toBe("starting");
    simulator.clock.advance(300);
    expect((await clusterNow(client, "shop"))?.Status).toBe("available");
  });

  it("refuse what the cluster's state does not allow", async () => {
    const expected = "InvalidDBClusterStateFault InvalidDBClusterStateFault 400";
    expect(await refusal(start("shop"))).toBe(expected);
    await stop("shop");
    expect(await refusal(stop("shop"))).toBe(expected);
    expect(await refusal(stop("till"))).toBe(expected);
    expect(await refusal(stop("gone"))).toMatch(/^DBClusterNotFoundFault .* 404$/);
  });

  it("keep snapshots from being taken in between", async () => {
    await stop("graph");
    simulator.clock.advance(300);
    const asked = new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: "graph",
      DBClusterSnapshotIdentifier: "graph-s",
    });
    expect(await refusal(client.send(asked))).toMatch(/^InvalidDBClusterStateFault/);
  });
});

describe("DescribeAccountAttributes", () => {
  it("answers quotas with what is used of them", async () => {
    const { AccountQuotas } = await client.send(new DescribeAccountAttributesCommand({}));
    // Of nine snapshots two are automated and one is AWS Backup's, which does not count.
    expect(AccountQuotas).toEqual([
      { AccountQuotaName: "ManualSnapshots", Used: 0, Max: 100 },
      { AccountQuotaName: "DBClusters", Used: 5, Max: 40 },
      { AccountQuotaName: "ManualClusterSnapshots", Used: 6, Max: 100 },
    ]);
  });
});
