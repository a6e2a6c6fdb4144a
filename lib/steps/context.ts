import type { Journal } from "../core/journal.ts";
import type { Config, Plan } from "../core/plan.ts";
import type { Engines, EventBus, Keys } from "../engines/engine.ts";
import { UnknownPlanError } from "../errors.ts";

/** Everything a step uses and never builds: the same under Lambda, on the command line and in a simulation. */
export interface Context {
  /** The service with its stage, as ownership tags carry it: `holdfast/prod`. */
  readonly service: string;
  readonly config: Config;
  /** The moment of the call, epoch milliseconds. One moment for the whole step. */
  readonly now: number;
  readonly engines: Engines;
  readonly keys: Keys;
  readonly events: EventBus;
  readonly journal: Journal;
}

export const planNamed = ({ plans }: Config, name: string): Plan => {
  const plan = Object.hasOwn(plans, name) ? plans[name] : undefined;
  if (plan) return plan;
  const known = Object.keys(plans).join(", ") || "none";
  throw new UnknownPlanError(`there is no plan "${name}" in holdfast.yml; its plans are: ${known}`);
};
