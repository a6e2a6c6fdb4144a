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

const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`cannot read ${path}; name an existing file with --config or HOLDFAST_CONFIG`, {
      cause: error,
    });
  }
};

/** The same for a text at hand; `path` is what messages call it. */
export const parseConfig = (text: string, { path, home, also = () => [] }: ParseInput): Config => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const source = { path, document, lines };
  const malformed = syntaxMistakes(source);
  if (malformed.length > 0) throw new ConfigError(malformed.join("\n"));
  const verdict = readConfig(document.toJS(), home);
  const problems = "config" in verdict ? also(verdict.config) : verdict.problems;
  if ("config" in verdict && problems.length === 0) return verdict.config;
  const byLine = problems.toSorted((a, b) => lineOf(a.path, source) - lineOf(b.path, source));
  throw new ConfigError(byLine.map((problem) => sentence(problem, source)).join("\n"));
};

interface ParseInput {
  readonly path: string;
  readonly home: string;
  readonly also?: Objections;
}

interface Source {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** What is not YAML. An unquoted `*` is the likely one: YAML takes it for an alias, which fails only when read. */
const syntaxMistakes = ({ path, document, lines }: Source): readonly string[] => {
  const mistakes = document.errors.map(({ message, pos }) => ({
    at: pos[0],
    what: message.replace(/ at line \d+[\s\S]*$/, ""),
  }));
  visit(document, {
    Alias: (_key, alias) => {
      if (document.errors.length > 0 || alias.resolve(document) !== undefined) return;
      mistakes.push({ at: alias.range?.[0] ?? 0, what: `*${alias.source} stands for nothing` });
    },
  });
  const remedy = 'use YAML, and quote text that begins with * or has ": " in it';
  return mistakes.map(({ at, what }) => `${path}:${lines.linePos(at).line}: ${what}; ${remedy}`);
};

/** `holdfast.yml:12: plans.daily.retention.keep-daily is "seven"; use a whole number from 0 to 3650`. */
const sentence = ({ path, message }: ConfigProblem, source: Source): string => {
  const place = `${source.path}:${lineOf(path, source)}: ${path.join(".") || "the document"}`;
  if (!message.startsWith("use ")) return `${place} ${message}`;
  const value = path.length === 0 ? source.document.toJS() : source.document.getIn(path);
  const found = value === undefined ? "is missing" : `is ${describe(value)}`;
  return `${place} ${found}; ${message}`;
};

const describe = (value: unknown): string => (isCollection(value) ? "a collection" : JSON.stringify(value));

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
