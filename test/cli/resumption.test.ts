import { expect, it } from "vitest";
import { resumption } from "../../cli/backup-local.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { cluster, plainPlan, snapshotsIn } from "../night.ts";
import { clusterOf, idsOf, point } from "../steps/points.ts";
import { at, holdfast, interrupted, plansFile } from "./command.ts";
import { recents } from "./recent.ts";

const options = { config: "holdfast.yml", stage: "dev" };

it("goes on with the very same request: its hold, its reason and its clusters are part of what is taken", () => {
  const request = {
    ...{ plan: "daily", at: "2026-11-20T03:00:00Z", clusters: ["orders", "docs"] },
    ...{ reason: "before the migration", hold: "audit's" },
  };
  expect(resumption(request, { ...options, region: "eu-west-1" })).toBe(
    "holdfast backup daily --local --at 2026-11-20T03:00:00Z --reason 'before the migration' " +
      "--hold 'audit'\\''s' --config holdfast.yml --region eu-west-1 --stage dev --cluster orders docs",
  );
});

it("says no more than was asked for", () => {
  expect(resumption({ plan: "daily", at: "2026-11-20T03:00:00Z" }, options)).toBe(
    "holdfast backup daily --local --at 2026-11-20T03:00:00Z --config holdfast.yml --stage dev",
  );
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "says how to go on when %s interrupts it, and going on finds its own snapshots",
  {
    timeout: 90_000,
  },
  async (signal, status) => {
    const simulator = await startSimulator({
      fleet: { now: new Date().toISOString(), clusters: [cluster("orders"), cluster("ledger")] },
    });
    const asked = (): number =>
      simulator.calls.entries.filter(({ operation }) => operation === "CreateDBClusterSnapshot").length;
    const config = plansFile(plainPlan.replace(/ {4}copies:.*\n/, ""));
    const words = ["backup", "daily", "--local", "--config", config, "--reason", "before it's late"];
    try {
      const { code, stdout, stderr } = await interrupted(words, at(simulator.endpoint), {
        ...{ signal, when: () => asked() === 2 },
      });
      const [, command = ""] = /^interrupted; go on with: holdfast (.*)$/m.exec(stderr) ?? [];
      expect([code, stdout]).toEqual([status, ""]);
      expect(command).toMatch(
        /^backup daily --local --at \S+ --reason 'before it'\\''s late' --config \S+ --stage dev$/,
      );

      // AWS goes on meanwhile.
      simulator.clock.advance(3600);
      const [head = "", tail = ""] = command.split(/'before.*late'/);
      const again = [...head.trim().split(" "), "before it's late", ...tail.trim().split(" ")];
      const resumed = await holdfast(again, at(simulator.endpoint));
      expect([resumed.code, asked()]).toEqual([0, 2]);
      expect(resumed.stdout).toContain("2 of 2 snapshots");
      expect(Object.values(snapshotsIn(simulator, "us-east-1"))).toEqual(["available", "available"]);
    } finally {
      await simulator.close();
    }
  },
);

it("prune --apply says how to see what is left when Ctrl-C interrupts it", {
  timeout: 90_000,
}, async () => {
  const snapshots = [...recents(9, { keep: { daily: 3 } })];
  const fleet = { now: new Date().toISOString(), clusters: [clusterOf("orders")], snapshots };
  const simulator = await startSimulator({ fleet });
  const config = plansFile(`calls-per-second: 1\n${plainPlan.replace(/ {4}copies:.*\n/, "")}`);
  const words = ["prune", "daily", "--config", config, "--stage", "test"];
  const gone = (): number => 9 - Object.keys(snapshotsIn(simulator, "us-east-1")).length;
  try {
    const { code, stdout, stderr } = await interrupted([...words, "--apply"], at(simulator.endpoint), {
      when: () => gone() === 2,
    });
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toBe("interrupted; without --apply the same command shows what is left to remove\n");
    expect((await holdfast(words, at(simulator.endpoint))).stdout).toContain(`remove ${6 - gone()}; nothing`);
  } finally {
    await simulator.close();
  }
});

it.each(["hold", "release"])(
  "%s says how to go on when Ctrl-C interrupts it",
  {
    timeout: 90_000,
  },
  async (action) => {
    const isHeld = action === "release";
    const snapshots = [0, 1, 2, 3, 4].map((night) =>
      point(night, { tags: isHeld ? { "holdfast:hold": "audit" } : {} }),
    );
    const simulator = await startSimulator({ fleet: { now: "2026-11-21T00:00:00Z", snapshots } });
    const config = plansFile(`calls-per-second: 1\n${plainPlan.replace(/ {4}copies:.*\n/, "")}`);
    const words = [action, ...idsOf(snapshots), "--config", config, "--stage", "test"];
    const done = (): number =>
      [...simulator.world.store("us-east-1").clusterSnapshots.values()].filter(
        ({ tags }) => tags.has("holdfast:hold") !== isHeld,
      ).length;
    try {
      const { code, stdout, stderr } = await interrupted(words, at(simulator.endpoint), {
        when: () => done() === 1,
      });
      expect([code, stdout]).toEqual([130, ""]);
      expect(stderr).toBe("interrupted; the same command goes on with what is left\n");
      expect([(await holdfast(words, at(simulator.endpoint))).code, done()]).toEqual([0, 5]);
    } finally {
      await simulator.close();
    }
  },
);

it("says with Ctrl-C where the deployed run is seen, to whoever has told `aws` no region", {
  timeout: 60_000,
}, async () => {
  const stateMachines = [{ region: "us-east-1", name: "holdfast-test-backup" }];
  const simulator = await startSimulator({ fleet: { stateMachines } });
  const looks = () => simulator.calls.entries.filter(({ operation }) => operation === "DescribeExecution");
  const words = ["backup", "daily", "--config", plansFile(plainPlan), "--stage", "test"];
  try {
    const { code, stdout, stderr } = await interrupted(words, at(simulator.endpoint), {
      when: () => looks().length === 1,
    });
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(
      /^left; the run goes on: aws stepfunctions describe-execution --region us-east-1 --execution-arn arn:\S+$/m,
    );
  } finally {
    await simulator.close();
  }
});
