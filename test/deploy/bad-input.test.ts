import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageProject, scenarioPackage, templateOf } from "./packaged.ts";

/** What must not be deployed is refused before anything is made of it, with the place and the remedy. */

const plans = (daily: string, top = "regions: [us-east-1, eu-west-1]"): string => `${top}
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 3 }
${daily}
`;

const allRegions = [
  ...[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
  ],
  ...["eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2"],
  ...["ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "eu-south-1", "eu-central-2", "me-south-1"],
];
const manyPlans = (count: number): string => `regions: [us-east-1]
plans:
${Array.from(
  { length: count },
  (_, nth) => `  plan-${nth}:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [p${nth}] } }
    retention: { keep-daily: 3 }
    objective: { source: 26h }`,
).join("\n")}
`;
/** All but the last three as sources, those as destinations. */
const inRegions = (regions: readonly string[]): string => `regions: [${regions.join(", ")}]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [${regions.slice(0, -3).join(", ")}] }
    retention: { keep-daily: 3 }
    copies: [${regions.slice(-3).map((region) => `{ region: ${region}, kms-key: alias/backup }`)}]
`;

const copyTo = (region: string, rest = ""): string => `    copies: [{ region: ${region}${rest} }]`;

describe("packaging", () => {
  it.each([
    [
      "a region that AWS does not have",
      { plans: plans(copyTo("eu-west-9", ", kms-key: alias/backup")) },
      /^holdfast: holdfast\.yml:7: plans\.daily\.copies\.0\.region is "eu-west-9"; use a region of AWS .*did you mean eu-west-\d/m,
    ],
    [
      "copies without a key",
      { plans: plans(copyTo("eu-west-1")) },
      /^holdfast: holdfast\.yml:7: plans\.daily\.copies\.0 names no kms-key, .*name a key of eu-west-1, or say `kms-key: none`/m,
    ],
    [
      "a key of another region",
      {
        plans: plans(
          copyTo(
            "eu-west-1",
            ", kms-key: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
          ),
        ),
      },
      /^holdfast: holdfast\.yml:7: plans\.daily\.copies\.0\.kms-key .*eu-west-1.*us-east-1/m,
    ],
    [
      "a region that is dropped and may still hold recovery points",
      { plans: plans("", "regions: [us-east-1]"), lock: '{"regions":["eu-central-1","us-east-1"]}' },
      /^holdfast: holdfast\.yml:1: regions no longer has eu-central-1, .*put it back, .*take it out of holdfast\.lock\.json too/m,
    ],
    [
      "so many regions that IAM would refuse a role",
      { plans: inRegions(allRegions) },
      /^holdfast: holdfast\.yml:1: regions make CopyRole a policy of 1\d{4} characters, of which IAM takes 10240; name fewer regions/m,
    ],
    [
      "so many plans that CloudFormation would refuse the stack",
      { plans: manyPlans(150) },
      /^holdfast: holdfast\.yml:2: plans make a stack of \d{3,} resources, of which CloudFormation takes 500; name fewer plans/m,
    ],
    [
      "a cron that EventBridge refuses",
      { plans: plans("").replace("cron(0 3 * * ? *)", "cron(0 3 * * *)") },
      /^holdfast: holdfast\.yml:4: plans\.daily\.schedule .*5 fields.*6/m,
    ],
    [
      "regions of two partitions",
      { plans: plans(copyTo("cn-north-1", ", kms-key: alias/backup"), "regions: [us-east-1, cn-north-1]") },
      /^holdfast: holdfast\.yml:1: regions\.1 .*aws-cn/m,
    ],
    [
      "a stage that is no name",
      { args: ["--stage", "Prod!"] },
      /^holdfast: the stage "Prod!" is not a name; use /m,
    ],
    [
      "a log retention that CloudWatch does not know",
      { args: ["--param", "log-retention=31"] },
      /^holdfast: parameter log-retention is "31"; use a number of days .*30, 60/m,
    ],
    [
      "a topic that is none",
      { args: ["--param", "alarm-topic=oncall"] },
      /^holdfast: parameter alarm-topic is "oncall"; use the ARN of an SNS topic, or off$/m,
    ],
    [
      "a topic of another region",
      { args: ["--param", "alarm-topic=arn:aws:sns:eu-west-1:123456789012:oncall"] },
      /^holdfast: parameter alarm-topic is of eu-west-1; alarms of a stack in us-east-1 need a topic there$/m,
    ],
    [
      "an address beside a topic, which nobody would write to",
      {
        args: [
          ...["--param", "alarm-topic=arn:aws:sns:us-east-1:123456789012:oncall"],
          ...["--param", "alarm-email=oncall@example.com"],
        ],
      },
      /^holdfast: parameter alarm-email has no use beside alarm-topic; subscribe the address to that topic$/m,
    ],
    [
      "memory that Lambda does not give",
      { args: ["--param", "memory=127", "--param", "memory-heavy=10241"] },
      /^holdfast: parameter memory is "127"; use 128 to 10240\nholdfast: parameter memory-heavy is "10241"; use 128 to 10240$/m,
    ],
    [
      "a parameter that there is not",
      { args: ["--param", "log-retentoin=30"] },
      /^holdfast: there is no parameter log-retentoin; did you mean log-retention\? There are log-retention, .*heavy$/m,
    ],
    [
      "a parameter that is like none",
      { args: ["--param", "colour=blue"] },
      /^holdfast: there is no parameter colour; there are log-retention, .*heavy$/m,
    ],
    [
      "a parameter without a value",
      { args: ["--param", "alarm-email"] },
      /^holdfast: --param alarm-email has no value; use NAME=VALUE, such as alarm-email=oncall@example\.com$/m,
    ],
    [
      "a reservation that a run has no room in",
      { args: ["--param", "reserved-concurrency=9"] },
      /^holdfast: parameter reserved-concurrency is "9"; use a whole number from 10 to 1000, better 20, or off$/m,
    ],
    [
      "a log level that loses the report",
      { args: ["--param", "log-level=WARN"] },
      /^holdfast: parameter log-level is "WARN"; use INFO or DEBUG$/m,
    ],
    [
      "an option that there is not",
      { args: ["--stgae", "prod"] },
      /^holdfast: unknown option '--stgae' \(Did you mean --stage\?\); `npm run package -- --help` shows what it takes$/m,
    ],
    [
      "an option of the framework's that would lay the package elsewhere",
      { args: ["--package", "elsewhere"] },
      /^holdfast: unknown option '--package'/m,
    ],
    [
      "an option without its value",
      { args: ["--param"] },
      /^holdfast: option '--param <name=value>' argument missing; /m,
    ],
    [
      "a word that belongs to no option",
      { args: ["prod", "eu-west-1"] },
      /^holdfast: prod eu-west-1 belongs to no option; options stand behind two hyphens, as in `npm run package -- --stage prod`$/m,
    ],
    [
      "a damaged lock",
      { lock: "{" },
      /^holdfast: holdfast\.lock\.json is damaged; take it from version control/m,
    ],
  ])("refuses %s", (_, input, sentence) => {
    const { status, stdout, stderr, folder } = packageProject(input);
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^holdfast: nothing was packaged$/m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([status, stdout]).toEqual([2, ""]);
    expect(existsSync(join(folder, ".serverless"))).toBe(false);
  });

  it("says what it takes, and touches nothing", () => {
    const { status, stdout, stderr, folder } = packageProject({ plans: "{", args: ["--help"] });
    expect(stdout).toMatch(/^Usage: npm run package -- \[options\]$/m);
    expect(stdout).toMatch(/^ +--param <name=value> .*alarm-email/ms);
    expect([status, stderr]).toEqual([0, ""]);
    expect(existsSync(join(folder, ".serverless"))).toBe(false);
  });

  it("names all mistakes at once", () => {
    const { stderr } = packageProject({
      plans: plans(copyTo("eu-west-1")),
      lock: '{"regions":["ap-south-1","ca-central-1"]}',
    });
    expect(stderr.match(/^holdfast: holdfast\.yml:\d+: /gm)).toHaveLength(3);
  });

  it("is stopped by the same mistakes when the framework is called directly", () => {
    const framework = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
    const { status, stdout, stderr, folder } = packageProject({
      plans: plans(copyTo("eu-west-1")),
      command: [framework, "package"],
    });
    expect(stdout + stderr).toContain("names no kms-key");
    expect(status).not.toBe(0);
    expect(existsSync(join(folder, ".serverless", "copy.zip"))).toBe(false);
  });

  it("knows its parameters when the framework is called directly, too", () => {
    const framework = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
    const { status, stdout, stderr } = packageProject({
      command: [framework, "package", "--param", "alarm-emial=oncall@example.com"],
    });
    expect(stdout + stderr).toContain("there is no parameter alarm-emial; did you mean alarm-email?");
    expect(status).not.toBe(0);
  });

  it("fails where the framework does, and leaves nothing of an earlier package to be deployed", () => {
    const { status, folder } = packageProject({
      files: { "serverless.yml": "service: [", ".serverless/serverless-state.json": "{}" },
    });
    expect(status).toBe(1);
    expect(existsSync(join(folder, ".serverless", "serverless-state.json"))).toBe(false);
  });

  it("makes a schedule for each of two plans whose names differ in a hyphen only", () => {
    const two = `${plans("")}  tier-1: &tier
    schedule: rate(1 day)
    select: { tags: { backup: [tier] } }
    retention: { keep-daily: 3 }
  tier1: *tier
`;
    const packaged = packageProject({ plans: two });
    expect(packaged.status, packaged.stdout + packaged.stderr).toBe(0);
    const schedules = Object.values(templateOf(packaged).Resources).filter(
      ({ Type }) => Type === "AWS::Scheduler::Schedule",
    );
    expect(schedules.map(({ Properties }) => Properties.Name)).toEqual(
      expect.arrayContaining(["plan-tier-1", "plan-tier1"]),
    );
  }, 120_000);

  it("deploys what was packaged, and nothing else: stage and region are the package's", () => {
    const deploy = ["deploy/deploy.ts"];
    const nothing = packageProject({ command: deploy });
    expect([nothing.status, nothing.stderr]).toEqual([
      2,
      "holdfast: nothing is packaged; run `npm run package` first\n",
    ]);
    const inside = (args: readonly string[]) =>
      spawnSync(process.execPath, [...deploy, ...args], {
        ...{ cwd: scenarioPackage().folder, encoding: "utf8" },
        env: {
          ...{ PATH: process.env.PATH, HOME: scenarioPackage().folder, AWS_EC2_METADATA_DISABLED: "true" },
          AWS_REGION: "eu-west-1",
        },
      });
    const other = inside(["--stage", "prod"]);
    expect([other.status, other.stderr]).toEqual([
      2,
      "holdfast: stage, region and parameters are the package's; give them to `npm run package`\n",
    ]);
    const unknown = inside(["--froce"]);
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      "holdfast: unknown option '--froce' (Did you mean --force?); `npm run deploy -- --help` shows what it takes\n",
    ]);
    const word = inside(["list"]);
    expect([word.status, word.stderr]).toEqual([
      2,
      "holdfast: list belongs to no option; options stand behind two hyphens, as in `npm run deploy -- --force`\n",
    ]);
    // Without credentials the framework comes to nothing, and says so by its status.
    const refused = inside([]);
    expect(refused.status, refused.stdout + refused.stderr).toBe(1);
    expect(refused.stdout).toMatch(/^deploying \.serverless to stack holdfast-test in us-east-1$/m);
    expect(refused.stderr).toMatch(/^Deploying holdfast to stage test \(us-east-1\)$/m);
    const help = inside(["--help"]);
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toMatch(/^Usage: npm run deploy -- \[options\]$/m);
  });

  it("takes unencrypted copies that say so, and remembers every region that ever was", () => {
    const { status, stdout, stderr, folder } = packageProject({
      plans: plans(copyTo("eu-west-1", ", kms-key: none")),
      lock: '{"regions":["us-east-1"]}',
    });
    expect(status, stdout + stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "holdfast.lock.json"), "utf8"))).toEqual({
      regions: ["eu-west-1", "us-east-1"],
    });
    expect(stdout).toMatch(/^copy +\d+ +\d+$/m);
  }, 120_000);
});
