import type { Tally } from "./tally.ts";

interface Soak {
  readonly runs: number;
  readonly failed: number;
  readonly seconds: number;
}

/** What a soak came to: runs, faults by kind, invariants by how often they were checked, faults by function. */
export const summary = (tally: Tally, { runs, failed, seconds }: Soak): string => {
  const { nights, executions, parts, invocations, calls, deletions } = tally;
  const pace = seconds > 0 ? (nights / seconds).toFixed(1) : "-";
  return [
    "",
    `${runs} ${runs === 1 ? "run" : "runs"}, ${failed} failed: ${nights} nights, ${executions} executions (${parts} of parts), ${invocations} invocations, ${calls} calls, ${deletions} deletions`,
    `${seconds.toFixed(1)} s, ${pace} nights a second`,
    "",
    "faults injected",
    ...lines(tally.injected),
    "",
    "runs by what they are reported as",
    ...lines(tally.outcomes),
    "",
    "invariants checked",
    ...lines(tally.checked),
    "",
    "fault x function: calls or invocations hit, or invocations of nights in which it was at work",
    ...table(tally.coverage),
  ].join("\n");
};

const lines = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `  ${name.padEnd(22)} ${count}`);

const table = (coverage: ReadonlyMap<string, number>): readonly string[] => {
  const cells = [...coverage].map(([key, count]) => [...key.split(" x "), count] as const);
  const columns = [...new Set(cells.map(([, column]) => column))] as readonly string[];
  const rows = [...new Set(cells.map(([row]) => row))].toSorted() as readonly string[];
  const line = (head: string, values: readonly (string | number)[]): string =>
    `  ${head.padEnd(22)}${values.map((value) => String(value).padStart(10)).join("")}`;
  return [
    line("", columns),
    ...rows.map((row) =>
      line(
        row,
        columns.map((column) => coverage.get(`${row} x ${column}`) ?? 0),
      ),
    ),
  ];
};
