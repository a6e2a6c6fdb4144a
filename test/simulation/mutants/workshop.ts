import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** All but what is made, fetched, or git's. */
const ingredients = readdirSync(root).filter(
  (name) => !["node_modules", ".git", ".serverless", ".holdfast", ".esbuild", "dist"].includes(name),
);

/** How a defect came to light; `survived` where nothing noticed. */
export type Verdict = "simulation" | "tests" | "survived";

/** A copy of the project in which one file at a time is changed and put back. */
export interface Workshop {
  /** The text of a file as it is. */
  read(file: string): string;
  try(file: string, text: string): { readonly verdict: Verdict; readonly words: string };
  close(): void;
}

export const openWorkshop = (): Workshop => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-mutants-"));
  for (const name of ingredients) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 240_000 });
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  return {
    read,
    try: (file, text) => {
      writeFileSync(join(folder, file), text);
      try {
        const simulated = run("test/simulation/main.ts", "--seeds", "2", "--days", "12", "--clusters", "6");
        if (simulated.status !== 0)
          return { verdict: "simulation", words: firstWords(`${simulated.stdout}\n${simulated.stderr}`) };
        const tested = run("node_modules/vitest/vitest.mjs", "run", ...testsOf(file), "--bail", "1");
        if (tested.status !== 0) return { verdict: "tests", words: firstFailure(tested.stdout) };
        return { verdict: "survived", words: "" };
      } finally {
        writeFileSync(join(folder, file), read(file));
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** The tests of the file's own folder: the steps' drive the core too. */
const testsOf = (file: string): readonly string[] => {
  const [, layer = "core"] = file.split("/");
  return layer === "core" ? ["test/core", "test/steps"] : [`test/${layer}`];
};

const firstWords = (output: string): string =>
  output.split("\n").find((line) => /^seed \d+, day|Error:/.test(line)) ?? "it ended by an error";

const firstFailure = (output: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  (output.split("\n").find((line) => line.includes("FAIL")) ?? "").replaceAll(/\u001b\[\d+m/g, "").trim();
