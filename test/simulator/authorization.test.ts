import { Sha256 } from "@aws-crypto/sha256-js";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  AddTagsToResourceCommand,
  CopyDBClusterSnapshotCommand,
  type CopyDBClusterSnapshotCommandInput,
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { BatchDeleteClusterSnapshotsCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@aws-sdk/signature-v4";
import { afterEach, describe, expect, it } from "vitest";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Authorize, Permission } from "../../simulator/iam.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

/** The simulator asks IAM before an operation runs; these tests are IAM. */

const region = "eu-west-1";
const away = "us-east-1";
const account = "123456789012";
const snapshotArn = (id: string, place = region) => `arn:aws:rds:${place}:${account}:cluster-snapshot:${id}`;

const fleet: Fleet = {
  now: "2026-03-01T00:00:00Z",
  accounts: [{ id: account, accessKeyId: "signer", secretAccessKey: "signer" }],
  keys: [
    { region, id: "here", alias: "alias/here" },
    { region: away, id: "there", alias: "alias/there" },
  ],
  clusters: [
    { region, id: "shop", engine: "aurora-postgresql", tags: { team: "web" } },
    { region, id: "sales", engine: "redshift" },
  ],
  snapshots: [
    { region, id: "old", cluster: "shop", created: "2026-02-01", tags: { made: "us" } },
    { region, id: "sealed-by-aws", cluster: "shop", created: "2026-02-02", encrypted: true },
    { region, id: "sealed", cluster: "shop", created: "2026-02-02", encrypted: true, kmsKey: "here" },
    {
      region: away,
      id: "plain",
      cluster: "far",
      engine: "aurora-mysql",
      created: "2026-02-03",
      tags: { a: "b" },
    },
    {
      region: away,
      id: "far-sealed",
      cluster: "far",
      engine: "aurora-mysql",
      created: "2026-02-03",
      encrypted: true,
      kmsKey: "there",
    },
    { region, id: "rs-1", cluster: "sales", created: "2026-02-01" },
    { region, id: "rs-2", cluster: "sales", created: "2026-02-01" },
  ],
};

let simulator: Simulator;
const clients: { destroy(): void }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await simulator.close();
});

interface Settings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

const connect = <C extends { destroy(): void }>(
  Client: new (settings: Settings) => C,
  key = "simulator",
): C => {
  const credentials = { accessKeyId: key, secretAccessKey: key };
  const client = new Client({ region, endpoint: simulator.endpoint, credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
};

const start = async (authorize?: Authorize): Promise<RDSClient> => {
  simulator = await startSimulator({ fleet, ...(authorize && { authorize }) });
  return connect(RDSClient);
};

const refusing =
  (...actions: string[]): Authorize =>
  (_, { action }) =>
    !actions.includes(action);

const refusal = async (answer: Promise<unknown>) => {
  try {
    await answer;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return { name, message, status: $metadata.httpStatusCode };
  }
  return undefined;
};

const last = () => simulator.calls.entries.at(-1);
const asked = (): readonly Permission[] => last()?.permissions ?? [];
const actions = () => asked().map(({ action }) => action);

const remove = (id: string) => new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: id });
const copy = (input: Partial<CopyDBClusterSnapshotCommandInput>) =>
  new CopyDBClusterSnapshotCommand({
    SourceDBClusterSnapshotIdentifier: "sealed",
    TargetDBClusterSnapshotIdentifier: "copy",
    ...input,
  });

describe("without anybody to ask", () => {
  it("everything is allowed, and what would have been asked is recorded with the caller", async () => {
    const rds = await start();
    await rds.send(remove("old"));
    expect(last()).toMatchObject({
      operation: "DeleteDBClusterSnapshot",
      status: 200,
      accessKeyId: "simulator",
    });
    expect(asked()).toEqual([
      {
        action: "rds:DeleteDBClusterSnapshot",
        resource: snapshotArn("old"),
        context: {
          "aws:RequestedRegion": region,
          "aws:PrincipalAccount": account,
          "aws:ResourceAccount": account,
          "aws:SecureTransport": "true",
          "aws:ResourceTag/made": "us",
          "rds:cluster-snapshot-tag/made": "us",
        },
      },
    ]);
  });
});

