import type { Simulator } from "../../simulator/simulator.ts";
import type { ServiceName } from "./model.ts";
import { onStage } from "./stage.ts";
import type { CallOptions, Outcome } from "./wire.ts";

/** A request that must be refused, and with which of the model's errors. */
export interface Refusal extends CallOptions {
  /** The error's shape; for an error that no model lists, its code. */
  readonly fault: string;
  readonly operation: string;
  readonly input: object;
  /** Brings about the state in which the request is wrong. */
  readonly given?: (simulator: Simulator) => void;
  /** A request that goes before, on the same simulator. */
  readonly after?: { readonly operation: string; readonly input: object };
}

export const titleOf = ({ fault, operation, input, region = "" }: Refusal): string => {
  const shown = JSON.stringify(input);
  return `${operation} ${shown.length > 90 ? `${shown.slice(0, 90)}…` : shown} ${region}: ${fault}`;
};

/** Sends the request to a simulator of its own. */
export const provoke = (service: ServiceName, refusal: Refusal): Promise<Outcome> =>
  onStage(async ({ simulator, wire }) => {
    refusal.given?.(simulator);
    if (refusal.after) await wire.ask(service, refusal.after.operation, refusal.after.input, refusal);
    return wire.call(service, refusal.operation, refusal.input, refusal);
  });

export const manyTags = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: "x" }));
