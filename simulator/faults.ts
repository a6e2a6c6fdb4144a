import { AwsError, commonError } from "./protocol/errors.ts";
import type { Random } from "./random.ts";

export type FaultKind =
  | "throttle"
  | "internal"
  | "unavailable"
  /** The connection is dropped before the operation ran. */
  | "reset-before"
  /** The operation ran, but its answer is lost. */
  | "reset-after"
  | { readonly code: string; readonly status: number; readonly message: string };

/** A scripted fault: befalls the next `times` requests that match; all conditions must hold. */
export interface FaultRule {
  readonly service?: string;
  readonly operation?: string;
  readonly region?: string;
  readonly times: number;
  readonly kind: FaultKind;
  /** Chance for each matching request, from 0 to 1, drawn from the simulator's seed. */
  readonly probability?: number;
}

export interface Faults {
  /** The first rule that matches wins. Answers the function that takes the rule away again. */
  add(rule: FaultRule): () => void;
  clear(): void;
}

interface Target {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

export const createFaults = (random: Random): Faults & { take(target: Target): FaultKind | undefined } => {
  const pending = new Set<{ rule: FaultRule; left: number }>();
  return {
    add: (rule) => {
      const entry = { rule, left: rule.times };
      pending.add(entry);
      return () => void pending.delete(entry);
    },
    clear: () => pending.clear(),
    take: (target) => {
      for (const entry of pending) {
        if (entry.left <= 0 || !applies(entry.rule, target)) continue;
        if (entry.rule.probability !== undefined && random() >= entry.rule.probability) continue;
        entry.left -= 1;
        return entry.rule.kind;
      }
      return undefined;
    },
  };
};

const applies = (rule: FaultRule, target: Target): boolean =>
  (rule.service ?? target.service) === target.service &&
  (rule.operation ?? target.operation) === target.operation &&
  (rule.region ?? target.region) === target.region;

/** The error a fault answers with, or undefined where it drops the connection instead. */
export const errorOfFault = (kind: FaultKind): AwsError | undefined => {
  if (typeof kind === "object") return new AwsError(kind.code, kind.status, kind.message);
  if (kind === "throttle") return commonError("Throttling", "Rate exceeded");
  if (kind === "internal") return commonError("InternalFailure", "An internal error has occurred.");
  if (kind === "unavailable") return commonError("ServiceUnavailable", "Service is unavailable.");
  return undefined;
};
