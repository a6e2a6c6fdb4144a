import middy, { type MiddlewareObj } from "@middy/core";
import type { Context as LambdaContext } from "aws-lambda";
import type * as z from "zod/mini";
import { HoldfastError, InvalidEventError } from "../errors.ts";
import type { Context, Tools } from "../steps/context.ts";
import { log } from "./log.ts";
import { type CallContext, contextsFor } from "./runtime.ts";
import type { ToolMakers } from "./tools.ts";

/** A Lambda handler as the state machine, the scheduler and the command line call it. */
export type Door = (event: unknown, context: LambdaContext) => Promise<unknown>;

export interface DoorOptions<Input, Passed extends Input, Output, Needs extends keyof Tools> {
  /** The function's name, which is that of its state where it has one. */
  readonly name: string;
  readonly input: z.ZodMiniType<Passed> & Whole<Input, Passed>;
  /** The tools of lib/runtime/tools.ts that the step needs. */
  readonly tools: Pick<ToolMakers, Needs>;
  readonly step: (input: Input, context: Context<Needs>) => Promise<Output>;
}

/** A schema takes out of an event what it does not name, so it has to name all that the step reads, optional fields too. */
type Whole<Input, Passed> = [keyof Input] extends [keyof Passed]
  ? unknown
  : { readonly lacks: Exclude<keyof Input, keyof Passed> };

/** The one middy stack: the event is checked, calls are logged, and whatever fails leaves by a name of ours. */
export const door = <Input, Passed extends Input, Output, Needs extends keyof Tools>({
  name,
  input,
  tools,
  step,
}: DoorOptions<Input, Passed, Output, Needs>): Door => {
  const contexts = contextsFor(name, tools);
  const handler = middy<unknown, Output>()
    .use(logged(name))
    .use(checked(name, input))
    .handler(async (event) => during(contexts(event), (context) => step(event as Input, context)));
  return async (event, context) => handler(event, context);
};

const during = async <Needs extends keyof Tools, Output>(
  { context, finish }: CallContext<Needs>,
  work: (context: Context<Needs>) => Promise<Output>,
): Promise<Output> => {
  try {
    return await work(context);
  } finally {
    finish();
  }
};

const checked = <Input>(name: string, schema: z.ZodMiniType<Input>): MiddlewareObj => ({
  before: (request) => {
    const parsed = schema.safeParse(request.event);
    if (!parsed.success) throw new InvalidEventError(describeIssues(name, parsed.error.issues));
    log.appendKeys(keysOf(parsed.data));
    request.event = parsed.data;
  },
});

/** What a call is about, where its event tells: the words that a log is searched by. */
const keysOf = (event: unknown): Record<string, string> => {
  const { run, request, batch, destination } = event as Record<string, Record<string, string> | undefined>;
  const told = {
    run: run?.id,
    plan: run?.plan ?? request?.plan,
    region: batch?.region ?? destination?.region,
  };
  return Object.fromEntries(
    Object.entries(told).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
};

/** `Discover was called with a malformed event: request.plan expects string; …`. */
const describeIssues = (name: string, issues: readonly z.core.$ZodIssue[]): string => {
  const words = issues.map((issue) => {
    const place = issue.path.map(String).join(".") || "the event";
    if (issue.code === "unrecognized_keys") return `${place} has unknown keys ${issue.keys.join(", ")}`;
    return issue.code === "invalid_type" ? `${place} expects ${issue.expected}` : `${place} is not valid`;
  });
  return `${name} was called with a malformed event: ${words.join("; ")}`;
};

/** Logs failures once, where they leave; the state machine's history shows their name and message. */
const logged = (name: string): MiddlewareObj => ({
  before: ({ context }) => log.appendKeys({ function: name, request: context.awsRequestId }),
  after: () => log.resetKeys(),
  onError: ({ error }) => {
    const known = error instanceof HoldfastError;
    if (known) log.warn(`${name} failed`, { name: error.name, reason: error.message });
    else log.error(`${name} failed`, { error: error as Error });
    log.resetKeys();
  },
});
