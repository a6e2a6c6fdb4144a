import {
  BatchDeleteClusterSnapshotsCommand,
  CopyClusterSnapshotCommand,
  CreateClusterCommand,
  CreateClusterSnapshotCommand,
  CreateSnapshotCopyGrantCommand,
  CreateTagsCommand,
  DeleteClusterCommand,
  DeleteClusterSnapshotCommand,
  DeleteSnapshotCopyGrantCommand,
  DeleteTagsCommand,
  DescribeClusterSnapshotsCommand,
  type DescribeClusterSnapshotsCommandInput,
  DescribeClustersCommand,
  type DescribeClustersCommandInput,
  DescribeSnapshotCopyGrantsCommand,
  DescribeTagsCommand,
  DisableSnapshotCopyCommand,
  EnableSnapshotCopyCommand,
  ModifyClusterSnapshotCommand,
  ModifySnapshotCopyRetentionPeriodCommand,
  paginateDescribeClusterSnapshots,
  RedshiftClient,
  RestoreFromClusterSnapshotCommand,
} from "@aws-sdk/client-redshift";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

const home = "us-east-1";
const away = "eu-west-1";
const day = 86_400;

const fleet: Fleet = {
  now: "2026-03-01T00:00:00Z",
  settings: {
    snapshotBaseSeconds: 0,
    snapshotSecondsPerGib: 1,
    copyBaseSeconds: 0,
    copySecondsPerGib: 2,
    restoreBaseSeconds: 0,
    restoreSecondsPerGib: 1,
    redshiftManualSnapshotsMax: 6,
  },
  accounts: [{ id: "210987654321", accessKeyId: "partner", secretAccessKey: "partner" }],
  keys: [
    { region: home, id: "home-key" },
    { region: away, id: "away-key", alias: "alias/away" },
    { region: away, id: "off", state: "Disabled" },
  ],
  copyGrants: [
    { region: away, name: "to-away", kmsKey: "away-key" },
    { region: away, name: "to-nowhere", kmsKey: "off" },
  ],
  clusters: [
    { region: home, id: "sales", engine: "redshift", tags: { team: "shop", backup: "daily" } },
    {
      region: home,
      id: "vault",
      engine: "redshift",
      encrypted: true,
      kmsKey: "home-key",
      tags: { team: "bank" },
    },
    { region: home, id: "asleep", engine: "redshift", status: "paused" },
    { region: home, id: "growing", engine: "redshift", status: "available, prep-for-resize" },
  ],
  snapshots: [
    { region: home, id: "rs:sales-1", cluster: "sales", type: "automated", created: "2026-02-27T00:00:00Z" },
    {
      region: home,
      id: "sales-old",
      cluster: "sales",
      created: "2026-02-01T00:00:00Z",
      tags: { kind: "old" },
    },
    { region: home, id: "gone-1", cluster: "gone", engine: "redshift", created: "2026-02-02T00:00:00Z" },
    {
      region: home,
      id: "lent",
      cluster: "sales",
      created: "2026-02-03T00:00:00Z",
      sharedWith: ["210987654321"],
    },
  ],
};

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ fleet });
});
afterEach(() => simulator.close());

const client = (region = home, keys = "simulator") =>
  new RedshiftClient({
    region,
    endpoint: simulator.endpoint,
    credentials: { accessKeyId: keys, secretAccessKey: keys },
  });

const clusters = async (input: DescribeClustersCommandInput = {}) =>
  (await client().send(new DescribeClustersCommand(input))).Clusters ?? [];
const snapshots = async (input: DescribeClusterSnapshotsCommandInput = {}, region = home) =>
  (await client(region).send(new DescribeClusterSnapshotsCommand(input))).Snapshots ?? [];
const ids = async (input: DescribeClusterSnapshotsCommandInput = {}, region = home) =>
  (await snapshots(input, region)).map(({ SnapshotIdentifier }) => SnapshotIdentifier);
const take = (SnapshotIdentifier: string, ClusterIdentifier = "sales", more = {}) =>
  client().send(new CreateClusterSnapshotCommand({ SnapshotIdentifier, ClusterIdentifier, ...more }));
