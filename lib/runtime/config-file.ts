import { readFileSync } from "node:fs";
import { type Document, isCollection, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Config } from "../core/plan.ts";
import { type ConfigProblem, readConfig } from "../core/plan-schema.ts";
import { ConfigError } from "../errors.ts";

/** Reads and checks holdfast.yml. Fails with one `ConfigError` that lists every mistake with its line. */
export const loadConfig = (path: string, home: string, also?: Objections): Config =>
  parseConfig(readText(path), { path, home, ...(also && { also }) });

/** What else may be wrong with a configuration for somebody's purpose. */
export type Objections = (config: Config) => readonly ConfigProblem[];

/** The file's text; fails with `ConfigError` where there is none. */
export const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const why = obstacles[code] ?? code;
    throw new ConfigError(`cannot read ${path}: ${why}; name another with --config`, { cause: error });
  }
};

const obstacles: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "you may not read it",
};

/** The same for a text at hand; `path` is what messages call it. */
export const parseConfig = (text: string, input: ParseInput): Config => {
  const examined = examineConfig(text, input);
  if ("config" in examined) return examined.config;
  throw new ConfigError(examined.mistakes.map(({ sentence }) => sentence).join("\n"));
};

/** What is to be said about a place of the file: `sentence` is the whole, with the place. */
export interface Remark {
  readonly line: number;
  readonly path: string;
  readonly message: string;
  readonly sentence: string;
}

/** A configuration, with the way to say where in its file something stands; or all that is wrong with it. */
export type Examined =
  | { readonly config: Config; readonly remark: (problem: ConfigProblem, kind?: string) => Remark }
  | { readonly mistakes: readonly Remark[] };

/** Reads and checks a text without failing. */
export const examineConfig = (text: string, { path, home, also = () => [] }: ParseInput): Examined => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const source = { path, text, document, lines };
  const malformed = syntaxMistakes(source);
  if (malformed.length > 0) return { mistakes: malformed };
  const verdict = readConfig(document.toJS(), home);
  const problems = "config" in verdict ? also(verdict.config) : verdict.problems;
  const remark = (problem: ConfigProblem, kind?: string): Remark => remarkOn(problem, source, kind);
  if ("config" in verdict && problems.length === 0) return { config: verdict.config, remark };
  return { mistakes: problems.map((problem) => remark(problem)).toSorted((a, b) => a.line - b.line) };
};

interface ParseInput {
  readonly path: string;
  readonly home: string;
  readonly also?: Objections;
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** What is not YAML. An unquoted `*` is the likely one: YAML takes it for an alias, which fails only when read. */
const syntaxMistakes = ({ path, text, document, lines }: Source): readonly Remark[] => {
  const mistakes = document.errors.map(({ code, message, pos }) => ({
    at: pos[0],
    message:
      syntaxWords[code]?.(wordAt(text, pos[0])) ?? quoting(message.replace(/ at line \d+[\s\S]*$/, "")),
  }));
  visit(document, {
    // What reads the plans passes over such a key: a plan would be gone, and a tag would no longer narrow one.
    Pair: (_key, { key }) => {
      if (isScalar(key) && key.value === "__proto__")
        mistakes.push({ at: key.range?.[0] ?? 0, message: "__proto__ cannot be a name; use another" });
    },
    Alias: (_key, alias) => {
      if (document.errors.length > 0 || alias.resolve(document) !== undefined) return;
      mistakes.push({ at: alias.range?.[0] ?? 0, message: quoting(`*${alias.source} stands for nothing`) });
    },
  });
  return mistakes.map(({ at, message }) => {
    const { line } = lines.linePos(at);
    return { line, path: "", message, sentence: `${path}:${line}: ${message}` };
  });
};

const quoting = (what: string): string =>
  `${what}; use YAML, and quote text that begins with * or has ": " in it`;

/** Mistakes that quoting does not mend. */
const syntaxWords: Readonly<Record<string, (word: string) => string>> = {
  DUPLICATE_KEY: (word) => `${word} stands here twice; keep one of them`,
  MULTIPLE_DOCS: () => "there is a second document; keep one, without the line ---",
  TAB_AS_INDENT: () => "Tabs are not allowed as indentation; use spaces",
};

const wordAt = (text: string, at: number): string => /[^:\n]*/.exec(text.slice(at))?.[0] ?? "";

/** `holdfast.yml:12: plans.daily.retention.keep-daily is "seven"; use a whole number from 0 to 3650`. */
const remarkOn = (problem: ConfigProblem, source: Source, kind?: string): Remark => {
  const line = lineOf(problem.path, source);
  const path = problem.path.join(".");
  const message = messageOf(problem, source);
  const place = `${source.path}:${line}:${kind === undefined ? "" : ` ${kind}:`}`;
  return { line, path, message, sentence: `${place} ${path || "the document"} ${message}` };
};

const messageOf = ({ path, message }: ConfigProblem, source: Source): string => {
  if (!message.startsWith("use ")) return message;
  const value = path.length === 0 ? source.document.toJS() : source.document.getIn(path);
  return `${value === undefined ? "is missing" : `is ${describe(value)}`}; ${message}`;
};

const describe = (value: unknown): string =>
  isCollection(value) ? "a collection" : cut(JSON.stringify(value));

/** Of another file's text, taken for holdfast.yml, its beginning tells enough. */
const cut = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 200)}…`);

/** The line of the deepest node on the path that exists: of a missing key, its parent's. */
const lineOf = (path: readonly (string | number)[], { document, lines }: Source): number => {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const offset = offsetOf(document, path.slice(0, depth));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
};

const offsetOf = (document: Document, path: readonly (string | number)[]): number | undefined => {
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isCollection(parent)
    ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1))
    : undefined;
  const node = isPair(pair) ? pair.key : document.getIn(path, true);
  return (node as { range?: readonly [number, number, number] } | undefined)?.range?.[0];
};
