import { engines } from "../lib/core/cluster.ts";
import { baseName } from "../lib/core/naming.ts";
import { distinctProblems, type Problem } from "../lib/core/problem.ts";
import type { PlaceCoverage, Totals } from "../lib/core/summary.ts";
import { type Tell, type ToldProblem, tellPlainly } from "./aws-words.ts";
import { exitStatus } from "./exit.ts";
import type { Ledger } from "./ledger.ts";
import { verdictsIn } from "./verdicts.ts";
import type { ExecutionResult } from "./workflow.ts";

export interface ClusterResult {
  readonly cluster: string;
  readonly arn: string;
  readonly engine: string | null;
  readonly region: string;
  readonly snapshot: string | null;
  readonly status: string;
  readonly copies: readonly {
    readonly region: string;
    readonly id: string | null;
    readonly status: string;
  }[];
  /** `null` where it is not known. */
  readonly pruned: number | null;
  /** Seconds since the plan's newest recovery point, in each place that could be seen, and the oldest acceptable. */
  readonly coverage: readonly PlaceCoverage[];
  readonly problems: readonly ToldProblem[];
}

/** What a run came to, as one document: `--json` prints it, the table shows it. */
export interface ResultDocument {
  readonly version: 1;
  readonly run: string | null;
  readonly plan: string | null;
  readonly outcome: "complete" | "incomplete" | "failed";
  /** How the state machine's execution ended. */
  readonly execution: {
    readonly status: string;
    readonly error: string | null;
    readonly cause: string | null;
    readonly transitions: number;
    readonly largestPayloadBytes: number;
  };
  readonly totals: (Omit<Totals, "pruned"> & Pick<ClusterResult, "pruned">) | null;
  readonly clusters: readonly ClusterResult[];
  readonly skipped: readonly { readonly cluster: string; readonly because: string }[];
  readonly snapshotsTaken: number;
  readonly copiesStarted: number;
  /** Of these, those of recovery points that earlier runs took, and of which there was no copy. */
  readonly copiesOfEarlierRuns: number;
  readonly retention: readonly {
    readonly region: string;
    readonly cluster: string;
    readonly kept: readonly { readonly id: string; readonly because: readonly string[] }[];
    readonly pruned: readonly { readonly id: string; readonly because: readonly string[] }[];
  }[];
  readonly problems: readonly ToldProblem[];
}

export const resultDocument = (
  ledger: Ledger,
  execution: ExecutionResult,
  tell: Tell = tellPlainly,
): ResultDocument => {
  const started = ledger.of("run.started").at(-1);
  const summary = ledger.of("run.ended").at(-1)?.summary;
  const { status, error, cause, transitions, largestPayloadBytes } = execution;
  return {
    version: 1,
    run: started?.run ?? null,
    plan: started?.plan ?? null,
    outcome: hasFailed(execution) ? "failed" : (summary?.outcome ?? "failed"),
    execution: { status, error: error ?? null, cause: cause ?? null, transitions, largestPayloadBytes },
    totals: summary?.totals ?? null,
    clusters: clusterResults(ledger, tell),
    skipped: ledger.of("cluster.skipped").map(({ cluster, because }) => ({ cluster, because })),
    snapshotsTaken: ledger.of("snapshot.created").length,
    copiesStarted: ledger.of("copy.started").length,
    copiesOfEarlierRuns: earlierCopies(ledger),
    retention: verdictsIn(ledger).map(({ region, cluster, keep, remove }) => ({
      ...{ region, cluster, kept: keep, pruned: remove },
    })),
    problems: problemsOf(ledger).map(tell),
  };
};

/**
 * A run that its report calls incomplete is partly done, and so is one that was complete and of which something cannot be
 * seen any more. One that ended by anything else has failed, whatever AWS has.
 */
export const exitStatusOf = ({
  outcome,
  execution,
}: Pick<ResultDocument, "outcome" | "execution">): number => {
  if (hasFailed(execution)) return exitStatus.failed;
  return execution.status === "SUCCEEDED" && outcome === "complete" ? exitStatus.done : exitStatus.partly;
};

/** Whether it ended by anything else than its own report's verdict. */
export const hasFailed = ({ status, error }: Ended): boolean => status === "FAILED" && error !== "Incomplete";

interface Ended {
  readonly status: string;
  readonly error?: string | null;
}

/** A run's id and its points' names carry the same time. A copy that was lost and made again is one. */
const earlierCopies = (ledger: Ledger): number => {
  const { run = "", plan = "" } = ledger.of("run.started").at(-1) ?? {};
  const [time = ""] = run.slice(`${plan}-`.length).split("-");
  const copies = ledger.of("copy.started").filter(({ source }) => !baseName(source).endsWith(`-${time}`));
  return new Set(copies.map(({ region, source }) => `${region} ${source}`)).size;
};

/** The run's, and of its parts those that they did not hand on. */
const problemsOf = (ledger: Ledger): readonly Problem[] => {
  const ended = [...ledger.of("run.ended").slice(-1), ...ledger.of("part.ended")];
  return distinctProblems(ended.flatMap(({ summary }) => summary.problems));
};

const clusterResults = (ledger: Ledger, tell: Tell): readonly ClusterResult[] => {
  const verdicts = verdictsIn(ledger);
  const deleted = new Set(
    ledger.of("snapshot.deleted").map(({ region, snapshot }) => `${region} ${snapshot}`),
  );
  const prunedOf = (arn: string): number =>
    verdicts
      .filter((one) => one.arn === arn)
      .flatMap(({ region, remove }) => remove.map(({ id }) => `${region} ${id}`))
      .filter((key) => deleted.has(key)).length;
  return ledger.of("report.row").map(({ row }) => ({
    cluster: row.cluster,
    arn: row.arn,
    engine: row.engine ? engines[row.engine].label : null,
    region: row.region,
    snapshot: row.snapshot ?? null,
    status: row.status,
    copies: row.copies.map(({ region, id, status }) => ({ region, id: id ?? null, status })),
    pruned: prunedOf(row.arn),
    coverage: row.coverage,
    problems: row.problems.map(tell),
  }));
};
