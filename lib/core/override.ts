import type { Tags } from "./cluster.ts";
import { keepEverything, type OwnedSnapshot, tagKeys } from "./ownership.ts";
import { type Config, type CopyPlan, type Plan, planIn } from "./plan.ts";
import type { ProblemCode } from "./problem.ts";
import type { PruneInput } from "./pruning.ts";
import { parsePolicy, type RetentionPolicy } from "./retention.ts";

/** The tags by which a cluster departs from its plans. Values of tags know no commas: spaces separate words. */
export const overrideKeys = {
  /** Retention in a stamp's words: `daily=14 monthly=24`; `all` keeps everything. */
  retention: "holdfast:retention",
  /** `none`, or those of the plan's copy regions that are wanted. */
  copies: "holdfast:copies",
  /** Plans that the cluster joins although their selection does not mean it. */
  plan: "holdfast:plan",
} as const;

const noCopies = "none";

/** What a cluster asks for, as it is written: it travels with a batch, and is understood where it is used. */
export interface Overrides {
  readonly retention?: string;
  readonly copies?: string;
}

/** `undefined` where a cluster asks for nothing, as nearly all do. */
export const overridesIn = (tags: Tags | undefined): Overrides | undefined => {
  const retention = tags?.[overrideKeys.retention];
  const copies = tags?.[overrideKeys.copies];
  if (retention === undefined && copies === undefined) return undefined;
  return { ...(retention !== undefined && { retention }), ...(copies !== undefined && { copies }) };
};

/**
 * The plans that a cluster joins by its own tag. A cluster that was restored from a recovery point may carry that one's
 * tags, `holdfast:plan` among them (AWS does not document it): it says where the data came from, and joins nothing.
 */
export const joinedPlans = (tags: Tags): readonly string[] =>
  Object.hasOwn(tags, tagKeys.takenAt) ? [] : wordsOf(tags[overrideKeys.plan] ?? "");

/** Whether a cluster wants to join a plan that there is not: mistyped, it would be without a backup unseen. */
export const joinsNothing = (tags: Tags, config: Config): boolean =>
  joinedPlans(tags).some((name) => planIn(config, name) === undefined);

/** A plan as it holds for one cluster. */
export interface Terms {
  readonly plan: Plan;
  /** What was asked for and could not be understood: there the plan's own value holds. */
  readonly problems: readonly ProblemCode[];
}

/** A plan with a cluster's own wishes in place of the plan's. */
export const termsOf = (plan: Plan, { retention, copies }: Overrides = {}): Terms => {
  const policy = retention === undefined ? plan.retention : readPolicy(retention);
  const wanted = copies === undefined ? plan.copies : readCopies(copies, plan.copies);
  const problems: readonly ProblemCode[] = [
    ...(policy === undefined ? (["override-retention"] as const) : []),
    ...(wanted === undefined ? (["override-copies"] as const) : []),
  ];
  return { plan: withWishes(plan, policy ?? plan.retention, wanted ?? plan.copies), problems };
};

/**
 * The policies that points of a cluster are pruned by, each of which may keep one: what its terms say of the
 * region. While its wish cannot be read, also what was promised to its points one by one, and the last of each promise
 * stays: a slip in a tag must not remove what the tag had been keeping, however long it lasts.
 */
export const policiesUnder = (
  { plan, problems }: Terms,
  policy: RetentionPolicy,
  owned: readonly OwnedSnapshot[],
): Pick<PruneInput, "policies" | "stamped"> => {
  if (!problems.includes("override-retention")) return { policies: [policy] };
  const mine = owned.filter((point) => point.plan === plan.name);
  return { policies: [policy, ...mine.map(({ keep }) => keep ?? {})], stamped: true };
};

const withWishes = (plan: Plan, retention: RetentionPolicy, copies: readonly CopyPlan[]): Plan => ({
  ...plan,
  retention,
  copies: copies.map((to) => (to.inherits ? { ...to, retention } : to)),
});

const readPolicy = (text: string): RetentionPolicy | undefined => {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  return words.join(" ") === keepEverything ? {} : parsePolicy(words.join(" "));
};

/** Only what the plan copies to: another region would have no key, no permission and no alarm. */
const readCopies = (text: string, copies: readonly CopyPlan[]): readonly CopyPlan[] | undefined => {
  const words = wordsOf(text);
  if (words.join(" ") === noCopies) return [];
  const known = words.every((word) => copies.some(({ region }) => region === word));
  return known && words.length > 0 ? copies.filter(({ region }) => words.includes(region)) : undefined;
};

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");
