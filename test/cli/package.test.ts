import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../cli/result-document.ts";
import type { Ended } from "./command.ts";

const run = promisify(execFile);

/** What npm would publish, installed in a project of its own, where nothing of this folder is at hand. */
describe("the package", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-package-"));
  const installed = join(folder, "node_modules", "holdfast");
  let files: readonly string[];

  beforeAll(async () => {
    const packed = await run("npm", ["pack", "--json", "--silent", "--pack-destination", folder]);
    const [{ filename, files: listed }] = JSON.parse(packed.stdout) as [Packed];
    files = listed.map(({ path }) => path);
    mkdirSync(installed, { recursive: true });
    await run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
    // As an installation without a registry: the dependencies that the package names, and no others.
    const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
    for (const name of Object.keys(dependencies)) {
      const place = join(folder, "node_modules", name);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(resolve("node_modules", name), place);
    }
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const holdfast = (words: readonly string[], node: readonly string[] = []): Promise<Ended> =>
    new Promise((done) => {
      const { PATH, HOME } = process.env;
      const options = { cwd: folder, env: { PATH, HOME, NO_COLOR: "1" }, maxBuffer: 1e8 };
      const program = join(installed, "dist", "holdfast.mjs");
      execFile(process.execPath, [...node, program, ...words], options, (error, stdout, stderr) =>
        done({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr }),
      );
    });

  it("holds what it needs and nothing else", () => {
    expect([...new Set(files.map((path) => path.split("/")[0]))].toSorted()).toEqual([
      ...[
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "dist",
      ],
      ...["docs", "holdfast.schema.json", "package.json", "workflow"],
    ]);
  });

  it("names its program, which a shell can start", async () => {
    const { bin } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
    expect(bin).toEqual({ holdfast: "dist/holdfast.mjs" });
    const { stdout } = await run(join(installed, bin.holdfast), ["--help"], {
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
    });
    expect(stdout).toMatch(/^Usage: holdfast /);
  });

  it("tells its version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
    expect(await holdfast(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("runs the demo, whose workflow it finds beside itself", async () => {
    const { code, stdout } = await holdfast(["demo", "--json"]);
    const document = JSON.parse(stdout) as ResultDocument;
    expect([code, document.outcome, document.totals?.clusters]).toEqual([0, "incomplete", 13]);
  });

  it("names its own schema in what init writes", async () => {
    expect((await holdfast(["init", "--offline"])).code).toBe(0);
    expect(readFileSync(join(folder, "holdfast.yml"), "utf8").split("\n")[0]).toBe(
      "# yaml-language-server: $schema=./node_modules/holdfast/holdfast.schema.json",
    );
    expect((await holdfast(["validate"])).code).toBe(0);
  });

  /** What makes a Node say that it is an old one. */
  const older = [
    "--import",
    'data:text/javascript,Object.defineProperty(process, "versions", { value: { node: "20.20.1" } })',
  ];

  it("says in one sentence that a Node is too old", async () => {
    expect(await holdfast(["--help"], older)).toEqual({
      ...{ code: 2, stdout: "" },
      stderr: "holdfast: needs Node 24 or newer, and this is 20.20.1; install a newer one\n",
    });
  });

  it("says in a checkout which command brings a newer one", async () => {
    await expect(run(process.execPath, [...older, "cli/holdfast.ts", "--help"])).rejects.toMatchObject({
      ...{ code: 2, stdout: "" },
      stderr: "holdfast: needs Node 24 or newer, and this is 20.20.1; `npm run holdfast --` brings one\n",
    });
  });

  it("asks npm for the Node that it runs on, and a checkout for one that can fetch it", () => {
    const { engines, devEngines } = JSON.parse(
      readFileSync(join(installed, "package.json"), "utf8"),
    ) as Manifest;
    expect(engines).toEqual({ node: `>=${readFileSync(".nvmrc", "utf8").trim()}` });
    expect(devEngines.runtime).toEqual({ name: "node", version: ">=20.20", onFail: "warn" });
  });
});

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly version: string;
  readonly bin: { readonly holdfast: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly devEngines: { readonly runtime: Readonly<Record<string, string>> };
}
