/** Mechanical operators of mutation: each makes one small defect in one line of code. */

export interface Mutant {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
}

interface Operator {
  readonly name: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const operators: readonly Operator[] = [
  { name: "negated condition", pattern: /^(\s*(?:\} else )?if )\((.+)\)( .*)$/, replacement: "$1(!($2))$3" },
  { name: "equality turned", pattern: / === /, replacement: " !== " },
  { name: "inequality turned", pattern: / !== /, replacement: " === " },
  { name: "boundary moved", pattern: / <= /, replacement: " < " },
  { name: "boundary moved", pattern: / >= /, replacement: " > " },
  { name: "boundary moved", pattern: / < (?=[a-z0-9])/, replacement: " <= " },
  { name: "boundary moved", pattern: / > (?=[a-z0-9])/, replacement: " >= " },
  { name: "and for or", pattern: / && /, replacement: " || " },
  { name: "or for and", pattern: / \|\| /, replacement: " && " },
  { name: "filter removed", pattern: /\.filter\((?:[^()]|\([^()]*\))*\)/, replacement: "" },
  { name: "order removed", pattern: /\.toSorted\((?:[^()]|\([^()]*\))*\)/, replacement: "" },
  { name: "call removed", pattern: /^(\s+)(?:await )?[a-z][\w.]*\(.*\);$/, replacement: "$1;" },
  { name: "sign turned", pattern: / \+ (?=[a-z0-9(])/, replacement: " - " },
  { name: "sign turned", pattern: / - (?=[a-z0-9(])/, replacement: " + " },
  { name: "every for some", pattern: /\.some\(/, replacement: ".every(" },
  { name: "some for every", pattern: /\.every\(/, replacement: ".some(" },
  { name: "yes for no", pattern: /: false\b/, replacement: ": true" },
  { name: "highest for lowest", pattern: /Math\.max\(/, replacement: "Math.min(" },
  { name: "lowest for highest", pattern: /Math\.min\(/, replacement: "Math.max(" },
];

/** Every mutant of a file's text, in order of lines; comments, imports and types are no code. */
export const mutantsOf = (file: string, text: string): readonly Mutant[] =>
  text.split("\n").flatMap((before, index) => {
    if (/^\s*(\*|\/\/|\/\*|import |export type |type |\|)/.test(before)) return [];
    return operators
      .filter(({ pattern }) => pattern.test(before))
      .map(({ name, pattern, replacement }) => ({
        ...{ file, line: index + 1, operator: name, before },
        after: before.replace(pattern, replacement),
      }));
  });

/** The text with a mutant in it. */
export const mutate = (text: string, { line, after }: Mutant): string =>
  text
    .split("\n")
    .map((before, index) => (index === line - 1 ? after : before))
    .join("\n");
