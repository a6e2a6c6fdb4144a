import { type Stage, statesArn } from "./stage.ts";

/** Successful requests of the services that speak JSON, and of STS. */
export const otherPlays: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "the caller is named": async ({ wire }) => {
    await wire.ask("sts", "GetCallerIdentity", {});
  },
  "keys are described, whatever their state": async ({ wire }) => {
    for (const KeyId of ["alias/databases", "alias/off", "alias/going", "alias/aws/rds"]) {
      await wire.ask("kms", "DescribeKey", { KeyId });
    }
  },
  "events are taken, and wrong ones named in the answer": async ({ wire }) => {
    const event = { Source: "test", DetailType: "Test", Detail: '{"a":1}' };
    await wire.ask("events", "PutEvents", {
      Entries: [
        {
          ...event,
          Time: new Date("2026-03-01T12:00:00Z"),
          Resources: ["arn:aws:rds:us-east-1:1:cluster:a"],
        },
        { ...event, Source: "aws.rds" },
        { ...event, Detail: "not json" },
        { ...event, DetailType: undefined },
      ],
    });
  },
  "executions are started, followed to each of their ends, and stopped": async ({ wire, simulator }) => {
    const stateMachineArn = statesArn("stateMachine:nightly");
    await wire.ask("states", "DescribeStateMachine", { stateMachineArn });
    for (const comesTo of ["success", "failure", "nothing"]) {
      const start = { stateMachineArn, name: comesTo, input: JSON.stringify({ comesTo }) };
      const { executionArn } = await wire.ask("states", "StartExecution", start);
      simulator.clock.advance(60);
      if (comesTo === "nothing") {
        await wire.ask("states", "DescribeExecution", { executionArn });
        await wire.ask("states", "StopExecution", { executionArn, error: "Enough", cause: "by hand" });
      }
      await wire.ask("states", "DescribeExecution", { executionArn });
      await wire.ask("states", "GetExecutionHistory", { executionArn });
    }
  },
  "histories come in pages": async ({ wire }) => {
    const { executionArn } = await wire.ask("states", "StartExecution", {
      stateMachineArn: statesArn("stateMachine:nightly"),
    });
    const listing = { executionArn, reverseOrder: true, maxResults: 1 };
    const { nextToken } = await wire.ask("states", "GetExecutionHistory", listing);
    await wire.ask("states", "GetExecutionHistory", { ...listing, nextToken });
  },
  "tagged resources are listed in pages": async ({ wire }) => {
    const { PaginationToken } = await wire.ask("tagging", "GetResources", { ResourcesPerPage: 2 });
    await wire.ask("tagging", "GetResources", { ResourcesPerPage: 2, PaginationToken });
    await wire.ask("tagging", "GetResources", {
      ResourceTypeFilters: ["rds:cluster"],
      TagFilters: [{ Key: "team", Values: ["a&b"] }],
    });
  },
};
