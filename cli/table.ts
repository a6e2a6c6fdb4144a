import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import type { ToldProblem } from "./aws-words.ts";

/** Of the terminal; what is piped is as wide as most terminals, and so is a terminal that tells 0, as `script` has it. */
export const columns = (stream: { readonly columns?: number } = process.stdout): number =>
  stream.columns || 80;

export interface TableInput {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of the terminal. */
  readonly width: number;
}

const firstWidthMin = 12;

/** Rows without borders that fit the width: the first column gives way, cut in its middle. */
export const table = ({ columns: names, rows, width }: TableInput): string => {
  const widths = names.map(
    (name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)) + 1,
  );
  const others = widths.slice(1).reduce((sum, each) => sum + each, 0);
  widths[0] = Math.max(firstWidthMin, Math.min(widths[0] ?? 0, width - others));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell + " ".repeat(Math.max(0, (widths[at] ?? 0) - lengthOf(cell))))
      .join("")
      .trimEnd();
  const head = line(names.map((name) => pc.bold(name)));
  const body = rows.map(([first = "", ...rest]) =>
    line([cutMiddle(first, (widths[0] ?? 0) - 1), ...rest.map(colour)]),
  );
  return [head, ...body].join("\n");
};

/** Each row with its identifier below. */
export const withIds = (drawn: string, points: readonly { readonly id: string }[]): string => {
  const [names = "", ...rows] = drawn.split("\n");
  return [names, ...rows.flatMap((row, at) => [row, pc.dim(`  ${points[at]?.id}`)])].join("\n");
};

/** Long names often differ at their end: the middle is what can go. */
const cutMiddle = (text: string, width: number): string => {
  if (text.length <= width) return text;
  const head = Math.floor((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
};

const good: ReadonlySet<string> = new Set(["available", "protected", "take"]);
const bad: ReadonlySet<string> = new Set(["absent", "failed", "none", "unprotected", "at risk", "unknown"]);

const colour = (text: string): string => {
  if (good.has(text)) return pc.green(text);
  return bad.has(text) ? pc.red(text) : text;
};

/** `1 copy`, `2 copies`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Copies of what earlier runs took, after those of the run's own: ` and 1 of an earlier run`. */
export const earlierWords = (count: number): string =>
  count === 0 ? "" : ` and ${count} of ${count === 1 ? "an earlier run" : "earlier runs"}`;

/** Numbered as a table's last column has them. */
export const renderProblems = (problems: readonly ToldProblem[], width: number): string =>
  problems.map((problem, at) => renderProblem(problem, at + 1, width)).join("\n");

const renderProblem = ({ cluster, region, sentence }: ToldProblem, number: number, width: number): string => {
  const place = cluster === "*" ? region : region === "*" ? cluster : `${cluster} (${region})`;
  return wrap(`${pc.yellow(`${number}`)}  ${place}: ${sentence}.`, width, "   ");
};

export interface PointLine {
  /** What stands in front of the identifier, with the space between. */
  readonly head: string;
  readonly id: string;
  readonly because: readonly string[];
  readonly width: number;
}

/** An identifier is never cut: other commands ask for it. Reasons that have no room beside it follow below. */
export const pointLine = ({ head, id, because, width }: PointLine): string => {
  const indent = " ".repeat(lengthOf(head));
  const unbroken = because.map((reason) =>
    reason.length < width - indent.length ? reason.replaceAll(" ", noBreak) : reason,
  );
  return wrap(`${head}${id}  ${pc.dim(unbroken.join(", "))}`, width, indent)
    .replaceAll(noBreak, " ")
    .replaceAll(/ +$/gm, "");
};

const noBreak = "\u00a0";

/** Breaks at spaces; what has none is left whole. */
export const wrap = (text: string, width: number, indent: string): string => {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    else if (lengthOf(line) + 1 + lengthOf(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join("\n");
};

/** As it is seen: colours take no room. */
const lengthOf = (text: string): number => stripVTControlCharacters(text).length;
