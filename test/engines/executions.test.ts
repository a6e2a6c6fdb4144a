import { SFNClient } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { executionsIn } from "../../lib/engines/executions.ts";
import { serveAnswers } from "./serve.ts";

/** How an execution stands, where its history is longer than a look at it. */
const arn = "arn:aws:states:us-east-1:123456789012:execution:holdfast-prod-backup:one";
const machine = arn.replace("execution", "stateMachine").replace(/:one$/, "");

/** The history of a night: many states, then Report, and how it ended. */
const history = [
  ...Array.from({ length: 60 }, (_, nth) => ({ name: `State${nth}`, output: "{}" })),
  { name: "Report", output: '{"outcome":"incomplete"}' },
  { name: "Outcome", output: "{}" },
].map((stateExitedEventDetails, nth) => ({
  ...{ timestamp: 0, type: "TaskStateExited", id: nth + 1, stateExitedEventDetails },
}));

const looked = async (state: object) => {
  let histories = 0;
  const endpoint = await serveAnswers((body) => {
    const { maxResults, reverseOrder } = JSON.parse(body) as { maxResults?: number; reverseOrder?: boolean };
    if (maxResults === undefined)
      return JSON.stringify({ executionArn: arn, stateMachineArn: machine, startDate: 0, ...state });
    histories += 1;
    const events = reverseOrder ? history.toReversed() : history;
    return JSON.stringify({ events: events.slice(0, maxResults) });
  });
  const credentials = { accessKeyId: "one", secretAccessKey: "two" };
  const client = new SFNClient({ region: "us-east-1", endpoint, credentials });
  return { state: await executionsIn(client, "us-east-1").look(arn), histories };
};

describe("a look at an execution", () => {
  it("finds the report at the end of a long history, and AWS's words for the end", async () => {
    const failed = { status: "FAILED", error: "Incomplete", cause: "Some clusters were not taken" };
    const { state } = await looked(failed);
    expect(state).toEqual({ ...failed, report: '{"outcome":"incomplete"}' });
  });

  it.each(["RUNNING", "PENDING_REDRIVE"])(
    "takes what is %s for running, of which no report is",
    async (status) => {
      expect(await looked({ status })).toEqual({ state: { status: "RUNNING" }, histories: 0 });
    },
  );
});
