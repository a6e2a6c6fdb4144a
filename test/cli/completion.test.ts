import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { holdfast } from "./command.ts";

describe("holdfast completion", () => {
  let script: string;
  let commands: readonly string[];

  beforeAll(async () => {
    script = (await holdfast(["completion", "bash"])).stdout;
    const { stdout } = await holdfast(["--help"]);
    const [, listed = ""] = /\nCommands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
    commands = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
  });

  /** What bash itself would offer for a line that ends where the cursor is. */
  const offered = (line: string, folder = "."): readonly string[] => {
    // It breaks words at the equals sign as well, and has that as a word of its own.
    const words = line.split(/ |(?<==)|(?==)/);
    const setting = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}`;
    const run = `${script}\n${setting}\n_holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const answer = execFileSync("bash", ["--norc", "-u", "-c", run], { encoding: "utf8", cwd: folder });
    return answer.split("\n").filter((word) => word !== "");
  };

  it("offers every command that there is, and the program's own options", () => {
    expect(commands).toContain("backup");
    expect(commands.length).toBeGreaterThanOrEqual(8);
    expect(offered("holdfast ")).toEqual(
      expect.arrayContaining([...commands, "--trace", "--version", "--help"]),
    );
    expect(offered("holdfast ")).toHaveLength(commands.length + 3);
    expect(offered("holdfast val")).toEqual(["validate"]);
  });

  it("offers a command's options, exactly those that its help names and the program's", async () => {
    for (const command of commands.filter((name) => name !== "help")) {
      const { stdout } = await holdfast([command, "--help"]);
      const named = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = ""]) => flag);
      expect([command, [...offered(`holdfast ${command} --`)].toSorted()]).toEqual([
        command,
        [...named, "--trace", "--version"].toSorted(),
      ]);
    }
  });

  it("offers what an option or argument may be", () => {
    expect(offered("holdfast hold x --in eu-west-")).toEqual(["eu-west-1", "eu-west-2", "eu-west-3"]);
    expect(offered("holdfast plan --config holdfast.s")).toEqual(["holdfast.schema.json"]);
    expect(offered("holdfast validate holdfast.y")).toEqual(["holdfast.yml"]);
    expect(offered("holdfast completion ")).toEqual(expect.arrayContaining(["bash", "zsh", "fish"]));
    expect(offered("holdfast help rel")).toEqual(["release"]);
  });

  it("offers values after an equals sign too", () => {
    expect(offered("holdfast plan --config=holdfast.s")).toEqual(["holdfast.schema.json"]);
    expect(offered("holdfast plan --config=")).toContain("holdfast.yml");
    expect(offered("holdfast hold x --in=eu-west-")).toEqual(["eu-west-1", "eu-west-2", "eu-west-3"]);
    expect(offered("holdfast hold x --reason=")).toEqual([]);
  });

  it("offers files whole, whatever their names have in them", () => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-completion-"));
    const names = ["night plans.yml", "night*", "night.yml"];
    try {
      for (const name of names) writeFileSync(join(folder, name), "");
      for (const line of ["holdfast plan --config ni", "holdfast plan --config=ni", "holdfast validate ni"])
        expect([line, offered(line, folder).toSorted()]).toEqual([line, names.toSorted()]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("offers nothing for what only a person knows", () => {
    expect(offered("holdfast hold x --reason ")).toEqual([]);
  });

  it.each(["zsh", "fish"])("has the same commands and options for %s", async (shell) => {
    const { code, stdout } = await holdfast(["completion", shell]);
    expect(code).toBe(0);
    expect(commands.filter((name) => !new RegExp(`\\b${name}\\b`).test(stdout))).toEqual([]);
    for (const flag of ["copies", "offline", "against", "trace"]) expect(stdout).toContain(flag);
  });

  it("names the shells that it knows", async () => {
    const { code, stderr } = await holdfast(["completion", "tcsh"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Allowed choices are bash, zsh, fish/)]);
  });
});