describe("a refusal", () => {
  it("of a query service is AccessDenied with 403, in AWS's words, and nothing has run", async () => {
    const rds = await start(refusing("rds:DeleteDBClusterSnapshot"));
    expect(await refusal(rds.send(remove("old")))).toEqual({
      name: "AccessDenied",
      message: `User: arn:aws:iam::${account}:user/simulator is not authorized to perform: rds:DeleteDBClusterSnapshot on resource: ${snapshotArn("old")} because no identity-based policy allows the rds:DeleteDBClusterSnapshot action`,
      status: 403,
    });
    expect(simulator.world.store(region).clusterSnapshots.get("old")?.status).toBe("available");
    expect(last()).toMatchObject({ status: 403, code: "AccessDenied", accessKeyId: "simulator" });
    expect(actions()).toEqual(["rds:DeleteDBClusterSnapshot"]);
  });

  it("of a JSON service is AccessDeniedException with 400, and nothing has run", async () => {
    await start(refusing("events:PutEvents", "tag:GetResources", "kms:DescribeKey"));
    const denied = { name: "AccessDeniedException", status: 400 };
    const entry = { Source: "s", DetailType: "d", Detail: "{}" };
    const answers = [
      () => connect(EventBridgeClient).send(new PutEventsCommand({ Entries: [entry] })),
      () => connect(ResourceGroupsTaggingAPIClient).send(new GetResourcesCommand({})),
      () => connect(KMSClient).send(new DescribeKeyCommand({ KeyId: "alias/here" })),
    ];
    for (const answer of answers) expect(await refusal(answer())).toMatchObject(denied);
    expect(simulator.world.store(region).events).toEqual([]);
  });

  it("of one question is enough: also of tagging what is made", async () => {
    const rds = await start(refusing("rds:AddTagsToResource"));
    const make = (Tags: { Key: string; Value: string }[]) =>
      rds.send(
        new CreateDBClusterSnapshotCommand({
          DBClusterIdentifier: "shop",
          DBClusterSnapshotIdentifier: "new",
          Tags,
        }),
      );
    expect(await refusal(make([{ Key: "k", Value: "v" }]))).toMatchObject({
      name: "AccessDenied",
      status: 403,
    });
    expect(simulator.world.store(region).clusterSnapshots.has("new")).toBe(false);
    expect(await refusal(make([]))).toBeUndefined();
  });

  it("of one snapshot refuses a whole batch of Redshift", async () => {
    await start((_, { resource }) => !resource.endsWith("sales/rs-2"));
    const Identifiers = ["rs-1", "rs-2"].map((id) => ({
      SnapshotIdentifier: id,
      SnapshotClusterIdentifier: "sales",
    }));
    const answer = connect(RedshiftClient).send(new BatchDeleteClusterSnapshotsCommand({ Identifiers }));
    expect(await refusal(answer)).toMatchObject({ name: "AccessDenied", status: 403 });
    const { redshiftSnapshots } = simulator.world.store(region);
    expect([...redshiftSnapshots.values()].map(({ status }) => status)).toEqual(["available", "available"]);
  });

  it("comes after a throttled call and after a wrong signature, which ask nothing", async () => {
    const rds = await start(() => false);
    simulator.faults.add({ times: 1, kind: "throttle" });
    expect(await refusal(rds.send(new DescribeDBClustersCommand({})))).toMatchObject({ name: "Throttling" });
    expect(last()).toMatchObject({ accessKeyId: "simulator", permissions: [] });
    const stranger = connect(RDSClient, "stranger");
    expect(await refusal(stranger.send(remove("old")))).toMatchObject({ name: "InvalidClientTokenId" });
    expect(last()).toMatchObject({ accessKeyId: "", permissions: [] });
  });

  it("comes before what does not exist is missed", async () => {
    const rds = await start(() => false);
    expect(await refusal(rds.send(remove("nowhere")))).toMatchObject({ name: "AccessDenied" });
  });

  it("is for the key that called, and GetCallerIdentity is for everybody", async () => {
    const rds = await start((accessKeyId) => accessKeyId === "signer");
    expect(await refusal(rds.send(remove("old")))).toMatchObject({ name: "AccessDenied" });
    expect(await refusal(connect(RDSClient, "signer").send(remove("old")))).toBeUndefined();
    const { Arn } = await connect(STSClient).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:iam::${account}:user/simulator`);
    expect(asked()).toEqual([]);
  });
});

it("tags are asked as they are at the call, not as they were before", async () => {
  const held: Authorize = (_, { action, context }) =>
    action !== "rds:DeleteDBClusterSnapshot" || context["aws:ResourceTag/hold"] === undefined;
  const rds = await start(held);
  const hold = [{ Key: "hold", Value: "audit" }];
  await rds.send(new AddTagsToResourceCommand({ ResourceName: snapshotArn("old"), Tags: hold }));
  expect(await refusal(rds.send(remove("old")))).toMatchObject({ name: "AccessDenied" });
  expect(asked()[0]?.context).toMatchObject({ "rds:cluster-snapshot-tag/hold": "audit" });
});

describe("a key that may not be used", () => {
  const fault = (which: string, named: string) => ({
    name: "KMSKeyNotAccessibleFault",
    message: `The ${which} KMS key [${named}] does not exist, is not enabled or you do not have permissions to access it.`,
    status: 400,
  });
  const hereArn = `arn:aws:kms:${region}:${account}:key/here`;
  const thereArn = `arn:aws:kms:${away}:${account}:key/there`;
  const across = copy({
    SourceDBClusterSnapshotIdentifier: snapshotArn("far-sealed", away),
    KmsKeyId: "alias/here",
  });

  it.each([
    ["the source's", thereArn, fault("source snapshot", thereArn)],
    ["the target's", hereArn, fault("target", "alias/here")],
  ])("is not accessible, not denied: %s", async (_, key, expected) => {
    const rds = await start((_key, { action, resource }) => action !== "kms:CreateGrant" || resource !== key);
    expect(await refusal(rds.send(across))).toEqual(expected);
    expect(simulator.world.store(region).clusterSnapshots.has("copy")).toBe(false);
  });

  it.each([undefined, "alias/here"])(
    "is asked once where a copy keeps its source's key: %s",
    async (KmsKeyId) => {
      const rds = await start();
      await rds.send(copy({ KmsKeyId }));
      expect(actions()).toEqual([
        "rds:CopyDBClusterSnapshot",
        "rds:CopyDBClusterSnapshot",
        "kms:DescribeKey",
        "kms:CreateGrant",
      ]);
    },
  );

  it("is refused as ever where it does not exist, and not asked for", async () => {
    const rds = await start();
    expect(await refusal(rds.send(copy({ KmsKeyId: "alias/none" })))).toEqual(fault("target", "alias/none"));
    expect(asked().map(({ resource }) => resource)).not.toContain("alias/none");
  });

  it("is never AWS's own, whose key policy lets everybody in who comes through RDS", async () => {
    const rds = await start((_, { action }) => !action.startsWith("kms:"));
    const source = { SourceDBClusterSnapshotIdentifier: "sealed-by-aws" };
    expect(await refusal(rds.send(copy({ ...source, KmsKeyId: "alias/aws/rds" })))).toBeUndefined();
    expect(actions()).toEqual(["rds:CopyDBClusterSnapshot", "rds:CopyDBClusterSnapshot"]);
  });
});

describe("a pre-signed URL", () => {
  const source = snapshotArn("plain", away);

  const presign = async (key: string, tags: Record<string, string> = {}): Promise<string> => {
    const { host, hostname } = new URL(simulator.endpoint);
    const credentials = { accessKeyId: key, secretAccessKey: key };
    const signer = new SignatureV4({ service: "rds", region: away, credentials, sha256: Sha256 });
    const query = {
      Action: "CopyDBClusterSnapshot",
      Version: "2014-10-31",
      DestinationRegion: region,
      SourceDBClusterSnapshotIdentifier: source,
      ...tags,
    };
    const request = { method: "GET", protocol: "http:", hostname, path: "/", query, headers: { host } };
    const signed = await signer.presign(request, { expiresIn: 3600 });
    const pairs = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
    );
    return `${simulator.endpoint}/?${pairs.join("&")}`;
  };

  const callers: [string, Permission][] = [];
  const listening: Authorize = (key, permission) => {
    callers.push([key, permission]);
    return true;
  };
  const copyWith = (PreSignedUrl: string) =>
    copy({ SourceDBClusterSnapshotIdentifier: source, PreSignedUrl });

  it("asks in the source region, for who signed it, with the tags it has there", async () => {
    callers.length = 0;
    const rds = await start(listening);
    const tags = { "Tags.Tag.1.Key": "k", "Tags.Tag.1.Value": "v" };
    await rds.send(copyWith(await presign("signer", tags)));
    expect(callers.filter(([key]) => key === "signer")).toEqual([
      [
        "signer",
        {
          action: "rds:CopyDBClusterSnapshot",
          resource: source,
          context: {
            "aws:RequestedRegion": away,
            "aws:PrincipalAccount": account,
            "aws:ResourceAccount": account,
            "aws:SecureTransport": "true",
            "aws:ResourceTag/a": "b",
            "rds:cluster-snapshot-tag/a": "b",
            "aws:RequestTag/k": "v",
            "rds:req-tag/k": "v",
            "aws:TagKeys": ["k"],
          },
        },
      ],
    ]);
    const inDestination = callers.filter(([key]) => key === "simulator").map(([, permission]) => permission);
    expect(inDestination.map(({ action, resource }) => [action, resource])).toEqual([
      ["rds:CopyDBClusterSnapshot", snapshotArn("copy")],
      ["rds:CopyDBClusterSnapshot", source],
      ["rds:CrossRegionCommunication", source],
    ]);
    for (const { context } of inDestination) {
      expect(context["aws:RequestedRegion"]).toBe(region);
      expect(Object.keys(context)).not.toContain("aws:ResourceTag/a");
    }
  });

  it("is denied where its signer is, whatever the caller may do", async () => {
    const rds = await start((key) => key !== "signer");
    const answer = await refusal(rds.send(copyWith(await presign("signer"))));
    expect(answer).toMatchObject({ name: "AccessDenied", status: 403 });
    expect(answer?.message).toContain("user/signer is not authorized");
  });

  it("asks nothing where it is wrong, and is refused as ever", async () => {
    const rds = await start();
    const url = (await presign("signer")).replace(
      "DestinationRegion=eu-west-1",
      "DestinationRegion=eu-west-2",
    );
    expect(await refusal(rds.send(copyWith(url)))).toMatchObject({
      name: "InvalidParameterValue",
      message: "PreSignedurl could not be authenticated",
    });
    expect(actions()).toHaveLength(3);
  });
});
