import type { CoverageRow } from "../lib/core/coverage.ts";
import { metricNames, metricNamespace } from "../lib/core/measure.ts";
import { objectiveOf, type Plan } from "../lib/core/plan.ts";
import { type Json, logical, type Resource, type Resources, ref } from "./cloudformation.ts";
import {
  calledFunctions,
  type FunctionName,
  functionId,
  functionNames,
  plansOf,
  type Stack,
  stackName,
} from "./stack.ts";
import { topicArn } from "./topic.ts";

const hourSeconds = 3600;

/** More throttled answers in an hour than the SDK's own retries make up for without delay. */
const throttledMax = 100;

interface Alarm {
  readonly name: string;
  readonly description: string;
  readonly metric: { readonly [key: string]: Json };
  readonly threshold: number;
  /** Periods in a row that must be over it, or of which `any` one must. */
  readonly periods?: number;
  readonly any?: true;
  readonly missing: "breaching" | "notBreaching";
}

/** Every way in which a night can go wrong without anybody looking. */
export const alarms = (stack: Stack): Resources => {
  const all: Readonly<Record<string, Alarm>> = {
    ...executionAlarms(),
    ...sweepAlarms(stack),
    ...coverageAlarms(stack),
    ...keyAlarms(stack),
    ...functionAlarms(),
    ThrottlingAlarm: {
      name: "throttling",
      description:
        "AWS throttles calls of Holdfast, and runs take longer; look for what else calls RDS or Redshift",
      metric: ours(stack, metricNames.throttledCalls, {}, "Sum"),
      threshold: throttledMax,
      missing: "notBreaching",
    },
    UndeliveredAlarm: {
      name: "undelivered",
      description: "The scheduler could not start a run or a function; the dead-letter queue holds which",
      metric: {
        ...{ Namespace: "AWS/SQS", MetricName: "ApproximateNumberOfMessagesVisible", Statistic: "Maximum" },
        Period: 300,
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["UndeliveredQueue", "QueueName"] } }],
      },
      threshold: 0,
      missing: "notBreaching",
    },
  };
  return Object.fromEntries(Object.entries(all).map(([id, alarm]) => [id, toResource(stack, alarm)]));
};

const toResource = (stack: Stack, { metric, ...alarm }: Alarm): Resource => ({
  Type: "AWS::CloudWatch::Alarm",
  Properties: {
    AlarmName: `${stackName(stack)}-${alarm.name}`,
    AlarmDescription: alarm.description,
    ...metric,
    ComparisonOperator: "GreaterThanThreshold",
    Threshold: alarm.threshold,
    EvaluationPeriods: alarm.periods ?? 1,
    ...(alarm.any && { DatapointsToAlarm: 1 }),
    TreatMissingData: alarm.missing,
    AlarmActions: [topicArn(stack)],
    OKActions: [topicArn(stack)],
  },
});

/** Times out or is stopped: no state of the machine sees that, and no report is written. */
const executionAlarms = (): Readonly<Record<string, Alarm>> =>
  machineAlarms({ machine: "BackupStateMachine", id: "", name: "executions" }, [
    ["ExecutionsFailed", "A run ended incomplete or failed; its report names the clusters"],
    ["ExecutionsTimedOut", "A run reached the state machine's time limit and wrote no report"],
    ["ExecutionsAborted", "A run was stopped by hand and wrote no report"],
  ]);

interface MachineWords {
  readonly machine: string;
  /** What the resources' ids, and the alarms' names, begin with. */
  readonly id: string;
  readonly name: string;
}

/** An alarm for each of some metrics that Step Functions has of a state machine. */
const machineAlarms = (
  { machine, id, name }: MachineWords,
  metrics: readonly (readonly [metric: string, description: string])[],
): Readonly<Record<string, Alarm>> =>
  Object.fromEntries(
    metrics.map(([MetricName, description]) => [
      `${id}${MetricName}Alarm`,
      {
        name: MetricName.replace("Executions", `${name}-`).toLowerCase(),
        description,
        metric: {
          ...{ Namespace: "AWS/States", MetricName, Statistic: "Sum", Period: 300 },
          Dimensions: [{ Name: "StateMachineArn", Value: ref(machine) }],
        },
        threshold: 0,
        missing: "notBreaching",
      },
    ]),
  );

/**
 * The verdict of Watch by plan and region. Watch publishes every hour, so that an alarm need not look back a
 * week for a weekly plan (CloudWatch allows no more), and missing data breaches: it means that Watch, or the
 * region, is dead. Two hours in a row, since a period may close before its figure has arrived.
 */
const coverageAlarms = (stack: Stack): Readonly<Record<string, Alarm>> =>
  Object.fromEntries(
    plansOf(stack)
      .filter(({ enabled }) => enabled)
      .flatMap((plan) => placesOf(plan).flatMap((place) => placeAlarms(stack, plan, place))),
  );

