import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../../simulator/simulator.ts";
import { at, plansFile } from "./command.ts";

const run = promisify(execFile);

/** The command in a process of its own, with nothing of this one's AWS settings. */
const holdfast = (words: readonly string[], variables: NodeJS.ProcessEnv = {}) => {
  const { PATH, HOME } = process.env;
  return run(process.execPath, ["cli/holdfast.ts", ...words], {
    env: { PATH, HOME, NO_COLOR: "1", ...variables },
  });
};

const failing = (
  words: readonly string[],
  variables?: NodeJS.ProcessEnv,
): Promise<{ code: number; stderr: string }> =>
  holdfast(words, variables).then(
    () => ({ code: 0, stderr: "" }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );

const local = ["backup", "daily", "--local", "--region", "us-east-1"];
const place = ["--region", "us-east-1", "--config", "test/fixtures/plain.yml"];
const plain = [...local, "--config", "test/fixtures/plain.yml"];
const twoHoursAgo = new Date(Date.now() - 7_200_000).toISOString().replace(/\.\d+/, "");

describe("bad input", () => {
  it.each([
    [
      ["demo", "--plan", "dialy"],
      2,
      'holdfast: there is no plan "dialy" in holdfast.yml; its plans are: daily\n',
    ],
    [["demo", "--jsn"], 2, /unknown option '--jsn'/],
    [["dmo"], 2, /unknown command 'dmo'/],
    [[...plain, "--no-wait"], 2, /^holdfast: --local does the work itself; leave --no-wait out\n$/],
    [
      [...plain, "--keep", "a while"],
      2,
      /^holdfast: --keep a while is not a time; use a duration such as 30d/,
    ],
    [
      [...local, "--config", "no.yml"],
      2,
      /^holdfast: cannot read no\.yml: there is no such file; name another with --config\n$/,
    ],
    [[...local, "--config", "lib"], 2, /^holdfast: cannot read lib: it is a directory; name another with/],
    ...[plain, plain.toSpliced(2, 1)].map((words): [string[], number, RegExp] => [
      [...words, "--at", "2999-01-01T00:00:00Z"],
      2,
      /^holdfast: --at 2999-01-01T00:00:00Z is more than an hour ahead; .* name a time that has come, or leave --at out\n$/,
    ]),
    ...[plain, plain.toSpliced(2, 1)].map((words): [string[], number, RegExp] => [
      [...words, "--at", "2026-01-01T00:00:00Z"],
      2,
      /^holdfast: --at 2026-01-01T00:00:00Z is more than a week ago; .* leave --at out\n$/,
    ]),
    [[...plain, "--at", "soon"], 2, /^holdfast: --at soon is not a time; use ISO 8601/],
    [
      [...plain, "--at", "2026-11-21T03:00"],
      2,
      /^holdfast: --at 2026-11-21T03:00 is not a time; use ISO 8601/,
    ],
    [[...plain, "--at", "+012026-11-21"], 2, /^holdfast: --at \+012026-11-21 is not a time; use ISO 8601/],
    [
      [...plain, "--keep", "9000y"],
      2,
      /^holdfast: --keep 9000y reaches past the year 9999; use less, or --hold with a reason\n$/,
    ],
    // What a shell makes of a variable that is not set.
    ...["--reason", "--hold"].map((option): [string[], number, string] => [
      [...plain.toSpliced(2, 1), option, ""],
      2,
      `holdfast: ${option} is empty; say why, or leave it out\n`,
    ]),
    [
      ["hold", "any", ...place, "--reason", " "],
      2,
      "holdfast: --reason is empty; say why, or leave it out\n",
    ],
    [[...plain, "--keep", ""], 2, /^holdfast: --keep {2}is not a time; use a duration such as 30d/],
    ...[plain, plain.toSpliced(2, 1)].map((words): [string[], number, string] => [
      [...words, "--cluster", "orders", " "],
      2,
      "holdfast: --cluster is empty; name a cluster by its identifier or ARN, or leave it out\n",
    ]),
    [
      ["list", "--region", "us-east-1", "--config", "test/fixtures/plain.yml", "--cluster", ""],
      2,
      "holdfast: --cluster is empty; name a cluster by its identifier or ARN, or leave it out\n",
    ],
    ...[
      plain,
      ["validate"],
      ["init", "--offline", "--config", "no-folder/new.yml"],
      ["list", "--config", "test/fixtures/plain.yml"],
    ].map((words): [string[], number, string] => [
      [...words, "--region", ""],
      2,
      "holdfast: --region is empty; name a region such as eu-west-1, or leave it out for AWS_REGION\n",
    ]),
    [
      [...plain, "--at", twoHoursAgo, "--keep", "1h"],
      2,
      `holdfast: --keep 1h counts from --at ${twoHoursAgo}, and is over already: what is taken would go with the next prune; use more, or leave --at out\n`,
    ],
    // What a pull request's checkout has under both names: a gate would pass whatever has changed.
    ...["test/fixtures/plain.yml", "test/../test/fixtures/plain.yml"].map(
      (file): [string[], number, RegExp] => [
        ["plan", "--region", "us-east-1", "--config", "test/fixtures/plain.yml", "--against", file],
        2,
        /^holdfast: --against \S+ is the same file as --config; name the present one with --config, .*\n$/,
      ],
    ),
    [[...plain, "--stage", "No Stage"], 2, /^holdfast: the stage "No Stage" is not a name; use up to 20/],
    [
      ["backup", "daily", "--local", "--config", "test/fixtures/plain.yml"],
      2,
      /^holdfast: no region is set; say --region or set AWS_REGION/,
    ],
    [
      [...plain, "--region", "EU-west-1"],
      2,
      /^holdfast: --region EU-west-1 is no region of AWS; use one such as eu-west-1\n$/,
    ],
    [
      [...local, "--config", "package.json"],
      2,
      /^holdfast: package\.json:1: plans is missing; use plans by name\npackage\.json:2: name is not a word of holdfast\.yml; take it out\n/,
    ],
  ])("%j exits with %i and one sentence", async (words, status, sentence) => {
    const { code, stderr } = await failing(words);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(status);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  // What npm does where the two hyphens are missing.
  it.each([
    [["status", ...place], { strict: "true", stage: "prod" }, "--stage, --strict", "status"],
    [["hold", "any", ...place], { copies: "true" }, "--copies", "hold"],
    [[...plain.toSpliced(2, 1)], { wait: "" }, "--no-wait", "backup"],
    [["list", ...place], { from_here: "true" }, "--from-here", "list"],
  ] as const)("%j refuses the options that npm took for its own: %j", async (words, taken, options, name) => {
    const variables = Object.fromEntries(
      Object.entries(taken).map(([word, value]) => [`npm_config_${word}`, value]),
    );
    const ended = await failing(words, { ...variables, npm_lifecycle_event: "holdfast" });
    expect(ended).toMatchObject({
      code: 2,
      stderr: `holdfast: npm took ${options} for its own; put two hyphens before all words, as in \`npm run holdfast -- ${name}\`\n`,
    });
  });

  it("asks npm's variables only of what was not given, and only where npm runs the command", async () => {
    const variables = { npm_config_stage: "prod", npm_config_json: "true", npm_config_region: "mars" };
    const started = { ...variables, npm_lifecycle_event: "holdfast" };
    const given = await failing(["status", ...place, "--stage", "No"], started);
    expect(given).toMatchObject({ code: 2, stderr: expect.stringContaining('the stage "No" is not a name') });
    const other = await failing([...plain, "--at", "soon"], { ...variables, npm_lifecycle_event: "test" });
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("--at soon is not a time") });
  });

  it("shows where a mistake arose with --trace", async () => {
    const { code, stderr } = await failing([...plain, "--at", "soon", "--trace"]);
    expect(stderr).toMatch(/^holdfast: Misuse: --at soon is not a time; .*\n +at timeOf /);
    expect(code).toBe(2);
  });

  // The SDK passes over a profile that it does not find, to a machine's own role at the last.
  it.each([
    ["backup", "daily", "--local"],
    ["hold", "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:any"],
    ["list"],
    ["init"],
  ])("refuses a profile that is not there, in `%s`, before anything is asked", async (...words) => {
    const simulator = await startSimulator();
    const profiles = ["default", "profile prod", "profile prod.eu", "sso-session prdo"];
    const config = plansFile(profiles.map((section) => `[${section}]\nregion = us-east-1\n`).join(""));
    try {
      const variables = {
        ...at(simulator.endpoint),
        AWS_CONFIG_FILE: config,
        AWS_SHARED_CREDENTIALS_FILE: "no-credentials",
      };
      const known = "is not in your AWS configuration; its profiles are: default, prod, prod.eu";
      for (const name of ["prdo", ""]) {
        const option = await failing([...words, "--profile", name], variables);
        expect([option.code, option.stderr]).toEqual([2, `holdfast: --profile ${name} ${known}\n`]);
      }
      const variable = await failing(words, { ...variables, AWS_PROFILE: "prdo" });
      expect([variable.code, variable.stderr]).toEqual([2, `holdfast: AWS_PROFILE prdo ${known}\n`]);
      expect(simulator.calls.entries).toEqual([]);
    } finally {
      await simulator.close();
    }
  });

  it("says where it could not reach AWS, and what to check", async () => {
    const variables = {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
    };
    // By a clock that goes faster a schedule may have fired already.
    const soon = new Date(Date.now() + 30 * 60_000).toISOString();
    const { code, stderr } = await failing([...plain, "--at", soon], variables);
    expect(stderr).toBe(
      "holdfast: sts GetCallerIdentity in us-east-1: cannot reach AWS (ECONNREFUSED); check the endpoint, the region's name and the network\n",
    );
    expect(code).toBe(1);
  });

  it("says that credentials were refused, before anything is done", async () => {
    const simulator = await startSimulator();
    try {
      const variables = {
        AWS_ENDPOINT_URL: simulator.endpoint,
        AWS_ACCESS_KEY_ID: "simulator",
        AWS_SECRET_ACCESS_KEY: "wrong",
      };
      const { code, stderr } = await failing(plain, variables);
      expect(stderr).toMatch(
        /^holdfast: sts GetCallerIdentity in us-east-1: SignatureDoesNotMatch: .*; check the credentials/,
      );
      expect(code).toBe(1);
      expect(simulator.calls.entries.map(({ operation }) => operation)).not.toContain("DescribeDBClusters");
    } finally {
      await simulator.close();
    }
  });
});

describe("holdfast backup --local", () => {
  it("runs a plan against an endpoint with the credentials at hand, and exits 0 when all is done", async () => {
    const tags = { backup: "daily" };
    const settings = {
      snapshotBaseSeconds: 0,
      snapshotSecondsPerGib: 0,
    };
    const simulator = await startSimulator({
      fleet: { settings, clusters: [{ region: "us-east-1", id: "orders", engine: "docdb", tags }] },
    });
    try {
      const variables = {
        AWS_ENDPOINT_URL: simulator.endpoint,
        AWS_ACCESS_KEY_ID: "simulator",
        AWS_SECRET_ACCESS_KEY: "simulator",
      };
      // Without copies there is nothing to wait for: a pump's first look at what it awaits takes its time.
      const config = plansFile(
        readFileSync("test/fixtures/plain.yml", "utf8").replace(/ {4}copies:.*\n/, ""),
      );
      const { stdout, stderr } = await holdfast([...local, "--config", config, "--json"], variables);
      expect(JSON.parse(stdout)).toMatchObject({ outcome: "complete", totals: { snapshots: 1, copies: 0 } });
      expect(stderr).toMatch(/^account 123456789012, home region us-east-1$/m);
    } finally {
      await simulator.close();
    }
  });
});
