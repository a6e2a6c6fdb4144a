/** One figure for CloudWatch, by what it is told apart; the service with its stage is always among that. */
export interface Measurement {
  readonly name: MetricName;
  readonly unit: "Seconds" | "Count";
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Every metric that Holdfast publishes; alarms and dashboard are made from these names. */
export const metricNames = {
  recoveryPointAge: "RecoveryPointAge",
  runAge: "RunAge",
  clustersAtRisk: "ClustersAtRisk",
  keysUnusable: "KeysUnusable",
  snapshotsAvailable: "SnapshotsAvailable",
  copiesAvailable: "CopiesAvailable",
  pruned: "RecoveryPointsPruned",
  problems: "Problems",
  sweepProblems: "SweepProblems",
  throttledCalls: "ThrottledCalls",
} as const;

export type MetricName = (typeof metricNames)[keyof typeof metricNames];

export const metricNamespace = "Holdfast";

/** Where steps write their figures. */
export type Meter = (measurement: Measurement) => void;
