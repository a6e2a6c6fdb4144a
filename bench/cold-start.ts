import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
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
    const project = join(folder, "project");
    const bundles = [...unpack(folder, project), unbundled(project)];
    const empty = { name: "(empty)", path: join(folder, "empty.cjs"), codeKib: 0 };
    writeFileSync(empty.path, "exports.handler = async () => {};\n");
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

const unpack = (folder: string, project: string) => {
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

/** The largest function as it would be if it took the SDK from the runtime's node_modules, as Lambda has one. */
const unbundled = (project: string) => {
  const path = join(project, "functions", "copy.cjs");
  buildSync({
    entryPoints: [join(project, "functions", "copy.ts")],
    outfile: path,
    bundle: true,
    minify: true,
    format: "cjs",
    platform: "node",
    mainFields: ["module", "main"],
    external: ["@aws-sdk/*", "@smithy/*"],
    logLevel: "error",
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return { name: "copy, SDK beside", path, codeKib: statSync(path).size / 1024 };
};

const unzip = (zip: string, into: string) => {
  const files = Object.entries(unzipSync(readFileSync(zip)));
  for (const [path, bytes] of files) {
    mkdirSync(join(into, path, ".."), { recursive: true });
    writeFileSync(join(into, path), bytes);
  }
  const [path = "", bytes = new Uint8Array()] = files.find(([name]) => name.endsWith(".cjs")) ?? [];
  return { name: into.split("/").at(-1) ?? "", path: join(into, path), codeKib: bytes.length / 1024 };
};

const importMs = (path: string): number => {
  const script = `const began = performance.now(); await import(${JSON.stringify(path)}); console.log(performance.now() - began);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`importing ${path} failed: ${stderr}`);
  return Number(stdout.trim().split("\n").at(-1));
};

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** A line for each function, for a terminal. */
export const renderColdStart = (starts: readonly ColdStart[]): string =>
  [
    "function          code KiB  import ms  times an empty one",
    ...starts.map(
      ({ name, codeKib, importMs, ratio }) =>
        `${name.padEnd(16)}${codeKib.toFixed(0).padStart(10)}${importMs.toFixed(1).padStart(11)}${ratio.toFixed(1).padStart(20)}`,
    ),
  ].join("\n");
