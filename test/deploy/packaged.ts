import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** What packaging reads. */
const ingredients = [
  ...["deploy", "functions", "lib", "workflow"],
  ...["serverless.yml", "holdfast.yml", "package.json", "tsconfig.json"],
];

/** Every copy of the project; gone when the tests are. */
const workshop = mkdtempSync(join(tmpdir(), "holdfast-"));
process.once("exit", () => rmSync(workshop, { recursive: true, force: true }));

export interface Packaging {
  readonly folder: string;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PackagingInput {
  /** In place of the project's holdfast.yml. */
  readonly plans?: string;
  /** The holdfast.lock.json of earlier packages; default: there were none. */
  readonly lock?: string;
  /** Laid over the project's own, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What is run in the copy of the project; default: what `npm run package` runs. */
  readonly command?: readonly string[];
}

/** `npm run package` on a copy of the project, by the Node that the tests run on. */
export const packageProject = ({
  plans,
  lock,
  files = {},
  args = [],
  command = ["deploy/package.ts"],
}: PackagingInput = {}): Packaging => {
  const folder = mkdtempSync(join(workshop, "package-"));
  for (const name of ingredients) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  if (plans !== undefined) writeFileSync(join(folder, "holdfast.yml"), plans);
  if (lock !== undefined) writeFileSync(join(folder, "holdfast.lock.json"), lock);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  // No credentials and no account: packaging must need none.
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
    ...{ cwd: folder, encoding: "utf8", timeout: 120_000 },
    env: { ...process.env, AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", NO_COLOR: "1" },
  });
  return { folder, status, stdout, stderr };
};

/** Two source regions, one of them a copy region too, and keys named in two ways. */
const scenarioPlans = `
regions: [us-east-1, us-west-2, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    timezone: Europe/Berlin
    select: { tags: { backup: [daily] }, regions: [us-east-1, us-west-2] }
    retention: { keep-last: 2 }
    copies: [{ region: eu-west-1, kms-key: alias/backup, retention: { keep-last: 1 }, manage: true }]
    objective: { source: 26h, copy: 30h }
    floor: 1
    carry-tags: [team]
  weekly-far:
    schedule: rate(7 days)
    enabled: false
    select: { tags: { backup: [weekly] }, regions: [us-east-1] }
    retention: { keep-weekly: 4 }
    copies: [{ region: us-west-2, kms-key: 1234abcd-12ab-34cd-56ef-1234567890ab }]
`;

let packaged: Packaging | undefined;

/** The scenario's package, made once for all tests of a process. */
export const scenarioPackage = (): Packaging => {
  packaged ??= packageProject({ plans: scenarioPlans, lock: '{"regions":[]}', args: ["--stage", "test"] });
  if (packaged.status !== 0) throw new Error(`packaging failed: ${packaged.stdout}${packaged.stderr}`);
  return packaged;
};

export interface CloudFormation {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>
  >;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

export const templatePath = ({ folder }: Packaging): string =>
  join(folder, ".serverless", "cloudformation-template-update-stack.json");

export const templateOf = (packaging: Packaging): CloudFormation =>
  JSON.parse(readFileSync(templatePath(packaging), "utf8")) as CloudFormation;
