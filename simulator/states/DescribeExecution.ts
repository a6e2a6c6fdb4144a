import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import type { Execution, ExecutionEnd } from "../states-records.ts";
import { findExecution, questionsOn } from "./lookup.ts";

export const operation = defineOperation({
  name: "DescribeExecution",
  input: { executionArn: required(text) },
  permissions: ({ executionArn }) => questionsOn(executionArn),
  run: ({ executionArn }, call) => {
    const execution = findExecution(call, executionArn);
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.stateMachineArn,
      name: execution.name,
      startDate: execution.startedAt,
      input: execution.input,
      inputDetails: { included: true },
      stopDate: execution.end?.at,
      ...outcomeOf(execution.end),
      redriveCount: 0,
      ...redriveOf(execution),
    };
  },
});

const outcomeOf = (end: ExecutionEnd | undefined) => {
  switch (end?.status) {
    case undefined:
      return { status: "RUNNING" };
    case "SUCCEEDED":
      return { status: end.status, output: end.output, outputDetails: { included: true } };
    case "FAILED":
    case "ABORTED":
      return { status: end.status, error: end.error, cause: end.cause };
    default:
      return end satisfies never;
  }
};

// The reason is in the words of the API reference.
const redriveOf = ({ end }: Execution) => {
  const status = end?.status ?? "RUNNING";
  return status === "RUNNING" || status === "SUCCEEDED"
    ? {
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: `Execution is ${status} and cannot be redriven`,
      }
    : { redriveStatus: "REDRIVABLE" };
};
