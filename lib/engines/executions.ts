/**
 * Executions of a deployed state machine, as far as a command line starts and follows them. Calls StartExecution,
 * DescribeExecution and GetExecutionHistory.
 */
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { IncompleteListingError } from "../errors.ts";
import { ask, type CallPlace } from "./faults.ts";

/** How an execution stands. */
export interface ExecutionState {
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly error?: string;
  readonly cause?: string;
}

export interface Executions {
  /** Starts one and answers its ARN. Fails with `MissingError` where there is no such machine. */
  start(order: { readonly machine: string; readonly input: object }): Promise<string>;
  /** Fails with `MissingError` where there is no such execution, or none is seen yet: it was started a moment ago. */
  look(arn: string): Promise<ExecutionState>;
  /** What its Report state answered with, as JSON, once it has: of one that has ended. */
  report(arn: string): Promise<string | undefined>;
}

export const executionsIn = (client: SFNClient, region: string): Executions => {
  const place = (operation: string): CallPlace => ({ service: "states", operation, region });
  return {
    start: async ({ machine, input }) => {
      const command = new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input) });
      const { executionArn } = await ask(place("StartExecution"), () => client.send(command));
      if (executionArn) return executionArn;
      throw new IncompleteListingError(`states StartExecution in ${region} answered without an execution`);
    },
    look: async (arn) => {
      const { status, error, cause } = await ask(place("DescribeExecution"), () =>
        client.send(new DescribeExecutionCommand({ executionArn: arn })),
      );
      // PENDING_REDRIVE is on its way to RUNNING.
      const known = status === "PENDING_REDRIVE" || status === undefined ? "RUNNING" : status;
      return { status: known, ...(error && { error }), ...(cause && { cause }) };
    },
    report: (arn) => lastReport(client, arn, place("GetExecutionHistory")),
  };
};

/** The last states of a history are few: Report, and how it ended. */
const lastEvents = 20;

/** A failed execution has no output, but the state that wrote the report has. */
const lastReport = async (
  client: SFNClient,
  executionArn: string,
  place: CallPlace,
): Promise<string | undefined> => {
  const command = new GetExecutionHistoryCommand({
    executionArn,
    reverseOrder: true,
    maxResults: lastEvents,
  });
  const { events = [] } = await ask(place, () => client.send(command));
  return events.find(({ stateExitedEventDetails }) => stateExitedEventDetails?.name === "Report")
    ?.stateExitedEventDetails?.output;
};
