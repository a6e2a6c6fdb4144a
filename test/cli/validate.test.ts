import { describe, expect, it } from "vitest";
import { holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";

const good = `regions: [us-east-1, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 7 }
  hourly:
    schedule: rate(1 hour)
    select: { tags: { backup: [hourly] }, regions: [eu-west-1] }
    retention: { keep-last: 8 }
`;

const doubtful = good.replace(
  "retention: { keep-daily: 7 }",
  "retention: {}\n    copies: [{ region: eu-west-1 }]",
);

const wrong = good
  .replace("keep-daily: 7", "keep-daily: seven")
  .replace("rate(1 hour)", "hourly")
  .replace("keep-last", "keep-lats");

interface Found {
  readonly valid: boolean;
  readonly region: string;
  readonly plans: readonly string[];
  readonly problems: readonly { readonly line: number; readonly path: string; readonly message: string }[];
  readonly warnings: readonly { readonly code: string; readonly line: number }[];
}

const found = (stdout: string) => documentOf<Found>("validate", stdout);

/** No network, no credentials, no region: nothing here may need any. */
const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };

describe("holdfast validate", () => {
  it("says in one sentence which plans and regions a right file has", async () => {
    const path = plansFile(good);
    expect(await holdfast(["validate", path], nowhere)).toEqual({
      code: 0,
      stdout: `${path} is valid: plans daily, hourly; regions us-east-1, eu-west-1 (read for us-east-1)\n`,
      stderr: "",
    });
  });

  it("names every problem at once, with file, line, path and remedy, and exits 2", async () => {
    const path = plansFile(wrong);
    const { code, stdout, stderr } = await holdfast(["validate", path], nowhere);
    expect(stderr.split("\n").slice(0, -1)).toEqual([
      `${path}:6: plans.daily.retention.keep-daily is "seven"; use a whole number from 0 to 3650`,
      expect.stringContaining(`${path}:8: plans.hourly.schedule is "hourly"; use EventBridge's cron(`),
      `${path}:10: plans.hourly.retention.keep-lats is not a word of holdfast.yml; did you mean keep-last?`,
    ]);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("looks at what is right in form, too, where something else is not", async () => {
    const text = wrong.replace("rate(1 hour)", "hourly").replace("us-east-1, eu-west-1]", "us-east-1]");
    const path = plansFile(`${text}  rare:
    schedule: rate(2 hours)
    flexible-window-minutes: 120
    select: { tags: { backup: [rare] }, regions: [eu-west-1] }
    retention: { keep-last: 8 }
`);
    const { stderr } = await holdfast(["validate", path], nowhere);
    const places = stderr.split("\n").slice(0, -1);
    expect(places.map((line) => line.replace(/^.*\.yml:(\d+: \S+) .*$/, "$1"))).toEqual([
      "6: plans.daily.retention.keep-daily",
      "8: plans.hourly.schedule",
      "10: plans.hourly.retention.keep-lats",
      "11: plans.rare",
      "13: plans.rare.flexible-window-minutes",
    ]);
    const regionless = plansFile(text.replace("[us-east-1]\nplans", "[us-east-9]\nplans"));
    expect((await holdfast(["validate", regionless], nowhere)).stderr).not.toContain("add it to");
  });

  it("warns on stderr, and exits 0", async () => {
    const path = plansFile(doubtful);
    const { code, stdout, stderr } = await holdfast(["validate", path], nowhere);
    expect(stderr.split("\n").slice(0, -1)).toEqual([
      expect.stringMatching(/:6: warning: plans\.daily\.retention has no rule and keeps everything/),
      expect.stringMatching(/:7: warning: plans\.daily\.copies\.0 names no kms-key, .*; packaging refuses/),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ is valid: /);
  });

  it("prints one document with --json, right or wrong", async () => {
    const validated = (text: string) => holdfast(["validate", plansFile(text), "--json"], nowhere);
    const right = await validated(good);
    const doubted = await validated(doubtful);
    const refused = await validated(wrong);
    expect(right.code).toBe(0);
    expect(found(right.stdout)).toMatchObject({ valid: true, plans: ["daily", "hourly"], warnings: [] });
    expect(found(doubted.stdout).warnings.map(({ code, line }) => `${code} ${line}`)).toEqual([
      "quota 6",
      "no-kms-key 7",
    ]);
    expect(refused.code).toBe(2);
    expect(found(refused.stdout)).toMatchObject({ valid: false, plans: [], warnings: [] });
    expect(found(refused.stdout).problems.map(({ path }) => path)).toEqual([
      "plans.daily.retention.keep-daily",
      "plans.hourly.schedule",
      "plans.hourly.retention.keep-lats",
    ]);
  });

  it.each([
    ["no.yml", /^holdfast: cannot read no\.yml: there is no such file; name another/],
    [plansFile("plans: [\n"), /:\d: .*; use YAML/],
    [plansFile(""), /:1: .*; use `regions` and `plans`/],
  ])("refuses %s in one sentence, also in the document", async (path, sentence) => {
    const [plain, json] = await Promise.all([
      holdfast(["validate", path], nowhere),
      holdfast(["validate", path, "--json"], nowhere),
    ]);
    expect([plain.code, json.code]).toEqual([2, 2]);
    expect(plain.stderr).toMatch(sentence);
    expect(found(json.stdout).problems).toHaveLength(1);
  });

  it("reads a file for the region that is asked for, that the environment has, or that it names first", async () => {
    const path = plansFile("regions: [eu-west-1]\nplans: {}\n");
    const [guessed, told, usual, asked] = await Promise.all([
      holdfast(["validate", path, "--json"]),
      holdfast(["validate", path, "--json"], { AWS_REGION: "eu-west-2" }),
      holdfast(["validate", path, "--json"], { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-3" }),
      holdfast(["validate", path, "--json", "--region", "cn-north-1"], { AWS_REGION: "eu-west-2" }),
    ]);
    expect([guessed, told, usual, asked].map(({ stdout }) => found(stdout).region)).toEqual([
      "eu-west-1",
      "eu-west-2",
      "eu-west-3",
      "cn-north-1",
    ]);
    expect(found(asked.stdout).problems[0]?.message).toMatch(/use a region of aws-cn like cn-north-1/);
  });

  it.each([
    ["a plan", "  daily:\n", "  __proto__:\n", 3],
    ["a tag", "{ backup: [daily] }", '{ "__proto__": [daily] }', 5],
  ])(
    "refuses __proto__ as the name of %s, which nobody would miss in what is read",
    async (_, from, to, line) => {
      const path = plansFile(good.replace(from, to));
      const { code, stderr } = await holdfast(["validate", path], nowhere);
      expect([code, stderr]).toEqual([2, `${path}:${line}: __proto__ cannot be a name; use another\n`]);
    },
  );

  it("refuses a list of engines with none in it, as of identifiers", async () => {
    const path = plansFile(
      good.replace("{ tags: { backup: [daily] },", "{ tags: { backup: [daily] }, engines: [],"),
    );
    const { code, stderr } = await holdfast(["validate", path], nowhere);
    expect([code, stderr]).toEqual([
      2,
      `${path}:5: plans.daily.select.engines is a collection; use at least one engine\n`,
    ]);
  });

  it("takes one file only", async () => {
    const { code, stderr } = await holdfast(["validate", "a.yml", "--config", "b.yml"]);
    expect([code, stderr]).toEqual([2, "holdfast: name one file: as FILE or with --config\n"]);
  });
});

describe("mistakes on the command line", () => {
  it("are told as that, each beginning with the command's name", async () => {
    for (const [words, sentence] of [
      [["validate", "--region", "EU-west-1"], /^holdfast: --region EU-west-1 is no region of AWS; use one/],
      [["validate", "--regoin", "x"], /^holdfast: unknown option '--regoin'/],
      [["valdiate"], /^holdfast: unknown command 'valdiate'/],
      [["plan", "--against", "/nope.yml", "--region", "us-east-1"], /; name another with --against\n$/],
    ] as const) {
      const { code, stderr } = await holdfast(words);
      expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
    }
  });
});
