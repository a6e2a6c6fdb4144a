import type { Cluster, Tags } from "./cluster.ts";
import { isOurName } from "./naming.ts";
import type { CopyPlan } from "./plan.ts";
import { formatPolicy, parsePolicy, type RetentionPolicy } from "./retention.ts";
import type { Run } from "./run.ts";
import { arnOf, type Snapshot } from "./snapshot.ts";
import { readTime } from "./time.ts";

/** The tags that say whose a snapshot is and what was promised for it. Everything Holdfast knows lives in them. */
export const tagKeys = {
  service: "holdfast:service",
  plan: "holdfast:plan",
  cluster: "holdfast:cluster",
  resource: "holdfast:resource",
  takenAt: "holdfast:taken-at",
  run: "holdfast:run",
  keep: "holdfast:keep",
  source: "holdfast:source",
  until: "holdfast:until",
  hold: "holdfast:hold",
  reason: "holdfast:reason",
} as const;

/** AWS allows 50 tags on a resource; ours come first, and at most this many are carried over from the cluster. */
const tagsMax = 50;
export const carriedMax = 41;

/** In a list of tags to carry over: every tag of the cluster. */
export const allTags = "*";

/** RDS refuses an empty tag value, so "no policy, keep everything" needs a word of its own. */
export const keepEverything = "all";

/** A snapshot that is ours by tag and by name, with its tags understood. */
export interface OwnedSnapshot {
  readonly snapshot: Snapshot;
  readonly plan: string;
  readonly clusterArn: string;
  readonly resource: string;
  /** The run's time in epoch milliseconds: AWS's own creation time can be absent or belong to the source. */
  readonly takenAt: number;
  readonly runId: string;
  /** The retention policy stamped on it; `undefined` when the stamp cannot be read, which removes nothing. */
  readonly keep: RetentionPolicy | undefined;
  /** Set on copies: the ARN of the snapshot it was copied from. */
  readonly source?: string;
  /** Epoch milliseconds; `NaN` when the tag cannot be read, which keeps it. */
  readonly until?: number;
  readonly hold?: string;
}

/**
 * Reads a snapshot as ours, or tells that it is not: wrong or missing tags, another service or stage, a name
 * that we would not give, or a kind that only AWS may delete. In doubt a snapshot is foreign, and left alone.
 */
export const ownedBy = (service: string, snapshot: Snapshot): OwnedSnapshot | undefined => {
  const { tags } = snapshot;
  if (tags === undefined || tags[tagKeys.service] !== service) return undefined;
  if (!snapshot.manual || !isOurName(snapshot.id)) return undefined;
  const plan = tags[tagKeys.plan];
  const clusterArn = tags[tagKeys.cluster];
  const resource = tags[tagKeys.resource];
  const takenAt = taggedTime(tags);
  if (!plan || !clusterArn || !resource || takenAt === undefined) return undefined;
  return { snapshot, plan, clusterArn, resource, takenAt, ...promises(tags) };
};

/**
 * Whether what has a name of ours and shows no tags at all may turn out to be ours. Where AWS's listings leave tags out, an
 * index tells them (`tag:GetResources`) that lags behind, and shows what is fresh as if it had none.
 */
export const mayYetBeOurs = ({ tags, status }: Pick<Snapshot, "tags" | "status">): boolean =>
  tags !== undefined && Object.keys(tags).length === 0 && status !== "failed" && status !== "deleting";

/** When a run took a snapshot with these tags; `undefined` where they do not say. */
export const taggedTime = (tags: Tags | undefined): number | undefined => {
  const time = readTime(tags?.[tagKeys.takenAt] ?? "");
  return Number.isNaN(time) ? undefined : time;
};

/** When a snapshot was made, as far as its listing tells. */
export const madeAt = ({ createdAt, tags }: Snapshot): number | undefined => createdAt ?? taggedTime(tags);

/** The region of its cluster, as the ARN has it. */
export const homeOf = ({ clusterArn }: Pick<OwnedSnapshot, "clusterArn">): string =>
  clusterArn.split(":")[3] ?? "";

