import { beforeAll, describe, expect, it } from "vitest";
import { type FunctionName, functionNames } from "../../deploy/stack.ts";
import type { Permission } from "../../simulator/iam.ts";
import { functionPolicies, isAllowed, type Policy } from "./iam.ts";
import { scenarioPackage, templateOf } from "./packaged.ts";

/** What no role may do, whatever its code may one day ask for; and what the wrong role may not. */

const service = "holdfast/test";
const name = "holdfast-daily-orders-abcdefgh-20261120t030000z";
const rds = (id: string, region = "us-east-1") => `arn:aws:rds:${region}:123456789012:cluster-snapshot:${id}`;
const redshift = (id: string, region = "us-east-1") =>
  `arn:aws:redshift:${region}:123456789012:snapshot:dwh/${id}`;
const warehouse = "arn:aws:redshift:us-east-1:123456789012:cluster:dwh";
const key = (id: string, region: string) => `arn:aws:kms:${region}:123456789012:key/${id}`;

type Tags = Readonly<Record<string, string>>;

/** A snapshot's tags as IAM sees them. */
const tagged = (tags: Tags): Permission["context"] =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([tag, value]) => [
      [`aws:ResourceTag/${tag}`, value],
      [`rds:cluster-snapshot-tag/${tag}`, value],
    ]),
  );

const redshiftTagged = (tags: Tags): Permission["context"] =>
  Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value]));

