import { type Arn, arnOf, parseArn } from "../arn.ts";
import type { Question } from "../iam.ts";
import type { Call } from "../operation.ts";
import type { Execution, StateMachine } from "../states-records.ts";
import type { RegionStore } from "../world.ts";
import { statesFault } from "./errors.ts";

/** Every operation asks on the resource that it names. What is no ARN leaves nothing to ask on. */
export const questionsOn = (arn: string): readonly Question[] => (parseArn(arn) ? [{ resource: arn }] : []);

/** Throws InvalidArn or StateMachineDoesNotExist; versions and aliases of machines are not simulated. */
export const findStateMachine = ({ store }: Call, arn: string): StateMachine => {
  const { id } = arnOfType("stateMachine", arn);
  const held = store.stateMachines.get(id);
  if (held?.arn === arn) return held;
  throw statesFault("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
};

/** Throws InvalidArn or ExecutionDoesNotExist. */
export const findExecution = (call: Call, arn: string): Execution => {
  const { id } = arnOfType("execution", arn);
  const held = heldExecution(call, id);
  if (held?.arn === arn) return held;
  throw statesFault("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
};

// Documented: history and name of an execution are kept for 90 days after its end.
const keptMilliseconds = 90 * 86_400_000;

/** The execution known as `machine:name`, unless it ended too long ago. */
export const heldExecution = (
  { store, now }: { readonly store: RegionStore; readonly now: Date },
  key: string,
): Execution | undefined => {
  const held = store.executions.get(key);
  const endedAt = held?.end?.at ?? now;
  return now.getTime() - endedAt.getTime() > keptMilliseconds ? undefined : held;
};

export const arnOfExecution = (store: RegionStore, key: string): string =>
  arnOf("states", store, `execution:${key}`);

// Both wordings were seen on the wire.
const arnOfType = (type: "execution" | "stateMachine", value: string): Arn => {
  const arn = parseArn(value);
  if (!arn) throw statesFault("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${value}'`);
  if (arn.service === "states" && arn.type === type) return arn;
  const words = `Invalid Arn: 'Resource type not valid in this context: ${arn.type}'`;
  throw statesFault("InvalidArn", words);
};
