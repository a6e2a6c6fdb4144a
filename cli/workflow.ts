import { readFileSync } from "node:fs";
import type { Context as LambdaContext } from "aws-lambda";
import { StateMachine } from "aws-local-stepfunctions";
import { parse } from "yaml";
import { handler as check } from "../functions/check.ts";
import { handler as copy } from "../functions/copy.ts";
import { handler as discover } from "../functions/discover.ts";
import { handler as prune } from "../functions/prune.ts";
import { handler as recognise } from "../functions/recognise.ts";
import { handler as report } from "../functions/report.ts";
import { handler as snapshot } from "../functions/snapshot.ts";
import { handler as sweep } from "../functions/sweep.ts";
import { handler as watch } from "../functions/watch.ts";
import type { Door } from "../lib/runtime/door.ts";
import { type Runtime, withRuntime } from "../lib/runtime/runtime.ts";
import type { RunRequest } from "../lib/steps/discover.ts";
import type { Scheduled } from "../lib/steps/survey.ts";
import type { TimeKeeper } from "./virtual-time.ts";

/** The functions by name: those of a run, and those beside the runs. */
export const doors: Readonly<Record<string, Door>> = {
  ...{ check, copy, discover, prune, report, snapshot },
  ...{ recognise, sweep, watch },
};

interface State {
  readonly Type: string;
  readonly SecondsPath?: string;
  readonly [field: string]: unknown;
}

export interface Machine {
  readonly States: Readonly<Record<string, State>>;
  readonly [field: string]: unknown;
}

export interface ExecutionInput {
  readonly request: RunRequest | Scheduled;
  /** Calls a function by its name. */
  readonly invoke: Invoke;
  /** Epoch milliseconds: the execution's start is read from it. */
  readonly clock: () => number;
  readonly time: TimeKeeper;
  readonly onTransition?: (state: string) => void;
  /** Aborts the execution. */
  readonly signal?: AbortSignal;
  /** The definition to run; default: that of a run. */
  readonly definition?: Machine;
  /** `paused`: a Retry waits as the definition says; default: it follows at once; `none`: somebody waits for the answer. */
  readonly retries?: "paused" | "none";
}

export type Invoke = (name: string, event: unknown) => Promise<unknown>;

export interface ExecutionResult {
  readonly status: "SUCCEEDED" | "FAILED";
  readonly output?: unknown;
  /** The error's name and words, where the execution failed. */
  readonly error?: string;
  readonly cause?: string;
  readonly transitions: number;
  /** The largest input of any state, in bytes of JSON: AWS allows 262,144. */
  readonly largestPayloadBytes: number;
}

const definitions = new Map<string, Machine>();

/** The definition that is deployed of a run, or of a sweep, as data, in the partition that most accounts are in: read once. */
export const readDefinition = (name: "backup" | "sweep" = "backup"): Machine => {
  const definition = definitions.get(name) ?? parseDefinition(name);
  definitions.set(name, definition);
  return definition;
};

const parseDefinition = (name: string): Machine =>
  parse(
    readFileSync(new URL(`../workflow/${name}.asl.yml`, import.meta.url), "utf8").replaceAll(
      /\{ Fn::Sub: "([^"]+)" \}/g,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
      (_, text: string) => text.replace("${AWS::Partition}", "aws"),
    ),
    { merge: true },
  ) as Machine;

/**
 * Runs the deployed definition in this process: an interpreter of the Amazon States Language moves between the
 * states, Task states call the real handlers, Wait states sleep where the time keeper lets them.
 */
export const runWorkflow = async (input: ExecutionInput): Promise<ExecutionResult> => {
  const { request, clock, signal, definition = readDefinition(), retries } = input;
  const machine = machineOf(retries === "none" ? withoutRetries(definition) : definition);
  const parts: ExecutionResult[] = [];
  const runPart = partRunner({ ...input, definition }, parts);
  const execution = machine.run(request as never, {
    overrides: {
      taskResourceLocalHandlers: handlersFor(definition, input, runPart),
      retryIntervalOverrides: retries === undefined ? noPauses(definition) : {},
    },
    context: contextAt(clock) as never,
  });
  signal?.addEventListener("abort", () => execution.abort(), { once: true });
  const counted = countEvents(execution.eventLogs, input);
  const ended = await execution.result.then(
    (output: unknown) => ({ status: "SUCCEEDED" as const, output }),
    (failure: unknown) => ({ status: "FAILED" as const, ...describeFailure(failure) }),
  );
  return { ...ended, ...withParts(await counted, parts) };
};

/** What the definition reads of an execution beside its input. */
const contextAt = (clock: () => number) => ({
  Clock: { StartTime: new Date(clock()).toISOString() },
  Execution: { Id: "arn:aws:states:local:000000000000:execution:backup:local" },
  StateMachine: { Id: "arn:aws:states:local:000000000000:stateMachine:backup" },
});

/** An execution that the definition starts: the same definition, in this process, by the same clock. */
const partRunner =
  (input: ExecutionInput, parts: ExecutionResult[]): StateHandler =>
  async ({ Input }) => {
    const part = await runWorkflow({ ...input, request: overTheWire(Input) as RunRequest });
    parts.push(part);
    if (part.status === "SUCCEEDED") return { Output: part.output };
    // As Step Functions names it, whatever the execution failed by.
    throw Object.assign(new Error(`${part.error}: ${part.cause}`), { name: "States.TaskFailed" });
  };

type Counted = Pick<ExecutionResult, "transitions" | "largestPayloadBytes">;

const withParts = (own: Counted, parts: readonly Counted[]): Counted => ({
  transitions: parts.reduce((sum, { transitions }) => sum + transitions, own.transitions),
  largestPayloadBytes: Math.max(own.largestPayloadBytes, ...parts.map((part) => part.largestPayloadBytes)),
});

