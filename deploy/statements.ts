/**
 * What a function may do, as IAM statements. Conditions rest on AWS's service authorization reference (resource
 * types and condition keys of each action).
 */
import type { EventType } from "../lib/core/event.ts";
import { overrideKeys } from "../lib/core/override.ts";
import { allTags, tagKeys } from "../lib/core/ownership.ts";
import type { Plan } from "../lib/core/plan.ts";
import { arn, here, type Json } from "./cloudformation.ts";
import { copyRegions, distinct, managedRegions, plansOf, type Stack, sourceRegions } from "./stack.ts";

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: Json;
  readonly Condition?: Json;
}

const allow = (Sid: string, Action: readonly string[], Resource: Json, Condition?: Json): Statement => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});

/**
 * Listings. Whether AWS asks about one ARN or about all of a kind differs by call and is documented for few, so
 * the region is what limits them.
 */
export const list = (regions: readonly string[], ...what: readonly Listed[]): Statement => {
  const actions = distinct(what.flatMap((one): readonly string[] => listings[one]));
  // The RDS family's tags are asked for separately where a listing does not tell them.
  const tags = actions.some((action) => action.startsWith("rds:")) ? ["tag:GetResources"] : [];
  return allow("List", [...actions, ...tags], "*", { StringEquals: { "aws:RequestedRegion": regions } });
};

type Listed = keyof typeof listings;

const listings = {
  clusters: ["rds:DescribeDBClusters", "redshift:DescribeClusters"],
  snapshots: ["rds:DescribeDBClusterSnapshots", "redshift:DescribeClusterSnapshots"],
  redshiftClusters: ["redshift:DescribeClusters"],
  redshiftSnapshots: ["redshift:DescribeClusterSnapshots"],
  rdsSnapshots: ["rds:DescribeDBClusterSnapshots"],
  quotas: ["rds:DescribeAccountAttributes"],
} as const;

/** Snapshots of our own name, by family. In RDS nobody else's ARN begins so; Redshift's have the cluster first. */
const ourRdsSnapshots = (regions: readonly string[]): readonly Json[] =>
  regions.map((region) => arn("rds", region, "cluster-snapshot:holdfast-*"));
const ourRedshiftSnapshots = (regions: readonly string[]): readonly Json[] =>
  regions.map((region) => arn("redshift", region, "snapshot:*/holdfast-*"));
/** AWS puts a prefix before the names of the copies that it makes by itself (unconfirmed which; seen: `copy:`). */
const arrivedSnapshots = (regions: readonly string[]): readonly Json[] => [
  ...ourRedshiftSnapshots(regions),
  ...regions.map((region) => arn("redshift", region, "snapshot:*/copy:holdfast-*")),
];

const serviceTag = tagKeys.service;
const carriesOurTag = ({ service }: Stack) => ({
  StringEquals: { [`aws:RequestTag/${serviceTag}`]: service },
});

/**
 * Creating, and tagging what is being created: in our name, under our tag. AWS asks about the cluster as well, and whether
 * it knows the request's tags then is not documented; both answers are needed, and the snapshot's is the strict one.
 */
export const takeSnapshots = (stack: Stack): readonly Statement[] => {
  const regions = sourceRegions(stack);
  const clusters = regions.map((region) => arn("rds", region, "cluster:*"));
  const redshiftClusters = regions.map((region) => arn("redshift", region, "cluster:*"));
  return [
    allow("ReadRds", ["rds:CreateDBClusterSnapshot"], clusters),
    allow("SnapshotRds", ["rds:CreateDBClusterSnapshot"], ourRdsSnapshots(regions), carriesOurTag(stack)),
    allow("ReadRedshift", ["redshift:CreateClusterSnapshot"], redshiftClusters),
    allow(
      "SnapshotRedshift",
      ["redshift:CreateClusterSnapshot"],
      ourRedshiftSnapshots(regions),
      carriesOurTag(stack),
    ),
    tagging("TagRds", "rds:AddTagsToResource", ourRdsSnapshots(regions), stack),
    tagging("TagRedshift", "redshift:CreateTags", ourRedshiftSnapshots(regions), stack),
  ];
};

/** Giving Redshift clusters the copy setting that plans manage, by grants of our name, under our tag. */
export const manageCopies = (stack: Stack): readonly Statement[] => {
  const destinations = managedRegions(stack);
  if (destinations.length === 0) return [];
  const grants = destinations.map((region) => arn("redshift", region, "snapshotcopygrant:holdfast-*"));
  const managing = plansOf(stack).filter(({ copies }) => copies.some(({ manage }) => manage));
  return [
    ...managing.flatMap(setCopying),
    allow("GrantCopying", ["redshift:CreateSnapshotCopyGrant"], grants, carriesOurTag(stack)),
    tagging("TagGrants", "redshift:CreateTags", grants, stack),
  ];
};

/**
 * The setting of the clusters that a plan's tags mean, and of those whose own tag may join it. Of no others: the action that
 * keeps manual copies for ever can also keep automated ones shorter, and AWS deletes those that are older by then (Redshift
 * API Reference, ModifySnapshotCopyRetentionPeriod). No condition key tells the one use from the other.
 */
