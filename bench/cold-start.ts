import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";

/** A built function's cold start, beside that of a handler that does nothing. */
export interface ColdStart {
  readonly name: string;
  readonly codeKib: number;
  /** Milliseconds of `import`, the median of several processes. */
  readonly importMs: number;
  /** Times the empty handler's, of the same run. */
  readonly ratio: number;
}

const root = resolve(import.meta.dirname, "..");
const rounds = 9;

/** What packaging reads. */
const ingredients = ["deploy", "functions", "lib", "workflow", "serverless.yml", "holdfast.yml"];
const alone = ["holdfast.lock.json", "package.json", "tsconfig.json"];

/** Packages the service in a folder of its own, and imports each function's bundle in fresh processes, in turn. */
export const measureColdStart = (): readonly ColdStart[] => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  try {
    const bundles = unpack(folder);
    const empty = { name: "(empty)", path: join(folder, "empty.mjs"), codeKib: 0 };
    writeFileSync(empty.path, "export const handler = async () => {};\n");
    const all = [empty, ...bundles];
    const times = new Map(all.map(({ name }) => [name, [] as number[]]));
    // In turn, so that what else the machine does befalls all alike.
    for (let round = 0; round < rounds; round += 1)
      for (const { name, path } of all) times.get(name)?.push(importMs(path));
    const base = median(times.get(empty.name) ?? []);
    return all.map(({ name, codeKib }) => {
      const importMs = median(times.get(name) ?? []);
      return { name, codeKib, importMs, ratio: importMs / base };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const unpack = (folder: string) => {
  const project = join(folder, "project");
  mkdirSync(project);
  for (const name of [...ingredients, ...alone])
    cpSync(join(root, name), join(project, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  const packaged = spawnSync(process.execPath, ["deploy/package.ts"], { cwd: project, encoding: "utf8" });
  if (packaged.status !== 0) throw new Error(`packaging failed: ${packaged.stdout}${packaged.stderr}`);
  const zips = join(project, ".serverless");
  return readdirSync(zips)
    .filter((name) => name.endsWith(".zip"))
    .map((zip) => unzip(join(zips, zip), join(folder, zip.replace(".zip", ""))));
};

const unzip = (zip: string, into: string) => {
  const files = Object.entries(unzipSync(readFileSync(zip)));
  for (const [path, bytes] of files) {
    mkdirSync(join(into, path, ".."), { recursive: true });
    writeFileSync(join(into, path), bytes);
  }
  const [path = "", bytes = new Uint8Array()] = files.find(([name]) => name.endsWith(".mjs")) ?? [];
  return { name: into.split("/").at(-1) ?? "", path: join(into, path), codeKib: bytes.length / 1024 };
};

const importMs = (path: string): number => {
  const script = `const began = performance.now(); await import(${JSON.stringify(path)}); console.log(performance.now() - began);`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return Number(stdout.trim().split("\n").at(-1));
};

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** A line for each function, for a terminal. */
export const renderColdStart = (starts: readonly ColdStart[]): string =>
  [
    "function      code KiB  import ms  times an empty one",
    ...starts.map(
      ({ name, codeKib, importMs, ratio }) =>
        `${name.padEnd(12)}${codeKib.toFixed(0).padStart(10)}${importMs.toFixed(1).padStart(11)}${ratio.toFixed(1).padStart(20)}`,
    ),
  ].join("\n");
