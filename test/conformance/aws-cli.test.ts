import { describe, expect, it } from "vitest";
import { aws, awsVersion, runAws } from "./aws-command.ts";
import { account, away, home, onStage, rdsArn, redshiftArn, statesArn } from "./stage.ts";

/** AWS's own command, which parses with models and code that the SDK for JavaScript does not share. */

const version = awsVersion();
const label = version ?? "(skipped: there is no aws command; get it with `pip install awscli`)";

type Item = Record<string, unknown>;
const items = (output: Item, name: string) => output[name] as Item[];
const ids = (output: Item, name: string, id: string) => items(output, name).map((item) => item[id]);

interface FamilyMember {
  readonly command: "rds" | "neptune" | "docdb";
  readonly cluster: string;
  readonly engine: string;
  /** The key for a copy in the other region, where the cluster is encrypted. */
  readonly key: readonly string[];
}

const family: readonly FamilyMember[] = [
  { command: "rds", cluster: "orders", engine: "aurora-mysql", key: ["--kms-key-id", "alias/databases"] },
  { command: "neptune", cluster: "graph", engine: "neptune", key: ["--kms-key-id", "alias/aws/rds"] },
  { command: "docdb", cluster: "docs", engine: "docdb", key: [] },
];

describe.skipIf(version === undefined).concurrent(`the aws command ${label}`, { timeout: 120_000 }, () => {
  it.each(family)("$command: describes, snapshots, copies, tags and deletes", async (member) => {
    const { command, cluster, engine, key } = member;
    const id = `${cluster}-new`;
    const arn = rdsArn(`cluster-snapshot:${id}`);
    const named = ["--db-cluster-snapshot-identifier", id];
    await onStage(async (stage) => {
      const described = await aws(stage, [
        command,
        "describe-db-clusters",
        "--db-cluster-identifier",
        cluster,
      ]);
      expect(items(described, "DBClusters")).toMatchObject([
        { DBClusterIdentifier: cluster, Engine: engine },
      ]);

      const create = [command, "create-db-cluster-snapshot", "--db-cluster-identifier", cluster, ...named];
      expect(await aws(stage, [...create, "--tags", "Key=a,Value=b c"])).toMatchObject({
        DBClusterSnapshot: { Status: "creating", PercentProgress: 0, DBClusterSnapshotArn: arn },
      });
      stage.simulator.clock.advance(3600);

      const copy = [
        command,
        "copy-db-cluster-snapshot",
        ...key,
        "--source-db-cluster-snapshot-identifier",
        arn,
      ];
      const target = ["--target-db-cluster-snapshot-identifier", `${cluster}-copy`, "--source-region", home];
      expect(await aws(stage, [...copy, ...target], { region: away })).toMatchObject({
        DBClusterSnapshot: { Status: "copying", SourceDBClusterSnapshotArn: arn, Engine: engine },
      });
      const listed = await aws(stage, [command, "list-tags-for-resource", "--resource-name", arn]);
      expect(listed).toEqual({ TagList: [{ Key: "a", Value: "b c" }] });

      const deleted = await aws(stage, [command, "delete-db-cluster-snapshot", ...named]);
      expect(deleted).toMatchObject({ DBClusterSnapshot: { Status: "available" } });
    });
  });

  it("rds: tags and untags a snapshot and lists it by a filter", async () => {
    await onStage(async (stage) => {
      const resource = ["--resource-name", rdsArn("cluster-snapshot:orders-old")];
      await aws(stage, [
        "rds",
        "add-tags-to-resource",
        ...resource,
        "--tags",
        "Key=x,Value=y",
        "Key=z,Value=1",
      ]);
      await aws(stage, ["rds", "remove-tags-from-resource", ...resource, "--tag-keys", "keep", "x"]);
      const filters = ["--filters", "Name=db-cluster-snapshot-id,Values=orders-old,plain-old"];
      const found = await aws(stage, ["rds", "describe-db-cluster-snapshots", ...filters]);
      expect(ids(found, "DBClusterSnapshots", "TagList")).toEqual([[{ Key: "z", Value: "1" }], []]);
    });
  });

  it("redshift: describes, snapshots, sees the copy, tags and deletes", async () => {
    await onStage(async (stage) => {
      const clusters = await aws(stage, ["redshift", "describe-clusters", "--cluster-identifier", "sales"]);
      expect(items(clusters, "Clusters")).toMatchObject([
        { ClusterStatus: "available", ClusterSnapshotCopyStatus: { DestinationRegion: away } },
      ]);
      const named = ["--snapshot-identifier", "sales-new"];
      const create = ["redshift", "create-cluster-snapshot", "--cluster-identifier", "sales", ...named];
      expect(await aws(stage, [...create, "--tags", "Key=a,Value=b"])).toMatchObject({
        Snapshot: { Status: "creating", EstimatedSecondsToCompletion: -1, TotalBackupSizeInMegaBytes: -1 },
      });
      stage.simulator.clock.advance(7200);

      const listing = ["redshift", "describe-cluster-snapshots", "--cluster-identifier", "sales"];
      const copies = await aws(stage, listing, { region: away });
      expect(items(copies, "Snapshots")).toMatchObject([
        { SourceRegion: home, Status: "available", Tags: [] },
      ]);

      const arn = redshiftArn("snapshot:sales/sales-new");
      await aws(stage, ["redshift", "create-tags", "--resource-name", arn, "--tags", "Key=x,Value=y"]);
      const tags = await aws(stage, ["redshift", "describe-tags", "--resource-name", arn]);
      expect(items(tags, "TaggedResources").map(({ Tag }) => Tag)).toEqual([
        { Key: "a", Value: "b" },
        { Key: "x", Value: "y" },
      ]);
      expect(await aws(stage, ["redshift", "delete-cluster-snapshot", ...named])).toMatchObject({
        Snapshot: { Status: "deleted" },
      });
    });
  });

  it("pages through 250 snapshots, by pages of its own and by a token", async () => {
    await onStage(async (stage) => {
      const { clusterSnapshots } = stage.simulator.world.store(home);
      const [model] = [...clusterSnapshots.values()].filter(({ id }) => id === "orders-old");
      clusterSnapshots.clear();
      for (let index = 0; index < 250 && model; index += 1) {
        const id = `many-${String(index).padStart(3, "0")}`;
        clusterSnapshots.set(id, { ...model, id, arn: rdsArn(`cluster-snapshot:${id}`) });
      }
      const list = ["rds", "describe-db-cluster-snapshots"];
      const [all, some] = await Promise.all([
        aws(stage, [...list, "--page-size", "100"]),
        aws(stage, [...list, "--page-size", "20", "--max-items", "130"]),
      ]);
      const idsOf = (output: Item) => ids(output, "DBClusterSnapshots", "DBClusterSnapshotIdentifier");
      expect(new Set(idsOf(all)).size).toBe(250);
      expect(idsOf(some)).toHaveLength(130);
      const rest = await aws(stage, [...list, "--starting-token", String(some.NextToken)]);
      expect([...idsOf(some), ...idsOf(rest)]).toEqual(idsOf(all));
    });
  });

  const copyDocs = [
    ...["docdb", "copy-db-cluster-snapshot", "--target-db-cluster-snapshot-identifier", "copy"],
    ...["--source-db-cluster-snapshot-identifier", rdsArn("cluster-snapshot:docs-old")],
  ];

  it.each([
    {
      args: "rds create-db-cluster-snapshot --db-cluster-identifier nobody --db-cluster-snapshot-identifier new",
      words: "(DBClusterNotFoundFault) when calling the CreateDBClusterSnapshot operation: DBCluster nobody",
    },
    {
      args: "rds create-db-cluster-snapshot --db-cluster-identifier orders --db-cluster-snapshot-identifier orders-old",
      words: "(DBClusterSnapshotAlreadyExistsFault) when calling the CreateDBClusterSnapshot operation: ",
    },
    {
      args: "neptune describe-db-cluster-snapshots --db-cluster-snapshot-identifier nothing",
      words: "(DBClusterSnapshotNotFoundFault) when calling the DescribeDBClusterSnapshots operation: ",
    },
    {
      args: copyDocs.join(" "),
      region: away,
      words:
        "(InvalidParameterValue) when calling the CopyDBClusterSnapshot operation: A pre-signed url must be specified",
    },
    {
      args: "rds describe-db-clusters --filters Name=colour,Values=red",
      words:
        "(InvalidParameterValue) when calling the DescribeDBClusters operation: Unrecognized filter name",
    },
    {
      args: "redshift create-cluster-snapshot --cluster-identifier nobody --snapshot-identifier new",
      words: "(ClusterNotFound) when calling the CreateClusterSnapshot operation: Cluster nobody not found",
    },
    {
      args: "kms describe-key --key-id alias/nothing",
      words: "(NotFoundException) when calling the DescribeKey operation: Alias ",
    },
    {
      args: "rds describe-db-clusters",
      secretAccessKey: "wrong",
      words:
        "(SignatureDoesNotMatch) when calling the DescribeDBClusters operation: The request signature we",
    },
    {
      args: "redshift describe-clusters",
      accessKeyId: "nobody",
      words:
        "(InvalidClientTokenId) when calling the DescribeClusters operation: The security token included",
    },
    {
      args: `stepfunctions start-execution --state-machine-arn ${statesArn("stateMachine:weekly")}`,
      words: "(StateMachineDoesNotExist) when calling the StartExecution operation: State Machine Does Not",
    },
    {
      args: "kms describe-key --key-id alias/databases",
      accessKeyId: "nobody",
      words:
        "(UnrecognizedClientException) when calling the DescribeKey operation: The security token included",
    },
  ])("$args: An error occurred $words", async ({ args, words, ...options }) => {
    const { status, stderr } = await onStage((stage) => runAws(stage, args.split(" "), options));
    expect(stderr).toContain(`An error occurred ${words}`);
    expect(status).toBeGreaterThan(0);
  });

  it("stepfunctions: starts an execution and follows it to its end", async () => {
    await onStage(async (stage) => {
      const machine = ["--state-machine-arn", statesArn("stateMachine:nightly")];
      const started = await aws(stage, ["stepfunctions", "start-execution", ...machine, "--name", "last"]);
      expect(started).toMatchObject({ executionArn: statesArn("execution:nightly:last") });
      const named = ["--execution-arn", statesArn("execution:nightly:last")];
      const [described, history] = await Promise.all([
        aws(stage, ["stepfunctions", "describe-execution", ...named]),
        aws(stage, ["stepfunctions", "get-execution-history", ...named, "--reverse-order"]),
      ]);
      expect(described).toMatchObject({ status: "SUCCEEDED", output: '{"comesTo":"success"}' });
      expect(items(history, "events").map(({ type }) => type)).toEqual([
        "ExecutionSucceeded",
        "TaskStateExited",
        "ExecutionStarted",
      ]);
    });
  });

  it("waits for a snapshot, and speaks to the services beside the databases", async () => {
    await onStage(async (stage) => {
      const named = ["--db-cluster-snapshot-identifier", "orders-old"];
      const event = '[{"Source":"test","DetailType":"Test","Detail":"{}"}]';
      const [, caller, key, put, tagged] = await Promise.all([
        aws(stage, ["rds", "wait", "db-cluster-snapshot-available", ...named]),
        aws(stage, ["sts", "get-caller-identity"]),
        aws(stage, ["kms", "describe-key", "--key-id", "alias/databases"]),
        aws(stage, ["events", "put-events", "--entries", event]),
        aws(stage, ["resourcegroupstaggingapi", "get-resources", "--tag-filters", "Key=team,Values=docs"]),
      ]);
      expect(caller).toMatchObject({ Account: account });
      expect(key).toMatchObject({ KeyMetadata: { KeyState: "Enabled" } });
      expect(put).toMatchObject({ FailedEntryCount: 0 });
      expect(ids(tagged, "ResourceTagMappingList", "ResourceARN")).toEqual([rdsArn("cluster:docs")]);
    });
  });
});
