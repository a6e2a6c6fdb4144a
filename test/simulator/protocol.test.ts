import { Sha256 } from "@aws-crypto/sha256-js";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CopyDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  paginateDescribeDBClusters,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@aws-sdk/signature-v4";
import { afterEach, expect, test } from "vitest";
import { readFleet } from "../../simulator/fleet.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/simulator.ts";

const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
const open: Simulator[] = [];

afterEach(async () => {
  for (const simulator of open.splice(0)) await simulator.close();
});

const start = async (options: SimulatorOptions = {}) => {
  const simulator = await startSimulator(options);
  open.push(simulator);
  const configuration = (region: string) => ({
    region,
    endpoint: simulator.endpoint,
    credentials,
    maxAttempts: 1,
  });
  return { simulator, configuration, rds: (region: string) => new RDSClient(configuration(region)) };
};

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => ({ name: error.name, status: error.$metadata?.httpStatusCode, message: error.message }),
  );

test("a wrong secret, an unknown key and an unsigned request are refused by name", async () => {
  const { simulator } = await start();
  const refused = (accessKeyId: string, secretAccessKey: string) => {
    const client = new RDSClient({
      region: "us-east-1",
      endpoint: simulator.endpoint,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });
    return failure(client.send(new DescribeDBClustersCommand({})));
  };
  expect(await refused("simulator", "wrong")).toMatchObject({ name: "SignatureDoesNotMatch", status: 403 });
  expect(await refused("nobody", "simulator")).toMatchObject({ name: "InvalidClientTokenId", status: 403 });
  const unsigned = await fetch(`${simulator.endpoint}/?Action=DescribeDBClusters&Version=2014-10-31`);
  expect(unsigned.status).toBe(403);
  expect(await unsigned.text()).toContain("<Code>MissingAuthenticationToken</Code>");
  expect(await refused("simulator", "simulator")).toBeUndefined();
});

test("a request signed long ago is refused, whatever the virtual clock says", async () => {
  const late = () => new Date(Date.now() + 16 * 60_000);
  const { rds } = await start({ wallNow: late });
  expect(await failure(rds("us-east-1").send(new DescribeDBClustersCommand({})))).toMatchObject({
    name: "RequestExpired",
    status: 400,
  });
});

test("an unknown action is answered in AWS's words", async () => {
  const { simulator } = await start();
  const signed = await presign(simulator.endpoint, "us-east-1", {
    Action: "Frobnicate",
    Version: "2014-10-31",
  });
  const answer = await fetch(signed);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(
    "<Code>InvalidAction</Code><Message>Could not find operation Frobnicate for version 2014-10-31</Message>",
  );
  expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
});

test("a pre-signed copy URL is accepted as it is and refused with one character changed", async () => {
  const { rds, simulator } = await start({ fleet: readFleet(withCopySource) });
  const client = rds("eu-west-1");
  const url = await presign(simulator.endpoint, "us-east-1", copyParameters);
  const copy = (PreSignedUrl: string) =>
    client.send(
      new CopyDBClusterSnapshotCommand({
        SourceDBClusterSnapshotIdentifier: sourceArn,
        TargetDBClusterSnapshotIdentifier: "copy-1",
        PreSignedUrl,
      }),
    );
  const swapped = url.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const elsewhere = url.replace("DestinationRegion=eu-west-1", "DestinationRegion=eu-west-2");
  const expected = { name: "InvalidParameterValue", message: "PreSignedurl could not be authenticated" };
  expect(await failure(copy(swapped))).toMatchObject(expected);
  expect(await failure(copy(elsewhere))).toMatchObject(expected);
  expect((await copy(url)).DBClusterSnapshot?.Status).toBe("copying");
});