/** A test holds the definition valid; the interpreter's own validator takes longer than a night of a few clusters. */
const machineOf = (definition: Machine): StateMachine =>
  new StateMachine(localised(definition) as never, { validationOptions: { noValidate: true } });

/** Every state of the definition, those of branches and maps included. */
export const statesOf = (machine: Machine): readonly (readonly [string, State])[] =>
  Object.entries(machine.States).flatMap(([name, state]) => {
    const inner = [
      ...((state.Branches as Machine[]) ?? []),
      ...(state.ItemProcessor ? [state.ItemProcessor as Machine] : []),
    ];
    return [[name, state] as const, ...inner.flatMap(statesOf)];
  });

const withoutRetries = (definition: Machine): Machine =>
  JSON.parse(JSON.stringify(definition, (key, value) => (key === "Retry" ? undefined : value))) as Machine;

/** The longest that a timer of Node can run; a Wait must not time out before it ends. */
const timerSecondsMax = 2_000_000;

/**
 * The definition with time in our hands: Wait states become tasks of the same name, so that the time keeper
 * decides when they end, and the execution's start is read from our clock, since the interpreter gives the wall's.
 */
const localised = (value: unknown): unknown => {
  if (value === "$$.Execution.StartTime") return "$$.Clock.StartTime";
  if (Array.isArray(value)) return value.map(localised);
  if (typeof value !== "object" || value === null) return value;
  const { SecondsPath, Seconds, ...state } = value as State;
  if (state.Type !== "Wait") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, localised(inner)]));
  }
  const task = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    ResultPath: null,
    TimeoutSeconds: timerSecondsMax,
  };
  const Parameters = SecondsPath === undefined ? { seconds: Seconds } : { "seconds.$": SecondsPath };
  return { ...state, ...task, Parameters };
};

/** What the interpreter calls in a state's place, with the state's processed parameters. */
// biome-ignore lint/suspicious/noExplicitAny: the interpreter's own type for JSON it does not look into
type StateHandler = (parameters: any) => Promise<any>;

const handlersFor = (
  definition: Machine,
  input: ExecutionInput,
  runPart: StateHandler,
): Record<string, StateHandler> =>
  Object.fromEntries(
    statesOf(definition).flatMap(([name, state]): [string, StateHandler][] => {
      const handler = startsExecution(state) ? runPart : handlerFor(state, input);
      return handler ? [[name, unlessAborted(handler, input)]] : [];
    }),
  );

/** A state that fails by the abortion of its execution is retried by the interpreter all the same, which must do nothing. */
const unlessAborted =
  (handler: StateHandler, { signal }: ExecutionInput): StateHandler =>
  async (parameters) => {
    signal?.throwIfAborted();
    return handler(parameters);
  };

/** Whether a Task starts an execution and waits for it, instead of calling a function. */
export const startsExecution = ({ Resource }: State): boolean =>
  /:states:startExecution\.sync:2$/.test(String(Resource));

const handlerFor = (state: State, { time, invoke }: ExecutionInput): StateHandler | undefined => {
  if (state.Type === "Wait") return ({ seconds }) => time.sleep(seconds);
  if (state.Type !== "Task") return undefined;
  const called = functionOf(state);
  return ({ Payload }) =>
    time.busy(async () => ({ Payload: overTheWire(await invoke(called, overTheWire(Payload))) }));
};

/** `DiscoverLambdaFunction` is the function `discover`. */
export const functionOf = (state: State): string => {
  const { FunctionName } = state.Parameters as { FunctionName: { "Fn::GetAtt": readonly [string, string] } };
  return FunctionName["Fn::GetAtt"][0].replace(/LambdaFunction$/, "").toLowerCase();
};

/** The handlers of this process, with a runtime of the caller's. */
export const inProcess = (runtime: Runtime): Pick<ExecutionInput, "invoke" | "clock"> => ({
  clock: runtime.clock,
  invoke: async (name, event) => {
    const door = doors[name];
    if (door === undefined) throw new Error(`${name} is called, which is no function of ours`);
    return withRuntime(runtime, () => door(event, lambdaContext(name)));
  },
});

/** What Lambda does with an event and an answer: both cross a wire as JSON. */
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const lambdaContext = (name: string): LambdaContext =>
  ({
    functionName: name,
    awsRequestId: `local-${name}`,
    getRemainingTimeInMillis: () => 900_000,
  }) as LambdaContext;

/** Locally a retry follows at once: the SDK has backed off already, and virtual time must not stand still. */
const noPauses = (definition: Machine): Record<string, number> =>
  Object.fromEntries(statesOf(definition).flatMap(([name, { Retry }]) => (Retry ? [[name, 0]] : [])));

interface LoggedEvent {
  readonly type: string;
  readonly state?: { readonly name: string; readonly input?: unknown };
}

const countEvents = async (
  events: AsyncGenerator<unknown>,
  { onTransition }: ExecutionInput,
): Promise<Counted> => {
  let transitions = 0;
  let largestPayloadBytes = 0;
  for await (const event of events as AsyncGenerator<LoggedEvent>) {
    if (event.type !== "StateEntered" || event.state === undefined) continue;
    transitions += 1;
    largestPayloadBytes = Math.max(largestPayloadBytes, JSON.stringify(event.state.input ?? null).length);
    onTransition?.(event.state.name);
  }
  return { transitions, largestPayloadBytes };
};

/** The interpreter wraps what a state threw; the innermost name and message are the state machine's Error and Cause. */
const describeFailure = (failure: unknown): { error: string; cause: string } => {
  const outer = failure as Error;
  const inner = outer.cause instanceof Error ? outer.cause : outer;
  return { error: inner.name, cause: inner.message };
};
