import { baseName } from "../lib/core/naming.ts";
import { type Problem, sentenceOf } from "../lib/core/problem.ts";
import { DeniedError, type HoldfastError, mayPass } from "../lib/errors.ts";
import type { Ledger } from "./ledger.ts";

/** A problem with the sentence that people read. */
export interface ToldProblem extends Problem {
  readonly sentence: string;
}

export type Tell = (problem: Problem) => ToldProblem;

export const tellPlainly: Tell = (problem) => ({ ...problem, sentence: sentenceOf(problem) });

/**
 * For what ran in this process: in place of a log or a function's role, which there are not, and of the advice to delete by
 * hand what AWS refused to, AWS's words from the journal.
 */
export const tellInWords =
  (ledger: Ledger): Tell =>
  (problem) => {
    const [remedy, what] = [
      /; (see the (log for .*|function's role)|delete it by hand)$/,
      sentenceOf(problem),
    ];
    if (!remedy.test(what)) return { ...problem, sentence: what };
    const words = [...new Set(wordsOn(problem, ledger))].map(withoutStop);
    if (words.length === 0 && problem.code === "undeletable") return { ...problem, sentence: what };
    const said = words.length === 0 ? "" : `: ${briefly(words).join("; ")}`;
    return { ...problem, sentence: what.replace(remedy, () => said) };
  };

const wordsMax = 3;

/** AWS names the snapshot in what it refuses, so that of a hundred each would have words of its own. */
const briefly = (words: readonly string[]): readonly string[] => {
  const more = words.length - wordsMax;
  if (more <= 0) return words;
  return [...words.slice(0, wordsMax), `and ${more} more`];
};

/** A sentence of AWS's, to be the end of one of ours. */
const withoutStop = (words: string): string => words.replace(/\.$/, "");

const wordsOn = (problem: Problem, ledger: Ledger): readonly string[] => {
  const { code, cluster, region } = problem;
  const here = <T extends { readonly region: string }>(some: readonly T[]): readonly T[] =>
    some.filter((one) => one.region === region);
  if (code === "unlisted") return here(ledger.of("region.unlisted")).map(({ error }) => error);
  if (code === "untold") return here(ledger.of("events.untold")).map(({ error }) => error);
  if (code === "undeletable")
    return here(ledger.of("snapshot.undeleted"))
      .filter((one) => one.cluster === cluster)
      .map(({ error }) => error);
  const isOf = snapshotsOf(problem, ledger);
  const asked = [...here(ledger.of("snapshot.refused")), ...here(ledger.of("copying.refused"))];
  return [
    ...asked.filter((one) => one.cluster === cluster).map(({ error }) => error),
    // A copy's refusal tells the snapshot; what KMS refuses concerns every snapshot that needs the key.
    ...ledger
      .of("copy.refused")
      .filter(({ source }) => (source === "*" ? code === "denied" : isOf(source)))
      .map(({ error }) => error),
  ];
};

/** Whether a snapshot is the one that the report shows of a cluster; where it shows none, whether it bears the name. */
const snapshotsOf = ({ cluster, region }: Problem, ledger: Ledger): ((id: string) => boolean) => {
  const rows = ledger.of("report.row").map(({ row }) => row);
  const own = rows.find((row) => row.cluster === cluster && row.region === region)?.snapshot;
  return (id) => (own === undefined ? baseName(id).includes(`-${cluster}-`) : baseName(id) === baseName(own));
};

/** That a region could not be listed, as a problem of all that is in it. */
export const unlistedFor = (region: string, error: string): ToldProblem => ({
  ...{ cluster: "*", region, code: "unlisted" },
  sentence: `the region could not be listed: ${withoutStop(error)}`,
});

/** Whether AWS told nothing of one region: it did not answer, or refused the permission. Others may be told. */
export const isSilence = (error: unknown): error is HoldfastError =>
  mayPass(error) || error instanceof DeniedError;

/**
 * That `what`, as `nothing of plan daily`, could be judged: a problem of the one among some regions that AWS's words name,
 * else of each.
 */
export const unjudged = (what: string, regions: readonly string[], error: Error): readonly ToldProblem[] => {
  const named = regions.filter((region) => error.message.includes(` in ${region}:`));
  return (named.length > 0 ? named : regions).map((region) => ({
    ...{ cluster: "*", region, code: "unlisted" },
    sentence: `${what} could be judged: ${withoutStop(error.message)}`,
  }));
};
