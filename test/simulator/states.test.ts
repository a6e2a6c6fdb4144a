import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  type GetExecutionHistoryInput,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import type { ExecutionOrder, ExecutionResult } from "../../simulator/states-records.ts";

const region = "eu-west-1";
const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
const machine = `arn:aws:states:${region}:123456789012:stateMachine:nightly`;
const arnOfExecution = (name: string) => `arn:aws:states:${region}:123456789012:execution:nightly:${name}`;
const start = new Date("2026-03-01T00:00:00Z");
const minutesLater = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

/** What the runner was given, and how each of its executions is brought to an end. */
interface Given {
  readonly order: ExecutionOrder;
  succeed(result: ExecutionResult): void;
  fail(error: Error): void;
}

let simulator: Simulator;
let client: SFNClient;
let given: Given[];

const open = async (runs: boolean) => {
  given = [];
  simulator = await startSimulator({
    fleet: { now: start.toISOString(), stateMachines: [{ region, name: "nightly" }] },
    ...(runs && {
      runExecution: (order: ExecutionOrder) =>
        new Promise<ExecutionResult>((succeed, fail) => {
          given.push({ order, succeed, fail });
        }),
    }),
  });
  client = new SFNClient({ region, endpoint: simulator.endpoint, credentials, maxAttempts: 1 });
};

beforeEach(() => open(true));
afterEach(async () => {
  client.destroy();
  await simulator.close();
});

const started = async (name?: string, input?: string): Promise<string> => {
  const command = new StartExecutionCommand({ stateMachineArn: machine, name, input });
  return (await client.send(command)).executionArn ?? "";
};
const described = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
const history = async (executionArn: string, more: Partial<GetExecutionHistoryInput> = {}) =>
  client.send(new GetExecutionHistoryCommand({ executionArn, ...more }));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => ({ name: error.name, status: error.$metadata?.httpStatusCode, message: error.message }),
  );
const ended = (result: ExecutionResult) => given[0]?.succeed(result);

describe("StartExecution", () => {
  it("starts one, hands it to the runner, and tells where it is", async () => {
    const command = new StartExecutionCommand({ stateMachineArn: machine, name: "first", input: '{"a":1}' });
    const answer = await client.send(command);
    expect(answer).toMatchObject({ executionArn: arnOfExecution("first"), startDate: start });
    expect(given.map(({ order }) => order)).toEqual([
      {
        arn: arnOfExecution("first"),
        stateMachineArn: machine,
        name: "first",
        input: '{"a":1}',
        startedAt: start,
      },
    ]);
    expect(await described(arnOfExecution("first"))).toMatchObject({
      status: "RUNNING",
      name: "first",
      input: '{"a":1}',
    });
  });

  it("names an execution by a UUID and gives it an empty object, unless told otherwise", async () => {
    expect(await started()).toMatch(/:execution:nightly:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await started()).not.toBe(arnOfExecution(given[0]?.order.name ?? ""));
    expect(given[0]?.order.input).toBe("{}");
  });

  it("leaves it running where nobody carries it out", async () => {
    client.destroy();
    await simulator.close();
    await open(false);
    const arn = await started();
    simulator.clock.advance(86_400);
    expect(await described(arn)).toMatchObject({ status: "RUNNING" });
  });

  it("answers the same execution again for the same name and input, while it runs", async () => {
    const arn = await started("same", '{"a":1}');
    simulator.clock.advance(60);
    const command = new StartExecutionCommand({ stateMachineArn: machine, name: "same", input: '{"a":1}' });
    expect(await client.send(command)).toMatchObject({ executionArn: arn, startDate: start });
    expect(given).toHaveLength(1);
  });

  it("refuses a name with another input, or once its execution has ended", async () => {
    const arn = await started("same", '{"a":1}');
    const taken = { name: "ExecutionAlreadyExists", message: `Execution Already Exists: '${arn}'` };
    expect(await refusal(started("same", '{"a":2}'))).toMatchObject(taken);
    ended({ output: "{}" });
    expect(await refusal(started("same", '{"a":1}'))).toMatchObject(taken);
  });

  it("forgets an execution, and with it its name, 90 days after its end", async () => {
    const arn = await started("same");
    ended({ output: "{}" });
    await described(arn);
    simulator.clock.advance(90 * 86_400);
    expect(await described(arn)).toMatchObject({ status: "SUCCEEDED" });
    simulator.clock.advance(1);
    expect(await refusal(described(arn))).toMatchObject({ name: "ExecutionDoesNotExist" });
    expect(await started("same", '{"a":2}')).toBe(arn);
  });

  const none = machine.replace("nightly", "weekly");
  it.each([
    ["a machine that is not there", { stateMachineArn: none }, "StateMachineDoesNotExist", `'${none}'`],
    ["no ARN", { stateMachineArn: "nightly" }, "InvalidArn", "'Invalid ARN prefix: nightly'"],
    [
      "the ARN of an execution",
      { stateMachineArn: arnOfExecution("x") },
      "InvalidArn",
      "'Resource type not valid in this context: execution'",
    ],
    ["a name with a blank", { name: "a b" }, "InvalidName", "'a b'"],
    ["a name with a wild card", { name: "a*" }, "InvalidName", "'a*'"],
    ["a name with a control character", { name: "a\u0085" }, "InvalidName", "'a\u0085'"],
    [
      "input that is no JSON",
      { input: "{" },
      "InvalidExecutionInput",
      "Invalid State Machine Execution Input",
    ],
    ["a name that is too long", { name: "x".repeat(81) }, "ValidationException", "less than or equal to 80"],
    ["input that is too large", { input: `"${"ä".repeat(131_072)}"` }, "ValidationException", "262144 bytes"],
    // Limits of the model come first, then the machine, then what the name and the input hold.
    [
      "a long name for no machine",
      { stateMachineArn: none, name: "x".repeat(81) },
      "ValidationException",
      "80",
    ],
    [
      "a bad name for no machine",
      { stateMachineArn: none, name: "a b" },
      "StateMachineDoesNotExist",
      "weekly",
    ],
  ])("refuses %s", async (_, wrong, name, words) => {
    const command = new StartExecutionCommand({ stateMachineArn: machine, ...wrong });
    const answer = await refusal(client.send(command));
    expect(answer).toMatchObject({ name, status: 400, message: expect.stringContaining(words) });
    expect(simulator.world.store(region).executions.size).toBe(0);
  });
});