const enable = (ClusterIdentifier: string, more = {}) =>
  client().send(new EnableSnapshotCopyCommand({ ClusterIdentifier, DestinationRegion: away, ...more }));
const arn = (resource: string, region = home) => `arn:aws:redshift:${region}:123456789012:${resource}`;

const refused = (name: string, status = 400, Code = name.replace(/Fault$/, "")) => ({
  name,
  Code,
  $metadata: expect.objectContaining({ httpStatusCode: status }),
});
const unmodelled = (name: string) => refused(name);

describe("clusters", () => {
  test("are listed with tags, copy setting and namespace, and found by exact id only", async () => {
    await enable("sales", { ManualSnapshotRetentionPeriod: 30 });
    const [sales] = await clusters({ ClusterIdentifier: "sales" });
    expect(sales).toMatchObject({
      ClusterIdentifier: "sales",
      ClusterStatus: "available",
      Tags: [
        { Key: "team", Value: "shop" },
        { Key: "backup", Value: "daily" },
      ],
      ClusterSnapshotCopyStatus: {
        DestinationRegion: away,
        RetentionPeriod: 7,
        ManualSnapshotRetentionPeriod: 30,
      },
      ClusterNamespaceArn: expect.stringMatching(/:namespace:[0-9a-f-]{36}$/),
    });
    await expect(clusters({ ClusterIdentifier: "Sales" })).rejects.toMatchObject(
      refused("ClusterNotFoundFault", 404),
    );
  });

  test("are not found by id and marker at once", async () => {
    await expect(clusters({ ClusterIdentifier: "sales", Marker: "x" })).rejects.toMatchObject(
      unmodelled("InvalidParameterCombination"),
    );
  });

  test("are filtered by any of the tag keys and any of the values", async () => {
    const found = async (input: DescribeClustersCommandInput) =>
      (await clusters(input)).map(({ ClusterIdentifier }) => ClusterIdentifier);
    expect(await found({ TagKeys: ["backup", "team"] })).toEqual(["sales", "vault"]);
    expect(await found({ TagValues: ["bank", "daily"] })).toEqual(["sales", "vault"]);
    expect(await found({ TagKeys: ["team", "backup"], TagValues: ["shop"] })).toEqual(["sales"]);
    expect(await found({ TagKeys: ["backup"], TagValues: ["shop"] })).toEqual([]);
  });

  test("can be made, encrypted always, and deleted with a final snapshot", async () => {
    const named = { ClusterIdentifier: "fresh", NodeType: "ra3.large", MasterUsername: "awsuser" };
    const input = {
      ...named,
      MasterUserPassword: "Passw0rd!",
      NumberOfNodes: 2,
      Tags: [{ Key: "a", Value: "b" }],
    };
    const made = await client().send(new CreateClusterCommand(input));
    expect(made.Cluster).toMatchObject({ ClusterStatus: "creating", Encrypted: true, NumberOfNodes: 2 });
    await expect(client().send(new CreateClusterCommand(input))).rejects.toMatchObject(
      refused("ClusterAlreadyExistsFault"),
    );
    simulator.clock.advance(1);
    expect((await clusters({ ClusterIdentifier: "fresh" }))[0]?.ClusterStatus).toBe("available");

    const remove = (more: object) =>
      client().send(new DeleteClusterCommand({ ClusterIdentifier: "sales", ...more }));
    await expect(remove({})).rejects.toMatchObject(unmodelled("InvalidParameterCombination"));
    const gone = await remove({ FinalClusterSnapshotIdentifier: "sales-final" });
    expect(gone.Cluster?.ClusterStatus).toBe("final-snapshot");
    expect((await snapshots({ SnapshotIdentifier: "sales-final" }))[0]?.Status).toBe("final snapshot");
    simulator.clock.advance(100);
    await expect(clusters({ ClusterIdentifier: "sales" })).rejects.toMatchObject(
      refused("ClusterNotFoundFault", 404),
    );
    // Its automated snapshots go with it, its manual ones stay.
    expect(await ids({ ClusterIdentifier: "sales" })).toEqual(["lent", "sales-final", "sales-old"]);
  });
});

