/** A state machine, of which no more is known than that it can be started: none is interpreted here. */
export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
}

export interface Execution extends ExecutionOrder {
  /** Absent while it runs. */
  end?: ExecutionEnd;
}

export type ExecutionEnd =
  | ({ readonly status: "SUCCEEDED"; readonly at: Date } & Success)
  | ({ readonly status: "FAILED"; readonly at: Date } & Failure)
  | {
      readonly status: "ABORTED";
      readonly at: Date;
      readonly error: string | undefined;
      readonly cause: string | undefined;
    };

/** An execution as it is handed to whoever carries it out. */
export interface ExecutionOrder {
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  /** JSON, as it was sent. */
  readonly input: string;
  /** Virtual time. */
  readonly startedAt: Date;
}

interface Reported {
  /** What the state named Report answered with last, as JSON; without it the history has no such state. */
  readonly report?: string | undefined;
}

interface Success extends Reported {
  /** JSON. */
  readonly output: string;
}

interface Failure extends Reported {
  readonly error: string;
  readonly cause: string;
}

/** What became of an execution. */
export type ExecutionResult = Success | Failure;

/** Carries out one execution; it ends when the promise does, unless it was stopped before. */
export type RunExecution = (execution: ExecutionOrder) => Promise<ExecutionResult>;