describe("an execution", () => {
  it("succeeds with the runner's output, at the time the virtual clock shows", async () => {
    const arn = await started("good");
    simulator.clock.advance(600);
    ended({ output: '{"saved":3}' });
    expect(await described(arn)).toMatchObject({
      ...{ executionArn: arn, stateMachineArn: machine, status: "SUCCEEDED", output: '{"saved":3}' },
      ...{ startDate: start, stopDate: minutesLater(10), redriveStatus: "NOT_REDRIVABLE" },
    });
  });

  it("fails with the runner's error and cause", async () => {
    const arn = await started("bad");
    ended({ error: "Incomplete", cause: "one is missing" });
    const answer = await described(arn);
    expect(answer).toMatchObject({ status: "FAILED", error: "Incomplete", cause: "one is missing" });
    expect(answer).toMatchObject({ stopDate: start, redriveStatus: "REDRIVABLE" });
    expect(answer.output).toBeUndefined();
  });

  it("fails where its runner breaks", async () => {
    const arn = await started("broken");
    given[0]?.fail(new Error("out of order"));
    expect(await described(arn)).toMatchObject({
      ...{ status: "FAILED", error: "States.Runtime", cause: "out of order" },
    });
  });

  it.each(["DescribeExecution", "GetExecutionHistory", "StopExecution"] as const)(
    "that is not there is told by %s, and so is an ARN that is none",
    async (operation) => {
      const asked = (executionArn: string) => {
        if (operation === "DescribeExecution") return refusal(described(executionArn));
        if (operation === "GetExecutionHistory") return refusal(history(executionArn));
        return refusal(client.send(new StopExecutionCommand({ executionArn })));
      };
      const none = arnOfExecution("none");
      expect(await asked(none)).toEqual({
        ...{ name: "ExecutionDoesNotExist", status: 400, message: `Execution Does Not Exist: '${none}'` },
      });
      expect(await asked(machine)).toMatchObject({ name: "InvalidArn", status: 400 });
      expect(await asked("none")).toMatchObject({ name: "InvalidArn", status: 400 });
    },
  );
});

describe("StopExecution", () => {
  it("aborts it for the reason given, whatever its runner comes to later", async () => {
    const arn = await started("long");
    simulator.clock.advance(60);
    const command = new StopExecutionCommand({ executionArn: arn, error: "Enough", cause: "by hand" });
    expect(await client.send(command)).toMatchObject({ stopDate: minutesLater(1) });
    const aborted = { status: "ABORTED", error: "Enough", cause: "by hand", stopDate: minutesLater(1) };
    expect(await described(arn)).toMatchObject(aborted);
    simulator.clock.advance(60);
    ended({ output: "{}", report: "{}" });
    expect(await described(arn)).toMatchObject(aborted);
    expect((await history(arn)).events?.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "ExecutionAborted",
    ]);
  });

  it("leaves one that has ended as it is", async () => {
    const arn = await started("good");
    ended({ output: "{}" });
    await described(arn);
    simulator.clock.advance(60);
    expect(await client.send(new StopExecutionCommand({ executionArn: arn }))).toMatchObject({
      stopDate: start,
    });
    expect(await described(arn)).toMatchObject({ status: "SUCCEEDED", stopDate: start });
  });
});

