import {
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  RestoreDBClusterFromSnapshotCommand,
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
} from "./rds-account.ts";

let account: RdsAccount;
let client: RdsAccount["client"];
let simulator: RdsAccount["simulator"];
beforeEach(async () => {
  account = await openAccount();
  ({ client, simulator } = account);
});
afterEach(() => closeAccount(account));

describe("instances of clusters", () => {
  const create = (input: Partial<CreateDBInstanceCommandInput> = {}) =>
    client.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "Empty-1",
        DBInstanceClass: "db.serverless",
        Engine: "aurora-mysql",
        DBClusterIdentifier: "empty",
        ...input,
      }),
    );
  const remove = (DBInstanceIdentifier: string) =>
    client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier }));

  it("are added to a cluster, the first one as its writer", async () => {
    const { DBInstance } = await create({ Tags: [{ Key: "a", Value: "b" }] });
    expect(DBInstance).toMatchObject({
      DBInstanceIdentifier: "empty-1",
      DBInstanceArn: arn("db:empty-1"),
      DBInstanceStatus: "creating",
      DBInstanceClass: "db.serverless",
      DBClusterIdentifier: "empty",
      Engine: "aurora-mysql",
      TagList: [{ Key: "a", Value: "b" }],
    });
    expect(DBInstance?.Endpoint).toBeUndefined();
    await create({ DBInstanceIdentifier: "empty-2" });
    expect((await clusterNow(client, "empty"))?.DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: "empty-1", IsClusterWriter: true },
      { DBInstanceIdentifier: "empty-2", IsClusterWriter: false },
    ]);
    simulator.clock.advance(300);
    const available = await instanceNow(client, "EMPTY-1");
    expect(available?.DBInstanceStatus).toBe("available");
    expect(available?.Endpoint?.Address).toMatch(/^empty-1\..+\.eu-west-1\.rds\.amazonaws\.com$/);
  });

  it("are listed by cluster, by engine and by page", async () => {
    const ids = async (Filters: { Name: string; Values: string[] }[]) =>
      (await client.send(new DescribeDBInstancesCommand({ Filters }))).DBInstances?.map(
        ({ DBInstanceIdentifier }) => DBInstanceIdentifier,
      );
    expect(await ids([])).toEqual([
      "graph-instance-1",
      "shop-instance-1",
      "shop-instance-2",
      "till-instance-1",
      "till-instance-2",
      "till-instance-3",
    ]);
    expect(await ids([{ Name: "db-cluster-id", Values: ["shop"] }])).toEqual([
      "shop-instance-1",
      "shop-instance-2",
    ]);
    expect(await ids([{ Name: "engine", Values: ["neptune"] }])).toEqual(["graph-instance-1"]);
    expect(await refusal(ids([{ Name: "colour", Values: ["red"] }]))).toMatch(/^InvalidParameterValue/);
    expect(await refusal(instanceNow(client, "gone"))).toBe("DBInstanceNotFoundFault DBInstanceNotFound 404");
  });

  it.each([
    [
      "a name that is taken",
      { DBInstanceIdentifier: "shop-instance-1" },
      "DBInstanceAlreadyExistsFault DBInstanceAlreadyExists 400",
    ],
    [
      "a cluster there is not",
      { DBClusterIdentifier: "gone" },
      "DBClusterNotFoundFault DBClusterNotFoundFault 404",
    ],
    ["another engine", { Engine: "neptune" }, "InvalidParameterCombination InvalidParameterCombination 400"],
    ["no cluster", { DBClusterIdentifier: undefined }, "InvalidParameterValue InvalidParameterValue 400"],
    [
      "a Multi-AZ DB cluster",
      { DBClusterIdentifier: "till", Engine: "postgres" },
      "InvalidParameterCombination InvalidParameterCombination 400",
    ],
  ])("are refused for %s", async (_, change, expected) => {
    expect(await refusal(create(change))).toBe(expected);
  });

  it("are refused while their cluster is being restored", async () => {
    await client.send(
      new RestoreDBClusterFromSnapshotCommand({
        DBClusterIdentifier: "restored",
        SnapshotIdentifier: "shop-s",
        Engine: "aurora-postgresql",
      }),
    );
    const input = { DBClusterIdentifier: "restored", Engine: "aurora-postgresql" };
    expect(await refusal(create(input))).toBe("InvalidDBClusterStateFault InvalidDBClusterStateFault 400");
    simulator.clock.advance(700);
    expect((await create(input)).DBInstance?.DBInstanceStatus).toBe("creating");
  });

  it("hand over writing when they are deleted", async () => {
    simulator.world.settings.deleteSeconds = 60;
    const { DBInstance } = await remove("shop-instance-1");
    expect(DBInstance?.DBInstanceStatus).toBe("deleting");
    expect(await refusal(remove("shop-instance-1"))).toBe(
      "InvalidDBInstanceStateFault InvalidDBInstanceState 400",
    );
    simulator.clock.advance(60);
    expect((await clusterNow(client, "shop"))?.DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: "shop-instance-2", IsClusterWriter: true },
    ]);
    expect(await refusal(instanceNow(client, "shop-instance-1"))).toMatch(/^DBInstanceNotFoundFault/);
  });

  it("leave no final snapshot", async () => {
    const FinalDBSnapshotIdentifier = "last";
    const asked = new DeleteDBInstanceCommand({
      DBInstanceIdentifier: "shop-instance-1",
      FinalDBSnapshotIdentifier,
    });
    expect(await refusal(client.send(asked))).toMatch(/^InvalidParameterCombination/);
  });
});
