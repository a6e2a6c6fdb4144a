import { operationTable, type Service } from "../operation.ts";
import { operation as DescribeExecution } from "./DescribeExecution.ts";
import { operation as DescribeStateMachine } from "./DescribeStateMachine.ts";
import { operation as GetExecutionHistory } from "./GetExecutionHistory.ts";
import { operation as StartExecution } from "./StartExecution.ts";
import { operation as StopExecution } from "./StopExecution.ts";

export const states: Service = {
  signingName: "states",
  protocol: { kind: "json", target: "AWSStepFunctions", jsonVersion: "1.0" },
  version: "2016-11-23",
  operations: operationTable([
    DescribeExecution,
    DescribeStateMachine,
    GetExecutionHistory,
    StartExecution,
    StopExecution,
  ]),
};
