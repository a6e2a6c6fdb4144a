import type { Config, Plan } from "../lib/core/plan.ts";
import { logical } from "./cloudformation.ts";

/** What a deployment is made from: the plans, and what is said beside them. */
export interface Stack {
  readonly config: Config;
  readonly stage: string;
  /** The owner's name on every snapshot: `holdfast/<stage>`. */
  readonly service: string;
  readonly settings: Settings;
}

/** Parameters of serverless.yml, understood. */
export interface Settings {
  readonly logRetentionDays: number;
  /** ARN of a topic that alarms go to; without one the stack makes its own. */
  readonly alarmTopic?: string;
  /** Who is written to, where the stack makes the topic. */
  readonly alarmEmail?: string;
  /** For each function that a Map starts; off where absent. */
  readonly reservedConcurrency?: number;
}

/** `holdfast-prod`: what this stack's things are called in an account. */
export const stackName = ({ stage }: Pick<Stack, "stage">): string => `holdfast-${stage}`;

export const plansOf = ({ config }: Pick<Stack, "config">): readonly Plan[] => Object.values(config.plans);

/** Regions that snapshots are taken in. */
export const sourceRegions = (stack: Pick<Stack, "config">): readonly string[] =>
  distinct(plansOf(stack).flatMap(({ select }) => select.regions));

/** Regions that snapshots are copied to. */
export const copyRegions = (stack: Pick<Stack, "config">): readonly string[] =>
  distinct(plansOf(stack).flatMap(({ copies }) => copies.map(({ region }) => region)));

/** Those of them that Redshift clusters are told to copy to. */
export const managedRegions = (stack: Pick<Stack, "config">): readonly string[] =>
  distinct(
    plansOf(stack).flatMap(({ copies }) => copies.flatMap(({ region, manage }) => (manage ? [region] : []))),
  );

export const distinct = (words: readonly string[]): readonly string[] => [...new Set(words)].toSorted();

/** The functions as AWS names them, by the names that the code has for them. */
export const functionNames = [
  "discover",
  "snapshot",
  "check",
  "copy",
  "prune",
  "report",
  "sweep",
  "recognise",
  "watch",
] as const;

export type FunctionName = (typeof functionNames)[number];

/** Those that the scheduler calls by itself: of the others there are state machines. */
export const calledFunctions = ["recognise", "watch"] as const satisfies readonly FunctionName[];

/** `SweepLambdaFunction`: the framework's logical id of a function. */
export const functionId = (name: FunctionName): string => `${logical(name)}LambdaFunction`;

export const roleId = (name: FunctionName): string => `${logical(name)}Role`;
