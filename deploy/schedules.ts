import type { Plan } from "../lib/core/plan.ts";
import { arnOf, type Json, logical, type Resource, type Resources, ref } from "./cloudformation.ts";
import { type FunctionName, functionId, plansOf, type Stack, stackName } from "./stack.ts";

/** A run that starts hours late is still worth its snapshots: every name derives from the scheduled time. */
const retrySeconds = 6 * 3600;
const retriesMax = 185;

/** EventBridge Scheduler puts the scheduled time here, in UTC, whenever it gets round to calling. */
const scheduledTime = "<aws.scheduler.scheduled-time>";

/**
 * One schedule for each plan, and one for each function that runs beside the plans. The time zone is the plan's:
 * EventBridge Scheduler knows daylight saving (a local time that is skipped in spring is not run).
 */
export const schedules = (stack: Stack): Resources => ({
  Schedules: {
    Type: "AWS::Scheduler::ScheduleGroup",
    Properties: { Name: stackName(stack) },
  },
  ...Object.fromEntries(
    plansOf(stack).map((plan) => [`Plan${logical(plan.name)}Schedule`, planSchedule(plan)]),
  ),
  ...Object.fromEntries(beside.map((one) => [`${logical(one.name)}Schedule`, functionSchedule(one)])),
});

interface Beside {
  readonly name: FunctionName;
  readonly expression: string;
  /** What is called; default: the function. */
  readonly target?: Json;
}

/** Recognise comes before Sweep: what it tags, Sweep can judge. Odd minutes, since whole ones are crowded. */
const beside: readonly Beside[] = [
  { name: "recognise", expression: "cron(17 11 * * ? *)" },
  { name: "sweep", expression: "cron(47 11 * * ? *)", target: ref("SweepStateMachine") },
  { name: "watch", expression: "cron(7 * * * ? *)" },
];

const planSchedule = (plan: Plan): Resource =>
  schedule({
    // Within the stack's own group; with the stack's name in front the longest would pass AWS's 64 characters.
    name: `plan-${plan.name}`,
    description: `Starts the runs of plan ${plan.name}`,
    expression: plan.schedule,
    timeZone: plan.timeZone,
    windowMinutes: plan.flexibleWindowMinutes,
    enabled: plan.enabled,
    target: ref("BackupStateMachine"),
    input: { plan: plan.name, at: scheduledTime },
  });

const functionSchedule = ({ name, expression, target = arnOf(functionId(name)) }: Beside): Resource =>
  schedule({
    name,
    description: `Calls ${name}`,
    expression,
    timeZone: "UTC",
    windowMinutes: 0,
    enabled: true,
    target,
    input: { at: scheduledTime },
  });

interface ScheduleInput {
  readonly name: string;
  readonly description: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly windowMinutes: number;
  readonly enabled: boolean;
  readonly target: Json;
  readonly input: Json;
}

const schedule = (input: ScheduleInput): Resource => ({
  Type: "AWS::Scheduler::Schedule",
  Properties: {
    Name: input.name,
    GroupName: ref("Schedules"),
    Description: input.description,
    State: input.enabled ? "ENABLED" : "DISABLED",
    ScheduleExpression: input.expression,
    ScheduleExpressionTimezone: input.timeZone,
    FlexibleTimeWindow:
      input.windowMinutes === 0
        ? { Mode: "OFF" }
        : { Mode: "FLEXIBLE", MaximumWindowInMinutes: input.windowMinutes },
    Target: {
      Arn: input.target,
      RoleArn: arnOf("SchedulerRole"),
      Input: JSON.stringify(input.input),
      RetryPolicy: { MaximumEventAgeInSeconds: retrySeconds, MaximumRetryAttempts: retriesMax },
      DeadLetterConfig: { Arn: arnOf("UndeliveredQueue") },
    },
  },
});

/** What the scheduler could not deliver: a run that nobody started. An alarm looks at it. */
export const undelivered = (): Resources => ({
  UndeliveredQueue: {
    Type: "AWS::SQS::Queue",
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: { MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true },
  },
});