test("a pre-signed copy URL that is genuine but asks for something else is refused", async () => {
  const { rds, simulator } = await start({ fleet: readFleet(withCopySource) });
  const url = await presign(simulator.endpoint, "us-east-1", {
    ...copyParameters,
    DestinationRegion: "eu-west-2",
  });
  const copy = new CopyDBClusterSnapshotCommand({
    SourceDBClusterSnapshotIdentifier: sourceArn,
    TargetDBClusterSnapshotIdentifier: "copy-1",
    PreSignedUrl: url,
  });
  expect(await failure(rds("eu-west-1").send(copy))).toMatchObject({ name: "InvalidParameterValue" });
});

test("the URL the SDK makes by itself holds, with its stray port and its bare KmsKeyId", async () => {
  const { rds } = await start({ fleet: readFleet(withCopySource) });
  const answer = await rds("eu-west-1").send(
    new CopyDBClusterSnapshotCommand({
      SourceDBClusterSnapshotIdentifier: sourceArn,
      TargetDBClusterSnapshotIdentifier: "copy-1",
    }),
  );
  expect(answer.DBClusterSnapshot?.SourceDBClusterSnapshotArn).toBe(sourceArn);
});

test("DocumentDB demands a pre-signed URL, and Neptune ignores a wrong one", async () => {
  const { rds, simulator } = await start({ fleet: readFleet(withCopySource) });
  const ask = (id: string, PreSignedUrl: string) =>
    failure(
      rds("eu-west-1").send(
        new CopyDBClusterSnapshotCommand({
          SourceDBClusterSnapshotIdentifier: `arn:aws:rds:us-east-1:123456789012:cluster-snapshot:${id}`,
          TargetDBClusterSnapshotIdentifier: `copy-${id}`,
          PreSignedUrl,
        }),
      ),
    );
  expect(await ask("graph-1", "https://nowhere.example/")).toBeUndefined();
  expect(await ask("docs-1", "https://nowhere.example/")).toMatchObject({ name: "InvalidParameterValue" });
  expect(simulator.world.store("eu-west-1").clusterSnapshots.has("copy-graph-1")).toBe(true);
});

test("250 clusters come in pages, none twice and none left out", async () => {
  const clusters = Array.from({ length: 250 }, (_, index) => ({
    region: "us-east-1",
    id: `db-${index}`,
    engine: "neptune" as const,
  }));
  const { rds, simulator } = await start({ fleet: { clusters } });
  const seen: string[] = [];
  for await (const page of paginateDescribeDBClusters({ client: rds("us-east-1") }, {})) {
    expect(page.DBClusters?.length).toBeLessThanOrEqual(100);
    for (const cluster of page.DBClusters ?? []) seen.push(cluster.DBClusterIdentifier ?? "");
  }
  expect(new Set(seen).size).toBe(250);
  expect(seen.length).toBe(250);
  expect(simulator.calls.byOperation()).toEqual({ "rds.DescribeDBClusters": 3 });
});

test("wrong page sizes, markers and filters are refused in AWS's words", async () => {
  const { rds } = await start();
  const ask = (input: object) => failure(rds("us-east-1").send(new DescribeDBClusterSnapshotsCommand(input)));
  const ids = Array.from({ length: 101 }, (_, index) => `c-${index}`);
  expect(await ask({ MaxRecords: 19 })).toMatchObject({
    name: "InvalidParameterValue",
    message: "Invalid value 19 for MaxRecords. Must be between 20 and 100",
  });
  expect(await ask({ Marker: "bm90IGEgbWFya2Vy" })).toMatchObject({ name: "InvalidParameterValue" });
  expect(await ask({ Filters: [{ Name: "colour", Values: ["red"] }] })).toMatchObject({
    name: "InvalidParameterValue",
    message: "Unrecognized filter name: colour",
  });
  expect(await ask({ Filters: [{ Name: "engine", Values: [] }] })).toMatchObject({
    name: "InvalidParameterCombination",
  });
  expect(await ask({ Filters: [{ Name: "db-cluster-id", Values: ids }] })).toMatchObject({
    name: "InvalidParameterCombination",
    message: expect.stringContaining("Only up to 100 unique filter DB Cluster Identifiers"),
  });
  expect(await ask({ Filters: [] })).toBeUndefined();
  expect(await ask({ Filters: [{ Name: "engine", Values: ["neptune"] }] })).toBeUndefined();
});

