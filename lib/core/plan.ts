import type { Engine } from "./cluster.ts";
import type { RetentionPolicy } from "./retention.ts";

/** Tag values by key: every key must match one of its values; `*` matches any value. */
export type TagPattern = Readonly<Record<string, readonly string[]>>;

/** Where a plan's snapshots are copied to. */
export interface CopyPlan {
  readonly region: string;
  /** A key of the destination region: id, ARN or alias. Needed by encrypted snapshots, never sent for others. */
  readonly kmsKey?: string;
  readonly retention: RetentionPolicy;
}

/** One plan of holdfast.yml, checked and with every default filled in: it cannot be wrong in form. */
export interface Plan {
  readonly name: string;
  /** EventBridge's cron or rate expression. */
  readonly schedule: string;
  /** IANA name: schedules, and the periods of retention, are in it. */
  readonly timeZone: string;
  readonly select: {
    readonly tags: TagPattern;
    readonly engines: readonly Engine[];
    readonly regions: readonly string[];
    readonly excludeTags: TagPattern;
  };
  readonly retention: RetentionPolicy;
  readonly copies: readonly CopyPlan[];
  /** Recovery point objective in seconds: the oldest acceptable newest recovery point. */
  readonly objective: { readonly sourceSeconds?: number; readonly copySeconds?: number };
  /** All waiting of a run ends this many seconds after it began. */
  readonly deadlineSeconds: number;
  /** Available recovery points of a cluster in a region that no prune goes below, over all plans. */
  readonly floor: number;
  /** The most recovery points of one cluster in one region that a run may remove; more stops that prune. */
  readonly brake: number;
  /** Copies that may run into one destination at once; AWS's default limit is 5 for each account. */
  readonly copiesInFlight: number;
  /** What a stopped cluster is: a problem of the run, or expected. */
  readonly stopped: "problem" | "skip";
  /** The cluster's tags to put on its snapshots, in order; all of them where the plan does not say. */
  readonly carryTags?: readonly string[];
}

/** holdfast.yml, checked. */
export interface Config {
  /** Every region that holds recovery points, now or formerly. */
  readonly regions: readonly string[];
  readonly plans: Readonly<Record<string, Plan>>;
}
