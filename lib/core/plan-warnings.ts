import { engines, type Family, families, traitsOf } from "./cluster.ts";
import { skippedRuns } from "./daylight.ts";
import { nextFirings } from "./firings.ts";
import { allTags } from "./ownership.ts";
import { type Config, type Plan, scheduleOf } from "./plan.ts";
import type { ConfigProblem } from "./plan-problems.ts";
import { defaultQuotas, mostKept, roomFor } from "./quota.ts";
import type { RetentionPolicy } from "./retention.ts";
import { longestGapSeconds, type Schedule, shortestGapSeconds } from "./schedule.ts";

/** What is right in form and may still not be what was meant. */
export interface ConfigWarning extends ConfigProblem {
  readonly code: "no-kms-key" | "daylight-saving" | "schedule-over" | "objective" | "quota" | "all-tags";
}

/** All warnings about a configuration; `now`, in epoch milliseconds, is when clocks begin to be looked at. */
export const planWarnings = (config: Config, now: number): readonly ConfigWarning[] =>
  Object.values(config.plans).flatMap((plan) => {
    const schedule = scheduleOf(plan);
    return [
      ...keyWarnings(plan),
      ...daylightWarnings(plan, schedule, now),
      ...overWarnings(plan, schedule, now),
      ...objectiveWarnings(plan, schedule),
      ...quotaWarnings(plan, shortestGapSeconds(schedule)),
      ...tagWarnings(plan),
    ];
  });

/** Copies of what is encrypted need a key. Nobody can tell here whether clusters are; most are, and would fail. */
export const missingKeys = (plan: Plan): readonly ConfigProblem[] => {
  if (!plan.select.engines.some((engine) => traitsOf(engine).copies === "per-snapshot")) return [];
  return plan.copies.flatMap(({ region, kmsKey, unencrypted }, index) => {
    if (kmsKey !== undefined || unencrypted) return [];
    const message =
      "names no kms-key, and encrypted snapshots cannot be copied without one; name a key of " +
      `${region}, or say \`kms-key: none\` where all of them are unencrypted`;
    return [{ path: ["plans", plan.name, "copies", index], message }];
  });
};

const keyWarnings = (plan: Plan): readonly ConfigWarning[] =>
  missingKeys(plan).map(({ path, message }) => ({
    ...{ code: "no-kms-key", path },
    message: `${message}; packaging refuses it as it is`,
  }));

const daylightWarnings = (plan: Plan, schedule: Schedule, now: number): readonly ConfigWarning[] => {
  const [first] = skippedRuns(schedule, plan.timeZone, now);
  if (first === undefined) return [];
  const [date = "", time = ""] = first.split("T");
  const message =
    `has no run on ${date}: ${time} is left out when clocks are turned forward in ${plan.timeZone}, and ` +
    "EventBridge Scheduler skips it; use another hour, or timezone: UTC";
  return [{ code: "daylight-saving", path: ["plans", plan.name, "schedule"], message }];
};

/** It is right in form, and starts nothing: who deploys it would hear of it from the alarms. */
const overWarnings = (plan: Plan, schedule: Schedule, now: number): readonly ConfigWarning[] => {
  if (nextFirings(schedule, plan.timeZone, now, 1).length > 0) return [];
  const message = "has no run any more: its years are over; name years to come, or * for all";
  return [{ code: "schedule-over", path: ["plans", plan.name, "schedule"], message }];
};

/** However fast its runs are: just before the next one, the newest recovery point is as old as their distance. */
const objectiveWarnings = (plan: Plan, schedule: Schedule): readonly ConfigWarning[] => {
  const { objective, flexibleWindowMinutes, copies, name } = plan;
  const apart = longestGapSeconds(schedule) + flexibleWindowMinutes * 60;
  const promises = [
    ["source", objective.sourceSeconds],
    ["copy", copies.length > 0 ? objective.copySeconds : undefined],
  ] as const;
  return promises.flatMap(([word, seconds]) => {
    if (seconds === undefined || seconds > apart) return [];
    const message =
      `is ${inHours(seconds)}, and runs are up to ${inHours(apart)} apart: it is missed before every such run; ` +
      `use more than ${inHours(apart)}, or more runs`;
    return [{ code: "objective" as const, path: ["plans", name, "objective", word], message }];
  });
};

/** `36h15min`: `m` would be months. */
const inHours = (seconds: number): string => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours}h${minutes > 0 ? `${minutes}min` : ""}`;
};

/** Fewer clusters than this in a region are worth a word: fleets of Redshift are small, and so is its quota. */
const roomMin: Readonly<Record<Family, number>> = { rds: 10, redshift: 2 };
const familyNames: Readonly<Record<Family, string>> = { rds: "RDS-family", redshift: "Redshift" };

const quotaWarnings = (plan: Plan, gapSeconds: number): readonly ConfigWarning[] => {
  const policies: readonly (readonly [ConfigProblem["path"], RetentionPolicy])[] = [
    [["retention"], plan.retention],
    // A copy region's own policy; where it has none, the plan's holds there too, and one word is enough.
    ...plan.copies.flatMap(({ retention, inherits }, index) =>
      inherits ? [] : [[["copies", index, "retention"], retention] as const],
    ),
  ];
  return policies.flatMap(([path, policy]) => {
    const kept = Math.max(plan.floor, mostKept(policy, gapSeconds));
    const rooms = familiesOf(plan).flatMap((family) => roomWords(family, kept));
    if (rooms.length === 0) return [];
    const keeps =
      kept === Number.POSITIVE_INFINITY
        ? "has no rule and keeps everything: in the end a region has room for"
        : `keeps up to ${kept} recovery points of a cluster, and the next run takes one more: a region has room for`;
    const message = `${keeps} ${rooms.join(" and ")}; keep fewer, or have AWS raise the quota`;
    return [{ code: "quota" as const, path: ["plans", plan.name, ...path], message }];
  });
};

const familiesOf = ({ select }: Plan): readonly Family[] =>
  families.filter((family) => select.engines.some((engine) => engines[engine].family === family));

const roomWords = (family: Family, kept: number): readonly string[] => {
  const quota = defaultQuotas[family];
  const room = roomFor(quota, kept);
  if (room >= roomMin[family]) return [];
  const clusters = `${room === 0 ? "no" : room} ${familyNames[family]} cluster${room === 1 ? "" : "s"}`;
  return [`${clusters} by the default quota of ${quota} manual snapshots`];
};

const tagWarnings = ({ name, carryTags }: Plan): readonly ConfigWarning[] =>
  carryTags.includes(allTags)
    ? [
        {
          code: "all-tags",
          path: ["plans", name, "carry-tags"],
          message:
            'is ["*"], which lets the deployed role write any tag; name the tag keys that are to be carried over',
        },
      ]
    : [];