const promises = (tags: Tags): Pick<OwnedSnapshot, "runId" | "keep" | "source" | "until" | "hold"> => {
  const source = tags[tagKeys.source];
  const until = tags[tagKeys.until];
  const hold = tags[tagKeys.hold];
  return {
    runId: tags[tagKeys.run] ?? "",
    keep: readKeep(tags[tagKeys.keep]),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until: readTime(until) }),
    ...(hold !== undefined && { hold }),
  };
};

const readKeep = (stamp: string | undefined): RetentionPolicy | undefined => {
  if (stamp === undefined) return undefined;
  return stamp === keepEverything ? {} : parsePolicy(stamp);
};

export const stampOf = (policy: RetentionPolicy): string => formatPolicy(policy) || keepEverything;

/** What a new snapshot's tags are made of. `carry` names the cluster's tags to take along, `*` all; default: none. */
export interface StampInput {
  readonly service: string;
  readonly run: Run;
  readonly cluster: Pick<Cluster, "arn" | "resource" | "tags">;
  readonly retention: RetentionPolicy;
  readonly carry?: readonly string[];
}

/** The tags of a new snapshot: ours, then the cluster's own as far as AWS's limit allows. */
export const stampSnapshot = ({ service, run, cluster, retention, carry = [] }: StampInput): Tags => {
  const { request } = run;
  const ours = {
    [tagKeys.service]: service,
    [tagKeys.plan]: run.plan,
    [tagKeys.cluster]: cluster.arn,
    [tagKeys.resource]: cluster.resource,
    [tagKeys.takenAt]: run.at,
    [tagKeys.run]: run.id,
    [tagKeys.keep]: stampOf(retention),
    ...(request?.until && { [tagKeys.until]: request.until }),
    ...(request?.hold && { [tagKeys.hold]: cleanTagValue(request.hold) }),
    ...(request?.reason && { [tagKeys.reason]: cleanTagValue(request.reason) }),
  };
  return withCarried(ours, cluster.tags ?? {}, carry);
};

/**
 * What a copy is promised: its region's own policy; where that goes with the plan's, what its source was promised,
 * which is the cluster's own wish where it has one.
 */
export const promiseOf = (
  { inherits, retention }: Pick<CopyPlan, "inherits" | "retention">,
  { keep }: OwnedSnapshot,
): RetentionPolicy => (inherits ? (keep ?? retention) : retention);

export interface StampCopyInput {
  readonly source: OwnedSnapshot;
  readonly retention: RetentionPolicy;
  readonly carry?: readonly string[];
}

/**
 * The tags of a copy: the source snapshot's, with the copy's own retention and where it came from. Of others'
 * tags only those that the plan carries: the role that tags may use no further keys, and somebody's note on
 * the source must not cost its copy.
 */
export const stampCopy = ({ source, retention, carry = [] }: StampCopyInput): Tags => {
  const tags = source.snapshot.tags ?? {};
  const ours = Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith("holdfast:")));
  const stamped = { ...ours, [tagKeys.keep]: stampOf(retention), [tagKeys.source]: arnOf(source.snapshot) };
  return withCarried(stamped, tags, carry);
};

/**
 * What RDS, Neptune and DocumentDB all take: letters, digits, space and `_.:/=+-` in 1 to 256 characters, without AWS's own
 * prefixes; anything else becomes a hyphen. (RDS also takes `@`, which the models of the others leave out.)
 * The cut comes first: it can halve a letter of two code units, and the half is then replaced as well.
 */
export const cleanTagValue = (value: string): string =>
  value
    .slice(0, 256)
    .replaceAll(/[^\p{L}\p{N} _.:/=+-]/gu, "-")
    .trim()
    .replace(/^(aws|rds):/i, "$1-") || "-";

const withCarried = (ours: Tags, theirs: Tags, carry: readonly string[]): Tags => {
  const room = Math.min(carriedMax, tagsMax - Object.keys(ours).length);
  const wanted = carry.includes(allTags) ? Object.keys(theirs) : carry;
  const keys = wanted.filter((key) => isCarried(key) && theirs[key]);
  return { ...Object.fromEntries(keys.slice(0, room).map((key) => [key, theirs[key] ?? ""])), ...ours };
};

/** AWS refuses its own prefixes in a request, and ours are never inherited from a cluster. */
export const isCarried = (key: string): boolean => !/^(aws|rds|holdfast):/i.test(key);
