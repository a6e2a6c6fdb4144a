import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** The tree as data: who may import whom, what the pure core may not mention, how long a file may be. */

const root = resolve(import.meta.dirname, "..");
const folders = ["bench", "lib", "functions", "cli", "deploy", "simulator", "test"];

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));

const sources = folders
  .flatMap(sourcesIn)
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const importsOf = ({ path, text }: { path: string; text: string }): { to: string; local: boolean }[] =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, to = ""]) =>
    to.startsWith(".")
      ? { to: relative(root, resolve(root, dirname(path), to)), local: true }
      : { to, local: false },
  );

/** What each room may import from; the longest prefix that fits a path is its room. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  "lib/errors.ts": [],
  "lib/core": ["lib/core"],
  "lib/engines": ["lib/engines", "lib/core", "lib/errors.ts"],
  "lib/steps": ["lib/steps", "lib/core", "lib/errors.ts", "lib/engines/engine.ts", "lib/engines/attempts.ts"],
  "lib/runtime": ["lib/runtime", "lib/steps", "lib/engines", "lib/core", "lib/errors.ts"],
  functions: ["lib/runtime", "lib/steps"],
  cli: ["cli", "functions", "lib"],
  "cli/demo": ["cli", "functions", "lib", "simulator"],
  deploy: ["deploy", "lib/runtime", "lib/core", "lib/errors.ts"],
  simulator: ["simulator"],
  bench: ["bench", "cli", "lib", "simulator"],
  "bench/floor.ts": [],
  // What proves the product must not believe it: the checkers see the simulator's records and nothing else.
  "test/simulation/checkers": ["test/simulation/checkers", "simulator"],
  test: ["test", "bench", "cli", "deploy", "functions", "lib", "simulator"],
};

const roomOf = (path: string): string =>
  Object.keys(arrows)
    .filter((room) => path.startsWith(room))
    .toSorted((a, b) => b.length - a.length)[0] ?? "";

const stepNames = new Set(readdirSync(join(root, "functions")).map((name) => name.replace(".ts", "")));

describe("the tree", () => {
  it("has files to look at", () => {
    expect(sources.length).toBeGreaterThan(60);
  });

  it.each(sources.map((source) => [source.path, source] as const))(
    "%s imports only what its room may",
    (path, source) => {
      const allowed = arrows[roomOf(path)] ?? [];
      const strays = importsOf(source).filter(
        ({ to, local }) => local && !allowed.some((room) => to.startsWith(room)),
      );
      expect(strays).toEqual([]);
    },
  );

  it.each(
    sources
      .filter(({ path }) => path.startsWith("lib/steps/"))
      .map((source) => [source.path, source] as const),
  )("%s imports no other step", (_, source) => {
    const steps = importsOf(source).filter(({ to }) =>
      stepNames.has(/^lib\/steps\/(.+)\.ts$/.exec(to)?.[1] ?? ""),
    );
    expect(steps).toEqual([]);
  });

  it.each(
    sources
      .filter(({ path }) => path.startsWith("lib/core/"))
      .map((source) => [source.path, source] as const),
  )("%s is pure", (_, source) => {
    const packages = importsOf(source)
      .filter(({ local }) => !local)
      .map(({ to }) => to);
    expect(
      packages.filter((name) => !["@aws-crypto/sha256-js", "fastest-levenshtein", "zod/mini"].includes(name)),
    ).toEqual([]);
    const code = source.text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    expect(code).not.toMatch(/\basync\b|\bawait\b|\bprocess\.|Math\.random|Date\.now|new Date\(\)/);
  });

  it("reads the clock and the environment in lib/runtime only", () => {
    const guilty = sources
      .filter(({ path }) => path.startsWith("lib/") && !path.startsWith("lib/runtime/"))
      .filter(({ text }) => /process\.env|Date\.now\(|new Date\(\)|Math\.random/.test(text));
    expect(guilty.map(({ path }) => path)).toEqual([]);
  });

  it("has no file over 300 lines", () => {
    const long = sources.filter(
      ({ path, text }) => !path.startsWith("test/") && text.split("\n").length > 300,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it("has no room for what has no name", () => {
    expect(
      sources.filter(({ path }) => /utils?|helpers?|common|misc/.test(path)).map(({ path }) => path),
    ).toEqual([]);
  });

  it("exports by name only", () => {
    const guilty = sources.filter(
      ({ path, text }) => path !== "vitest.config.ts" && /^export (default|\*)/m.test(text),
    );
    expect(guilty.map(({ path }) => path)).toEqual([]);
  });

  it("knows nothing of the product in the simulator", () => {
    const guilty = sources.filter(
      ({ path, text }) => path.startsWith("simulator/") && /holdfast/i.test(text),
    );
    expect(guilty.map(({ path }) => path)).toEqual([]);
  });
});

describe("the runtime of the tests", () => {
  it("is Lambda's own version of Node", () => {
    expect(process.versions.node.split(".")[0]).toBe(readFileSync(join(root, ".nvmrc"), "utf8").trim());
  });
});
