import { inProcess } from "../cli/workflow.ts";
import { lanesOf } from "../lib/core/lanes.ts";
import type { Pace } from "../lib/runtime/pace.ts";
import type { Runtime } from "../lib/runtime/runtime.ts";

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
  /** A function's own runtime, with SDK clients that it shares with nobody, and their pace. */
  readonly makeSandbox: () => Sandbox;
}

export interface Sandbox {
  readonly runtime: Runtime;
  readonly pace: Pace;
}

/** As Lambda runs functions: a call gets a sandbox of its function that is free, or a new one. */
export const makeSandboxes = ({ clock, makeSandbox }: SandboxesInput): Sandboxes => {
  const free = new Map<string, Sandbox[]>();
  const invocations: Invocation[] = [];
  return {
    invocations,
    invoke: async (name, event) => {
      const idle = free.get(name) ?? [];
      free.set(name, idle);
      const sandbox = idle.pop() ?? makeSandbox();
      sandbox.pace.share(lanesOf(name, event, sandbox.runtime.config));
      const began = clock();
      try {
        return await inProcess(sandbox.runtime).invoke(name, event);
      } finally {
        invocations.push({ name, virtualMs: clock() - began });
        idle.push(sandbox);
      }
    },
  };
};
