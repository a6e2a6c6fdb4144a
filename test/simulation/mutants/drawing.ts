import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { Dice } from "../dice.ts";
import { inOneLine } from "./equivalent.ts";

/** A defect that Stryker's own mutators make of a file, as they make it. */
export interface Mutant {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Stryker's name for the kind of defect. */
  readonly operator: string;
  /** The lines that it changes, without and with it, in one line each. */
  readonly before: string;
  readonly after: string;
  /** The whole file with it. */
  readonly text: string;
}

type Found = Awaited<ReturnType<Instrumenter["instrument"]>>["mutants"][number];

const nothing = (): void => {};
const never = (): boolean => false;
const silent = {
  ...{ trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing },
  ...{ isTraceEnabled: never, isDebugEnabled: never, isInfoEnabled: never },
  ...{ isWarnEnabled: never, isErrorEnabled: never, isFatalEnabled: never },
};

/** Every mutant of a file's text, in Stryker's order; needs Node 22. */
export const mutantsOf = async (file: string, text: string): Promise<readonly Mutant[]> => {
  const { mutants } = await new Instrumenter(silent).instrument(
    [{ name: file, content: text, mutate: true }],
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  const lines = text.split("\n");
  return mutants.map((found) => toMutant(file, lines, found));
};

const toMutant = (file: string, lines: readonly string[], found: Found): Mutant => {
  const { start, end } = found.location;
  const head = lines[start.line]?.slice(0, start.column) ?? "";
  const tail = lines[end.line]?.slice(end.column) ?? "";
  const changed = head + whole(found) + tail;
  return {
    ...{ file, line: start.line + 1, operator: found.mutatorName },
    before: inOneLine(lines.slice(start.line, end.line + 1).join("\n")),
    after: inOneLine(changed),
    text: [...lines.slice(0, start.line), changed, ...lines.slice(end.line + 1)].join("\n"),
  };
};

/** What is printed without its surroundings says nothing of precedence, so an expression brings its brackets. */
const whole = ({ mutatorName, replacement }: Found): string => {
  const isStatement = mutatorName === "BlockStatement" || /^(case\b.*|default):$/.test(replacement);
  const isClosed = /^(\w+|"[^"]*"|`[^`]*`|\[\]|\{\})$/.test(replacement);
  return isStatement || isClosed ? replacement : `(${replacement})`;
};

/** So many of the mutants, none of them twice; all, where there are no more. */
export const draw = (count: number, mutants: readonly Mutant[], dice: Dice): readonly Mutant[] =>
  mutants
    .map((mutant) => ({ mutant, lot: dice.random() }))
    .toSorted((a, b) => a.lot - b.lot)
    .slice(0, count)
    .map(({ mutant }) => mutant);
