import type { Config } from "../lib/core/plan.ts";
import type { ConfigProblem } from "../lib/core/plan-schema.ts";
import { missingKeys } from "../lib/core/plan-warnings.ts";
import { regionLockPath } from "./region-lock.ts";

export interface Known {
  /** The region that is deployed to. */
  readonly home: string;
  /** Regions that earlier packages kept recovery points in. */
  readonly locked: readonly string[];
}

/** What a plan may say while it is tried, and must not be deployed with. */
export const packagingProblems = (config: Config, { locked }: Known): readonly ConfigProblem[] => [
  ...droppedRegions(config, locked),
  ...Object.values(config.plans).flatMap(missingKeys),
];

/** Sweep visits `regions` only: what lies in a region that is dropped would stay for ever, unseen and paid for. */
const droppedRegions = ({ regions }: Config, locked: readonly string[]): readonly ConfigProblem[] =>
  locked
    .filter((region) => !regions.includes(region))
    .map((region) => ({
      path: ["regions"],
      message:
        `no longer has ${region}, where recovery points were kept; put it back, so that they go on being ` +
        `pruned, or, when none is left there, take it out of ${regionLockPath} too`,
    }));
