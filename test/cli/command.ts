import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in a process of its own, as a person runs it in a terminal of 80 columns without colours. */
export const holdfast = (words: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(words, variables).ended;

/** The same, and Ctrl-C, or what else ends a process, as soon as something has come about. */
export const interrupted = async (
  words: readonly string[],
  variables: NodeJS.ProcessEnv,
  { when, signal = "SIGINT" }: { readonly when: () => boolean; readonly signal?: NodeJS.Signals },
): Promise<Ended> => {
  const { child, ended } = start(words, variables);
  while (!when() && child.exitCode === null) await setTimeout(50);
  child.kill(signal);
  return ended;
};

const start = (words: readonly string[], variables: NodeJS.ProcessEnv) => {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NO_COLOR: "1", ...variables };
  const { promise: ended, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(
    process.execPath,
    ["cli/holdfast.ts", ...words],
    { env, maxBuffer: 1e8 },
    (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr }),
  );
  return { child, ended };
};

/** What points a command at a simulated account. */
export const at = (endpoint: string): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "simulator",
  AWS_SECRET_ACCESS_KEY: "simulator",
  AWS_REGION: "us-east-1",
});

const folder = mkdtempSync(join(tmpdir(), "holdfast-cli-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A holdfast.yml on disk; the options that name it. */
export const plansFile = (text: string): string => {
  files += 1;
  const path = join(folder, `holdfast-${files}.yml`);
  writeFileSync(path, text);
  return path;
};

/** Another file that says the same. */
export const copyOf = (path: string): string => plansFile(readFileSync(path, "utf8"));
