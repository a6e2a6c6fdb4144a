import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { required, text } from "../protocol/shape.ts";
import { stableUuid } from "../stable-id.ts";
import type { Execution, StateMachine } from "../states-records.ts";
import { statesFault } from "./errors.ts";
import { arnOfExecution, findStateMachine, heldExecution, questionsOn } from "./lookup.ts";
import { carryOut } from "./run.ts";

export const operation = defineOperation({
  name: "StartExecution",
  input: { stateMachineArn: required(text), name: text, input: text },
  permissions: ({ stateMachineArn }) => questionsOn(stateMachineArn),
  run: ({ stateMachineArn, name, input = "{}" }, call) => {
    // In the order in which AWS was seen to refuse: limits of the model, the machine, then what was sent with it.
    if (name !== undefined) assertLength(name);
    assertSize(input);
    const machine = findStateMachine(call, stateMachineArn);
    if (name !== undefined) assertName(name);
    assertJson(input);
    const { arn, startedAt } = started(call, machine, {
      name: name ?? stableUuid(call.requestId, "execution"),
      input,
    });
    return { executionArn: arn, startDate: startedAt };
  },
});

interface Asked {
  readonly name: string;
  readonly input: string;
}

/** The running execution of that name and input, or else a new one. */
const started = (call: Call, machine: StateMachine, { name, input }: Asked): Execution => {
  const key = `${machine.name}:${name}`;
  const held = heldExecution(call, key);
  if (held) return assertSame(held, input);
  const arn = arnOfExecution(call.store, key);
  const execution = { arn, stateMachineArn: machine.arn, name, input, startedAt: call.now };
  call.store.executions.set(key, execution);
  if (call.runExecution) carryOut(execution, call.runExecution, call.world.clock);
  return execution;
};

const assertSame = (held: Execution, input: string): Execution => {
  if (!held.end && held.input === input) return held;
  throw statesFault("ExecutionAlreadyExists", `Execution Already Exists: '${held.arn}'`);
};

const nameLengthMax = 80;

const assertLength = (name: string): void => {
  if (name.length >= 1 && name.length <= nameLengthMax) return;
  const limit = name.length < 1 ? "greater than or equal to 1" : `less than or equal to ${nameLengthMax}`;
  throw commonError(
    "ValidationError",
    `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must have length ${limit}`,
  );
};

const inputBytesMax = 262_144;

const assertSize = (input: string): void => {
  if (Buffer.byteLength(input) <= inputBytesMax) return;
  throw commonError(
    "ValidationError",
    `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have size less than or equal to ${inputBytesMax} bytes in UTF-8 encoding`,
  );
};

// As the model describes what a name must not contain: white space, brackets, wild cards, these, and controls.
const unfit = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\u{fffe}\u{ffff}\u{10ffff}]/u;

const assertName = (name: string): void => {
  if (unfit.test(name)) throw statesFault("InvalidName", `Invalid Name: '${name}'`);
};

// AWS goes on in the words of its own parser; these are Node's.
const assertJson = (input: string): void => {
  try {
    JSON.parse(input);
  } catch (error) {
    const words = `Invalid State Machine Execution Input: '${(error as Error).message}'`;
    throw statesFault("InvalidExecutionInput", words);
  }
};
