import type { Engine } from "./cluster.ts";
import type { RetentionPolicy } from "./retention.ts";
import { longestGapSeconds, parseSchedule, type Schedule } from "./schedule.ts";

/** Tag values by key: every key must match one of its values; `*` matches any value. */
export type TagPattern = Readonly<Record<string, readonly string[]>>;

/** Where a plan's snapshots are copied to. */
export interface CopyPlan {
  readonly region: string;
  /** A key of the destination region: id, ARN or alias. Needed by encrypted snapshots, never sent for others. */
  readonly kmsKey?: string;
  /** What is copied there is unencrypted on purpose: that no key is named is no omission. */
  readonly unencrypted: boolean;
  readonly retention: RetentionPolicy;
  /** Whether clusters whose copies are a setting of theirs (Redshift) are given it, where they have none. */
  readonly manage?: true;
  /** Set where the policy is the plan's: what changes the one changes the other. */
  readonly inherits?: true;
}

/** One plan of holdfast.yml, checked and with every default filled in: it cannot be wrong in form. */
export interface Plan {
  readonly name: string;
  /** A plan that is switched off keeps its recovery points and its place, and is not run by its schedule. */
  readonly enabled: boolean;
  /** EventBridge Scheduler's cron or rate expression, as it is sent there. */
  readonly schedule: string;
  /** IANA name: schedules, and the periods of retention, are in it. */
  readonly timeZone: string;
  /** How much later than scheduled a run may begin: EventBridge Scheduler's FlexibleTimeWindow, 0 for OFF. */
  readonly flexibleWindowMinutes: number;
  readonly select: {
    readonly tags: TagPattern;
    /** One of these must match; `*` stands for any characters, `?` for one. */
    readonly identifiers: readonly string[];
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
  /** The fewest available recovery points of its own that a prune leaves of a cluster in a region. */
  readonly floor: number;
  /** The most recovery points of one cluster in one region that a run may remove; more stops that prune. */
  readonly brake: number;
  /** Copies that may run into one destination at once; AWS's default limit is 5 for each account. */
  readonly copiesInFlight: number;
  /** What a stopped cluster is: a problem of the run, or expected. */
  readonly stopped: "problem" | "skip";
  /**
   * The cluster's tags to put on its snapshots, in order; `*` alone for all of them. None by default: the role
   * that tags is limited to the tag keys that are known when it is packaged.
   */
  readonly carryTags: readonly string[];
}

/** holdfast.yml, checked. */
export interface Config {
  /** Every region that holds recovery points, now or formerly. */
  readonly regions: readonly string[];
  readonly plans: Readonly<Record<string, Plan>>;
  /** Calls a second to one service in one region; absent: the default of lib/core/lanes.ts. */
  readonly callsPerSecond?: number;
}

/** The plan of a name; names come from tags too, and may be words such as `constructor`. */
export const planIn = ({ plans }: Config, name: string): Plan | undefined =>
  Object.hasOwn(plans, name) ? plans[name] : undefined;

/** A plan's schedule, understood: its form was checked when the plan was read. */
export const scheduleOf = ({ name, schedule }: Pick<Plan, "name" | "schedule">): Schedule => {
  const verdict = parseSchedule(schedule);
  if ("schedule" in verdict) return verdict.schedule;
  throw new Error(`the schedule of plan ${name} ${verdict.problems[0]}`);
};

/** The recovery point objective that a plan is held to, in seconds. */
export interface Objective {
  readonly sourceSeconds: number;
  readonly copySeconds: number;
}

/**
 * What a plan says of its objective, else what its schedule can keep: just before a run has done its work, at
 * the end of its deadline, the newest recovery point is as old as the longest time between two runs, the window
 * in which a run may begin, and that deadline.
 */
export const objectiveOf = ({
  name,
  schedule,
  flexibleWindowMinutes,
  deadlineSeconds,
  objective,
}: Pick<
  Plan,
  "name" | "schedule" | "flexibleWindowMinutes" | "deadlineSeconds" | "objective"
>): Objective => {
  const kept = longestGapOf({ name, schedule }) + flexibleWindowMinutes * 60 + deadlineSeconds;
  return { sourceSeconds: objective.sourceSeconds ?? kept, copySeconds: objective.copySeconds ?? kept };
};

/** By a schedule's text: every row of a report asks, and each answer goes through the days of 28 years. */
const longestGaps = new Map<string, number>();

const longestGapOf = (plan: Pick<Plan, "name" | "schedule">): number => {
  const gap = longestGaps.get(plan.schedule) ?? longestGapSeconds(scheduleOf(plan));
  longestGaps.set(plan.schedule, gap);
  return gap;
};
