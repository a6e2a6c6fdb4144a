import { describe, expect, it } from "vitest";
import type { PlanChanges } from "../../cli/plan-changes.ts";
import type { PreviewDocument } from "../../cli/preview-document.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { cluster, nightAfter, plainPlan, withNight } from "../night.ts";
import { at, copyOf, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";

const plans = plansFile(plainPlan);
const tonight = nightAfter(6);
const writes = /^(Create|Copy|Delete|BatchDelete|Add|Remove|Modify|Put)/;

/** A fleet with six nights behind it, and the command as a person runs it there. */
const withHistory = (
  work: (
    plan: (...words: string[]) => ReturnType<typeof holdfast>,
    operations: () => string[],
    simulator: Simulator,
  ) => Promise<void>,
): Promise<void> => {
  const clusters = [
    cluster("orders"),
    cluster("graph", { engine: "neptune", encrypted: true }),
    cluster("idle", { status: "stopped" }),
    cluster("weekly", { tags: { backup: "weekly" } }),
  ];
  return withNight({ fleet: { clusters }, config: plainPlan }, async ({ simulator, run }) => {
    for (let night = 0; night < 6; night += 1) {
      simulator.clock.advance((Date.parse(nightAfter(night)) - simulator.clock.now().getTime()) / 1000);
      await run({ plan: "daily", at: nightAfter(night) });
    }
    simulator.calls.clear();
    const words = ["plan", "--config", plans, "--stage", "test", "--at", tonight];
    await work(
      (...more) => holdfast([...words, ...more], at(simulator.endpoint)),
      () => simulator.calls.entries.map(({ operation }) => operation),
      simulator,
    );
  });
};

describe("holdfast plan", () => {
  it("shows the next run in 80 columns, says what it would delete and why, and writes nothing", {
    timeout: 90_000,
  }, async () => {
    await withHistory(async (plan, operations) => {
      const { code, stdout, stderr } = await plan("daily", "--reasons");
      expect([code, stderr]).toEqual([3, ""]);
      expect(stdout).toMatch(/^plan daily, the run of 2026-11-26 03:00 UTC, before it happens$/m);
      expect(stdout).toMatch(/^orders +Aurora PostgreSQL us-east-1 take +start eu-west-1 2$/m);
      expect(stdout).toMatch(
        /^ {2}graph \(us-east-1\): tag backup=daily\n {4}us-east-1 {5}holdfast-daily-graph-[a-z2-7]{8}-20261126t030000z\n {4}eu-west-1 {5}a copy of it, with alias\/backup$/m,
      );
      expect(stdout).toMatch(/^idle .* none +none +- +1$/m);
      expect(stdout).toMatch(/^ {2}us-east-1 +holdfast-daily-orders.*20261123t030000z {2}no rule keeps it$/m);
      expect(stdout).toMatch(/^ {2}eu-west-1 +holdfast-daily-graph.*20261126t030000z {2}daily 1 of 3$/m);
      expect(stdout).not.toContain("…");
      expect(stdout).toMatch(/^ {2}weekly: tag backup is weekly, not daily$/m);
      expect(stdout).toMatch(/^manual snapshots of Aurora, .* in us-east-1:/m);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(
        "us-east-1: 6 of 100, 6 after the run; the plan can need 12",
      );
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(
        "AWS tells no size of 3 clusters: --assume-gib 100 counts 100 GiB for each",
      );
      expect(stdout).toMatch(/nothing was changed\n$/);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(operations().filter((name) => writes.test(name))).toEqual([]);
    });
  });

  it("is one document with --json, with names, keys and reasons", { timeout: 90_000 }, async () => {
    await withHistory(async (plan) => {
      const { stdout } = await plan("--json");
      const { version, plans: previews } = documentOf<{ version: 1; plans: PreviewDocument[] }>(
        "plan",
        stdout,
      );
      const graph = previews[0]?.clusters.find((one) => one.cluster === "graph");
      expect([version, previews.length, previews[0]?.at]).toEqual([1, 1, tonight]);
      expect(graph).toMatchObject({
        because: "tag backup=daily",
        action: "take",
        snapshot: expect.stringMatching(/^holdfast-daily-graph-[a-z2-7]{8}-20261126t030000z$/),
        copies: [{ region: "eu-west-1", action: "start", kmsKey: "alias/backup" }],
      });
      expect(graph?.prune.map(({ region }) => region).toSorted()).toEqual(["eu-west-1", "us-east-1"]);
      expect(graph?.keep.length).toBe(6);
      expect(previews[0]?.warnings).toEqual([]);
      const here = previews[0]?.quotas.find(({ region }) => region === "us-east-1");
      expect(here).toMatchObject({ weeklyGrowth: 0, daysLeft: null });
    });
  });

  it("counts what snapshots and copies cost by a size that is given where AWS tells none", {
    timeout: 90_000,
  }, async () => {
    await withHistory(async (plan) => {
      const { stdout } = await plan("--json", "--assume-gib", "50");
      const { plans: previews } = documentOf<{ version: 1; plans: PreviewDocument[] }>("plan", stdout);
      // Six points each of the two that run, and their copies; the stopped cluster has none.
      expect(previews[0]?.cost).toMatchObject({
        unknown: 0,
        storageGib: 12 * 50,
        transferGib: 100,
        transferGibMonth: 3000,
        transferDollarsMonth: 60,
      });
      const refused = await plan("--assume-gib", "many");
      const { stdout: shown } = await plan("--assume-gib", "50");
      expect(shown.replaceAll(/\s+/g, " ")).toContain(
        "at most 600 GiB of snapshots after the run, $12.60 a month; copies send 100 GiB a run, 3000 GiB and " +
          "$60.00 a month (list prices of us-east-1, ",
      );
      expect([refused.code, refused.stderr]).toEqual([
        2,
        "holdfast: --assume-gib many is not a count; use a whole number such as 50\n",
      ]);
    });
  });

  it("says which Redshift clusters AWS would copy from then on, and what that costs", {
    timeout: 90_000,
  }, async () => {
    const managed = plainPlan.replace("kms-key: alias/backup", "kms-key: alias/backup, manage: true");
    const warehouse = cluster("warehouse", { engine: "redshift", sizeGib: 100 });
    await withNight({ fleet: { clusters: [warehouse] } }, async ({ simulator }) => {
      const words = ["plan", "--config", plansFile(managed), "--stage", "test", "--at", tonight];
      const run = (...more: string[]) => holdfast([...words, ...more], at(simulator.endpoint));
      const shown = await run("--assume-gib", "100");
      expect([shown.code, shown.stderr]).toEqual([0, ""]);
      expect(shown.stdout.replaceAll(/\s+/g, " ")).toContain(
        "would enable snapshot copy of warehouse to eu-west-1: AWS then copies automated snapshots too, some " +
          "three a day, kept for a day, at most 9000 GiB and $187.20 a month more",
      );
      expect(shown.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
      const { stdout } = await run("--json", "--redshift-quota", "7");
      const { plans: previews } = documentOf<{ version: 1; plans: PreviewDocument[] }>("plan", stdout);
      expect(previews[0]?.quotas.map(({ family, max }) => [family, max])).toEqual([
        ["redshift", 7],
        ["redshift", 7],
      ]);
      expect(previews[0]?.enables.map(({ cluster: id, region }) => [id, region])).toEqual([
        ["warehouse", "eu-west-1"],
      ]);
      expect(previews[0]?.clusters[0]?.copies).toMatchObject([{ region: "eu-west-1", action: "arrives" }]);
      expect(simulator.calls.entries.filter(({ operation }) => /^Enable/.test(operation))).toEqual([]);
    });
  });

  it("says what a changed file would do differently, and stops a gate above the brake", {
    timeout: 90_000,
  }, async () => {
    await withHistory(async (plan) => {
      const changed = plainPlan
        .replace("keep-daily: 3", "keep-last: 1")
        .replace("[daily]", "[daily, weekly]");
      const same = await plan("--against", copyOf(plans));
      expect([same.code, same.stdout]).toEqual([
        0,
        "the next runs would do the same with both\n\nnothing was changed\n",
      ]);
      const other = await plan("--against", plansFile(changed), "--json");
      const differences = documentOf<PlanChanges>("plan", other.stdout);
      expect(other.code).toBe(0);
      expect(differences.taken.more.map(({ id }) => id)).toEqual(["weekly"]);
      expect(differences.pruned.more.length).toBeGreaterThan(1);
      expect(differences.pruned.fewer).toEqual([]);
      const braked = await plan("--against", plansFile(`${changed}    brake: 1\n`));
      expect(braked.code).toBe(3);
      expect(braked.stdout).toMatch(/the plan's brake/);
      expect(braked.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    });
  });

  it("tells a file that switches plans off from one that has them no more, and stops a gate where none is left on", {
    timeout: 90_000,
  }, async () => {
    await withHistory(async (plan) => {
      const off = plansFile(`${plainPlan}    enabled: false\n`);
      const differences = await plan("--against", off);
      expect([differences.code, differences.stdout]).toEqual([
        3,
        expect.stringContaining("- plan daily: switched off, and its recovery points are left alone"),
      ]);
      const { stdout } = await plan("--against", off, "--json");
      expect(documentOf<PlanChanges>("plan", stdout)).toMatchObject({
        plansRemoved: [],
        plansOff: ["daily"],
      });
      const none = await plan("--config", off);
      expect([none.code, none.stdout]).toEqual([
        ...[3, "no plan is switched on: no schedule starts a run\n\nnothing was changed\n"],
      ]);
      const named = await plan("daily", "--config", off);
      expect(named.stdout).toContain("enabled is false, so that no schedule starts this run");
    });
  });

  it("warns of an objective that the schedule cannot keep, and of no more than concerns the run", {
    timeout: 60_000,
  }, async () => {
    const late = plansFile(plainPlan.replace("source: 26h", "source: 20h").replace("keep-daily: 3", ""));
    await withNight({ fleet: {} }, async ({ simulator }) => {
      const { stdout } = await holdfast(
        ["plan", "--config", late, "--stage", "test", "--json"],
        at(simulator.endpoint),
      );
      const { plans: previews } = documentOf<{ version: 1; plans: PreviewDocument[] }>("plan", stdout);
      expect(previews[0]?.warnings).toEqual([
        {
          code: "objective",
          sentence: expect.stringMatching(/^objective\.source is 20h, and runs are up to 24h/),
        },
      ]);
    });
  });

  it("does not say of the last run of a schedule with years that there is none", {
    timeout: 60_000,
  }, async () => {
    const years = new Date().getUTCFullYear() + 1;
    const last = plansFile(plainPlan.replace("cron(0 3 * * ? *)", `cron(0 3 1,2 1 ? ${years})`));
    await withNight({ fleet: {} }, async ({ simulator }) => {
      const { stdout } = await holdfast(
        ["plan", "--config", last, "--stage", "test", "--json", "--at", `${years}-01-02T03:00:00Z`],
        at(simulator.endpoint),
      );
      const { plans: previews } = documentOf<{ version: 1; plans: PreviewDocument[] }>("plan", stdout);
      expect(previews[0]?.at).toBe(`${years}-01-02T03:00:00Z`);
      expect(previews[0]?.warnings.map(({ code }) => code)).not.toContain("schedule-over");
    });
  });

  it("passes no gate where a part of AWS could not be seen", { timeout: 90_000 }, async () => {
    await withHistory(async (plan, _, simulator) => {
      const kind = { code: "AccessDenied", status: 403, message: "not authorized" };
      simulator.faults.add({ operation: "DescribeDBClusters", times: 1000, kind });
      const { code, stdout } = await plan("--against", copyOf(plans));
      expect([code, stdout]).toEqual([3, expect.stringContaining("the region could not be listed")]);
    });
  });

  it("tells AWS's words of a copy region that is silent, and does not wait a night's passes for it", {
    timeout: 90_000,
  }, async () => {
    await withHistory(async (plan, operations, simulator) => {
      simulator.faults.add({ region: "eu-west-1", times: 10_000, kind: "unavailable" });
      const { code, stdout } = await plan();
      expect([code, stdout]).toEqual([
        3,
        expect.stringMatching(/^eu-west-1 {2}rds could not be listed: rds Describe\w+ in eu-west-1:/),
      ]);
      expect(operations().length).toBeLessThan(60);
      const { unlisted } = documentOf<{ readonly unlisted: readonly unknown[] }>(
        "plan",
        (await plan("--json")).stdout,
      );
      expect(unlisted).toHaveLength(2);
    });
  });

  it.each([["plan"], ["plan", "--against", copyOf(plans)]])(
    "%j ends at once with AWS's words where nothing can be seen",
    { timeout: 60_000 },
    async (...words) => {
      const { code, stdout, stderr } = await holdfast(
        [...words, "--config", plans],
        at("http://127.0.0.1:9"),
      );
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^holdfast: (rds|redshift) Describe\w+ in us-east-1: cannot reach AWS/);
    },
  );

  it.each([
    [
      ["plan", "weekly", "--config", plans],
      /^holdfast: there is no plan "weekly" in holdfast\.yml; its plans are: daily\n$/,
    ],
    [
      ["plan", "", "--config", plans],
      /^holdfast: there is no plan "" in holdfast\.yml; its plans are: daily\n$/,
    ],
    [["plan", "--config", plans, "--against", ""], /^holdfast: cannot read .* with --against\n$/],
    [["plan", "--config", plans, "--at", "tonight"], /^holdfast: --at tonight is not a time; use ISO 8601/],
    [["plan", "--config", "no.yml"], /^holdfast: cannot read no\.yml/],
    [
      ["plan", "--config", plans, "--redshift-quota", "0"],
      /^holdfast: --redshift-quota 0 is not a count; use/,
    ],
    [["plan", "--config", plans, "--assume-gib", "1.5"], /^holdfast: --assume-gib 1\.5 is not a count; use/],
  ])("%j is refused in a sentence", async (words, sentence) => {
    const { code, stderr } = await holdfast(words, at("http://127.0.0.1:9"));
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});