/** Tags that come with a call. */
const sent = (tags: Tags): Permission["context"] => ({
  ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:RequestTag/${tag}`, value])),
  "aws:TagKeys": Object.keys(tags),
});

const ours = { "holdfast:service": service };
const held = { ...ours, "holdfast:hold": "audit" };
const otherStage = { "holdfast:service": "holdfast/prod" };

const ask = (action: string, resource: string, context: Permission["context"] = {}): Permission => ({
  action,
  resource,
  context: { "aws:RequestedRegion": "us-east-1", ...context },
});

const copyGrant = (id: string) => `arn:aws:redshift:eu-west-1:123456789012:snapshotcopygrant:${id}`;
const tell = (context: Permission["context"]) =>
  ask("events:PutEvents", "arn:aws:events:us-east-1:123456789012:event-bus/default", context);
const deleteRds = "rds:DeleteDBClusterSnapshot";
const deleteRedshift = "redshift:BatchDeleteClusterSnapshots";
const shortenCopies = "redshift:ModifySnapshotCopyRetentionPeriod";
const tagRds = "rds:AddTagsToResource";
const throughRds = (region: string) => ({
  ...{ "kms:ViaService": `rds.${region}.amazonaws.com`, "kms:GrantIsForAWSResource": "true" },
});

/** Refused to every role. */
const never: Readonly<Record<string, Permission>> = {
  "deletes a snapshot without tags": ask(deleteRds, rds(name)),
  "deletes another service's snapshot": ask(deleteRds, rds(name), tagged({ "holdfast:service": "other" })),
  "deletes another stage's": ask(deleteRds, rds(name), tagged(otherStage)),
  "deletes a held one": ask(deleteRds, rds(name), tagged(held)),
  "deletes one whose hold is empty": ask(deleteRds, rds(name), tagged({ ...held, "holdfast:hold": "" })),
  "deletes one of AWS Backup": ask(deleteRds, rds("awsbackup:job-1"), tagged(ours)),
  "deletes an automated one": ask(deleteRds, rds("rds:orders-2026-11-20-03-00"), tagged(ours)),
  "deletes one of ours without the name": ask(deleteRds, rds("before-upgrade"), tagged(ours)),
  "deletes one in a region that is not named": ask(deleteRds, rds(name, "ap-south-1"), {
    ...tagged(ours),
    "aws:RequestedRegion": "ap-south-1",
  }),
  "deletes a DB instance's snapshot": ask(
    "rds:DeleteDBSnapshot",
    "arn:aws:rds:us-east-1:123456789012:snapshot:holdfast-x",
  ),
  "deletes a Redshift snapshot without tags": ask(deleteRedshift, redshift(name)),
  "deletes another stage's of Redshift": ask(deleteRedshift, redshift(name), redshiftTagged(otherStage)),
  "deletes a held one of Redshift": ask(deleteRedshift, redshift(name), redshiftTagged(held)),
  "deletes one of Redshift without the name": ask(deleteRedshift, redshift("by-hand"), redshiftTagged(ours)),
  "deletes one of Redshift's automated": ask(
    deleteRedshift,
    redshift("rs:dwh-2026-11-20"),
    redshiftTagged(ours),
  ),
  "deletes a cluster": ask("rds:DeleteDBCluster", "arn:aws:rds:us-east-1:123456789012:cluster:orders"),
  "deletes a Redshift cluster": ask("redshift:DeleteCluster", warehouse),
  // AWS then deletes the automated copies that are older.
  "shortens how long the copies of a cluster without tags are kept": ask(shortenCopies, warehouse),
  "shortens those of a cluster that another plan means": ask(
    shortenCopies,
    warehouse,
    redshiftTagged({ backup: "weekly", "holdfast:plan": "weekly-far" }),
  ),
  "has a cluster copied that no plan with managed copies means": ask(
    "redshift:EnableSnapshotCopy",
    warehouse,
    redshiftTagged({ backup: "weekly" }),
  ),
  "tags a foreign snapshot as ours": ask(tagRds, rds("before-upgrade"), sent(ours)),
  "tags another stage's as ours": ask(tagRds, rds(name), { ...tagged(otherStage), ...sent(ours) }),
  "tags one of ours without saying whose": ask(tagRds, rds(name), {
    ...tagged(ours),
    ...sent({ team: "x" }),
  }),
  "tags for another stage": ask(tagRds, rds(name), sent(otherStage)),
  "tags with a key that nobody named": ask(tagRds, rds(name), sent({ ...ours, "cost-center": "7" })),
  "tags a cluster": ask(tagRds, "arn:aws:rds:us-east-1:123456789012:cluster:orders", sent(ours)),
  "tags another stage's of Redshift as ours": ask("redshift:CreateTags", redshift(name), {
    ...redshiftTagged(otherStage),
    ...sent(ours),
  }),
  "tags a foreign Redshift snapshot": ask("redshift:CreateTags", redshift("by-hand"), sent(ours)),
  "takes a tag away": ask("rds:RemoveTagsFromResource", rds(name), tagged(held)),
  "takes a tag away in Redshift": ask("redshift:DeleteTags", redshift(name), redshiftTagged(held)),
  "shares a snapshot": ask("rds:ModifyDBClusterSnapshotAttribute", rds(name), tagged(ours)),
  "lets a Redshift snapshot expire": ask(
    "redshift:ModifyClusterSnapshot",
    redshift(name),
    redshiftTagged(ours),
  ),
  restores: ask("rds:RestoreDBClusterFromSnapshot", rds(name), tagged(ours)),
  "takes a snapshot in nobody's name": ask("rds:CreateDBClusterSnapshot", rds(name)),
  "takes a snapshot of another name": ask("rds:CreateDBClusterSnapshot", rds("mine"), sent(ours)),
  "takes a snapshot where it only copies to": ask(
    "rds:CreateDBClusterSnapshot",
    rds(name, "eu-west-1"),
    sent(ours),
  ),
  "takes a Redshift snapshot in nobody's name": ask("redshift:CreateClusterSnapshot", redshift(name)),
  "takes a Redshift snapshot of another name": ask(
    "redshift:CreateClusterSnapshot",
    redshift("mine"),
    sent(ours),
  ),
  "makes a copy grant in nobody's name": ask("redshift:CreateSnapshotCopyGrant", copyGrant("holdfast-x")),
  "makes a copy grant of another name": ask("redshift:CreateSnapshotCopyGrant", copyGrant("x"), sent(ours)),
  "copies a snapshot of another name": ask("rds:CopyDBClusterSnapshot", rds("by-hand"), tagged(ours)),
  "copies another stage's": ask("rds:CopyDBClusterSnapshot", rds(name), tagged(otherStage)),
  "carries another stage's across regions": ask(
    "rds:CrossRegionCommunication",
    rds(name),
    tagged(otherStage),
  ),
  "copies into a region that is not named": ask(
    "rds:CopyDBClusterSnapshot",
    rds(name, "ap-south-1"),
    sent(ours),
  ),
  "copies with a foreign key": ask(
    "kms:CreateGrant",
    key("f00dabcd-12ab-34cd-56ef-1234567890ab", "eu-west-1"),
    {
      ...throughRds("eu-west-1"),
      "kms:ResourceAliases": ["alias/other"],
    },
  ),
  "grants the use of a key itself": ask(
    "kms:CreateGrant",
    key("f00dabcd-12ab-34cd-56ef-1234567890ab", "us-east-1"),
  ),
  "grants it to what is no service of AWS": ask(
    "kms:CreateGrant",
    key("f00dabcd-12ab-34cd-56ef-1234567890ab", "us-east-1"),
    {
      ...throughRds("us-east-1"),
      "kms:GrantIsForAWSResource": "false",
    },
  ),
  decrypts: ask(
    "kms:Decrypt",
    key("f00dabcd-12ab-34cd-56ef-1234567890ab", "us-east-1"),
    throughRds("us-east-1"),
  ),
  "lists a region that is not named": ask(
    "rds:DescribeDBClusters",
    "arn:aws:rds:ap-south-1:123456789012:cluster:*",
    {
      "aws:RequestedRegion": "ap-south-1",
    },
  ),
  "speaks for another source": tell({
    ...{ "events:source": "aws.rds", "events:detail-type": "Holdfast Backup Completed" },
  }),
  "speaks of something else": tell({ "events:source": "holdfast", "events:detail-type": "Backup" }),
  "speaks without saying for whom": tell({ "events:detail-type": "Holdfast Backup Completed" }),
  "speaks without saying of what": tell({ "events:source": "holdfast" }),
  "writes another function's log": ask(
    "logs:PutLogEvents",
    "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/other:log-stream:x",
  ),
};

const deletes: readonly FunctionName[] = ["prune", "sweep"];
const takes: readonly FunctionName[] = ["snapshot"];
const copies: readonly FunctionName[] = ["copy"];
const tagsArrivals: readonly FunctionName[] = ["copy", "recognise"];
const tellers: readonly (readonly [string, readonly FunctionName[]])[] = [
  ["Recovery Point Created", ["snapshot", "check"]],
  ["Recovery Point Copied", ["copy", "recognise"]],
  ["Recovery Point Pruned", deletes],
  ["Backup Completed", ["report"]],
  ["Backup Incomplete", ["report"]],
];
const fromAlias = { ...throughRds("eu-west-1"), "kms:ResourceAliases": ["alias/backup"] };

/** Allowed to the roles that are named, refused to all others: what creates cannot delete, what deletes cannot tag. */
const some: Readonly<Record<string, readonly [Permission, readonly FunctionName[]]>> = {
  "deletes one of ours": [ask(deleteRds, rds(name), tagged(ours)), deletes],
  "deletes one of ours in Redshift": [ask(deleteRedshift, redshift(name), redshiftTagged(ours)), deletes],
  "deletes a copy of Redshift's": [
    ask(deleteRedshift, redshift(`copy:${name}`, "eu-west-1"), {
      ...redshiftTagged(ours),
      "aws:RequestedRegion": "eu-west-1",
    }),
    deletes,
  ],
  "takes a snapshot": [ask("rds:CreateDBClusterSnapshot", rds(name), sent(ours)), takes],
  "takes one in Redshift": [ask("redshift:CreateClusterSnapshot", redshift(name), sent(ours)), takes],
  "tags what it takes": [ask(tagRds, rds(name), sent({ ...ours, team: "shop" })), takes],
  "copies one of ours": [
    ask("rds:CopyDBClusterSnapshot", rds(name, "eu-west-1"), {
      ...sent(ours),
      "aws:RequestedRegion": "eu-west-1",
    }),
    copies,
  ],
  "tags its copy": [ask(tagRds, rds(name, "eu-west-1"), sent(ours)), copies],
  "copies with the plan's key": [
    ask("kms:CreateGrant", key("0123abcd-12ab-34cd-56ef-1234567890ab", "eu-west-1"), fromAlias),
    copies,
  ],
  "has a cluster copied": [
    ask("redshift:EnableSnapshotCopy", warehouse, redshiftTagged({ backup: "daily" })),
    takes,
  ],
  "has a cluster copied that joins the plan": [
    ask("redshift:EnableSnapshotCopy", warehouse, redshiftTagged({ "holdfast:plan": "archive daily" })),
    takes,
  ],
  "grants Redshift the plan's key": [
    ask("kms:CreateGrant", key("0123abcd-12ab-34cd-56ef-1234567890ab", "eu-west-1"), {
      ...{ ...fromAlias, "kms:ViaService": "redshift.eu-west-1.amazonaws.com" },
    }),
    takes,
  ],
  "looks at any key of a copy region": [
    ask("kms:DescribeKey", key("f00dabcd-12ab-34cd-56ef-1234567890ab", "eu-west-1"), {
      "kms:ResourceAliases": ["alias/other"],
    }),
    ["sweep", "watch"],
  ],
  "lists clusters where it only copies to": [
    ask("rds:DescribeDBClusters", "arn:aws:rds:eu-west-1:123456789012:cluster:*", {
      "aws:RequestedRegion": "eu-west-1",
    }),
    ["report", "sweep", "watch"],
  ],
  ...Object.fromEntries(
    tellers.map(([type, roles]) => [
      `tells of a ${type}`,
      [tell({ "events:source": "holdfast", "events:detail-type": `Holdfast ${type}` }), roles] as const,
    ]),
  ),
  "tags a copy that came by itself": [
    ask("redshift:CreateTags", redshift(`copy:${name}`, "eu-west-1"), sent(ours)),
    tagsArrivals,
  ],
};

let policies: ReadonlyMap<FunctionName, Policy>;

beforeAll(() => {
  policies = functionPolicies(templateOf(scenarioPackage()));
}, 120_000);

const rolesAllowed = async (permission: Permission): Promise<readonly FunctionName[]> => {
  const verdicts = await Promise.all(
    functionNames.map(async (role) => {
      const policy = policies.get(role);
      if (policy === undefined) throw new Error(`${role} has no policy`);
      return (await isAllowed(policy, permission)) ? [role] : [];
    }),
  );
  return verdicts.flat();
};

/** What is deleted by the batch may be asked about as one by one. */
const alsoAs = ({ action }: Permission): readonly string[] =>
  action === deleteRedshift ? [action, "redshift:DeleteClusterSnapshot"] : [action];

describe("no role", () => {
  it.each(Object.entries(never))("%s", async (_, permission) => {
    for (const action of alsoAs(permission))
      expect(await rolesAllowed({ ...permission, action })).toEqual([]);
  });
});

describe("only the role that is meant to", () => {
  it.each(Object.entries(some))("%s", async (_, [permission, roles]) => {
    for (const action of alsoAs(permission))
      expect((await rolesAllowed({ ...permission, action })).toSorted()).toEqual([...roles].toSorted());
  });
});
