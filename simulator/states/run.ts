import type { Clock } from "../clock.ts";
import type { Execution, ExecutionResult, RunExecution } from "../states-records.ts";

/**
 * Has an execution carried out and notes how it ended. The runner is called only after the request that started
 * the execution has been answered, so it may call the simulator itself, and its own mistakes do not become ours.
 */
export const carryOut = (execution: Execution, run: RunExecution, clock: Clock): void => {
  const { arn, stateMachineArn, name, input, startedAt } = execution;
  void Promise.resolve({ arn, stateMachineArn, name, input, startedAt })
    .then(run)
    .catch(broken)
    .then((result) => finish(execution, result, clock.now()));
};

// What an execution ends with that fails for none of the reasons its definition knows.
const broken = (error: unknown): ExecutionResult => ({
  error: "States.Runtime",
  cause: error instanceof Error ? error.message : String(error),
});

// One that was stopped stays so, whatever its runner comes to.
const finish = (execution: Execution, result: ExecutionResult, at: Date): void => {
  execution.end ??=
    "output" in result ? { status: "SUCCEEDED", at, ...result } : { status: "FAILED", at, ...result };
};
