import pc from "picocolors";
import type { ResultDocument } from "../result-document.ts";
import { renderResult } from "../result-table.ts";

/** One run of the demo with what the simulator counted. */
export interface DemoRun {
  readonly document: ResultDocument;
  readonly virtualSeconds: number;
  /** Calls by operation, such as `rds.CreateDBClusterSnapshot`. */
  readonly calls: Readonly<Record<string, number>>;
}

/** The demo's end: the table of the first run, what it cost, and what a second run found to do. */
export const renderDemo = ([first, second]: readonly DemoRun[], width: number): string => {
  if (first === undefined) return "";
  const parts = [renderResult(first.document, width), renderRetention(first.document), renderCost(first)];
  return [...parts, ...(second ? [renderSecond(second)] : [])].join("\n\n");
};

const renderRetention = ({ retention, skipped }: ResultDocument): string => {
  const kept = retention.flatMap((set) => set.kept);
  const pruned = retention.flatMap((set) => set.pruned);
  const left = skipped.map(({ cluster, because }) => `  ${cluster.split(":").at(-1)}: ${because}`);
  return [
    `retention kept ${kept.length} recovery points and pruned ${pruned.length} (--json gives the reasons)`,
    `left alone: ${left.length} clusters that the plan does not mean`,
    ...left,
  ].join("\n");
};

const renderCost = ({ calls, virtualSeconds, document }: DemoRun): string => {
  const total = (prefix: RegExp): number =>
    Object.entries(calls).reduce((sum, [name, count]) => sum + (prefix.test(name) ? count : 0), 0);
  const minutes = Math.round(virtualSeconds / 60);
  return [
    `${total(/^(rds|redshift)\./)} control-plane calls and ${total(/^(?!rds\.|redshift\.)/)} others`,
    `${document.execution.transitions} state transitions in ${minutes} minutes of virtual time`,
  ].join("\n");
};

const renderSecond = ({ document }: DemoRun): string =>
  [
    pc.bold("the same scheduled time once more:"),
    `  ${document.snapshotsTaken} snapshots taken, ${document.copiesStarted} copies started: the run found its own`,
  ].join("\n");
