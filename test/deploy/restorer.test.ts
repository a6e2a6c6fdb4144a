import {
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
} from "@aws-sdk/client-rds";
import {
  CreateTagsCommand,
  DeleteClusterCommand,
  RedshiftClient,
  RestoreFromClusterSnapshotCommand,
} from "@aws-sdk/client-redshift";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../../lib/core/cluster.ts";
import { snapshotName } from "../../lib/core/naming.ts";
import { stampSnapshot } from "../../lib/core/ownership.ts";
import { runId } from "../../lib/core/run.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Permission } from "../../simulator/iam.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { at, holdfast, plansFile } from "../cli/command.ts";
import { documentedPolicy, isAllowed } from "./iam.ts";

const home = "us-east-1";
const away = "eu-west-1";
const account = "123456789012";
const taken = "2026-11-20T03:00:00Z";
const policy = documentedPolicy("Restore", { names: "holdfast-test", document: "docs/restore.md" });

const arnOf = (service: string, rest: string): string => `arn:aws:${service}:${home}:${account}:${rest}`;
const keyed = (...keys: string[]) => ({ "aws:TagKeys": keys });

const plans = plansFile(`regions: [${home}, ${away}]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 3 }
    copies: [{ region: ${away}, kms-key: alias/backup, retention: { keep-daily: 3 } }]
`);

const pointOf = (name: string, engine: "aurora-postgresql" | "redshift") => {
  const cluster: Cluster = {
    ...{ arn: arnOf("rds", `cluster:${name}`), id: name, resource: `cluster-${name}`, engine },
    ...{ region: home, status: "available", encrypted: true, tags: {}, readOnlyReplica: false },
  };
  const run = { plan: "daily", at: taken, id: runId("daily", taken), deadline: taken };
  const tags = { ...stampSnapshot({ service: "holdfast/test", run, cluster, retention: { daily: 3 } }) };
  const id = snapshotName({ service: "holdfast/test", run, cluster });
  return { id, region: home, cluster: name, engine, created: taken, encrypted: true, tags };
};

const [orders, warehouse] = [pointOf("orders", "aurora-postgresql"), pointOf("warehouse", "redshift")];
const copy = {
  ...{ ...orders, region: away, kmsKey: "copies" },
  sourceArn: arnOf("rds", `cluster-snapshot:${orders.id}`),
  tags: {
    ...orders.tags,
    "holdfast:source": arnOf("rds", `cluster-snapshot:${orders.id}`),
  },
};
const fleet: Fleet = {
  now: "2026-11-21T00:00:00Z",
  keys: [
    { region: home, id: "sources", alias: "alias/clusters" },
    { region: away, id: "copies", alias: "alias/backup" },
  ],
  snapshots: [{ ...orders, kmsKey: "sources" }, { ...warehouse, kmsKey: "sources" }, copy],
};

/** What docs/restore.md has a person do, sections 1 to 6, by the command and by what `aws` calls. */
const restoreAll = async (simulator: Simulator): Promise<void> => {
  const ended = async (...words: string[]) => {
    const given = [...words, "--config", plans, "--stage", "test"];
    const { code, stderr } = await holdfast(given, at(simulator.endpoint));
    return { code, stderr };
  };
  const run = async (...words: string[]) =>
    expect(await ended(...words), words.join(" ")).toEqual({ code: 0, stderr: "" });
  const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
  const clientOf = (region: string) => ({ region, endpoint: simulator.endpoint, credentials });
  const rds = new RDSClient(clientOf(home));
  const rdsAway = new RDSClient(clientOf(away));
  const redshift = new RedshiftClient(clientOf(home));
  const Tags = [{ Key: "backup", Value: "daily" }];
  const passTime = () => simulator.clock.advance(7_200_000);

  await run("list", "--newest");
  await run("list", "--cluster", "orders", "--json");
  await run("hold", orders.id, "--copies");
  await run("hold", warehouse.id);
  const [DBClusterIdentifier, DBInstanceIdentifier, Engine] = [
    "orders-drill",
    "orders-drill-1",
    orders.engine,
  ];
  const restored = { DBClusterIdentifier, Engine, DBSubnetGroupName: "data" };
  const SnapshotIdentifier = orders.id;
  for (const client of [rds, rdsAway])
    await client.send(new RestoreDBClusterFromSnapshotCommand({ ...restored, SnapshotIdentifier, Tags }));
  await redshift.send(
    new RestoreFromClusterSnapshotCommand({
      ...{ ClusterIdentifier: "warehouse-drill", SnapshotIdentifier: warehouse.id },
      SnapshotClusterIdentifier: "warehouse",
    }),
  );
  passTime();
  const member = { DBInstanceIdentifier, DBClusterIdentifier, Engine, DBInstanceClass: "db.r6g.large" };
  await rds.send(new CreateDBInstanceCommand(member));
  passTime();
  const ResourceName = arnOf("redshift", "cluster:warehouse-drill");
  await redshift.send(new CreateTagsCommand({ ResourceName, Tags }));
  await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  // What was restored has no recovery point yet.
  expect(await ended("status")).toEqual({ code: 3, stderr: "" });
  await run("release", orders.id, "--copies");

  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier }));
  passTime();
  for (const client of [rds, rdsAway])
    await client.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
  await redshift.send(
    new DeleteClusterCommand({ ClusterIdentifier: "warehouse-drill", SkipFinalClusterSnapshot: true }),
  );
};

