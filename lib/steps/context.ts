import type { Journal } from "../core/journal.ts";
import type { Meter } from "../core/measure.ts";
import { type Config, type Plan, planIn } from "../core/plan.ts";
import type { Engines, EventBus, Keys } from "../engines/engine.ts";
import { UnknownPlanError } from "../errors.ts";

/** What every step is told: the same under Lambda, on the command line and in a simulation. */
interface Facts {
  /** The service with its stage, as ownership tags carry it: `holdfast/prod`. */
  readonly service: string;
  readonly config: Config;
  /** The moment of the call, epoch milliseconds. One moment for the whole step. */
  readonly now: number;
  readonly journal: Journal;
  readonly measure: Meter;
  /** What a state's payload may hold, in bytes: a run that would need more is done in parts. */
  readonly payloadBytesMax: number;
  /** How many pages of a region one pass of a sweep looks at. */
  readonly pagesMax: number;
}

/** What a step uses and never builds. */
export interface Tools {
  readonly engines: Engines;
  readonly keys: Keys;
  readonly events: EventBus;
}

/** A step names the tools that it needs, and its deployed function holds no others. */
export type Context<Needs extends keyof Tools = never> = Facts & Pick<Tools, Needs>;

/** With every tool: where steps are run side by side. */
export type FullContext = Context<keyof Tools>;

export const planNamed = (config: Config, name: string): Plan => {
  const plan = planIn(config, name);
  if (plan) return plan;
  const known = Object.keys(config.plans).join(", ") || "none";
  throw new UnknownPlanError(`there is no plan "${name}" in holdfast.yml; its plans are: ${known}`);
};
