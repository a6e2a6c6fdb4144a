import type { HoldStep } from "../lib/core/holding.ts";
import type { OwnedSnapshot } from "../lib/core/ownership.ts";
import { arnOf } from "../lib/core/snapshot.ts";
import type { HoldfastError } from "../lib/errors.ts";
import type { Found, NotFound } from "./hold-look.ts";
import type { Unlisted } from "./look.ts";

/** What was to be done to a point, and the error where it could not be. */
export interface HoldOutcome {
  readonly point: OwnedSnapshot;
  readonly step: HoldStep;
  readonly error?: HoldfastError;
}

/** What `hold` and `release` did, as one document. */
export interface HoldDocument {
  readonly version: 1;
  readonly action: "hold" | "release";
  readonly service: string;
  readonly points: readonly {
    readonly id: string;
    readonly arn: string;
    readonly region: string;
    readonly cluster: string;
    readonly copy: boolean;
    readonly did: "held" | "released" | "nothing" | "refused" | "failed";
    /** The hold's reason from now on; null where it is not held. */
    readonly reason: string | null;
    /** The reason that it had before. */
    readonly was: string | null;
    readonly error: string | null;
  }[];
  /** Names that mean no recovery point here, and why. */
  readonly notFound: readonly Pick<NotFound, "name" | "error">[];
  /** Where nobody could look. */
  readonly unlisted: readonly Unlisted[];
}

interface DocumentInput {
  readonly action: HoldDocument["action"];
  readonly service: string;
  readonly outcomes: readonly HoldOutcome[];
  readonly found: Pick<Found, "notFound" | "unlisted">;
}

export const holdDocument = ({ action, service, outcomes, found }: DocumentInput): HoldDocument => ({
  ...{ version: 1, action, service },
  points: outcomes.map((outcome) => {
    const { point, step, error } = outcome;
    const { id, region, cluster } = point.snapshot;
    const did = didOf(outcome);
    const was = point.hold ?? null;
    return {
      ...{ id, arn: arnOf(point.snapshot), region, cluster, copy: point.source !== undefined, did, was },
      reason: did === "held" && step.do === "hold" ? step.reason : did === "released" ? null : was,
      error: step.do === "refuse" ? `${id} in ${region}: ${step.because}` : (error?.message ?? null),
    };
  }),
  notFound: found.notFound.map(({ name, error }) => ({ name, error })),
  unlisted: found.unlisted,
});

type Point = HoldDocument["points"][number];

const didOf = ({ step, error }: HoldOutcome): Point["did"] => {
  if (error !== undefined) return "failed";
  const words = { hold: "held", release: "released", nothing: "nothing", refuse: "refused" } as const;
  return words[step.do];
};

/** A line for each point; what went wrong is told elsewhere. */
export const renderHolds = ({ action, points }: HoldDocument): readonly string[] =>
  points.filter(({ error }) => error === null).map((point) => sentenceOf(point, action));

const sentenceOf = ({ id, region, did, reason, was }: Point, action: HoldDocument["action"]): string => {
  const place = `${id} in ${region}`;
  if (did === "held") return `held ${place}: ${reason}${was === null ? "" : ` (before: ${was})`}`;
  if (did === "released") return `released ${place}, which was held: ${was}`;
  return action === "hold" ? `${place} is held already: ${reason}` : `${place} is not held`;
};