interface Place {
  readonly region: string;
  readonly kind: CoverageRow["kind"];
  readonly objectiveSeconds: number;
}

/** Where a plan's recovery points are watched: each region that it takes snapshots in or copies to. */
export const placesOf = (plan: Plan): readonly Place[] => {
  const { sourceSeconds, copySeconds } = objectiveOf(plan);
  return [
    ...plan.select.regions.map((region) => ({
      ...{ region, kind: "source" as const, objectiveSeconds: sourceSeconds },
    })),
    ...plan.copies.map(({ region }) => ({
      ...{ region, kind: "copy" as const, objectiveSeconds: copySeconds },
    })),
  ];
};

const placeAlarms = (
  stack: Stack,
  plan: Plan,
  { region, kind, objectiveSeconds }: Place,
): readonly (readonly [string, Alarm])[] =>
  (
    [
      [metricNames.recoveryPointAge, "a cluster's newest recovery point is older than the objective"],
      [metricNames.runAge, "the last run that covered every cluster is older than the objective"],
    ] as const
  ).map(([metric, what]) => [
    `Plan${logical(plan.name)}${logical(kind)}${logical(region)}${metric}Alarm`,
    {
      name: `${plan.name}-${kind}-${region}-${metric === metricNames.runAge ? "run" : "recovery-point"}-age`,
      description: `Plan ${plan.name}, ${kind} in ${region}: ${what}, or nothing is known`,
      metric: ours(stack, metric, { plan: plan.name, region, kind }, "Maximum"),
      threshold: objectiveSeconds,
      periods: 2,
      missing: "breaching",
    },
  ]);

/**
 * What Sweep saw of all the keys stands until its next look, a day and two hours for that to arrive. So late is early
 * enough: a key whose deletion was asked for is there for a week at least (KMS Developer Guide, "Deleting keys").
 */
const keyAlarms = (stack: Stack): Readonly<Record<string, Alarm>> =>
  Object.fromEntries(
    stack.config.regions.map((region) => [
      `${logical(region)}KeysAlarm`,
      {
        name: `${region}-keys`,
        description: `A KMS key that recovery points in ${region} need is disabled or pending deletion`,
        metric: ours(stack, metricNames.keysUnusable, { region }, "Maximum"),
        threshold: 0,
        ...{ periods: 26, any: true as const },
        missing: "notBreaching",
      },
    ]),
  );

/** What a sweep does not come to the end of, and what it could not do. */
const sweepAlarms = (stack: Stack): Readonly<Record<string, Alarm>> => ({
  ...machineAlarms({ machine: "SweepStateMachine", id: "Sweep", name: "sweep" }, [
    ["ExecutionsFailed", "A sweep failed; its execution says why"],
    ["ExecutionsTimedOut", "A sweep was not done after twenty hours"],
  ]),
  SweepProblemsAlarm: {
    name: "sweep-problems",
    description: "Sweep or Recognise could not do all of its work; the logs say why",
    metric: { ...ours(stack, metricNames.sweepProblems, {}, "Sum"), Period: 24 * hourSeconds },
    threshold: 0,
    missing: "notBreaching",
  },
});

/** Functions outside the state machines have no execution whose failure shows. */
const functionAlarms = (): Readonly<Record<string, Alarm>> => ({
  ...Object.fromEntries(
    calledFunctions.map((name) => [
      `${logical(name)}ErrorsAlarm`,
      {
        name: `${name}-errors`,
        description: `${logical(name)} failed; its log says why`,
        metric: ofLambda("Errors", name),
        threshold: 0,
        missing: "notBreaching" as const,
      },
    ]),
  ),
  // CloudWatch adds up ten metrics at most; with two more functions this becomes two alarms.
  ConcurrencyAlarm: {
    name: "concurrency",
    description:
      "Lambda has no concurrency left for Holdfast; the state machine retries, and runs take longer",
    metric: {
      Metrics: [
        { Id: "all", Expression: "SUM(METRICS())", ReturnData: true },
        ...functionNames.map((name) => {
          const { Period, Statistic, ...Metric } = ofLambda("Throttles", name);
          return { Id: name, MetricStat: { Metric, Period, Stat: Statistic }, ReturnData: false };
        }),
      ] as readonly Json[],
    },
    threshold: 0,
    periods: 3,
    missing: "notBreaching",
  },
});

const ofLambda = (MetricName: string, name: FunctionName) => ({
  ...{ Namespace: "AWS/Lambda", MetricName, Statistic: "Sum", Period: 300 },
  Dimensions: [{ Name: "FunctionName", Value: ref(functionId(name)) }],
});

/** A metric that the functions publish, with the dimensions that they give it. */
const ours = (
  { service }: Stack,
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
  Statistic: "Maximum" | "Sum",
): Alarm["metric"] => ({
  ...{ Namespace: metricNamespace, MetricName, Statistic, Period: hourSeconds },
  Dimensions: Object.entries({ service, ...dimensions }).map(([Name, Value]) => ({ Name, Value })),
});
