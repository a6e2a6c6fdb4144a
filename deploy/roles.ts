import { arn, arnOf, here, type Json, type Resource, type Resources, ref } from "./cloudformation.ts";
import { grantCopyKeys, lookAtKeys, useKeys } from "./key-statements.ts";
import {
  calledFunctions,
  copyRegions,
  distinct,
  type FunctionName,
  functionId,
  functionNames,
  roleId,
  type Stack,
  sourceRegions,
  stackName,
} from "./stack.ts";
import {
  copySnapshots,
  deleteSnapshots,
  list,
  logAndTrace,
  manageCopies,
  type Statement,
  tagArrivals,
  takeSnapshots,
  tellEvents,
} from "./statements.ts";

/** One role for each function. What creates cannot delete, and what deletes cannot tag. */
export const functionRoles = (stack: Stack): Resources =>
  Object.fromEntries(
    functionNames.map((name) => {
      const statements = [...permissions[name](stack), ...logAndTrace(`${stackName(stack)}-${name}`)];
      return [roleId(name), role("lambda.amazonaws.com", statements)];
    }),
  );

type Permissions = (stack: Stack) => readonly Statement[];

const permissions: Readonly<Record<FunctionName, Permissions>> = {
  discover: (stack) => [list(sourceRegions(stack), "clusters", "rdsSnapshots", "quotas")],
  snapshot: (stack) => [
    list(sourceRegions(stack), "clusters", "snapshots"),
    ...takeSnapshots(stack),
    ...manageCopies(stack),
    ...grantCopyKeys(stack),
    tellEvents("Holdfast Recovery Point Created"),
  ],
  check: (stack) => [list(sourceRegions(stack), "snapshots"), tellEvents("Holdfast Recovery Point Created")],
  copy: (stack) => [
    list(runRegions(stack), "snapshots", "redshiftClusters"),
    ...(copyRegions(stack).length === 0
      ? []
      : [...copySnapshots(stack), ...tagArrivals(stack, copyRegions(stack)), ...useKeys(stack)]),
    tellEvents("Holdfast Recovery Point Copied"),
  ],
  prune: (stack) => [
    list(runRegions(stack), "snapshots"),
    ...deleteSnapshots(stack, runRegions(stack)),
    tellEvents("Holdfast Recovery Point Pruned"),
  ],
  report: (stack) => [
    list(runRegions(stack), "clusters", "snapshots"),
    tellEvents("Holdfast Backup Completed", "Holdfast Backup Incomplete"),
  ],
  sweep: (stack) => [
    list(stack.config.regions, "clusters", "snapshots"),
    ...deleteSnapshots(stack, stack.config.regions),
    ...lookAtKeys(stack),
    tellEvents("Holdfast Recovery Point Pruned"),
  ],
  recognise: (stack) => [
    list(stack.config.regions, "redshiftSnapshots"),
    ...tagArrivals(stack, stack.config.regions),
    tellEvents("Holdfast Recovery Point Copied"),
  ],
  watch: (stack) => [list(stack.config.regions, "clusters", "snapshots"), ...lookAtKeys(stack)],
};

const runRegions = (stack: Stack): readonly string[] =>
  distinct([...sourceRegions(stack), ...copyRegions(stack)]);

const role = (service: string, statements: readonly Statement[], condition?: Json): Resource => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
          ...(condition && { Condition: condition }),
        },
      ],
    },
    Policies: [
      {
        PolicyName: "holdfast",
        PolicyDocument: { Version: "2012-10-17", Statement: statements as unknown as Json },
      },
    ],
  },
});

/** Only for work of this account: a confused service must not borrow the role for another's. */
const thisAccount = { StringEquals: { "aws:SourceAccount": ref("AWS::AccountId") } };

/** The functions that the state machine's definition names. */
const stepFunctions: readonly FunctionName[] = ["discover", "snapshot", "check", "copy", "prune", "report"];

export const machineName = (stack: Stack): string => `${stackName(stack)}-backup`;
export const sweepMachineName = (stack: Stack): string => `${stackName(stack)}-sweep`;

/**
 * The state machine's own role. A Distributed Map starts executions of its own machine and looks after them, and so
 * does a run for its parts; their ARNs are built from its name: a reference to the machine would be circular.
 */
export const machineRole = (stack: Stack): Resource =>
  role(
    "states.amazonaws.com",
    [
      invoke(stepFunctions),
      {
        ...{ Sid: "StartChildren", Effect: "Allow", Action: ["states:StartExecution"] },
        Resource: arn("states", here, `stateMachine:${machineName(stack)}`),
      },
      {
        ...{ Sid: "MindChildren", Effect: "Allow" },
        Action: ["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"],
        Resource: ["", "/*"].map((run) => arn("states", here, `execution:${machineName(stack)}${run}:*`)),
      },
      // How it learns that a part has ended (Step Functions Developer Guide, "IAM policies for nested calls").
      {
        ...{ Sid: "HearOfParts", Effect: "Allow" },
        Action: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
        Resource: arn("events", here, "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"),
      },
      ...logAndTraceExecutions(),
    ],
    thisAccount,
  );

/** The role of the state machine that a sweep's passes are. */
export const sweepMachineRole = (): Resource =>
  role("states.amazonaws.com", [invoke(["sweep"]), ...logAndTraceExecutions()], thisAccount);

const invoke = (names: readonly FunctionName[]): Statement => ({
  ...{ Sid: "Invoke", Effect: "Allow", Action: ["lambda:InvokeFunction"] },
  Resource: names.map((name) => arnOf(functionId(name))),
});

/** Deliveries of vended logs know no resources (Step Functions Developer Guide, "Logging"). */
const logAndTraceExecutions = (): readonly Statement[] => [
  { ...{ Sid: "Log", Effect: "Allow", Action: logDelivery }, Resource: "*" },
  { ...{ Sid: "Trace", Effect: "Allow", Action: tracing }, Resource: "*" },
];

const logDelivery = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

const tracing = [
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** What the scheduler may start, and where it lays what it could not start. */
export const schedulerRole = (stack: Stack): Resource =>
  role(
    "scheduler.amazonaws.com",
    [
      {
        ...{ Sid: "StartRuns", Effect: "Allow", Action: ["states:StartExecution"] },
        Resource: [machineName(stack), sweepMachineName(stack)].map((name) =>
          arn("states", here, `stateMachine:${name}`),
        ),
      },
      {
        ...{ Sid: "CallFunctions", Effect: "Allow", Action: ["lambda:InvokeFunction"] },
        Resource: calledFunctions.map((name) => arnOf(functionId(name))),
      },
      {
        ...{ Sid: "LayAside", Effect: "Allow", Action: ["sqs:SendMessage"] },
        Resource: arnOf("UndeliveredQueue"),
      },
    ],
    thisAccount,
  );
