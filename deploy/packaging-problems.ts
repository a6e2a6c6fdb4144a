import type { Config } from "../lib/core/plan.ts";
import type { ConfigProblem } from "../lib/core/plan-schema.ts";
import { missingKeys } from "../lib/core/plan-warnings.ts";
import { partitionOf } from "../lib/core/region.ts";
import type { Json } from "./cloudformation.ts";
import { regionLockPath } from "./region-lock.ts";
import { functionRoles } from "./roles.ts";
import type { Stack } from "./stack.ts";
import { makeTemplate } from "./template.ts";

export interface Known {
  /** The region that is deployed to. */
  readonly home: string;
  /** Regions that earlier packages kept recovery points in. */
  readonly locked: readonly string[];
}

/** What a plan may say while it is tried, and must not be deployed with. */
export const packagingProblems = (stack: Stack, { home, locked }: Known): readonly ConfigProblem[] => [
  ...droppedRegions(stack.config, locked),
  ...Object.values(stack.config.plans).flatMap(missingKeys),
  ...longPolicies(stack, home),
  ...largeStack(stack),
];

/** What CloudFormation takes in a stack; it would refuse more only once it is handed the template. */
const resourcesMax = 500;

/** What the framework makes of serverless.yml, whatever the plans are: functions and logs, both machines, its bucket. */
export const frameworkResources = 24;

const largeStack = (stack: Stack): readonly ConfigProblem[] => {
  const count = Object.keys(makeTemplate(stack).resources).length + frameworkResources;
  if (count <= resourcesMax) return [];
  return [
    {
      path: ["plans"],
      message:
        `make a stack of ${count} resources, of which CloudFormation takes ${resourcesMax}; name fewer plans, regions ` +
        "or objectives, or deploy some of the plans as a stage of their own",
    },
  ];
};

/** What IAM takes of a role's own policies, white space not counted; it would refuse more in the middle of a deployment. */
const policyCharactersMax = 10_240;

const longPolicies = (stack: Stack, home: string): readonly ConfigProblem[] =>
  Object.entries(functionRoles(stack)).flatMap(([id, { Properties }]) => {
    const { Policies = [] } = Properties as { Policies?: readonly { PolicyDocument: Json }[] };
    const length = Policies.reduce(
      (sum, { PolicyDocument }) => sum + written(PolicyDocument, home).length,
      0,
    );
    if (length <= policyCharactersMax) return [];
    return {
      path: ["regions"],
      message:
        `make ${id} a policy of ${length} characters, of which IAM takes ${policyCharactersMax}; name fewer ` +
        "regions, keys or carry-tags, or deploy the plans of some regions as a stage of their own",
    };
  });

/** A policy as IAM counts it. */
const written = (document: Json, home: string): string =>
  JSON.stringify(document, (_, value) => (isSub(value) ? value["Fn::Sub"] : value))
    .replaceAll(/\$\{AWS::(\w+)\}/g, (_, name: string) => pseudo(name, home))
    .replaceAll(/\s/g, "");

const isSub = (value: unknown): value is { readonly "Fn::Sub": string } =>
  typeof value === "object" && value !== null && "Fn::Sub" in value;

const pseudo = (name: string, home: string): string => {
  if (name === "AccountId") return "123456789012";
  return name === "Region" ? home : (partitionOf(home) ?? "aws");
};

/** Sweep visits `regions` only: what lies in a region that is dropped would stay for ever, unseen and paid for. */
const droppedRegions = ({ regions }: Config, locked: readonly string[]): readonly ConfigProblem[] =>
  locked
    .filter((region) => !regions.includes(region))
    .map((region) => ({
      path: ["regions"],
      message:
        `no longer has ${region}, which an earlier package had; put it back, so that recovery points there go on ` +
        `being pruned, or, when there are none, take it out of ${regionLockPath} too`,
    }));
