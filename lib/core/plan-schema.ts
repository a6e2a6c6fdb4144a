import { closest, distance } from "fastest-levenshtein";
import * as z from "zod/mini";
import { type Engine, engineNames } from "./cluster.ts";
import { cleanTagValue, stampOf } from "./ownership.ts";
import type { Config, Plan } from "./plan.ts";
import { countRules, type RetentionPolicy, withinRules } from "./retention.ts";
import { parseSpan, type Span } from "./span.ts";

/** A mistake in holdfast.yml: where, what is there, and what would be right. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ConfigVerdict = { readonly config: Config } | { readonly problems: readonly ConfigProblem[] };

/** What a plan's deadline may be: waiting must end 30 minutes before the state machine's own time-out of a day. */
const deadlineHoursMax = 23;

/** Reads the parsed YAML of holdfast.yml. `home` is the deployed region: plans that name no region mean it. */
export const readConfig = (document: unknown, home: string): ConfigVerdict => {
  const parsed = schema.safeParse(document);
  if (!parsed.success) return { problems: parsed.error.issues.flatMap(toProblems) };
  const plans = Object.entries(parsed.data.plans).map(([name, plan]) => toPlan(name, plan, home));
  const regions = parsed.data.regions ?? plans.flatMap(regionsOf);
  const problems = plans.flatMap((plan) => [...regionProblems(plan, regions), ...stampProblems(plan)]);
  if (problems.length > 0) return { problems };
  return {
    config: { regions: [...new Set(regions)], plans: Object.fromEntries(plans.map((p) => [p.name, p])) },
  };
};

const use = (what: string) => ({ error: `use ${what}` });

const count = z
  .number(use("a whole number from 0 to 3650"))
  .check(
    z.int(use("a whole number from 0 to 3650")),
    z.minimum(0, use("a whole number from 0 to 3650")),
    z.maximum(3650, use("a whole number from 0 to 3650")),
  );

const within = z
  .string(use("a duration such as 14d or 1y6m"))
  .check(z.refine((text) => parseSpan(text) !== undefined, use("a duration such as 14d or 1y6m")));

/** A time span in hours and days; months and years have no fixed length. */
const hours = z
  .string(use("a duration in hours or days, such as 26h or 2d"))
  .check(
    z.refine((text) => secondsIn(text) !== undefined, use("a duration in hours or days, such as 26h or 2d")),
  );

const deadline = hours.check(
  z.refine((text) => (secondsIn(text) ?? 0) <= deadlineHoursMax * 3600, use(`at most ${deadlineHoursMax}h`)),
);

const region = z
  .string(use("a region such as eu-west-1"))
  .check(z.regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, use("a region such as eu-west-1")));

const timeZone = z
  .string(use("a time zone such as Europe/Berlin"))
  .check(z.refine(isTimeZone, use("a time zone such as Europe/Berlin")));

const schedule = z
  .string(use("EventBridge's cron(…) or rate(…)"))
  .check(z.regex(/^(cron|rate)\(.+\)$/, use("EventBridge's cron(…) or rate(…)")));

const wholeFrom = (least: number) =>
  z
    .number(use(`a whole number from ${least} up`))
    .check(
      z.int(use(`a whole number from ${least} up`)),
      z.minimum(least, use(`a whole number from ${least} up`)),
    );

const regions = z.array(region, use("a list of regions")).check(z.minLength(1, use("at least one region")));
const tagPattern = z.record(
  z.string(),
  z
    .array(z.string(use("text; quote numbers and booleans")), use("a list of values"))
    .check(z.minLength(1, use("at least one value"))),
  use("tag keys, each with a list of values"),
);

const retention = z.strictObject(
  {
    ...Object.fromEntries(countRules.map((rule) => [`keep-${rule}`, z.optional(count)])),
    ...Object.fromEntries(withinRules.map((rule) => [`keep-${rule}`, z.optional(within)])),
  },
  use("rules such as keep-daily: 7"),
);

const copy = z.strictObject(
  {
    region,
    "kms-key": z.optional(
      z.string(use("a key id, ARN or alias")).check(z.minLength(1, use("a key id, ARN or alias"))),
    ),
    retention: z.optional(retention),
  },
  use("a region with its kms-key and retention"),
);

const plan = z.strictObject(
  {
    schedule,
    timezone: z.optional(timeZone),
    select: z.strictObject(
      {
        tags: tagPattern,
        engines: z.optional(
          z.array(z.enum(engineNames as [Engine, ...Engine[]], use(`one of ${engineNames.join(", ")}`))),
        ),
        regions: z.optional(regions),
        exclude: z.optional(z.strictObject({ tags: tagPattern }, use("tags"))),
      },
      use("tags, engines, regions or exclude"),
    ),
    retention,
    copies: z.optional(z.array(copy, use("a list of copy regions"))),
    objective: z.optional(
      z.strictObject({ source: z.optional(hours), copy: z.optional(hours) }, use("source and copy")),
    ),
    deadline: z.optional(deadline),
    floor: z.optional(wholeFrom(1)),
    brake: z.optional(wholeFrom(1)),
    "copies-in-flight": z.optional(wholeFrom(1)),
    stopped: z.optional(z.enum(["problem", "skip"], use("problem or skip"))),
    "carry-tags": z.optional(z.array(z.string(use("a tag key")), use("a list of tag keys"))),
  },
  use("a plan with schedule, select and retention"),
);

