import { baseName } from "../lib/core/naming.ts";
import type { Plan } from "../lib/core/plan.ts";
import { type Problem, sentenceOf } from "../lib/core/problem.ts";
import { DeniedError, type HoldfastError, IncompleteListingError, TransientError } from "../lib/errors.ts";
import type { Ledger } from "./ledger.ts";

/** A problem with the sentence that people read. */
export interface ToldProblem extends Problem {
  readonly sentence: string;
}

export type Tell = (problem: Problem) => ToldProblem;

export const tellPlainly: Tell = (problem) => ({ ...problem, sentence: sentenceOf(problem) });

/**
 * For what ran in this process: there is no log to look into and no function's role, but AWS's own words, as the journal
 * had them.
 */
export const tellInWords =
  (ledger: Ledger): Tell =>
  (problem) => {
    const [remedy, what] = [/; see the (log for .*|function's role)$/, sentenceOf(problem)];
    if (!remedy.test(what)) return { ...problem, sentence: what };
    const words = [...new Set(wordsOn(problem, ledger))].map((one) => one.replace(/\.$/, ""));
    return { ...problem, sentence: what.replace(remedy, words.length === 0 ? "" : `: ${words.join("; ")}`) };
  };

const wordsOn = ({ code, cluster, region }: Problem, ledger: Ledger): readonly string[] => {
  const here = <T extends { readonly region: string }>(some: readonly T[]): readonly T[] =>
    some.filter((one) => one.region === region);
  if (code === "unlisted") return here(ledger.of("region.unlisted")).map(({ error }) => error);
  if (code === "untold") return here(ledger.of("events.untold")).map(({ error }) => error);
  const asked = [...here(ledger.of("snapshot.refused")), ...here(ledger.of("copying.refused"))];
  return [
    ...asked.filter((one) => one.cluster === cluster).map(({ error }) => error),
    // A copy's refusal tells the snapshot, and the snapshot's name its cluster.
    ...ledger
      .of("copy.refused")
      .filter(({ source }) => baseName(source).includes(`-${cluster}-`))
      .map(({ error }) => error),
  ];
};

/** Of a region, or of all that is meant of it. */
export const unlistedFor = (region: string, error: string): ToldProblem => ({
  ...{ cluster: "*", region, code: "unlisted" },
  sentence: `the region could not be listed: ${error.replace(/\.$/, "")}`,
});

/** Whether AWS did not answer, or not as it should, for one region: others may. */
export const isSilence = (error: unknown): error is HoldfastError =>
  error instanceof TransientError || error instanceof IncompleteListingError || error instanceof DeniedError;

/** Of a plan that could not be looked at as a whole: where AWS's words name one of its regions, of that. */
export const unseenPlan = ({ name, select: { regions } }: Plan, error: Error): readonly ToldProblem[] => {
  const named = regions.filter((region) => error.message.includes(` in ${region}:`));
  return (named.length > 0 ? named : regions).map((region) => ({
    ...{ cluster: "*", region, code: "unlisted" },
    sentence: `nothing of plan ${name} could be judged: ${error.message.replace(/\.$/, "")}`,
  }));
};
