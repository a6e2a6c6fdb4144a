import type * as z from "zod/mini";
import { engineNames } from "./cluster.ts";
import type { Config, CopyPlan, Plan } from "./plan.ts";
import { type CopyDocument, documentIn, type PlanDocument } from "./plan-document.ts";
import { secondsIn } from "./plan-fields.ts";
import { noKey } from "./plan-key.ts";
import {
  type ConfigProblem,
  homeProblems,
  keyProblems,
  regionProblems,
  regionsOf,
  stampProblems,
  windowProblems,
} from "./plan-problems.ts";
import { describeUnknown } from "./plan-words.ts";
import { defaultBrake, defaultFloor } from "./pruning.ts";
import type { RetentionPolicy } from "./retention.ts";
import { type Schedule, shortestGapSeconds } from "./schedule.ts";
import { parseSpan, type Span } from "./span.ts";

export type { ConfigProblem };
export type ConfigVerdict = { readonly config: Config } | { readonly problems: readonly ConfigProblem[] };

/** Reads the parsed YAML of holdfast.yml. `home` is the deployed region: plans that name no region mean it. */
export const readConfig = (document: unknown, home: string): ConfigVerdict => {
  const parsed = documentIn(home).safeParse(document);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.flatMap(toProblems);
    return { problems: [...homeProblems(home), ...mistakes, ...problemsBeside(mistakes, document, home)] };
  }
  const documents = Object.entries(parsed.data.plans);
  const plans = documents.map(([name, plan]) => toPlan(name, plan, home));
  const { "calls-per-second": callsPerSecond } = parsed.data;
  const regions = parsed.data.regions ?? plans.flatMap(regionsOf);
  const problems = [
    ...homeProblems(home),
    ...documents.flatMap(([name, plan]) => problemsOf(toPlan(name, plan, home), plan, regions)),
  ];
  if (problems.length > 0) return { problems };
  return {
    config: {
      regions: [...new Set(regions)],
      ...(callsPerSecond !== undefined && { callsPerSecond }),
      plans: Object.fromEntries(plans.map((p) => [p.name, p])),
    },
  };
};

/** What is wrong with a plan whose form is right. */
const problemsOf = (
  plan: Plan,
  document: PlanDocument,
  regions: readonly string[],
): readonly ConfigProblem[] => [
  ...regionProblems(plan, regions),
  ...stampProblems(plan),
  ...keyProblems(plan.name, document),
  ...windowProblems(plan.name, document),
];

/**
 * What is wrong with the plans that are right in form, where others are not: so that nobody mends one mistake to
 * be told of the next. Where `regions` itself is wrong, no region is missed in it.
 */
const problemsBeside = (
  mistakes: readonly ConfigProblem[],
  document: unknown,
  home: string,
): readonly ConfigProblem[] => {
  const { plans, regions } = (document ?? {}) as { plans?: unknown; regions?: unknown };
  if (typeof plans !== "object" || plans === null) return [];
  const isWrong = mistakes.some(({ path: [first] }) => first === "regions");
  const known = isWrong || !Array.isArray(regions) ? undefined : (regions as readonly string[]);
  return Object.entries(plans).flatMap(([name, written]) => {
    const right = documentIn(home).safeParse({ plans: { [name]: written } }).data?.plans[name];
    if (right === undefined) return [];
    const plan = toPlan(name, right, home);
    return problemsOf(plan, right, known ?? regionsOf(plan));
  });
};

const toPlan = (name: string, document: PlanDocument, home: string): Plan => {
  const policy = toPolicy(document.retention);
  const { source, copy } = document.objective ?? {};
  return {
    name,
    enabled: document.enabled ?? true,
    schedule: document.schedule.text,
    timeZone: document.timezone ?? "UTC",
    flexibleWindowMinutes: document["flexible-window-minutes"] ?? usualWindow(document.schedule),
    select: {
      tags: document.select.tags,
      identifiers: document.select.identifiers ?? ["*"],
      engines: document.select.engines ?? engineNames,
      // Named twice, a region would be listed twice, and its clusters taken twice.
      regions: [...new Set(document.select.regions ?? [home])],
      excludeTags: document.select.exclude?.tags ?? {},
    },
    retention: policy,
    copies: (document.copies ?? []).map((to) => toCopy(to, policy)),
    objective: {
      ...(source !== undefined && { sourceSeconds: secondsIn(source) ?? 0 }),
      ...(copy !== undefined && { copySeconds: secondsIn(copy) ?? 0 }),
    },
    deadlineSeconds: secondsIn(document.deadline ?? "12h") ?? 0,
    floor: document.floor ?? defaultFloor,
    brake: document.brake ?? defaultBrake,
    copiesInFlight: document["copies-in-flight"] ?? 5,
    stopped: document.stopped ?? "problem",
    carryTags: [...new Set(document["carry-tags"])],
  };
};

/** Spread out by a quarter of an hour, runs of many plans do not all call AWS in one minute. */
const usualWindow = (schedule: Schedule): number => (shortestGapSeconds(schedule) < 3600 ? 0 : 15);

const toCopy = (to: CopyDocument, policy: RetentionPolicy): CopyPlan => {
  const key = to["kms-key"];
  return {
    region: to.region,
    ...(key !== undefined && key !== noKey && { kmsKey: key }),
    unencrypted: key === noKey,
    ...(to.manage && { manage: true }),
    ...(to.retention ? { retention: toPolicy(to.retention) } : { retention: policy, inherits: true }),
  };
};

/** `keep-daily: 7` is the policy's `daily: 7`; durations become spans. */
const toPolicy = (document: Readonly<Record<string, number | string | undefined>>): RetentionPolicy =>
  Object.fromEntries(
    Object.entries(document).flatMap(([key, value]): [string, number | Span][] => {
      const span = typeof value === "string" ? parseSpan(value) : value;
      return span === undefined ? [] : [[key.replace(/^keep-/, ""), span]];
    }),
  );

const toProblems = (issue: z.core.$ZodIssue): readonly ConfigProblem[] => {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "invalid_key") return [{ path, message: `is not a name; ${issue.issues[0]?.message}` }];
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: describeUnknown(key) }));
};