const schema = z.strictObject(
  {
    regions: z.optional(regions),
    plans: z.record(
      z
        .string()
        .check(
          z.regex(/^[a-z][a-z0-9-]{0,30}$/, use("a plan name of lower-case letters, digits and hyphens")),
        ),
      plan,
      use("plans by name"),
    ),
  },
  use("`regions` and `plans`"),
);

type PlanDocument = z.infer<typeof plan>;

const toPlan = (name: string, document: PlanDocument, home: string): Plan => {
  const policy = toPolicy(document.retention);
  const { source, copy: copyAge } = document.objective ?? {};
  return {
    name,
    schedule: document.schedule,
    timeZone: document.timezone ?? "UTC",
    select: {
      tags: document.select.tags,
      engines: document.select.engines ?? engineNames,
      regions: document.select.regions ?? [home],
      excludeTags: document.select.exclude?.tags ?? {},
    },
    retention: policy,
    copies: (document.copies ?? []).map((to) => ({
      region: to.region,
      ...(to["kms-key"] !== undefined && { kmsKey: to["kms-key"] }),
      retention: to.retention ? toPolicy(to.retention) : policy,
    })),
    objective: {
      ...(source !== undefined && { sourceSeconds: secondsIn(source) ?? 0 }),
      ...(copyAge !== undefined && { copySeconds: secondsIn(copyAge) ?? 0 }),
    },
    deadlineSeconds: secondsIn(document.deadline ?? "12h") ?? 0,
    floor: document.floor ?? 2,
    brake: document.brake ?? 10,
    copiesInFlight: document["copies-in-flight"] ?? 5,
    stopped: document.stopped ?? "problem",
    ...(document["carry-tags"] !== undefined && { carryTags: document["carry-tags"] }),
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

const secondsIn = (text: string): number | undefined => {
  const span = parseSpan(text);
  return span && span.years + span.months === 0 ? (span.days * 24 + span.hours) * 3600 : undefined;
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const regionsOf = (plan: Plan): readonly string[] => [
  ...plan.select.regions,
  ...plan.copies.map((to) => to.region),
];

/** What the form of a plan cannot tell: regions that nobody would visit, and copies that make no sense. */
const regionProblems = (plan: Plan, regions: readonly string[]): readonly ConfigProblem[] => {
  const at = (message: string): ConfigProblem => ({ path: ["plans", plan.name], message });
  const copies = plan.copies.map((to) => to.region);
  const twice = copies.filter((name, index) => copies.indexOf(name) !== index);
  const home = copies.filter((name) => plan.select.regions.every((region) => region === name));
  return [
    // `regions:` is what is visited for leftovers: a region that it lacks would never be cleaned up.
    ...[...new Set(regionsOf(plan))]
      .filter((name) => !regions.includes(name))
      .map((name) => at(`uses region ${name}; add it to \`regions\``)),
    ...twice.map((name) => at(`copies to ${name} twice; name each copy region once`)),
    ...home.map((name) => at(`copies to ${name}, where all of its clusters are; name another region`)),
  ];
};

/** Every policy is stamped on what it governs, and a tag's value ends at 256 characters. */
const stampProblems = ({ name, retention, copies }: Plan): readonly ConfigProblem[] =>
  [retention, ...copies.map((to) => to.retention)]
    .filter((policy) => stampOf(policy) !== cleanTagValue(stampOf(policy)))
    .slice(0, 1)
    .map(() => ({
      path: ["plans", name],
      message: "keeps by more rules than a tag can hold; use fewer of them",
    }));

const toProblems = (issue: z.core.$ZodIssue): readonly ConfigProblem[] => {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "invalid_key") return [{ path, message: `is not a name; ${issue.issues[0]?.message}` }];
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: describeUnknown(key) }));
};

/** A word that is close to one of ours was mistyped; one that is ours stands in the wrong place. */
const describeUnknown = (key: string): string => {
  if (words.includes(key)) return "does not belong here; see the example in the README";
  const meant = words.find((word) => word.startsWith(key)) ?? closest(key, words);
  const near = meant.startsWith(key) || distance(key, meant) <= Math.max(2, key.length / 3);
  return `is not a word of holdfast.yml${near ? `; did you mean ${meant}?` : "; take it out"}`;
};

/** Every word that the schema knows, for the one that a mistyped key may have meant. */
const words: readonly string[] = [
  ...[
    "regions",
    "plans",
    "schedule",
    "timezone",
    "select",
    "tags",
    "engines",
    "exclude",
    "retention",
    "copies",
  ],
  ...["region", "kms-key", "objective", "source", "copy", "deadline", "floor", "brake", "copies-in-flight"],
  ...["stopped", "carry-tags"],
  ...[...countRules, ...withinRules].map((rule) => `keep-${rule}`),
];
