import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { packagingProblems } from "../../deploy/packaging-problems.ts";
import { planWarnings } from "../../lib/core/plan-warnings.ts";
import { loadConfig } from "../../lib/runtime/config-file.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { cluster } from "../night.ts";
import { at, holdfast } from "./command.ts";
import { documentOf } from "./documents.ts";

const newFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-init-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "holdfast.yml");
};

const startWith = async (clusters: Fleet["clusters"]) => {
  const simulator = await startSimulator({ fleet: { clusters } });
  onTestFinished(() => simulator.close());
  return simulator;
};

/** A starter is to be taken as it is: by validate without a warning, by packaging, and by whoever reads it. */
const expectSound = async (file: string, home = "us-east-1") => {
  const config = loadConfig(file, home);
  const stack = { config, stage: "prod", service: "holdfast/prod", settings: { logRetentionDays: 30 } };
  expect(packagingProblems(stack, { home, locked: [] })).toEqual([]);
  expect(planWarnings(config, Date.now())).toEqual([]);
  const { code, stderr } = await holdfast(["validate", file, "--region", home]);
  expect([code, stderr]).toEqual([0, ""]);
  return config;
};

interface Written {
  readonly clusters: number | null;
  readonly select: { readonly key: string; readonly value: string; readonly clusters: number | null };
  readonly tags: readonly { readonly key: string }[];
}