describe("taking a snapshot", () => {
  test("answers creating, with sizes not known yet, and becomes available by the clock", async () => {
    const { Snapshot } = await take("sales-1", "sales", { Tags: [{ Key: "owner", Value: "" }] });
    expect(Snapshot).toMatchObject({
      SnapshotIdentifier: "sales-1",
      ClusterIdentifier: "sales",
      SnapshotType: "manual",
      Status: "creating",
      SnapshotCreateTime: new Date("2026-03-01T00:00:00Z"),
      EstimatedSecondsToCompletion: -1,
      TotalBackupSizeInMegaBytes: -1,
      ManualSnapshotRetentionPeriod: -1,
      SnapshotArn: arn("snapshot:sales/sales-1"),
      Tags: [{ Key: "owner", Value: "" }],
    });
    simulator.clock.advance(40);
    expect((await snapshots({ SnapshotIdentifier: "sales-1" }))[0]).toMatchObject({
      Status: "creating",
      EstimatedSecondsToCompletion: 60,
      BackupProgressInMegaBytes: 40 * 1024,
    });
    simulator.clock.advance(60);
    expect((await snapshots({ SnapshotIdentifier: "sales-1" }))[0]).toMatchObject({
      Status: "available",
      EstimatedSecondsToCompletion: 0,
      ElapsedTimeInSeconds: 100,
    });
  });

  test.each(["asleep", "growing"])(
    "needs a cluster that is exactly available, which %s is not",
    async (cluster) => {
      await expect(take("x", cluster)).rejects.toMatchObject(refused("InvalidClusterStateFault"));
    },
  );

  test("refuses taken ids, wrong ids, wrong periods and unknown clusters", async () => {
    await expect(take("sales-old", "vault")).rejects.toMatchObject(
      refused("ClusterSnapshotAlreadyExistsFault"),
    );
    await expect(take("copy:x")).rejects.toMatchObject(unmodelled("InvalidParameterValue"));
    await expect(take("x", "sales", { ManualSnapshotRetentionPeriod: 0 })).rejects.toMatchObject(
      refused("InvalidRetentionPeriodFault", 400, "InvalidRetentionPeriodFault"),
    );
    await expect(take("x", "none")).rejects.toMatchObject(refused("ClusterNotFoundFault", 404));
  });

  test("stops at the quota of manual snapshots", async () => {
    for (const id of ["a", "b", "c"]) await take(id);
    await expect(take("d")).rejects.toMatchObject(refused("ClusterSnapshotQuotaExceededFault"));
  });

  test("fails where its fate says so", async () => {
    simulator.world.works.befall({ kind: "create", failAtPercent: 50, times: 1 });
    await take("sales-1");
    simulator.clock.advance(50);
    expect((await snapshots({ SnapshotIdentifier: "sales-1" }))[0]?.Status).toBe("failed");
  });
});