const setCopying = ({ name, select }: Plan, index: number): readonly Statement[] => {
  const clusters = select.regions.map((region) => arn("redshift", region, "cluster:*"));
  const set = (sid: string, condition?: Json): Statement =>
    allow(
      `${sid}${index + 1}`,
      ["redshift:EnableSnapshotCopy", "redshift:ModifySnapshotCopyRetentionPeriod"],
      clusters,
      condition,
    );
  const tags = Object.entries(select.tags).map(([key, values]) => [`aws:ResourceTag/${key}`, values]);
  if (tags.length === 0) return [set("SetCopying")];
  return [
    // IAM's `*` is any value too.
    set("SetCopying", { StringLike: Object.fromEntries(tags) }),
    set("SetCopyingOfJoined", { StringLike: { [`aws:ResourceTag/${overrideKeys.plan}`]: `*${name}*` } }),
  ];
};

/**
 * Tags, with our service's name among them, of known keys only, on a snapshot of our name that has no other
 * owner's tag: whoever could tag any snapshot could make a foreign one deletable.
 */
const tagging = (sid: string, action: string, resources: readonly Json[], stack: Stack): Statement =>
  allow(sid, [action], resources, {
    StringEquals: { [`aws:RequestTag/${serviceTag}`]: stack.service },
    StringEqualsIfExists: { [`aws:ResourceTag/${serviceTag}`]: stack.service },
    ...limitedKeys(stack),
  });

/** A plan that carries all of a cluster's tags over cannot say beforehand which: then keys are not limited. */
const limitedKeys = (stack: Stack) => {
  const carried = distinct(plansOf(stack).flatMap(({ carryTags }) => carryTags));
  if (carried.includes(allTags)) return {};
  return { "ForAllValues:StringLike": { "aws:TagKeys": ["holdfast:*", ...carried] } };
};

/**
 * Copying, asked for in the destination and signed for in the source region as well. AWS asks about both
 * snapshots. Whether it knows the source's tags when the destination's control plane asks is not documented:
 * they must be ours where it does.
 */
export const copySnapshots = (stack: Stack): readonly Statement[] => {
  const sources = ourRdsSnapshots(sourceRegions(stack));
  const targets = ourRdsSnapshots(copyRegions(stack));
  const ownedSource = { StringEqualsIfExists: { [`aws:ResourceTag/${serviceTag}`]: stack.service } };
  return [
    allow("CopyFrom", ["rds:CopyDBClusterSnapshot"], sources, ownedSource),
    // Of which of the two AWS asks this is not documented.
    allow("CrossRegions", ["rds:CrossRegionCommunication"], [...sources, ...targets], ownedSource),
    allow("CopyTo", ["rds:CopyDBClusterSnapshot"], targets, carriesOurTag(stack)),
    tagging("TagCopies", "rds:AddTagsToResource", targets, stack),
  ];
};

/** Putting tags on the copies that Redshift makes by itself. */
export const tagArrivals = (stack: Stack, regions: readonly string[]): readonly Statement[] => [
  tagging("TagArrivals", "redshift:CreateTags", arrivedSnapshots(regions), stack),
];

/**
 * Deleting: of our name *and* with our service's tag *and* not held, whatever the code may think. AWS does not document
 * whether deleting Redshift snapshots by the batch also asks IAM for the action of deleting one: both are allowed, of
 * the very same snapshots.
 */
export const deleteSnapshots = ({ service }: Stack, regions: readonly string[]): readonly Statement[] => [
  allow("DeleteRds", ["rds:DeleteDBClusterSnapshot"], ourRdsSnapshots(regions), {
    StringEquals: { [`rds:cluster-snapshot-tag/${serviceTag}`]: service },
    Null: { [`rds:cluster-snapshot-tag/${tagKeys.hold}`]: "true" },
  }),
  allow(
    "DeleteRedshift",
    ["redshift:BatchDeleteClusterSnapshots", "redshift:DeleteClusterSnapshot"],
    arrivedSnapshots(regions),
    {
      StringEquals: { [`aws:ResourceTag/${serviceTag}`]: service },
      Null: { [`aws:ResourceTag/${tagKeys.hold}`]: "true" },
    },
  ),
];

/** Our own events on the account's default bus, and no others. The keys have a value for each entry of a call. */
export const tellEvents = (...types: readonly EventType[]): Statement =>
  allow("Tell", ["events:PutEvents"], arn("events", here, "event-bus/default"), {
    "ForAllValues:StringEquals": { "events:source": "holdfast", "events:detail-type": types },
    Null: { "events:source": "false", "events:detail-type": "false" },
  });

/** The function's own log, and its traces, which know no resources. */
export const logAndTrace = (functionName: string): readonly Statement[] => [
  allow(
    "Log",
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    arn("logs", here, `log-group:/aws/lambda/${functionName}:*`),
  ),
  allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
];