test("faults befall as often as told, and a lost answer leaves its effect", async () => {
  const { rds, simulator } = await start({ fleet: readFleet(withCopySource) });
  const describe = () => failure(rds("us-east-1").send(new DescribeDBClustersCommand({})));
  simulator.faults.add({ operation: "DescribeDBClusters", times: 1, kind: "throttle" });
  expect(await describe()).toMatchObject({ name: "Throttling", status: 400, message: "Rate exceeded" });
  expect(await describe()).toBeUndefined();
  simulator.faults.add({ service: "rds", region: "eu-west-1", times: 1, kind: "reset-after" });
  const copy = new CopyDBClusterSnapshotCommand({
    SourceDBClusterSnapshotIdentifier: sourceArn,
    TargetDBClusterSnapshotIdentifier: "copy-1",
  });
  expect(await failure(rds("eu-west-1").send(copy))).toBeDefined();
  expect(await failure(rds("eu-west-1").send(copy))).toMatchObject({
    name: "DBClusterSnapshotAlreadyExistsFault",
  });
});

test("the region decides the partition, and JSON services answer in their own errors", async () => {
  const { configuration } = await start({
    fleet: { keys: [{ region: "cn-north-1", id: "k1", alias: "alias/a" }] },
  });
  const who = await new STSClient(configuration("us-gov-west-1")).send(new GetCallerIdentityCommand({}));
  expect(who.Arn).toBe("arn:aws-us-gov:iam::123456789012:user/simulator");
  const kms = new KMSClient(configuration("cn-north-1"));
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/a" }));
  expect(KeyMetadata).toMatchObject({ Arn: "arn:aws-cn:kms:cn-north-1:123456789012:key/k1", Enabled: true });
  expect(await failure(kms.send(new DescribeKeyCommand({ KeyId: "none" })))).toMatchObject({
    name: "NotFoundException",
    status: 400,
  });
});

test("a fleet file's typos are refused with their path", () => {
  expect(() => readFleet("clusters: [{ region: eu-west-1, id: a, engin: neptune }]")).toThrow(
    /clusters\[0\]\.engine: [\s\S]*clusters\[0\]: Unrecognized key: "engin"/,
  );
});

const sourceArn = "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:orders-1";

const copyParameters = {
  Action: "CopyDBClusterSnapshot",
  Version: "2014-10-31",
  DestinationRegion: "eu-west-1",
  SourceDBClusterSnapshotIdentifier: sourceArn,
};

const withCopySource = `
now: 2026-03-01T00:00:00Z
clusters:
  - { region: us-east-1, id: orders, engine: aurora-postgresql }
  - { region: us-east-1, id: docs, engine: docdb }
  - { region: us-east-1, id: graph, engine: neptune }
snapshots:
  - { region: us-east-1, id: orders-1, cluster: orders, created: 2026-02-01T00:00:00Z }
  - { region: us-east-1, id: docs-1, cluster: docs, created: 2026-02-01T00:00:00Z }
  - { region: us-east-1, id: graph-1, cluster: graph, created: 2026-02-01T00:00:00Z }
`;

const presign = async (endpoint: string, region: string, query: Record<string, string>): Promise<string> => {
  const { host, hostname, port } = new URL(endpoint);
  const signer = new SignatureV4({ service: "rds", region, credentials, sha256: Sha256 });
  const request = {
    method: "GET",
    protocol: "http:",
    hostname,
    port: Number(port),
    path: "/",
    query,
    headers: { host },
  };
  const signed = await signer.presign(request, { expiresIn: 3600 });
  const pairs = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${endpoint}/?${pairs.join("&")}`;
};
