import {
  DeleteDBClusterSnapshotCommand,
  RestoreDBClusterFromSnapshotCommand,
  type RestoreDBClusterFromSnapshotCommandInput,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  arn,
  closeAccount,
  clusterNow,
  openAccount,
  partnerAccount,
  type RdsAccount,
  refusal,
  region,
} from "./rds-account.ts";

let account: RdsAccount;
let client: RdsAccount["client"];
let partner: RdsAccount["partner"];
let simulator: RdsAccount["simulator"];
beforeEach(async () => {
  account = await openAccount();
  ({ client, partner, simulator } = account);
});
afterEach(() => closeAccount(account));

describe("RestoreDBClusterFromSnapshot", () => {
  const restore = (input: Partial<RestoreDBClusterFromSnapshotCommandInput> = {}, caller = client) =>
    caller.send(
      new RestoreDBClusterFromSnapshotCommand({
        DBClusterIdentifier: "restored",
        SnapshotIdentifier: "shop-s",
        Engine: "aurora-postgresql",
        ...input,
      }),
    );

  it("makes a cluster without instances, creating and then available on the virtual clock", async () => {
    const { DBCluster } = await restore();
    expect(DBCluster).toMatchObject({
      DBClusterIdentifier: "restored",
      Status: "creating",
      Engine: "aurora-postgresql",
      EngineVersion: (await clusterNow(client, "shop"))?.EngineVersion,
      DBClusterMembers: [],
      DeletionProtection: false,
      StorageEncrypted: false,
      TagList: [],
    });
    expect(DBCluster?.DbClusterResourceId).not.toBe((await clusterNow(client, "shop"))?.DbClusterResourceId);
    // Ten minutes and a second for each of the 100 GiB.
    simulator.clock.advance(699);
    expect((await clusterNow(client, "restored"))?.Status).toBe("creating");
    simulator.clock.advance(1);
    expect((await clusterNow(client, "restored"))?.Status).toBe("available");
    expect(simulator.world.store(region).clusters.get("restored")?.sizeGib).toBe(100);
  });

  it("takes what it is asked for", async () => {
    const { DBCluster } = await restore({
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
      Port: 5433,
      DBSubnetGroupName: "inner",
      VpcSecurityGroupIds: ["sg-1", "sg-2"],
      DBClusterParameterGroupName: "tuned",
      Tags: [{ Key: "drill", Value: "yes" }],
    });
    expect(DBCluster).toMatchObject({
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
      Port: 5433,
      DBSubnetGroup: "inner",
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }, { VpcSecurityGroupId: "sg-2" }],
      DBClusterParameterGroup: "tuned",
      TagList: [{ Key: "drill", Value: "yes" }],
    });
  });

  it("keeps the snapshot's key, or encrypts with another one", async () => {
    const store = simulator.world.store(region);
    const key = store.keys.get(store.aliases.get("alias/backup") ?? "")?.arn;
    expect((await restore({ SnapshotIdentifier: "shop-kms" })).DBCluster?.KmsKeyId).toBe(key);
    const second = await restore({ DBClusterIdentifier: "second", KmsKeyId: "alias/backup" });
    expect(second.DBCluster).toMatchObject({ StorageEncrypted: true, KmsKeyId: key });
  });

  it("is independent of the snapshot once it has begun", async () => {
    await restore({ SnapshotIdentifier: "shop-s" });
    await client.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: "shop-s" }));
    simulator.clock.advance(3600);
    expect((await clusterNow(client, "restored"))?.Status).toBe("available");
  });

  it("demands the compute of Multi-AZ DB clusters and brings their instances", async () => {
    const multiAz = { SnapshotIdentifier: "till-s", Engine: "postgres" };
    expect(await refusal(restore(multiAz))).toMatch(/^InvalidParameterValue/);
    const sized = { ...multiAz, DBClusterInstanceClass: "db.m6gd.large" };
    expect(await refusal(restore({ ...sized, StorageType: "io1" }))).toMatch(/^InvalidParameterCombination/);
    const { DBCluster } = await restore({ ...sized, StorageType: "io1", Iops: 3000 });
    expect(DBCluster).toMatchObject({ DBClusterInstanceClass: "db.m6gd.large", MultiAZ: true });
    expect(DBCluster?.DBClusterMembers?.length).toBe(3);
  });

  it("takes another account's snapshot by ARN, once that is shared", async () => {
    const SnapshotIdentifier = arn("cluster-snapshot:shop-s");
    expect(await refusal(restore({ SnapshotIdentifier }, partner))).toBe(
      "DBClusterSnapshotNotFoundFault DBClusterSnapshotNotFoundFault 404",
    );
    simulator.world.store(region).clusterSnapshots.get("shop-s")?.sharedWith.push(partnerAccount);
    const { DBCluster } = await restore({ SnapshotIdentifier }, partner);
    expect(DBCluster?.DBClusterArn).toBe(`arn:aws:rds:${region}:${partnerAccount}:cluster:restored`);
  });

  it.each([
    ["a snapshot there is not", { SnapshotIdentifier: "gone" }, "DBClusterSnapshotNotFoundFault", 404],
    [
      "a snapshot of another region",
      { SnapshotIdentifier: arn("cluster-snapshot:far-s", "us-east-1") },
      "DBClusterSnapshotNotFoundFault",
      404,
    ],
    ["a snapshot in progress", { SnapshotIdentifier: "shop-now" }, "InvalidDBClusterSnapshotStateFault", 400],
    ["a cluster there is", { DBClusterIdentifier: "graph" }, "DBClusterAlreadyExistsFault", 400],
    ["another engine", { Engine: "aurora-mysql" }, "InvalidParameterCombination", 400],
    ["a disabled key of the snapshot", { SnapshotIdentifier: "shop-dim" }, "KMSKeyNotAccessibleFault", 400],
    ["a disabled key", { KmsKeyId: "alias/retired" }, "KMSKeyNotAccessibleFault", 400],
    ["compute for Aurora", { DBClusterInstanceClass: "db.r6g.large" }, "InvalidParameterCombination", 400],
  ])("refuses %s", async (_, change, code, status) => {
    expect(await refusal(restore(change))).toBe(`${code} ${code} ${status}`);
  });

  it("refuses more clusters than the quota", async () => {
    simulator.world.settings.clustersMax = 5;
    expect(await refusal(restore())).toBe("DBClusterQuotaExceededFault DBClusterQuotaExceededFault 403");
  });

  it("can fail, get stuck and vanish", async () => {
    simulator.world.works.befall({ kind: "restore", failAtPercent: 50, times: 1 });
    simulator.world.works.befall({ kind: "restore", stuckAtPercent: 90, times: 1 });
    simulator.world.works.befall({ kind: "restore", vanishAtPercent: 10, times: 1 });
    for (const DBClusterIdentifier of ["first", "second", "third"]) await restore({ DBClusterIdentifier });
    simulator.clock.advance(86_400);
    expect((await clusterNow(client, "first"))?.Status).toBe("incompatible-restore");
    expect((await clusterNow(client, "second"))?.Status).toBe("creating");
    expect(await refusal(clusterNow(client, "third"))).toMatch(/^DBClusterNotFoundFault/);
  });
});
