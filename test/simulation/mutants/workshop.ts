import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** All but what is made, fetched, or git's. */
const ingredients = readdirSync(root).filter(
  (name) => !["node_modules", ".git", ".serverless", ".holdfast", ".esbuild", "dist"].includes(name),
);

/** Who can notice a defect. */
export type Judge = "types" | "own tests" | "simulation" | "other tests";

/** The quickest first. */
export const quickest: readonly Judge[] = ["types", "own tests", "simulation", "other tests"];

/** So that it shows what the simulation notices by itself. */
export const simulationFirst: readonly Judge[] = ["types", "simulation", "own tests", "other tests"];

export interface Verdict {
  /** Who noticed first; `undefined` where nobody did. */
  readonly caught: Judge | undefined;
  readonly words: string;
}

/** A copy of the project in which one file at a time is changed and put back. */
export interface Workshop {
  /** The text of a file as it is. */
  read(file: string): string;
  /** Asks the judges, in their order, until one notices that the file has this text. */
  try(file: string, text: string, asked: readonly Judge[]): Verdict;
  close(): void;
}

export const openWorkshop = (): Workshop => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-mutants-"));
  for (const name of ingredients) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return {
    read,
    try: (file, text, asked) => {
      const sound = read(file);
      writeFileSync(join(folder, file), text);
      try {
        for (const judge of asked) {
          const words = askOf[judge](file, folder);
          if (words !== undefined) return { caught: judge, words };
        }
        return { caught: undefined, words: "" };
      } finally {
        writeFileSync(join(folder, file), sound);
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** What a judge says of a defect in a file; `undefined` where nothing is wrong. */
type Ask = (file: string, folder: string) => string | undefined;

const askOf: Readonly<Record<Judge, Ask>> = {
  types: (_file, folder) => complaint(folder, compiler, /error TS/),
  "own tests": (file, folder) => failureOf(folder, ownTests(file, folder)),
  simulation: (_file, folder) =>
    complaint(
      folder,
      ["test/simulation/main.ts", "--seeds", "2", "--days", "12", "--clusters", "6"],
      /^seed \d+, day|Error:/,
    ),
  "other tests": (file, folder) =>
    failureOf(
      folder,
      otherTests(file, folder).filter((test) => !ownTests(file, folder).includes(test)),
    ),
};

/** A name that is unused shows that something was changed, and no more. */
const compiler = [
  ...["node_modules/typescript/bin/tsc", "-p", ".", "--noEmit", "--noUnusedLocals", "false"],
  ...["--noUnusedParameters", "false", "--incremental", "--tsBuildInfoFile", ".types"],
];

/** In threads: a defect that never ends would outlive the command in a process of its own. */
const failureOf = (folder: string, tests: readonly string[]): string | undefined =>
  tests.length === 0
    ? undefined
    : complaint(
        folder,
        ["node_modules/vitest/vitest.mjs", "run", ...tests, "--bail", "1", "--pool", "threads"],
        /FAIL|^\w*Error: /,
      );

/** The other tests take a minute of a quiet machine: what is slower by far hangs. */
const secondsMax = 600;

const complaint = (folder: string, args: readonly string[], telling: RegExp): string | undefined => {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: folder, encoding: "utf8", timeout: secondsMax * 1000, maxBuffer: 64 * 1024 * 1024 },
    env: { ...process.env, NO_COLOR: "1" },
  });
  if (status === 0) return undefined;
  if (signal === "SIGTERM") return `it had not ended after ${secondsMax} seconds`;
  return (
    `${stdout}\n${stderr}`
      .split("\n")
      .find((line) => telling.test(line))
      ?.trim() ?? "it ended by an error"
  );
};

/** As the workshop has them: what is written meanwhile is not there. */
const testsIn = (place: string, folder: string): readonly string[] =>
  readdirSync(join(folder, place))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${place}/${name}`);

const layerOf = (file: string): string => basename(dirname(file));

/** Those that bear the file's name. */
const ownTests = (file: string, folder: string): readonly string[] => {
  const name = basename(file, ".ts");
  return testsIn(`test/${layerOf(file)}`, folder).filter((test) =>
    [`${name}.test.ts`, `${name}-laws.test.ts`].includes(basename(test)),
  );
};

/** Those of the file's own folder; the steps drive the core too, and some of it only holdfast.yml or a command does. */
const otherTests = (file: string, folder: string): readonly string[] =>
  layerOf(file) === "core"
    ? [
        ...[...testsIn("test/core", folder), ...testsIn("test/steps", folder)],
        ...["test/runtime/config-file.test.ts", ...commandTests(file, folder)],
      ]
    : testsIn(`test/${layerOf(file)}`, folder);

/** Those of the commands whose own files import this one: all of them would take minutes. */
const commandTests = (file: string, folder: string): readonly string[] => {
  const users = readdirSync(join(folder, "cli"))
    .filter((name) => name.endsWith(".ts"))
    .filter((name) => readFileSync(join(folder, "cli", name), "utf8").includes(`"../${file}"`));
  return testsIn("test/cli", folder).filter((test) =>
    users.some((name) => name.startsWith(basename(test, ".test.ts"))),
  );
};