describe("listing snapshots", () => {
  test("is narrowed by cluster, type, time, tag and the cluster's existence", async () => {
    expect(await ids()).toEqual(["gone-1", "lent", "rs:sales-1", "sales-old"]);
    expect(await ids({ ClusterIdentifier: "gone" })).toEqual(["gone-1"]);
    expect(await ids({ SnapshotType: "automated" })).toEqual(["rs:sales-1"]);
    expect(await ids({ StartTime: new Date("2026-02-02"), EndTime: new Date("2026-02-03") })).toEqual([
      "gone-1",
      "lent",
    ]);
    expect(await ids({ TagKeys: ["kind", "other"] })).toEqual(["sales-old"]);
    expect(await ids({ ClusterExists: false })).toEqual(["gone-1"]);
    expect(await ids({ ClusterExists: true, ClusterIdentifier: "sales" })).toHaveLength(3);
    await expect(ids({ ClusterExists: true, ClusterIdentifier: "gone" })).rejects.toMatchObject(
      refused("ClusterNotFoundFault", 404),
    );
    expect(await ids({ ClusterIdentifier: "never" })).toEqual([]);
  });

  test("finds one by exact id or ARN, and not together with its cluster", async () => {
    expect(await ids({ SnapshotIdentifier: "sales-old" })).toEqual(["sales-old"]);
    expect(await ids({ SnapshotArn: arn("snapshot:sales/rs:sales-1") })).toEqual(["rs:sales-1"]);
    await expect(ids({ SnapshotIdentifier: "Sales-Old" })).rejects.toMatchObject(
      refused("ClusterSnapshotNotFoundFault", 404),
    );
    await expect(ids({ ClusterIdentifier: "sales", SnapshotIdentifier: "sales-old" })).rejects.toMatchObject(
      unmodelled("InvalidParameterCombination"),
    );
  });

  test("shows another account's by owner, where they are shared", async () => {
    const partner = client(home, "partner");
    const own = await partner.send(new DescribeClusterSnapshotsCommand({}));
    expect(own.Snapshots).toEqual([]);
    const shared = await partner.send(new DescribeClusterSnapshotsCommand({ OwnerAccount: "123456789012" }));
    expect(shared.Snapshots?.map(({ SnapshotIdentifier }) => SnapshotIdentifier)).toEqual(["lent"]);
    expect(shared.Snapshots?.[0]?.AccountsWithRestoreAccess).toEqual([{ AccountId: "210987654321" }]);
  });

  test("sorts, and goes by pages", async () => {
    const SortingEntities = [{ Attribute: "CREATE_TIME", SortOrder: "DESC" }] as const;
    expect((await ids({ SortingEntities: [...SortingEntities] }))[0]).toBe("rs:sales-1");

    simulator.world.settings.redshiftManualSnapshotsMax = 100;
    for (let n = 1; n <= 45; n += 1) await take(`s${n}`);
    const sizes: number[] = [];
    for await (const { Snapshots } of paginateDescribeClusterSnapshots(
      { client: client(), pageSize: 20 },
      {},
    )) {
      sizes.push(Snapshots?.length ?? 0);
    }
    expect(sizes).toEqual([20, 20, 9]);
  });
});

