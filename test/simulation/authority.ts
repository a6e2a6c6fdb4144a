import { functionRoles } from "../../deploy/roles.ts";
import { schedules } from "../../deploy/schedules.ts";
import { type FunctionName, functionNames, roleId, type Stack } from "../../deploy/stack.ts";
import type { Config } from "../../lib/core/plan.ts";
import type { Authorize, Permission } from "../../simulator/iam.ts";
import { type Policy, policyOf } from "../deploy/iam.ts";
import type { CloudFormation } from "../deploy/packaged.ts";

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The roles of the functions as packaging writes them for a configuration. */
export const packagedPolicies = (config: Config, service: string): ReadonlyMap<FunctionName, Policy> => {
  const Resources = functionRoles(stackOf(config, service));
  const template = { Resources, Outputs: {} } as unknown as CloudFormation;
  return new Map(functionNames.map((name) => [name, policyOf(roleId(name), template)]));
};

/** The plans of which EventBridge Scheduler starts runs, as packaging writes their schedules. */
export const packagedSchedules = (config: Config, service: string): ReadonlySet<string> => {
  const resources = Object.values(schedules(stackOf(config, service)));
  const firing = resources.filter(({ Properties }) => (Properties as { State?: string }).State === "ENABLED");
  const inputs = firing.map(({ Properties }) => (Properties as { Target: { Input: string } }).Target.Input);
  return new Set(inputs.flatMap((input) => (JSON.parse(input) as { plan?: string }).plan ?? []));
};

const stackOf = (config: Config, service: string): Stack => ({
  ...{ config, service, stage: service.replace("holdfast/", "") },
  settings: { logRetentionDays: 30 },
});

/** Answers for IAM by the packaged roles; a function calls by its own name as access key. */
export const authorityOf = (policies: ReadonlyMap<string, Policy>): Authorize => {
  const remembered = new Map<string, boolean>();
  return (accessKeyId, permission) => {
    const policy = policies.get(accessKeyId);
    if (policy === undefined) return false;
    const question = `${accessKeyId} ${JSON.stringify(permission)}`;
    const known = remembered.get(question) ?? allows(policy, permission);
    if (remembered.size < 20_000) remembered.set(question, known);
    return known;
  };
};

/**
 * Whether a policy of Allow statements allows what is asked: the few operators that the packaged roles use, the
 * rest is an error. A test compares it with an evaluator of IAM that is not ours.
 */
export const allows = ({ Statement }: Policy, { action, resource, context }: Permission): boolean =>
  Statement.some(
    ({ Action, Resource, Condition = {} }) =>
      Action.includes(action) &&
      listOf(Resource).some((pattern) => isLike(resource, pattern)) &&
      Object.entries(Condition as Conditions).every(([operator, tests]) =>
        Object.entries(tests).every(([key, wanted]) => holds(operator, context[key], listOf(wanted))),
      ),
  );

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

type Test = (value: string | readonly string[] | undefined, wanted: readonly string[]) => boolean;

const equals: Test = (value, wanted) =>
  value !== undefined && listOf(value).every((one) => wanted.includes(one));

const like: Test = (value, wanted) =>
  listOf(value ?? []).every((one) => wanted.some((pattern) => isLike(one, pattern)));

const operators: Readonly<Record<string, Test>> = {
  StringEquals: equals,
  Bool: equals,
  StringLike: (value, wanted) => value !== undefined && like(value, wanted),
  StringEqualsIfExists: (value, wanted) => value === undefined || equals(value, wanted),
  Null: (value, [wanted]) => (value === undefined) === (wanted === "true"),
  "ForAllValues:StringEquals": (value, wanted) => value === undefined || equals(value, wanted),
  "ForAllValues:StringLike": like,
  "ForAnyValue:StringEquals": (value, wanted) => listOf(value ?? []).some((one) => wanted.includes(one)),
};

const holds = (
  operator: string,
  value: string | readonly string[] | undefined,
  wanted: readonly string[],
): boolean => {
  const test = operators[operator];
  if (test === undefined) throw new Error(`no condition operator ${operator} is known here`);
  return test(value, wanted);
};

const patterns = new Map<string, RegExp>();

const isLike = (text: string, pattern: string): boolean => {
  const known =
    patterns.get(pattern) ??
    new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
  patterns.set(pattern, known);
  return known.test(text);
};
