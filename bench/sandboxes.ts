import { inProcess } from "../cli/workflow.ts";
import { lanesOf } from "../lib/core/lanes.ts";
import type { Pace } from "../lib/runtime/pace.ts";
import type { Runtime } from "../lib/runtime/runtime.ts";

/** A process that a function's calls run in, one after the other: SDK clients that it shares with nobody. */
export interface Sandbox {
  readonly runtime: Runtime;
  /** Where its clients keep to a budget. */
  readonly pace?: Pace;
}

/** A sandbox for the time of one call. */
interface Lent {
  readonly runtime: Runtime;
  /** The call is over and the process lives: another may have it. */
  release(): void;
}

export interface SandboxPool {
  lend(name: string, event: unknown): Lent;
  /** Those that are at work end with what they do. */
  replace(): void;
}

/** As Lambda runs functions: a call gets a sandbox of its function that is free, or a new one. */
export const poolSandboxes = (open: (name: string) => Sandbox): SandboxPool => {
  let free = new Map<string, Sandbox[]>();
  return {
    lend: (name, event) => {
      const idle = free.get(name) ?? [];
      free.set(name, idle);
      const sandbox = idle.pop() ?? open(name);
      sandbox.pace?.share(lanesOf(doorName(name), event, sandbox.runtime.config));
      return { runtime: sandbox.runtime, release: () => void idle.push(sandbox) };
    },
    replace: () => {
      free = new Map();
    },
  };
};

/** `snapshot`, as files have it, is `Snapshot` to its door. */
const doorName = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

/** One call of a function. */
export interface Invocation {
  readonly name: string;
  /** From its start to its end in virtual time: what its calls to AWS lasted. */
  readonly virtualMs: number;
}

export interface Sandboxes {
  readonly invoke: (name: string, event: unknown) => Promise<unknown>;
  readonly invocations: readonly Invocation[];
}

export interface SandboxesInput {
  readonly clock: () => number;
  readonly makeSandbox: () => Sandbox;
}

/** Calls functions in sandboxes, and notes how long each call lasted. */
export const makeSandboxes = ({ clock, makeSandbox }: SandboxesInput): Sandboxes => {
  const pool = poolSandboxes(makeSandbox);
  const invocations: Invocation[] = [];
  return {
    invocations,
    invoke: async (name, event) => {
      const { runtime, release } = pool.lend(name, event);
      const began = clock();
      try {
        return await inProcess(runtime).invoke(name, event);
      } finally {
        invocations.push({ name, virtualMs: clock() - began });
        release();
      }
    },
  };
};