describe("copying into another region", () => {
  test("is done by AWS for what becomes available while it is enabled, under its own name and time", async () => {
    await take("before");
    simulator.clock.advance(100);
    await enable("sales", { ManualSnapshotRetentionPeriod: 2 });
    await take("daily", "sales", { Tags: [{ Key: "owner", Value: "us" }] });
    simulator.clock.advance(99);
    expect(await ids({}, away)).toEqual([]);
    simulator.clock.advance(1);
    const [source] = await snapshots({ SnapshotIdentifier: "daily" });
    expect((await snapshots({ ClusterIdentifier: "sales" }, away))[0]).toMatchObject({
      SnapshotIdentifier: "copy:daily",
      SnapshotArn: arn("snapshot:sales/copy:daily", away),
      Status: "creating",
      SnapshotType: "manual",
      SourceRegion: home,
      Tags: [],
      ManualSnapshotRetentionPeriod: 2,
      SnapshotCreateTime: source?.SnapshotCreateTime,
      ClusterCreateTime: source?.ClusterCreateTime,
    });
    simulator.clock.advance(200);
    expect((await snapshots({}, away)).map(({ Status }) => Status)).toEqual(["available"]);
    simulator.clock.advance(2 * day);
    expect(await ids({}, away)).toEqual([]);
    expect(await ids({ SnapshotIdentifier: "daily" })).toEqual(["daily"]);
  });

  test("keeps the name where the setting says so", async () => {
    simulator.world.settings.redshiftCopyName = "same";
    await enable("sales");
    await take("daily");
    simulator.clock.advance(100);
    expect(await ids({}, away)).toEqual(["daily"]);
  });

  test("takes part in the destination's quota", async () => {
    await enable("sales");
    await take("one");
    await take("two");
    simulator.world.settings.redshiftManualSnapshotsMax = 1;
    simulator.clock.advance(100);
    expect(await ids({}, away)).toEqual(["copy:one"]);
  });

  test("encrypts with the grant's key, or else the region's own, and stops where the key is off", async () => {
    await enable("vault", { SnapshotCopyGrantName: "to-away" });
    await take("first", "vault");
    simulator.clock.advance(100);
    expect((await snapshots({}, away))[0]).toMatchObject({
      Encrypted: true,
      KmsKeyId: expect.stringMatching(/eu-west-1.*key\/away-key$/),
    });

    const disable = () => client().send(new DisableSnapshotCopyCommand({ ClusterIdentifier: "vault" }));
    await disable();
    await enable("vault", { SnapshotCopyGrantName: "to-nowhere" });
    await take("second", "vault");
    simulator.clock.advance(100);
    expect(await ids({}, away)).toEqual(["copy:first"]);

    await disable();
    await enable("vault");
    await take("third", "vault");
    simulator.clock.advance(100);
    const [third] = await snapshots({ SnapshotIdentifier: "copy:third" }, away);
    expect(third?.KmsKeyId).toMatch(/:kms:eu-west-1:/);
  });

  test("fails where its source is deleted meanwhile", async () => {
    await enable("sales");
    await take("daily");
    simulator.clock.advance(100);
    await client().send(new DeleteClusterSnapshotCommand({ SnapshotIdentifier: "daily" }));
    expect((await snapshots({}, away))[0]?.Status).toBe("failed");
  });

  test("is refused twice, into unknown regions, with unknown grants and periods, and ends when disabled", async () => {
    await expect(enable("sales", { DestinationRegion: "mars" })).rejects.toMatchObject(
      refused("UnknownSnapshotCopyRegionFault", 404, "UnknownSnapshotCopyRegionFault"),
    );
    await expect(enable("sales", { SnapshotCopyGrantName: "none" })).rejects.toMatchObject(
      refused("SnapshotCopyGrantNotFoundFault", 400, "SnapshotCopyGrantNotFoundFault"),
    );
    await expect(enable("sales", { RetentionPeriod: 36 })).rejects.toMatchObject({
      name: "InvalidRetentionPeriodFault",
    });
    await expect(enable("asleep")).rejects.toMatchObject(refused("InvalidClusterStateFault"));
    await enable("sales");
    await expect(enable("sales")).rejects.toMatchObject({ name: "SnapshotCopyAlreadyEnabledFault" });

    const disable = () => client().send(new DisableSnapshotCopyCommand({ ClusterIdentifier: "sales" }));
    const { Cluster } = await disable();
    expect(Cluster?.ClusterSnapshotCopyStatus).toBeUndefined();
    await expect(disable()).rejects.toMatchObject({ name: "SnapshotCopyAlreadyDisabledFault" });
    await take("daily");
    simulator.clock.advance(100);
    expect(await ids({}, away)).toEqual([]);
  });

  test("changes periods: of manual copies to come, of automated ones also that are there", async () => {
    const change = (RetentionPeriod: number, Manual: boolean) =>
      client().send(
        new ModifySnapshotCopyRetentionPeriodCommand({ ClusterIdentifier: "sales", RetentionPeriod, Manual }),
      );
    await expect(change(3, false)).rejects.toMatchObject({ name: "SnapshotCopyDisabledFault" });

    const automated = { id: "rs:sales-2", cluster: "sales", type: "automated" as const, status: "creating" };
    await simulator.close();
    simulator = await startSimulator({
      fleet: { ...fleet, snapshots: [{ ...automated, region: home, created: "2026-03-01T00:00:00Z" }] },
    });
    await enable("sales");
    await take("manual");
    simulator.clock.advance(100 + 200);
    expect((await snapshots({ SnapshotType: "automated" }, away))[0]?.SnapshotIdentifier).toBe(
      "copy:rs:sales-2",
    );
    const { Cluster } = await change(9, true);
    expect(Cluster?.ClusterSnapshotCopyStatus).toMatchObject({
      RetentionPeriod: 7,
      ManualSnapshotRetentionPeriod: 9,
    });
    await change(1, false);
    simulator.clock.advance(day);
    expect(await ids({}, away)).toEqual(["copy:manual"]);
    simulator.clock.advance(30 * day);
    expect(await ids({}, away)).toEqual(["copy:manual"]);
  });
});