describe("GetExecutionHistory", () => {
  it("tells of the start alone while it runs", async () => {
    const { events, nextToken } = await history(await started("long", '{"a":1}'));
    expect(events).toMatchObject([
      {
        ...{ id: 1, previousEventId: 0, type: "ExecutionStarted", timestamp: start },
        executionStartedEventDetails: { input: '{"a":1}', inputDetails: { truncated: false } },
      },
    ]);
    expect(nextToken).toBeUndefined();
  });

  it("ends with what the last state reported and how it all came out", async () => {
    const arn = await started("bad");
    simulator.clock.advance(60);
    ended({ error: "Incomplete", cause: "one is missing", report: '{"saved":2}' });
    const { events } = await history(arn);
    expect(events).toMatchObject([
      { id: 1, previousEventId: 0, type: "ExecutionStarted" },
      {
        ...{ id: 2, previousEventId: 1, type: "TaskStateExited", timestamp: minutesLater(1) },
        stateExitedEventDetails: { name: "Report", output: '{"saved":2}' },
      },
      {
        ...{ id: 3, previousEventId: 2, type: "ExecutionFailed", timestamp: minutesLater(1) },
        executionFailedEventDetails: { error: "Incomplete", cause: "one is missing" },
      },
    ]);
  });

  it("ends without a report where there was none", async () => {
    const arn = await started("good");
    ended({ output: '{"saved":3}' });
    expect((await history(arn)).events).toMatchObject([
      { id: 1 },
      {
        ...{ id: 2, previousEventId: 1, type: "ExecutionSucceeded" },
        executionSucceededEventDetails: { output: '{"saved":3}' },
      },
    ]);
  });

  it.each([
    [false, [1, 2, 3]],
    [true, [3, 2, 1]],
  ])("comes in pages, with the newest first: %s", async (reverseOrder, wanted) => {
    const arn = await started("good");
    ended({ output: "{}", report: "{}" });
    const ids: unknown[] = [];
    let nextToken: string | undefined;
    do {
      const page = await history(arn, { reverseOrder, maxResults: 2, nextToken });
      expect(page.events?.length).toBeLessThanOrEqual(2);
      ids.push(...(page.events ?? []).map(({ id }) => id));
      nextToken = page.nextToken;
    } while (nextToken);
    expect(ids).toEqual(wanted);
    expect((await history(arn, { reverseOrder, maxResults: 0 })).events).toHaveLength(3);
  });

  it("refuses a token that it did not give for this listing, and too large a page", async () => {
    const arn = await started("good");
    ended({ output: "{}", report: "{}" });
    const { nextToken } = await history(arn, { maxResults: 1 });
    const other = await started("other");
    for (const listing of [
      history(arn, { nextToken: "made up" }),
      history(arn, { nextToken, reverseOrder: true }),
      history(other, { nextToken }),
    ]) {
      expect(await refusal(listing)).toMatchObject({ name: "InvalidToken", status: 400 });
    }
    expect(await refusal(history(arn, { maxResults: 1001 }))).toMatchObject({
      ...{ name: "ValidationException", status: 400 },
    });
  });
});

describe("DescribeStateMachine", () => {
  const asked = (stateMachineArn: string) =>
    client.send(new DescribeStateMachineCommand({ stateMachineArn }));

  it("tells of a machine that is there", async () => {
    const answer = await asked(machine);
    expect(answer).toMatchObject({
      ...{ stateMachineArn: machine, name: "nightly", status: "ACTIVE", type: "STANDARD" },
      ...{ creationDate: start, roleArn: expect.stringContaining(":role/") },
    });
    expect(JSON.parse(answer.definition ?? "")).toHaveProperty("StartAt");
  });

  it("tells of one that is not", async () => {
    const none = machine.replace("nightly", "weekly");
    expect(await refusal(asked(none))).toEqual({
      ...{ name: "StateMachineDoesNotExist", status: 400 },
      message: `State Machine Does Not Exist: '${none}'`,
    });
    expect(await refusal(asked("nightly"))).toMatchObject({ name: "InvalidArn" });
  });

  it("knows the machines of its own region and account only", async () => {
    const elsewhere = machine.replace(region, "us-east-1");
    expect(await refusal(asked(elsewhere))).toMatchObject({ name: "StateMachineDoesNotExist" });
    const stranger = machine.replace("123456789012", "210987654321");
    expect(await refusal(asked(stranger))).toMatchObject({ name: "StateMachineDoesNotExist" });
  });
});