describe("who restores by the policy of docs/restore.md", () => {
  it("may call what the document has them do", async () => {
    const simulator = await startSimulator({ fleet });
    const asked: Permission[] = [];
    try {
      await restoreAll(simulator);
      asked.push(...simulator.calls.entries.flatMap(({ permissions }) => permissions));
    } finally {
      await simulator.close();
    }
    const refused = new Set<string>();
    for (const one of asked)
      if (!(await isAllowed(policy, one))) refused.add(`${one.action} ${one.resource}`);
    expect([...refused]).toEqual([]);
    const actions = new Set(asked.map(({ action }) => action));
    expect([...actions]).toEqual(
      expect.arrayContaining([
        ...[
          "rds:RestoreDBClusterFromSnapshot",
          "redshift:RestoreFromClusterSnapshot",
          "rds:CreateDBInstance",
        ],
        ...["kms:CreateGrant", "rds:AddTagsToResource", "rds:RemoveTagsFromResource", "rds:DeleteDBCluster"],
      ]),
    );
  });

  it.each([
    ["rds:DeleteDBClusterSnapshot", arnOf("rds", `cluster-snapshot:${orders.id}`), {}],
    ["redshift:BatchDeleteClusterSnapshots", arnOf("redshift", `snapshot:warehouse/${warehouse.id}`), {}],
    ["rds:ModifyDBClusterSnapshotAttribute", arnOf("rds", `cluster-snapshot:${orders.id}`), {}],
    ["rds:AddTagsToResource", arnOf("rds", `cluster-snapshot:${orders.id}`), keyed("holdfast:until")],
    [
      "rds:RemoveTagsFromResource",
      arnOf("rds", `cluster-snapshot:${orders.id}`),
      keyed("holdfast:hold", "holdfast:service"),
    ],
    ["rds:AddTagsToResource", arnOf("rds", "cluster-snapshot:of-others"), keyed("holdfast:hold")],
    ["rds:DeleteDBCluster", arnOf("rds", "cluster:orders"), {}],
    ["redshift:DeleteCluster", arnOf("redshift", "cluster:warehouse"), {}],
    ["lambda:UpdateFunctionCode", arnOf("lambda", "function:holdfast-test-prune"), {}],
    ["kms:CreateGrant", arnOf("kms", "key/sources"), {}],
    ["kms:ScheduleKeyDeletion", arnOf("kms", "key/sources"), {}],
  ])("may not %s %s (%j)", async (action, resource, context) => {
    expect(await isAllowed(policy, { action, resource, context })).toBe(false);
  });

  it.each([
    ["lambda:PutFunctionConcurrency", arnOf("lambda", "function:holdfast-test-sweep")],
    ["lambda:DeleteFunctionConcurrency", arnOf("lambda", "function:holdfast-test-prune")],
    ["states:StartExecution", arnOf("states", "stateMachine:holdfast-test-backup")],
    ["states:DescribeExecution", arnOf("states", "execution:holdfast-test-backup:run")],
    ["states:GetExecutionHistory", arnOf("states", "execution:holdfast-test-backup:run")],
    ["rds:RestoreDBClusterFromSnapshot", arnOf("rds", `cluster-snapshot:${orders.id}`)],
  ])("may %s %s", async (action, resource) => {
    expect(await isAllowed(policy, { action, resource, context: {} })).toBe(true);
  });
});
