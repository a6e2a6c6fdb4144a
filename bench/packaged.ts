import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";

/** A packaged function, as it would lie in Lambda's task folder. */
export interface Bundle {
  readonly name: string;
  readonly path: string;
  readonly codeKib: number;
}

const root = resolve(import.meta.dirname, "..");

/** What packaging reads. */
const folders = ["deploy", "functions", "lib", "workflow"];
const files = ["serverless.yml", "holdfast.yml", "package.json", "tsconfig.json"];

/** Packages the service in `folder/project`, and unpacks each function beside it. */
export const packageService = (folder: string): readonly Bundle[] => {
  const project = join(folder, "project");
  mkdirSync(project);
  for (const name of [...folders, ...files])
    cpSync(join(root, name), join(project, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  const packaged = spawnSync(process.execPath, ["deploy/package.ts"], { cwd: project, encoding: "utf8" });
  if (packaged.status !== 0) throw new Error(`packaging failed: ${packaged.stdout}${packaged.stderr}`);
  const zips = join(project, ".serverless");
  return readdirSync(zips)
    .filter((name) => name.endsWith(".zip"))
    .map((zip) => unzip(join(zips, zip), join(folder, zip.replace(".zip", ""))));
};

const unzip = (zip: string, into: string): Bundle => {
  const files = Object.entries(unzipSync(readFileSync(zip)));
  for (const [path, bytes] of files) {
    mkdirSync(join(into, path, ".."), { recursive: true });
    writeFileSync(join(into, path), bytes);
  }
  const [path = "", bytes = new Uint8Array()] = files.find(([name]) => name.endsWith(".cjs")) ?? [];
  return { name: into.split("/").at(-1) ?? "", path: join(into, path), codeKib: bytes.length / 1024 };
};