describe("grants", () => {
  const create = (SnapshotCopyGrantName: string, KmsKeyId?: string) =>
    client(away).send(
      new CreateSnapshotCopyGrantCommand({ SnapshotCopyGrantName, ...(KmsKeyId && { KmsKeyId }) }),
    );
  const remove = (SnapshotCopyGrantName: string) =>
    client(away).send(new DeleteSnapshotCopyGrantCommand({ SnapshotCopyGrantName }));

  test("are made with a key of their region, once, and listed", async () => {
    const { SnapshotCopyGrant } = await create("mine", "alias/away");
    expect(SnapshotCopyGrant?.KmsKeyId).toMatch(/key\/away-key$/);
    await expect(create("mine")).rejects.toMatchObject({ name: "SnapshotCopyGrantAlreadyExistsFault" });
    await expect(create("Mine")).rejects.toMatchObject(unmodelled("InvalidParameterValue"));
    const listed = await client(away).send(new DescribeSnapshotCopyGrantsCommand({}));
    expect(listed.SnapshotCopyGrants?.map((grant) => grant.SnapshotCopyGrantName)).toEqual([
      "mine",
      "to-away",
      "to-nowhere",
    ]);
  });

  test("are deleted unless a cluster uses them", async () => {
    await enable("vault", { SnapshotCopyGrantName: "to-away" });
    await expect(remove("to-away")).rejects.toMatchObject({ name: "InvalidSnapshotCopyGrantStateFault" });
    await remove("to-nowhere");
    await expect(remove("to-nowhere")).rejects.toMatchObject(
      refused("SnapshotCopyGrantNotFoundFault", 400, "SnapshotCopyGrantNotFoundFault"),
    );
  });
});

describe("copying inside a region", () => {
  const copy = (SourceSnapshotIdentifier: string, TargetSnapshotIdentifier: string) =>
    client().send(new CopyClusterSnapshotCommand({ SourceSnapshotIdentifier, TargetSnapshotIdentifier }));

  test("makes a manual snapshot of an automated one, at once", async () => {
    const { Snapshot } = await copy("rs:sales-1", "kept");
    expect(Snapshot).toMatchObject({
      Status: "available",
      SnapshotType: "manual",
      SnapshotIdentifier: "kept",
    });
    expect(Snapshot?.SourceRegion).toBeUndefined();
  });

  test("refuses manual sources and taken names", async () => {
    await expect(copy("sales-old", "x")).rejects.toMatchObject(refused("InvalidClusterSnapshotStateFault"));
    await expect(copy("rs:sales-1", "lent")).rejects.toMatchObject(
      refused("ClusterSnapshotAlreadyExistsFault"),
    );
    await expect(copy("rs:none", "x")).rejects.toMatchObject(refused("ClusterSnapshotNotFoundFault", 404));
  });
});

