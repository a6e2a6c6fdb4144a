import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import pc from "picocolors";
import type { ClusterResult, ResultDocument, ToldProblem } from "./result-document.ts";

const columns = ["CLUSTER", "ENGINE", "REGION", "SNAPSHOT", "COPY", "PRUNED", "PROBLEM"] as const;
const clusterWidthMin = 12;

/** The result for people: a row for each cluster, then what went wrong in whole sentences, then the totals. */
export const renderResult = (document: ResultDocument, width = process.stdout.columns ?? 80): string =>
  [renderTable(document, width), renderProblems(document, width), renderTotals(document)]
    .filter((part) => part !== "")
    .join("\n\n");

const renderTable = ({ clusters, problems }: ResultDocument, width: number): string => {
  if (clusters.length === 0) return "";
  const rows = clusters.map((cluster) => cells(cluster, problems));
  const widths = columns.map(
    (name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)) + 1,
  );
  const others = widths.slice(1).reduce((sum, each) => sum + each, 0);
  widths[0] = Math.max(clusterWidthMin, Math.min(widths[0] ?? 0, width - others));
  const table = new Table({
    head: columns.map((name) => pc.bold(name)),
    colWidths: widths,
    chars: borderless,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
  });
  for (const [cluster = "", ...rest] of rows)
    table.push([cutMiddle(cluster, (widths[0] ?? 0) - 1), ...rest.map(colour)]);
  return table.toString().replaceAll(/[ \t]+$/gm, "");
};

const cells = (row: ClusterResult, problems: readonly ToldProblem[]): string[] => [
  row.cluster,
  row.engine ?? "-",
  row.region,
  row.status,
  row.copies.map((copy) => copy.status).join(", ") || "-",
  row.pruned === 0 ? "-" : String(row.pruned),
  problems.flatMap((one, at) => (isOf(one, row) ? String(at + 1) : [])).join(" "),
];

const isOf = (problem: ToldProblem, { cluster, region }: ClusterResult): boolean =>
  problem.cluster === cluster && problem.region === region;

/** Long names often differ at their end: the middle is what can go. */
const cutMiddle = (text: string, width: number): string => {
  if (text.length <= width) return text;
  const head = Math.floor((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
};

const colour = (text: string): string => {
  if (text === "available") return pc.green(text);
  return text === "absent" || text === "failed" ? pc.red(text) : text;
};

const borderless = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

/** Numbered as the table's last column has them. */
const renderProblems = ({ problems, execution }: ResultDocument, width: number): string => {
  if (problems.length > 0)
    return problems.map((problem, at) => renderProblem(problem, at + 1, width)).join("\n");
  return execution.status === "FAILED" ? pc.red(`${execution.error}: ${execution.cause}`) : "";
};

const renderProblem = ({ cluster, region, sentence }: ToldProblem, number: number, width: number): string => {
  const place = cluster === "*" ? region : `${cluster} (${region})`;
  return wrap(`${pc.yellow(`${number}`)}  ${place}: ${sentence}.`, width, "   ");
};

/** Breaks at spaces; what has none is left whole. */
const wrap = (text: string, width: number, indent: string): string => {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    else if (stripVTControlCharacters(line).length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join("\n");
};

const renderTotals = ({ totals, outcome, run }: ResultDocument): string => {
  if (totals === null) return "";
  const { clusters, snapshots, copies, pruned, problems } = totals;
  const words = `${snapshots} of ${clusters} snapshots, ${copies} copies, ${pruned} pruned, problems: ${problems}`;
  return `run ${run}: ${outcome === "complete" ? pc.green(outcome) : pc.yellow(outcome)}\n${words}`;
};
