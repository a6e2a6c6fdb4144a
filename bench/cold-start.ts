import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { packageService } from "./packaged.ts";

/** A built function's cold start, beside that of a handler that does nothing. */
export interface ColdStart {
  readonly name: string;
  readonly codeKib: number;
  /** Milliseconds of `import`, the median of several processes. */
  readonly importMs: number;
  /** Times the empty handler's, of the same run. */
  readonly ratio: number;
}

const rounds = 9;

/** Packages the service in a folder of its own, and imports each function's bundle in fresh processes, in turn. */
export const measureColdStart = (): readonly ColdStart[] => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  try {
    const bundles = [...packageService(folder), unbundled(join(folder, "project"))];
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
