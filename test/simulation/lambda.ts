import { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";
import type { Context as LambdaContext } from "aws-lambda";
import { parse } from "yaml";
import type { SandboxPool } from "../../bench/sandboxes.ts";
import { doors } from "../../cli/workflow.ts";
import type { JournalEntry } from "../../lib/core/journal.ts";
import { withRuntime } from "../../lib/runtime/runtime.ts";
import type { Invocation } from "./checkers/records.ts";

/** As they are deployed, each with the seconds after which Lambda ends it. */
const { functions } = parse(readFileSync(new URL("../../serverless.yml", import.meta.url), "utf8"), {
  logLevel: "silent",
}) as { readonly functions: Readonly<Record<string, { readonly timeout: number }>> };

/**
 * How an invocation ends before its time: before its first call (0), at its nth, sent or not, at a moment of its own
 * wherever it is then, or when all was done but the answer.
 */
export interface Doom {
  readonly call: number;
  /** Milliseconds after its beginning. */
  readonly afterMs?: number;
  readonly sent: boolean;
  /** The error's name as the state machine sees it. */
  readonly error: string;
}

/** An invocation while it lives. */
export interface Living extends Invocation {
  doom?: Doom;
  calls: number;
  dead: boolean;
  /** Places and names that it has asked AWS to make. */
  readonly made: string[];
  die(error: string): void;
  /** Hears what the invocation writes into its journal while it lives. */
  readonly listen: (entry: JournalEntry) => void;
}

const current = new AsyncLocalStorage<Living>();

/** The invocation that the running code belongs to. */
export const currentInvocation = (): Living => {
  const living = current.getStore();
  if (living === undefined) throw new Error("a call to AWS was made outside of any function");
  return living;
};

/** What never comes: a dead process goes on with nothing. */
export const never = (): Promise<never> => new Promise(() => undefined);

/** The execution that calls, where one does. */
interface Caller {
  readonly execution?: number;
  readonly whole?: number;
  readonly wish?: NonNullable<Invocation["wish"]>;
  readonly listen?: (entry: JournalEntry) => void;
}

interface LambdaParts {
  readonly sandboxes: SandboxPool;
  readonly doomOf: (invocation: Invocation) => Doom | undefined;
  readonly onStart: (invocation: Invocation) => void;
  readonly onEnd: (invocation: Living, error?: string) => void;
  readonly now: () => number;
}

/** Lambda: invocations with limits of time, that may die at any of their calls, and whose result is then lost. */
export const makeLambda = (parts: LambdaParts) => {
  let number = 0;
  return async (
    name: string,
    event: unknown,
    { listen = () => {}, ...caller }: Caller = {},
  ): Promise<unknown> => {
    const [door, seconds] = [doors[name], functions[name]?.timeout];
    if (door === undefined || seconds === undefined) throw new Error(`there is no function ${name}`);
    number += 1;
    let died: (error: Error) => void = () => {};
    const death = new Promise<never>((_, reject) => {
      died = reject;
    });
    death.catch(() => undefined);
    const living: Living = {
      ...{
        number,
        function: name,
        startedAt: parts.now(),
        ...subjectOf(event),
        ...caller,
        calls: 0,
        dead: false,
        made: [],
        listen,
      },
      die: (error) => {
        if (living.dead) return;
        living.dead = true;
        died(Object.assign(new Error(`${name} was ended`), { name: error }));
      },
    };
    const doom = parts.doomOf(living);
    if (doom) living.doom = doom;
    parts.onStart(living);
    const timer = setTimeout(() => living.die("Sandbox.Timedout"), seconds * 1000);
    if (doom?.call === 0) living.die(doom.error);
    const fate =
      doom?.afterMs === undefined ? undefined : setTimeout(() => living.die(doom.error), doom.afterMs);
    const { runtime, release } = parts.sandboxes.lend(name, event);
    const work = current.run(living, () => withRuntime(runtime, () => door(event, lambdaContext(living))));
    try {
      const result = await Promise.race([work, death]);
      // Doomed, and faster than its fate: it dies between its last deed and its answer.
      if (doom) {
        living.die(doom.error);
        await death;
      }
      release();
      parts.onEnd(living);
      return result;
    } catch (error) {
      work.catch(() => undefined);
      parts.onEnd(living, (error as Error).name);
      throw error;
    } finally {
      living.dead = true;
      clearTimeout(timer);
      clearTimeout(fate);
    }
  };
};

const subjectOf = (event: unknown): Pick<Invocation, "plan" | "at" | "asked"> => {
  const { run, request } = event as Record<string, Record<string, string> | undefined>;
  const { plan, at } = run ?? request ?? {};
  return {
    ...(plan !== undefined && { plan }),
    ...(at !== undefined && { at }),
    ...(run?.request !== undefined && { asked: true }),
  };
};

/** Without the time that remains: middy would set a timer of the wall's, which no virtual time reaches. */
const lambdaContext = ({ function: functionName, number }: Invocation): LambdaContext =>
  ({ functionName, awsRequestId: `invocation-${number}` }) as LambdaContext;
