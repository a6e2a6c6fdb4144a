import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { Invoke } from "../../cli/workflow.ts";
import { type FunctionName, functionId, functionNames } from "../../deploy/stack.ts";
import { type CloudFormation, type Packaging, templateOf } from "./packaged.ts";
import { propertiesOf } from "./resolved.ts";

/** What a function answers, or how it failed. */
interface Answer {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

export interface Sandboxes {
  readonly invoke: Invoke;
  /** Everything that the functions wrote: what CloudWatch Logs would hold. */
  log(): string;
  close(): void;
}

/**
 * Every function of a package in a process of its own: unzipped as Lambda lays it out, with the environment that
 * the template gives it, called with access keys of its own, so that it can be told who called AWS.
 */
export const openSandboxes = async (packaging: Packaging, endpoint: string): Promise<Sandboxes> => {
  const template = templateOf(packaging);
  const written: string[] = [];
  const children = new Map<string, Promise<ChildProcess>>();
  let calls = 0;
  const invoke: Invoke = async (name, event) => {
    const opened =
      children.get(name) ?? open(name as FunctionName, { packaging, template, endpoint, written });
    children.set(name, opened);
    const child = await opened;
    calls += 1;
    return call(child, calls, event);
  };
  return {
    invoke,
    log: () => written.join(""),
    close: () => {
      for (const child of children.values()) void child.then((one) => one.kill());
    },
  };
};

interface Opening {
  readonly packaging: Packaging;
  readonly template: CloudFormation;
  readonly endpoint: string;
  readonly written: string[];
}

const open = async (
  name: FunctionName,
  { packaging, template, endpoint, written }: Opening,
): Promise<ChildProcess> => {
  if (!functionNames.includes(name)) throw new Error(`there is no function ${name}`);
  const task = unpack(packaging, name);
  const { Environment, Handler } = propertiesOf(functionId(name), template) as {
    Environment: { Variables: Record<string, string> };
    Handler: string;
  };
  const module = join(task, `${Handler.replace(/\.handler$/, "")}.cjs`);
  const child = fork(join(import.meta.dirname, "sandbox.mjs"), [module, name], {
    ...{ stdio: ["ignore", "pipe", "inherit", "ipc"], execArgv: [] },
    env: {
      ...Environment.Variables,
      PATH: process.env.PATH,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: name,
      AWS_SECRET_ACCESS_KEY: "secret",
    },
  });
  child.stdout?.on("data", (some: Buffer) => written.push(some.toString()));
  await once(child, "message");
  return child;
};

/** The zip's files, laid out as in Lambda's task folder. */
const unpack = ({ folder }: Packaging, name: string): string => {
  const task = join(folder, "task", name);
  const files = unzipSync(readFileSync(join(folder, ".serverless", `${name}.zip`)));
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(task, path)), { recursive: true });
    writeFileSync(join(task, path), bytes);
  }
  return task;
};

const call = (child: ChildProcess, id: number, event: unknown): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const onMessage = (answer: Answer): void => {
      if (answer.id !== id) return;
      child.off("message", onMessage);
      if (answer.error) reject(Object.assign(new Error(answer.error.message), { name: answer.error.name }));
      else resolve(answer.value);
    };
    child.on("message", onMessage);
    child.send({ id, event });
  });
