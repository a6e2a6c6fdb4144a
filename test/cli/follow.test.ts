import { expect, it, onTestFinished } from "vitest";
import { follow } from "../../cli/follow.ts";
import { type Executions, executionsIn } from "../../lib/engines/executions.ts";
import { MissingError, TransientError } from "../../lib/errors.ts";
import { executionClient } from "../../lib/runtime/clients.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { home } from "../night.ts";

interface Begun {
  readonly simulator: Simulator;
  readonly executions: Executions;
  readonly arn: string;
}

/** An execution that goes on until somebody ends it. */
const begin = async (): Promise<Begun> => {
  const simulator = await startSimulator({ fleet: { stateMachines: [{ region: home, name: "nights" }] } });
  onTestFinished(() => simulator.close());
  const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
  const executions = executionsIn(executionClient(home, { endpoint: simulator.endpoint, credentials }), home);
  const machine = `arn:aws:states:${home}:123456789012:stateMachine:nights`;
  return { simulator, executions, arn: await executions.start({ machine, input: {} }) };
};

const end = (simulator: Simulator): void => {
  for (const execution of simulator.world.store(home).executions.values())
    execution.end = { status: "SUCCEEDED", at: new Date(), output: "{}" };
};

const at = (simulator: Simulator, look: number, work: () => void): void => {
  const looks = () =>
    simulator.calls.entries.filter(({ operation, status }) => status && operation === "DescribeExecution");
  simulator.calls.subscribe(() => {
    if (looks().length === look) work();
  });
};

const patience = { lookSecondsMax: 0.01, unansweredMax: 2 };
const progress = async (): Promise<string> => "snapshots 1/2";
const unknown = { code: "ExecutionDoesNotExist", status: 400, message: "Execution Does Not Exist" };

it("bears with an AWS that does not answer again and again, and shows that", {
  timeout: 60_000,
}, async () => {
  const { simulator, executions, arn } = await begin();
  const written: string[] = [];
  const stream = { isTTY: true, write: (text: string) => written.push(text) > 0 };
  // Three attempts make one look.
  const silence = { operation: "DescribeExecution", times: 6, kind: "throttle" } as const;
  simulator.faults.add(silence);
  at(simulator, 7, () => void simulator.faults.add(silence));
  at(simulator, 14, () => end(simulator));
  const ended = await follow({ executions, arn, progress, patience, stream });
  expect(ended.status).toBe("SUCCEEDED");
  const silent = expect.stringContaining(
    "\r\u001b[Kno answer  states DescribeExecution in us-east-1: Throttling",
  );
  expect(written).toEqual([
    ...[silent, silent, "\r\u001b[KRUNNING  snapshots 1/2"],
    ...[silent, silent, "\r\u001b[KRUNNING  snapshots 1/2"],
    ...["\r\u001b[KSUCCEEDED  snapshots 1/2", "\n"],
  ]);
});

it("gives up where AWS does not answer for long", { timeout: 60_000 }, async () => {
  const { simulator, executions, arn } = await begin();
  simulator.faults.add({ operation: "DescribeExecution", times: 1000, kind: "throttle" });
  await expect(follow({ executions, arn, progress, patience })).rejects.toThrow(TransientError);
  expect(simulator.calls.byOperation()["states.DescribeExecution"]).toBe(9);
});

it("gives up where an execution is gone that was seen, and waits for one that was not", async () => {
  const { simulator, executions, arn } = await begin();
  simulator.faults.add({ operation: "DescribeExecution", times: 2, kind: unknown });
  at(
    simulator,
    3,
    () => void simulator.faults.add({ operation: "DescribeExecution", times: 1, kind: unknown }),
  );
  await expect(follow({ executions, arn, progress, patience })).rejects.toThrow(MissingError);
  expect(simulator.calls.byOperation()["states.DescribeExecution"]).toBe(4);
});