const accounts: readonly (readonly [string, Fleet["clusters"], Written["select"], RegExp])[] = [
  ["none", [], { key: "backup", value: "daily", clusters: 0 }, /^# There is no cluster in us-east-1 yet\.$/m],
  [
    "untagged ones",
    [cluster("a", { tags: {} }), cluster("b", { tags: {}, engine: "docdb" })],
    { key: "backup", value: "daily", clusters: 0 },
    /^# Seen in us-east-1: 2 clusters \(1 Aurora PostgreSQL, 1 DocumentDB\), 0 encrypted\.\n# None of them carries a tag\.$/m,
  ],
  [
    "ones of many tags",
    [
      ...Array.from({ length: 30 }, (_, n) =>
        cluster(`c${n}`, { tags: { [`key-${n}`]: `${n}`, team: `t${n}`, Backup: "nightly" } }),
      ),
      cluster("skipped", { tags: { "backup-skip": "true" } }),
      cluster("lake", { engine: "redshift", tags: { Backup: "weekly" } }),
    ],
    { key: "Backup", value: "nightly", clusters: 30 },
    /^# {3}"team": ("t\d+" \(1\), ){6}…$/m,
  ],
  [
    "encrypted ones",
    [cluster("a", { encrypted: true }), cluster("b", { engine: "neptune", encrypted: true })],
    { key: "backup", value: "daily", clusters: 2 },
    /kms-key: alias\/backup # a key of that region: encrypted snapshots cannot be copied without one$/m,
  ],
  [
    "ones of strange tags",
    [
      cluster("a", {
        engine: "redshift",
        tags: { "Mein Backup": "täglich: 3 Uhr", yes: "no", "backup:denied": "no" },
      }),
    ],
    { key: "Mein Backup", value: "täglich: 3 Uhr", clusters: 1 },
    /^ +tags: \{ "Mein Backup": \["täglich: 3 Uhr"\] \} # carried by 1 of 1 cluster$/m,
  ],
];

describe("holdfast init", () => {
  it.each(accounts)(
    "writes a sound file for an account with %s, having only looked",
    async (_, clusters, select, comment) => {
      const simulator = await startWith(clusters);
      const file = newFile();
      const { code, stdout, stderr } = await holdfast(
        ["init", "--config", file, "--json"],
        at(simulator.endpoint),
      );
      expect([code, stderr]).toEqual([0, ""]);
      const written = documentOf<Written>("init", stdout);
      expect(written).toMatchObject({ clusters: clusters?.length, select });
      expect(simulator.calls.byOperation()).toEqual({
        "rds.DescribeDBClusters": 1,
        "redshift.DescribeClusters": 1,
      });
      const { plans } = await expectSound(file);
      expect(plans.daily?.select.tags).toEqual({ [select.key]: [select.value] });
      expect(readFileSync(file, "utf8")).toMatch(comment);
    },
  );

  it("looks at the region that is asked for", async () => {
    const simulator = await startWith([cluster("a"), cluster("b", { region: "eu-west-1" })]);
    const words = ["init", "--config", newFile(), "--region", "eu-west-1", "--json"];
    const { stdout } = await holdfast(words, at(simulator.endpoint));
    expect(documentOf<Written>("init", stdout)).toMatchObject({ region: "eu-west-1", clusters: 1 });
    expect(new Set(simulator.calls.entries.map(({ region }) => region))).toEqual(new Set(["eu-west-1"]));
  });

  it("asks no account with --offline, and needs no region", async () => {
    const file = newFile();
    const written = await holdfast(["init", "--offline", "--config", file]);
    expect(written).toEqual({
      ...{ code: 0, stderr: "" },
      stdout: `wrote ${file}: plan daily in us-east-1 means what is tagged backup=daily\n`,
    });
    await expectSound(file);
    const empty = { AWS_REGION: "", AWS_DEFAULT_REGION: "" };
    const again = await holdfast(["init", "--offline", "--force", "--config", file], empty);
    expect(again).toEqual(written);
    const chinese = newFile();
    expect((await holdfast(["init", "--offline", "--region", "cn-north-1", "--config", chinese])).code).toBe(
      0,
    );
    await expectSound(chinese, "cn-north-1");
    expect(readFileSync(chinese, "utf8")).toContain("region: cn-northwest-1");
  });

  it("is sound too once its comments are taken in", async () => {
    const file = newFile();
    await holdfast(["init", "--offline", "--config", file]);
    const text = readFileSync(file, "utf8").replace(
      "regions: [us-east-1]",
      "regions: [us-east-1, us-east-2]",
    );
    writeFileSync(file, text.replaceAll(/^(\s+)# /gm, "$1"));
    const { plans } = await expectSound(file);
    expect(plans.daily).toMatchObject({
      copies: [{ region: "us-east-2" }],
      objective: { sourceSeconds: 37 * 3600 },
    });
  });

  it("does not write over a file unless it is told to", async () => {
    const file = newFile();
    writeFileSync(file, "mine\n");
    const { code, stderr } = await holdfast(["init", "--offline", "--config", file]);
    expect([code, stderr]).toEqual([
      2,
      `holdfast: ${file} is there already; name another with --config, or say --force\n`,
    ]);
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    expect((await holdfast(["init", "--offline", "--force", "--config", file])).code).toBe(0);
    await expectSound(file);
  });

  it.each([
    ["lib", "it is a directory"],
    ["no-such-folder/holdfast.yml", "there is no such folder"],
    ["package.json/holdfast.yml", "there is no such folder"],
    ["", "there is no such folder"],
  ])("says why it cannot write %j", async (file, why) => {
    const words = ["init", "--offline", "--config", file];
    const sentence = `holdfast: cannot write ${file || '""'}: ${why}; name another with --config\n`;
    expect(await holdfast(words)).toMatchObject({ code: 2, stderr: sentence });
    expect(await holdfast([...words, "--force"])).toMatchObject({ code: 2, stderr: sentence });
  });

  it("writes nothing where the account cannot be asked, and says what can", async () => {
    const file = newFile();
    const { code, stderr } = await holdfast(["init", "--config", file], at("http://127.0.0.1:9"));
    expect(stderr).toMatch(
      /^holdfast: .* cannot reach AWS .*; nothing was written, and --offline asks no account\n$/,
    );
    expect(code).toBe(1);
    expect(() => readFileSync(file)).toThrow("ENOENT");
    const nowhere = await holdfast(["init", "--config", file, "--offline", "--region", "mars"]);
    expect([nowhere.code, nowhere.stderr]).toEqual([
      2,
      expect.stringMatching(/^holdfast: --region mars is no region of AWS;/),
    ]);
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });
});
