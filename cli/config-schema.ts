import * as z from "zod/mini";
import { documentIn } from "../lib/core/plan-document.ts";
import { regionNames } from "../lib/core/region.ts";

/** A JSON Schema, as far as is written here. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

/**
 * The JSON Schema of holdfast.yml for editors, made from the schema that reads it. What that one checks by code
 * is added by word: patterns and names to choose from. What depends on another place in the file (a region that
 * `regions` lacks, a key of another region), or on a calendar, only `holdfast validate` can tell.
 */
export const configSchema = (): JsonSchema => {
  const { $schema, ...rest } = z.toJSONSchema(documentIn(anyHome), {
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  return {
    $schema,
    title: "holdfast.yml",
    description: "The plans: what is backed up, how often, where to, and for how long.",
    ...(described(rest, "") as JsonSchema),
  };
};

/** Reading the form needs a home region, but nothing of it stays in the form. */
const anyHome = "us-east-1";

/** The same schema with what is known of each word, by its path: `*` stands for any name or place in a list. */
const described = (schema: JsonSchema, path: string): JsonSchema => {
  const { properties, additionalProperties, items, ...rest } = schema;
  const inner = (value: unknown): unknown =>
    typeof value === "object" && value !== null ? described(value as JsonSchema, join(path, "*")) : value;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([word, value]) => [word, described(value, join(path, word))]),
      ),
    }),
    ...(additionalProperties !== undefined && { additionalProperties: inner(additionalProperties) }),
    ...(items !== undefined && { items: inner(items) }),
    ...knownOf(path),
  };
};

const join = (path: string, word: string): string => (path === "" ? word : `${path}.${word}`);

const knownOf = (path: string): JsonSchema => {
  const whole = path.replace(/^plans\.\*\./, "");
  const rule = /(?:^|\.)retention\.(keep-.+)$/.exec(path)?.[1];
  if (rule !== undefined) return ruleWords(rule);
  return words[path] ?? words[whole] ?? {};
};

const ruleWords = (rule: string): JsonSchema => {
  const [, unit] = /^keep-(?:within-?)?(.*)$/.exec(rule) ?? [];
  const each =
    unit === "" || unit === "last" ? "every recovery point" : `the newest of each ${units[unit ?? ""]}`;
  if (!rule.startsWith("keep-within")) {
    const many =
      unit === "last" ? "that many of the newest recovery points" : `${each}, of so many that have one`;
    return { description: `Keep ${many}.` };
  }
  return { description: `Keep ${each} within this time before the newest one.`, ...span };
};

const units: Readonly<Record<string, string>> = {
  ...{ hourly: "hour", daily: "day", weekly: "ISO week", monthly: "month", yearly: "year" },
};

const number = String.raw`\d{1,5}`;
const span = {
  pattern: `^(?=.*[1-9])(${number}y)?(${number}m)?(${number}d)?(${number}h)?$`,
  examples: ["14d", "1y6m"],
};
const hours = {
  pattern: `^(?=.*[1-9])(0{1,5}y)?(0{1,5}m)?(${number}d)?(${number}h)?$`,
  examples: ["26h", "2d"],
};
const region = { enum: [...regionNames] };
const key = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}";
const alias = "alias/(?!aws/(?!rds$))[A-Za-z0-9/_-]{1,250}";
const arnStart = String.raw`arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:`;
const tags = "Tag keys, each with a list of values; every key must match one of them, and * matches any.";

/** What the editor is told about each word, by its path in the file, or in a plan. */
const words: Readonly<Record<string, JsonSchema>> = {
  regions: {
    description: "Every region that holds recovery points, now or formerly. Default: those of the plans.",
  },
  "regions.*": region,
  "calls-per-second": {
    description:
      "The most calls a second to RDS, or to Redshift, in one region, of all functions together. Default: 10.",
  },
  plans: { description: "The plans by name: lower-case letters, digits and hyphens, at most 31." },
  "plans.*": { description: "A plan: which clusters, when, how long, where to." },
  enabled: {
    description: "false switches the plan's schedule off and keeps what it has taken.",
    default: true,
  },
  schedule: {
    description:
      "When runs begin: EventBridge's cron(minutes hours day-of-month month day-of-week year) or rate(value unit).",
    pattern: String.raw`^\s*(cron|rate)\s*\([^()]*\)\s*$`,
    examples: ["cron(0 3 * * ? *)", "rate(12 hours)"],
  },
  timezone: {
    description: "The IANA time zone of the schedule and of retention's periods.",
    default: "UTC",
    examples: ["UTC", "Europe/Berlin", "America/New_York"],
  },
  "flexible-window-minutes": {
    description:
      "How much later than scheduled a run may begin. Default: 15, or 0 where runs are less than an hour apart.",
  },
  select: { description: "Which clusters the plan means." },
  "select.tags": { description: tags },
  "select.identifiers": {
    description: "Cluster identifiers, with * for any characters and ? for one. Default: all.",
    examples: [["orders", "shop-*"]],
  },
  "select.engines": { description: "Default: all." },
  "select.regions": { description: "Where the clusters are. Default: the home region." },
  "select.regions.*": region,
  "select.exclude": { description: "Clusters that are left out although they are selected." },
  "select.exclude.tags": {
    description: "Tag keys, each with a list of values; any one key that matches leaves the cluster out.",
  },
  retention: {
    description:
      "How long recovery points are kept, in restic's words. One that any rule keeps stays; without rules nothing is removed.",
  },
  copies: { description: "Regions that each recovery point is copied to." },
  "copies.*.region": { ...region, description: "The copy's region." },
  "copies.*.kms-key": {
    description:
      "A key of the copy's region for encrypted snapshots: alias, id or ARN; none where all are unencrypted.",
    pattern: `^(none|${key}|${alias}|${arnStart}(key/(${key})|${alias}))$`,
    examples: ["alias/backup", "none"],
  },
  "copies.*.retention": { description: "Default: the plan's." },
  "copies.*.manage": {
    description:
      "Enable snapshot copy on Redshift clusters that have none. AWS then copies their automated snapshots there too, kept for a day.",
    default: false,
  },
  objective: {
    description:
      "The oldest acceptable newest recovery point; alarms hold it. Default: what the schedule can keep.",
  },
  "objective.source": { description: "Beside the cluster.", ...hours },
  "objective.copy": { description: "In each copy region.", ...hours },
  deadline: {
    description: "A run stops waiting then; at most 23h.",
    default: "12h",
    ...hours,
    examples: ["6h", "23h"],
  },
  floor: { description: "Recovery points of a cluster in a region that no prune goes below.", default: 2 },
  brake: {
    description: "More of one cluster's in one region are never removed in one run: it stops and reports.",
    default: 10,
  },
  "copies-in-flight": { description: "Copies that may run into one region at once.", default: 5 },
  stopped: { description: "What a stopped cluster is: a problem, or expected.", default: "problem" },
  "carry-tags": {
    description: 'The tags of a cluster that its recovery points carry too; ["*"] for all. Default: none.',
  },
  "carry-tags.*": {
    pattern: String.raw`^(\*|(?!([aA][wW][sS]|[rR][dD][sS]|[hH][oO][lL][dD][fF][aA][sS][tT]):)[\p{L}\p{N} _.:/=+\-@]{1,128})$`,
  },
};
