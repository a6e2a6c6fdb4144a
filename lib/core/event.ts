import type { OwnedSnapshot } from "./ownership.ts";
import { type Problem, sentenceOf } from "./problem.ts";
import type { Run } from "./run.ts";
import { arnOf } from "./snapshot.ts";
import type { Summary } from "./summary.ts";

/** What EventBridge is told; docs/events holds a JSON Schema for each type's detail. */
export interface PublishedEvent {
  readonly type: EventType;
  /** ISO 8601. */
  readonly time: string;
  readonly resources: readonly string[];
  /** `version` counts up when a field changes its meaning or goes; `id` is the same however often it is sent. */
  readonly detail: Readonly<Record<string, unknown>> & { readonly version: 1; readonly id: string };
}

export const eventTypes = [
  "Holdfast Backup Completed",
  "Holdfast Backup Incomplete",
  "Holdfast Recovery Point Created",
  "Holdfast Recovery Point Copied",
  "Holdfast Recovery Point Pruned",
] as const;

export type EventType = (typeof eventTypes)[number];

/** What stands in the detail of every event about one recovery point. */
export interface PointEventInput {
  readonly service: string;
  /** The run that made the change; the recovery point itself may be of an earlier one. */
  readonly run: string;
  readonly point: OwnedSnapshot;
  readonly now: number;
}

export const createdEvent = (input: PointEventInput): PublishedEvent =>
  pointEvent("Holdfast Recovery Point Created", "created", input, {});

/** `point` is the copy: its region is the destination, its source what it was made from. */
export const copiedEvent = (input: PointEventInput): PublishedEvent =>
  pointEvent("Holdfast Recovery Point Copied", "copied", input, { source: input.point.source ?? "" });

export const prunedEvent = (
  input: PointEventInput & { readonly because: readonly string[] },
): PublishedEvent =>
  pointEvent("Holdfast Recovery Point Pruned", "pruned", input, { because: input.because });

const pointEvent = (
  type: EventType,
  deed: string,
  { service, run, point, now }: PointEventInput,
  more: Readonly<Record<string, unknown>>,
): PublishedEvent => {
  const { id, region } = point.snapshot;
  const arn = arnOf(point.snapshot);
  return {
    type,
    time: new Date(now).toISOString(),
    resources: [arn],
    detail: {
      version: 1,
      id: `${service}/${deed}/${arn}`,
      ...{ service, plan: point.plan, run, cluster: point.clusterArn, resource: point.resource },
      takenAt: new Date(point.takenAt).toISOString(),
      ...{ region, snapshot: id, arn },
      ...more,
    },
  };
};

export interface RunEventInput {
  readonly service: string;
  readonly run: Pick<Run, "id" | "plan" | "at">;
  readonly summary: Summary;
  /** At most this many problems travel in the event; the report's log names them all. */
  readonly problems: readonly Problem[];
}

/** The run's outcome, once for each execution's Report; a second execution of a run has the same id. */
export const runEvent = ({ service, run, summary, problems }: RunEventInput): PublishedEvent => {
  const { outcome, totals } = summary;
  const complete = outcome === "complete";
  return {
    type: complete ? "Holdfast Backup Completed" : "Holdfast Backup Incomplete",
    time: run.at,
    resources: [],
    detail: {
      version: 1,
      id: `${service}/${run.id}/${outcome}`,
      ...{ service, plan: run.plan, run: run.id, at: run.at, totals },
      ...(!complete && { problems: problems.map((one) => ({ ...one, sentence: sentenceOf(one) })) }),
    },
  };
};
