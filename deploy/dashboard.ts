import { metricNames, metricNamespace } from "../lib/core/measure.ts";
import { placesOf } from "./alarms.ts";
import { here, type Json, type Resources, sub } from "./cloudformation.ts";
import { plansOf, type Stack, stackName } from "./stack.ts";

const columns = 24;
const height = 6;

/** A dashboard's name is one of the account: another region's stack of the same stage must neither take nor delete it. */
export const dashboardName = (stack: Stack): Json => sub(`${stackName(stack)}-${here}`);

/** One page for the question of four in the morning: how old is what we have, and did last night's run work. */
export const dashboard = (stack: Stack): Resources => ({
  Dashboard: {
    Type: "AWS::CloudWatch::Dashboard",
    Properties: {
      DashboardName: dashboardName(stack),
      DashboardBody: sub(JSON.stringify({ widgets: place(widgets(stack)) })),
    },
  },
});

interface Widget {
  readonly title: string;
  readonly metrics: readonly Json[];
  readonly stat: "Maximum" | "Sum";
  readonly period: number;
  /** A line that the figure should stay under. */
  readonly limits?: readonly { readonly label: string; readonly value: number }[];
}

const widgets = (stack: Stack): readonly Widget[] => [
  ...plansOf(stack)
    .filter(({ enabled }) => enabled)
    .flatMap((plan): Widget[] => {
      const places = placesOf(plan);
      const limits = places.map(({ region, kind, objectiveSeconds }) => ({
        ...{ label: `objective ${kind} ${region}`, value: objectiveSeconds },
      }));
      const lines = (metric: string): readonly Json[] =>
        places.map(({ region, kind }) =>
          line(stack, metric, { plan: plan.name, region, kind }, `${kind} ${region}`),
        );
      return [
        {
          title: `${plan.name}: seconds since the oldest newest recovery point`,
          ...{ metrics: lines(metricNames.recoveryPointAge), stat: "Maximum", period: 3600, limits },
        },
        {
          title: `${plan.name}: seconds since the last complete run`,
          ...{ metrics: lines(metricNames.runAge), stat: "Maximum", period: 3600, limits },
        },
        {
          title: `${plan.name}: what runs did`,
          metrics: runFigures.map((metric) => line(stack, metric, { plan: plan.name }, metric)),
          ...{ stat: "Maximum", period: 3600 },
        },
      ];
    }),
  {
    title: "Executions",
    metrics: ["ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"].map(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
      (name) => ["AWS/States", name, "StateMachineArn", "${BackupStateMachine}"],
    ),
    ...{ stat: "Sum", period: 3600 },
  },
  {
    title: "Keys that recovery points need and that cannot be used",
    metrics: stack.config.regions.map((region) => line(stack, metricNames.keysUnusable, { region }, region)),
    ...{ stat: "Maximum", period: 3600 },
  },
  {
    title: "Throttled calls, problems of Sweep",
    metrics: [
      line(stack, metricNames.throttledCalls, {}, "throttled calls"),
      line(stack, metricNames.sweepProblems, {}, "problems of Sweep"),
    ],
    ...{ stat: "Sum", period: 3600 },
  },
];

const runFigures = [
  metricNames.snapshotsAvailable,
  metricNames.copiesAvailable,
  metricNames.pruned,
  metricNames.problems,
];

const line = (
  { service }: Stack,
  metric: string,
  dimensions: Readonly<Record<string, string>>,
  label: string,
): Json => [metricNamespace, metric, ...Object.entries({ service, ...dimensions }).flat(), { label }];

/** Two beside each other, row by row. */
const place = (all: readonly Widget[]): Json =>
  all.map(({ limits = [], ...widget }, index) => ({
    type: "metric",
    ...{ x: (index % 2) * (columns / 2), y: Math.floor(index / 2) * height, width: columns / 2, height },
    properties: {
      ...widget,
      ...{ view: "timeSeries", yAxis: { left: { min: 0 } } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
      region: "${AWS::Region}",
      ...(limits.length > 0 && { annotations: { horizontal: limits } }),
    },
  }));
