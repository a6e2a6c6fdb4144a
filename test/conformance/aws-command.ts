import { execFile, spawnSync } from "node:child_process";
import { home, type Stage } from "./stage.ts";

/** Whether AWS's own command is on this machine; its version if so. */
export const awsVersion = (): string | undefined => {
  const { status, stdout } = spawnSync("aws", ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
};

interface Options {
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

export interface Ran {
  readonly status: number;
  /** What it wrote, read as JSON; undefined where it wrote nothing. */
  readonly output: Record<string, unknown>;
  readonly stderr: string;
}

/** Runs `aws SERVICE COMMAND …` against a simulator, with nothing of this machine's own configuration. */
export const runAws = (
  { simulator }: Stage,
  args: readonly string[],
  { region = home, accessKeyId = "simulator", secretAccessKey = "simulator" }: Options = {},
): Promise<Ran> => {
  const all = [...args, "--endpoint-url", simulator.endpoint, "--region", region, "--output", "json"];
  const env = {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
    NO_PROXY: "127.0.0.1",
  };
  return new Promise((resolve) => {
    execFile("aws", all, { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : Number(error.code ?? 1);
      resolve({ status, output: stdout.trim() === "" ? {} : JSON.parse(stdout), stderr: stderr.trim() });
    });
  });
};

/** The same, and throws with the command's own words unless it succeeded. */
export const aws = async (
  stage: Stage,
  args: readonly string[],
  options?: Options,
): Promise<Record<string, unknown>> => {
  const { status, output, stderr } = await runAws(stage, args, options);
  if (status !== 0) throw new Error(`aws ${args.join(" ")}: ${status} ${stderr}`);
  return output;
};
