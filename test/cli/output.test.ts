import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";

const { PATH, HOME } = process.env;
const env = { PATH, HOME, NO_COLOR: "1" };

/** The command with a reader of its output that has gone before anything is written. */
const unread = (program: string, ...words: string[]) => {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; stderr: string }>();
  const child = spawn(process.execPath, [program, ...words], { env });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.on("close", (code) => resolve({ code, stderr }));
  return promise;
};

/** The command with its output on a disk that is full. */
const onFullDisk = (command: string) => {
  const { promise, resolve } = Promise.withResolvers<{ code: number; stderr: string }>();
  const words = `${process.execPath} cli/holdfast.ts ${command} > /dev/full`;
  execFile("sh", ["-c", words], { env }, (error, _, stderr) =>
    resolve({ code: Number(error?.code ?? 0), stderr }),
  );
  return promise;
};

const validate = ["validate", "test/fixtures/plain.yml", "--region", "us-east-1"];

describe("output that nobody reads to its end", () => {
  it.each([[["--help"]], [["backup", "--help"]], [validate]])("is no error of %j", async (words) => {
    const { code, stderr } = await unread("cli/holdfast.ts", ...words);
    expect(stderr).not.toMatch(/EPIPE|^ +at /m);
    expect(code).toBe(0);
  });

  it("ends a simulation, whose rest would be for nobody", async () => {
    const season = ["--seed", "5", "--clusters", "4", "--events"];
    expect(await unread("test/simulation/main.ts", ...season)).toEqual({ code: 0, stderr: "" });
  });
});

describe.skipIf(!existsSync("/dev/full"))("output that cannot be written", () => {
  it.each([["--help"], [`${validate.join(" ")} --json`], ["demo"]])(
    "fails %s with a sentence",
    async (command) => {
      const { code, stderr } = await onFullDisk(command);
      expect(stderr).toMatch(/^holdfast: the output could not be written: ENOSPC.*$/m);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    },
  );
});
