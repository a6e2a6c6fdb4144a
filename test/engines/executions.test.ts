import type { SFNClient } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { executionsIn } from "../../lib/engines/executions.ts";
import { IncompleteListingError } from "../../lib/errors.ts";
import { executionClient } from "../../lib/runtime/clients.ts";
import { serveAnswers } from "./serve.ts";

/** How an execution stands, where its history is longer than a look at it. */
const arn = "arn:aws:states:us-east-1:123456789012:execution:holdfast-prod-backup:one";
const machine = arn.replace("execution", "stateMachine").replace(/:one$/, "");

/** The history of a night: many states, then Report, and how it ended. */
const exited = (name: string, output = "{}") => ({ stateExitedEventDetails: { name, output } });
const history = [
  ...Array.from({ length: 60 }, (_, nth) => exited(`State${nth}`)),
  ...[exited("Report", '{"outcome":"incomplete"}'), { stateEnteredEventDetails: { name: "Outcome" } }],
  ...[exited("Outcome"), { stateEnteredEventDetails: { name: "Incomplete" } }, {}],
].map((details, nth) => ({ ...{ timestamp: 0, type: "Any", id: nth + 1 }, ...details }));

const executionsOf = async (state: object, told?: string) => {
  const endpoint = await serveAnswers((body) => {
    const { maxResults, reverseOrder } = JSON.parse(body) as { maxResults?: number; reverseOrder?: boolean };
    if (maxResults === undefined)
      return JSON.stringify({ executionArn: arn, stateMachineArn: machine, startDate: 0, ...state });
    const events = reverseOrder ? history.toReversed() : history;
    return told ?? JSON.stringify({ events: events.slice(0, maxResults) });
  });
  return executionsIn(clientOf(endpoint), "us-east-1");
};

const credentials = { accessKeyId: "one", secretAccessKey: "two" };
const clientOf = (endpoint: string): SFNClient => executionClient("us-east-1", { endpoint, credentials });

describe("a look at an execution", () => {
  it("finds the report at the end of a long history, and AWS's words for the end", async () => {
    const failed = { status: "FAILED", error: "Incomplete", cause: "Some clusters were not taken" };
    const executions = await executionsOf(failed);
    expect(await executions.look(arn)).toEqual(failed);
    expect(await executions.report(arn)).toBe('{"outcome":"incomplete"}');
  });

  it.each(["RUNNING", "PENDING_REDRIVE", undefined])("takes what is %s for running", async (status) => {
    expect(await (await executionsOf({ status })).look(arn)).toEqual({ status: "RUNNING" });
  });

  it("that cannot read the history fails, and does not say that there is no report", async () => {
    const executions = await executionsOf({ status: "FAILED" }, "<html>");
    await expect(executions.report(arn)).rejects.toThrow("states GetExecutionHistory in us-east-1");
  });
});

it("an execution that is started without an ARN in the answer is none", async () => {
  const client = clientOf(await serveAnswers(() => "{}"));
  const started = executionsIn(client, "us-east-1").start({ machine, input: {} });
  await expect(started).rejects.toThrow(IncompleteListingError);
});
