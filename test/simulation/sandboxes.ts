import { lanesOf } from "../../lib/core/lanes.ts";
import type { Pace } from "../../lib/runtime/pace.ts";
import type { Runtime } from "../../lib/runtime/runtime.ts";

/** A process that a function's calls run in, one after the other. */
export interface Sandbox {
  readonly runtime: Runtime;
  /** Where its clients keep to a budget. */
  readonly pace?: Pace;
}

/** A sandbox for the time of one call. */
export interface Lent {
  readonly runtime: Runtime;
  /** The call is over and the process lives: another may have it. */
  release(): void;
}

export interface Sandboxes {
  lend(name: string, event: unknown): Lent;
  /** Those that are at work end with what they do. */
  replace(): void;
}

/** As Lambda runs functions: a call gets a sandbox of its function that is free, or a new one. */
export const makeSandboxes = (open: (name: string) => Sandbox): Sandboxes => {
  let free = new Map<string, Sandbox[]>();
  return {
    lend: (name, event) => {
      const idle = free.get(name) ?? [];
      free.set(name, idle);
      const sandbox = idle.pop() ?? open(name);
      sandbox.pace?.share(lanesOf(name, event, sandbox.runtime.config));
      return { runtime: sandbox.runtime, release: () => void idle.push(sandbox) };
    },
    replace: () => {
      free = new Map();
    },
  };
};