describe("deleting", () => {
  const remove = (SnapshotIdentifier: string, SnapshotClusterIdentifier?: string) =>
    client().send(new DeleteClusterSnapshotCommand({ SnapshotIdentifier, SnapshotClusterIdentifier }));

  test("answers deleted", async () => {
    expect((await remove("sales-old", "sales")).Snapshot?.Status).toBe("deleted");
    await expect(remove("sales-old")).rejects.toMatchObject(refused("ClusterSnapshotNotFoundFault", 404));
    await expect(remove("gone-1", "sales")).rejects.toMatchObject(
      refused("ClusterSnapshotNotFoundFault", 404),
    );
  });

  test("takes its time where the setting says so", async () => {
    simulator.world.settings.deleteSeconds = 30;
    await remove("sales-old");
    expect((await snapshots({ SnapshotIdentifier: "sales-old" }))[0]?.Status).toBe("deleted");
    simulator.clock.advance(30);
    await expect(ids({ SnapshotIdentifier: "sales-old" })).rejects.toMatchObject({
      Code: "ClusterSnapshotNotFound",
    });
  });

  test.each(["rs:sales-1", "lent", "young"])(
    "is refused for automated, shared and unfinished ones: %s",
    async (id) => {
      await take("young");
      await expect(remove(id)).rejects.toMatchObject(refused("InvalidClusterSnapshotStateFault"));
    },
  );

  test("in batches answers 200 with an error for each that stays, and takes no more than 100", async () => {
    const batch = (Identifiers: { SnapshotIdentifier: string }[]) =>
      client().send(new BatchDeleteClusterSnapshotsCommand({ Identifiers }));
    const names = ["sales-old", "none", "lent"].map((SnapshotIdentifier) => ({ SnapshotIdentifier }));
    const { Resources, Errors, $metadata } = await batch(names);
    expect($metadata.httpStatusCode).toBe(200);
    expect(Resources).toEqual(["sales-old"]);
    expect(Errors).toMatchObject([
      { SnapshotIdentifier: "none", FailureCode: "ClusterSnapshotNotFound" },
      { SnapshotIdentifier: "lent", FailureCode: "InvalidClusterSnapshotState" },
    ]);
    const many = Array.from({ length: 101 }, (_, n) => ({ SnapshotIdentifier: `s${n}` }));
    await expect(batch(many)).rejects.toMatchObject(refused("BatchDeleteRequestSizeExceededFault"));
  });
});

describe("retention", () => {
  const modify = (ManualSnapshotRetentionPeriod: number, Force = false) =>
    client().send(
      new ModifyClusterSnapshotCommand({ SnapshotIdentifier: "daily", ManualSnapshotRetentionPeriod, Force }),
    );

  test("removes a snapshot when its days have passed since it was done", async () => {
    await take("daily", "sales", { ManualSnapshotRetentionPeriod: 3 });
    simulator.clock.advance(100 + day);
    expect((await snapshots({ SnapshotIdentifier: "daily" }))[0]).toMatchObject({
      ManualSnapshotRetentionPeriod: 3,
      ManualSnapshotRemainingDays: 2,
    });
    simulator.clock.advance(2 * day - 1);
    expect(await ids({ SnapshotIdentifier: "daily" })).toEqual(["daily"]);
    simulator.clock.advance(1);
    await expect(ids({ SnapshotIdentifier: "daily" })).rejects.toMatchObject({
      Code: "ClusterSnapshotNotFound",
    });
  });

  test("can be changed, and into the past only with Force, which deletes", async () => {
    await take("daily");
    await expect(modify(5)).rejects.toMatchObject(refused("InvalidClusterSnapshotStateFault"));
    simulator.clock.advance(100 + 2 * day);
    expect((await modify(5)).Snapshot?.ManualSnapshotRetentionPeriod).toBe(5);
    await expect(modify(1)).rejects.toMatchObject({ name: "InvalidRetentionPeriodFault" });
    await modify(-1);
    simulator.clock.advance(30 * day);
    await modify(1, true);
    await expect(ids({ SnapshotIdentifier: "daily" })).rejects.toMatchObject({
      Code: "ClusterSnapshotNotFound",
    });
  });
});

