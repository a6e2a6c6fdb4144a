import type { Execution, ExecutionEnd } from "../states-records.ts";
import { roleArnOf } from "./role.ts";

type Details = Readonly<Record<string, object>>;

interface Event {
  readonly timestamp: Date;
  readonly type: string;
  readonly details: Details;
}

/** What GetExecutionHistory can tell. Machines are not interpreted, so of the states only Report is known. */
export const historyOf = ({ stateMachineArn, input, startedAt, end }: Execution) => {
  const started = { input, inputDetails: whole, roleArn: roleArnOf(stateMachineArn) };
  const events: readonly Event[] = [
    {
      timestamp: startedAt,
      type: "ExecutionStarted",
      details: { executionStartedEventDetails: started },
    },
    ...(end ? lastEvents(end) : []),
  ];
  return events.map(({ timestamp, type, details }, index) => ({
    ...{ timestamp, type, id: index + 1, previousEventId: index },
    ...details,
  }));
};

const whole = { truncated: false };

const lastEvents = (end: ExecutionEnd): readonly Event[] => {
  const report = end.status === "ABORTED" ? undefined : end.report;
  const exited = { name: "Report", output: report, outputDetails: whole };
  return [
    ...(report === undefined
      ? []
      : [{ timestamp: end.at, type: "TaskStateExited", details: { stateExitedEventDetails: exited } }]),
    { timestamp: end.at, ...endOf(end) },
  ];
};

const endOf = (end: ExecutionEnd): Pick<Event, "type" | "details"> => {
  switch (end.status) {
    case "SUCCEEDED": {
      const details = { output: end.output, outputDetails: whole };
      return { type: "ExecutionSucceeded", details: { executionSucceededEventDetails: details } };
    }
    case "FAILED": {
      const details = { error: end.error, cause: end.cause };
      return { type: "ExecutionFailed", details: { executionFailedEventDetails: details } };
    }
    case "ABORTED": {
      const details = { error: end.error, cause: end.cause };
      return { type: "ExecutionAborted", details: { executionAbortedEventDetails: details } };
    }
    default:
      return end satisfies never;
  }
};
