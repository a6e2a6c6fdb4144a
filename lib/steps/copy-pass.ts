import type { Batch, ChildResult } from "../core/batch.ts";
import type { CopyLasting } from "../core/copy-waiting.ts";
import type { CopyTask } from "../core/copying.ts";
import type { CopyPlan, Plan } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import type { Run } from "../core/run.ts";

/** What one pass of a destination's pump hands to the next. What is done is a count; the table only shrinks. */
export interface CopyWork extends CopyLasting {
  readonly tasks: readonly CopyTask[];
  /** When the pump began, ISO 8601. */
  readonly since: string;
  /** Copies that AWS lets run into the destination at once, as far as is known. */
  readonly limit: number;
  readonly done: number;
  /** The minute of the pump's last look at what AWS copies by itself. */
  readonly arrivals?: number;
  /** Copies into the destination that others started, or earlier runs, and that still ran at the last look. */
  readonly others?: readonly string[];
  /**
   * The destination's KMS key was found usable, and is not described again. That it is not holds for one pass: somebody may
   * have enabled it before the next.
   */
  readonly keyUsable?: true;
  readonly problems: readonly Problem[];
  /** Regions of sources, and the destination, that do not answer, each with the minute since which it does not. */
  readonly unreached?: Readonly<Record<string, number>>;
}

export interface CopyInput {
  readonly run: Run;
  readonly destination: { readonly region: string };
  readonly batches: readonly Batch[];
  readonly work?: CopyWork;
}

/** All that the next pass is told: what is not in it does not travel. */
export interface CopyOutput extends CopyWork, Pick<CopyInput, "run" | "destination"> {
  readonly next: "Wait" | "Done";
  readonly waitSeconds: number;
  readonly result: ChildResult;
}

/** A pass in the making: the input with the destination's plan, and what is to be known in every part of it. */
export interface CopyPass {
  readonly input: CopyInput;
  readonly plan: Plan;
  readonly copyPlan: CopyPlan;
  readonly work: CopyWork;
  readonly minutesElapsed: number;
}
