import type { Refusal } from "./refusal.ts";
import { statesArn } from "./stage.ts";

/** Each fault of KMS; keys that exist but cannot be used are described like any other. */
export const kmsRefusals: readonly Refusal[] = [
  { fault: "NotFoundException", operation: "DescribeKey", input: { KeyId: "alias/nothing" } },
  {
    fault: "NotFoundException",
    operation: "DescribeKey",
    input: { KeyId: "00000000-dead-4000-8000-000000000000" },
  },
  { fault: "ValidationException", operation: "DescribeKey", input: {} },
];

const listing = (input: object): Refusal => ({
  fault: "InvalidParameterException",
  operation: "GetResources",
  input,
});

/** Each fault of the Resource Groups Tagging API. */
export const taggingRefusals: readonly Refusal[] = [
  listing({ ResourcesPerPage: 101 }),
  listing({ TagsPerPage: 99 }),
  listing({ PaginationToken: "made up" }),
  listing({ ResourceARNList: [] }),
  listing({ ResourceARNList: ["arn:aws:rds:us-east-1:1:cluster:a"], ResourceTypeFilters: ["rds"] }),
  listing({ TagFilters: [{ Key: "a", Values: Array.from({ length: 21 }, (_, index) => String(index)) }] }),
];

const nightly = statesArn("stateMachine:nightly");
const noMachine = statesArn("stateMachine:weekly");
const lastNight = statesArn("execution:nightly:last");

const starting = (fault: string, input: object): Refusal => ({
  fault,
  operation: "StartExecution",
  input: { stateMachineArn: nightly, ...input },
});

/** Each fault of Step Functions. */
export const statesRefusals: readonly Refusal[] = [
  starting("StateMachineDoesNotExist", { stateMachineArn: noMachine }),
  starting("InvalidArn", { stateMachineArn: "nightly" }),
  starting("InvalidArn", { stateMachineArn: lastNight }),
  starting("InvalidName", { name: "last night" }),
  starting("InvalidExecutionInput", { input: "not json" }),
  starting("ValidationException", { name: "x".repeat(81) }),
  starting("ValidationException", { name: "" }),
  starting("ValidationException", { input: `"${"x".repeat(262_144)}"` }),
  starting("ValidationException", { stateMachineArn: undefined }),
  {
    ...starting("ExecutionAlreadyExists", { name: "last", input: "{}" }),
    after: {
      operation: "StartExecution",
      input: { stateMachineArn: nightly, name: "last", input: '{"comesTo":"nothing"}' },
    },
  },
  {
    fault: "StateMachineDoesNotExist",
    operation: "DescribeStateMachine",
    input: { stateMachineArn: noMachine },
  },
  { fault: "InvalidArn", operation: "DescribeStateMachine", input: { stateMachineArn: "nightly" } },
  ...["DescribeExecution", "GetExecutionHistory", "StopExecution"].flatMap((operation) => [
    { fault: "ExecutionDoesNotExist", operation, input: { executionArn: lastNight } },
    { fault: "InvalidArn", operation, input: { executionArn: "last" } },
    { fault: "InvalidArn", operation, input: { executionArn: nightly } },
  ]),
  {
    fault: "InvalidToken",
    operation: "GetExecutionHistory",
    input: { executionArn: lastNight, nextToken: "made up" },
    after: { operation: "StartExecution", input: { stateMachineArn: nightly, name: "last" } },
  },
  {
    fault: "ValidationException",
    operation: "GetExecutionHistory",
    input: { executionArn: lastNight, maxResults: 1001 },
  },
];