describe("tags", () => {
  const tag = (ResourceName: string, Tags: { Key: string; Value: string }[], region = home) =>
    client(region).send(new CreateTagsCommand({ ResourceName, Tags }));

  test("are set on snapshots by ARN, also on copies whose id holds a colon, and taken off", async () => {
    await enable("sales");
    await take("daily");
    simulator.clock.advance(100);
    const copy = arn("snapshot:sales/copy:daily", away);
    await tag(copy, [{ Key: "owner", Value: "us" }], away);
    await tag(
      copy,
      [
        { Key: "owner", Value: "them" },
        { Key: "more", Value: "" },
      ],
      away,
    );
    expect((await snapshots({}, away))[0]?.Tags).toEqual([
      { Key: "owner", Value: "them" },
      { Key: "more", Value: "" },
    ]);
    await client(away).send(new DeleteTagsCommand({ ResourceName: copy, TagKeys: ["owner", "never"] }));
    expect((await snapshots({}, away))[0]?.Tags).toEqual([{ Key: "more", Value: "" }]);
  });

  test("are refused with an aws: prefix, beyond 50, on what is not there, and on busy clusters", async () => {
    const old = arn("snapshot:sales/sales-old");
    await expect(tag(old, [{ Key: "aws:x", Value: "1" }])).rejects.toMatchObject({ name: "InvalidTagFault" });
    const fifty = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: "v" }));
    await expect(tag(old, fifty)).rejects.toMatchObject({ name: "TagLimitExceededFault" });
    await expect(
      take("x", "sales", { Tags: [...fifty, { Key: "one", Value: "more" }] }),
    ).rejects.toMatchObject({
      name: "TagLimitExceededFault",
    });
    const one = [{ Key: "a", Value: "b" }];
    await expect(tag(arn("snapshot:sales/none"), one)).rejects.toMatchObject(
      refused("ResourceNotFoundFault", 404, "ResourceNotFoundFault"),
    );
    await expect(tag("sales", one)).rejects.toMatchObject(unmodelled("InvalidParameterValue"));
    await expect(tag(arn("cluster:asleep"), one)).rejects.toMatchObject(refused("InvalidClusterStateFault"));
  });

  test("are listed one by one, by ARN or by type", async () => {
    const describeTags = async (input: object) =>
      (await client().send(new DescribeTagsCommand(input))).TaggedResources;
    expect(await describeTags({ ResourceName: arn("cluster:vault") })).toEqual([
      { ResourceName: arn("cluster:vault"), ResourceType: "cluster", Tag: { Key: "team", Value: "bank" } },
    ]);
    expect(await describeTags({ ResourceType: "Snapshot", MaxRecords: 10 })).toHaveLength(1);
    expect(await describeTags({ TagKeys: ["team"] })).toHaveLength(2);
    await expect(describeTags({ ResourceName: arn("cluster:vault"), MaxRecords: 10 })).rejects.toMatchObject(
      unmodelled("InvalidParameterCombination"),
    );
  });
});

describe("restoring", () => {
  const restore = (ClusterIdentifier: string, more: object, keys?: string) =>
    client(home, keys).send(new RestoreFromClusterSnapshotCommand({ ClusterIdentifier, ...more }));

  test("makes a cluster that is available when the data is there", async () => {
    const { Cluster } = await restore("again", { SnapshotIdentifier: "sales-old" });
    expect(Cluster).toMatchObject({ ClusterStatus: "creating", RestoreStatus: { Status: "restoring" } });
    simulator.clock.advance(100);
    expect((await clusters({ ClusterIdentifier: "again" }))[0]).toMatchObject({
      ClusterStatus: "available",
      RestoreStatus: { Status: "completed", ProgressInMegaBytes: 102_400 },
    });
  });

  test("is for those with access, of finished snapshots, under a free name", async () => {
    const shared = { SnapshotArn: arn("snapshot:sales/lent") };
    expect((await restore("mine", shared, "partner")).Cluster?.ClusterStatus).toBe("creating");
    const other = { SnapshotIdentifier: "sales-old", OwnerAccount: "123456789012" };
    await expect(restore("mine2", other, "partner")).rejects.toMatchObject(
      refused("AccessToSnapshotDeniedFault"),
    );
    await take("young");
    await expect(restore("x", { SnapshotIdentifier: "young" })).rejects.toMatchObject(
      refused("InvalidClusterSnapshotStateFault"),
    );
    await expect(restore("sales", { SnapshotIdentifier: "sales-old" })).rejects.toMatchObject(
      refused("ClusterAlreadyExistsFault"),
    );
    await expect(restore("x", {})).rejects.toMatchObject(unmodelled("InvalidParameterCombination"));
  });
});
