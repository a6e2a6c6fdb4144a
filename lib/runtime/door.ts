import middy, { type MiddlewareObj } from "@middy/core";
import type { Context as LambdaContext } from "aws-lambda";
import type * as z from "zod/mini";
import { HoldfastError, InvalidEventError } from "../errors.ts";
import type { Context } from "../steps/context.ts";
import { log } from "./log.ts";
import { currentContext } from "./runtime.ts";

/** A Lambda handler as the state machine and the command line call it. */
export type Door = (event: unknown, context: LambdaContext) => Promise<unknown>;

export interface DoorOptions<Input, Output> {
  /** The state's name. */
  readonly name: string;
  readonly input: z.ZodMiniType<Input>;
  readonly step: (input: Input, context: Context) => Promise<Output>;
}

/** The one middy stack: the event is checked, calls are logged, and whatever fails leaves by a name of ours. */
export const door = <Input, Output>({ name, input, step }: DoorOptions<Input, Output>): Door => {
  const handler = middy<unknown, Output>()
    .use(logged(name))
    .use(checked(name, input))
    .handler(async (event) => step(event as Input, currentContext()));
  return async (event, context) => handler(event, context);
};

const checked = <Input>(name: string, schema: z.ZodMiniType<Input>): MiddlewareObj => ({
  before: (request) => {
    const parsed = schema.safeParse(request.event);
    if (!parsed.success) throw new InvalidEventError(describeIssues(name, parsed.error.issues));
    request.event = parsed.data;
  },
});

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
  before: ({ context }) => log.appendKeys({ state: name, request: context.awsRequestId }),
  after: () => log.resetKeys(),
  onError: ({ error }) => {
    const known = error instanceof HoldfastError;
    if (known) log.warn(`${name} failed`, { name: error.name, reason: error.message });
    else log.error(`${name} failed`, { error: error as Error });
    log.resetKeys();
  },
});
