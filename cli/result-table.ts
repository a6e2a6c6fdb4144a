import pc from "picocolors";
import { formatAge } from "../lib/core/duration.ts";
import type { ToldProblem } from "./aws-words.ts";
import { type ClusterResult, hasFailed, type ResultDocument } from "./result-document.ts";
import { counted, earlierWords, renderProblems, table, columns as terminalColumns, wrap } from "./table.ts";

const columns = ["CLUSTER", "ENGINE", "REGION", "SNAPSHOT", "COPY", "PRUNED", "PROBLEM"] as const;

/** The result for people: a row for each cluster, then what went wrong in whole sentences, then the totals. */
export const renderResult = (document: ResultDocument, width = terminalColumns()): string =>
  [
    renderTable(document, width),
    renderTroubles(document, width),
    renderLate(document, width),
    renderTotals(document, width),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

const renderTable = ({ clusters, problems }: ResultDocument, width: number): string =>
  clusters.length === 0
    ? ""
    : table({ columns, width, rows: clusters.map((cluster) => cells(cluster, problems)) });

const cells = (row: ClusterResult, problems: readonly ToldProblem[]): string[] => [
  row.cluster,
  row.engine ?? "-",
  row.region,
  row.status,
  row.copies.map((copy) => copy.status).join(", ") || "-",
  row.pruned === 0 ? "-" : String(row.pruned ?? "?"),
  problems.flatMap((one, at) => (isOf(one, row) ? String(at + 1) : [])).join(" "),
];

const isOf = (problem: ToldProblem, { cluster, region }: ClusterResult): boolean =>
  problem.cluster === cluster && problem.region === region;

/** What is missing of a run that was cut off does not tell what cut it off. */
const renderTroubles = ({ problems, execution }: ResultDocument, width: number): string =>
  [
    ...(problems.length > 0 ? [renderProblems(problems, width)] : []),
    ...(hasFailed(execution) || (problems.length === 0 && execution.status === "FAILED")
      ? [pc.red(`${execution.error}: ${spoken(execution.cause)}`)]
      : []),
  ].join("\n\n");

/** Of a function's error Lambda makes a document with a stack trace. */
const spoken = (cause: string | null): string => {
  try {
    const { errorMessage } = JSON.parse(cause ?? "") as { readonly errorMessage?: unknown };
    return typeof errorMessage === "string" ? errorMessage : String(cause);
  } catch {
    return String(cause);
  }
};

/** Clusters whose newest recovery points are older than their plan accepts, whatever this run did. */
const renderLate = ({ clusters }: ResultDocument, width: number): string =>
  clusters
    .flatMap(({ cluster, coverage }) => {
      const late = coverage.filter(({ age, objective }) => age > objective);
      if (late.length === 0) return [];
      const places = late.map(({ region, kind, age, objective, newest }) => {
        const what = `${kind === "copy" ? "copy" : "recovery point"} in ${region}`;
        const how =
          newest === null
            ? `no ${what} for ${formatAge(age)}`
            : `the newest ${what} is ${formatAge(age)} old`;
        return `${how}, the objective is ${formatAge(objective)}`;
      });
      return wrap(`${pc.red("late")}  ${cluster}: ${places.join("; ")}.`, width, "      ");
    })
    .join("\n");

const renderTotals = (
  { totals, outcome, run, copiesOfEarlierRuns: earlier }: ResultDocument,
  width: number,
): string => {
  if (totals === null) return "";
  const { clusters, snapshots, copies, pruned, problems } = totals;
  const words =
    `${snapshots} of ${counted(clusters, "snapshot")}, ${counted(copies, "copy", "copies")}${earlierWords(earlier)}, ` +
    `${pruned ?? "?"} pruned, problems: ${problems}`;
  const came = outcome === "complete" ? pc.green(outcome) : pc.yellow(outcome);
  return `run ${run}: ${came}\n${wrap(words, width, "  ")}`;
};
