import { type Engine, traitsOf } from "../lib/core/cluster.ts";
import type { Config, Plan } from "../lib/core/plan.ts";
import type { ConfigProblem } from "../lib/core/plan-schema.ts";
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

/** Nobody can tell here whether clusters are encrypted; most are, and then the copies would fail every night. */
const missingKeys = (plan: Plan): readonly ConfigProblem[] =>
  plan.select.engines.some(copiesOnRequest)
    ? plan.copies.flatMap(({ region, kmsKey, unencrypted }, index) =>
        kmsKey !== undefined || unencrypted
          ? []
          : [
              {
                path: ["plans", plan.name, "copies", index],
                message:
                  "names no kms-key, and encrypted snapshots cannot be copied without one; name a key of " +
                  `${region}, or say \`kms-key: none\` where all of them are unencrypted`,
              },
            ],
      )
    : [];

const copiesOnRequest = (engine: Engine): boolean => traitsOf(engine).copies === "per-snapshot";
