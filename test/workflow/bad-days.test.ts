import { describe, expect, it } from "vitest";
import { virtualTime } from "../../cli/virtual-time.ts";
import { inProcess, runWorkflow } from "../../cli/workflow.ts";
import { copy } from "../../lib/steps/copy.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { discover } from "../../lib/steps/discover.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { at, cluster, nightAfter, plainPlan, snapshotsIn, withNight } from "../night.ts";
import { pastOf } from "../steps/past-points.ts";

/** Days on which replication goes wrong: all other clusters are done, the row is right, nothing is lost or doubled. */

const three = ["graph", "ledger", "orders"].map((id) =>
  cluster(id, { encrypted: true, ...(id === "graph" && { engine: "neptune" }) }),
);

interface Told {
  readonly clusters: readonly {
    readonly cluster: string;
    readonly status: string;
    readonly copies: readonly { readonly status: string }[];
  }[];
  readonly problems: readonly { readonly cluster: string; readonly code: string }[];
}

const copiesOf = ({ clusters }: Told) =>
  Object.fromEntries(clusters.map((one) => [one.cluster, one.copies[0]?.status]));
const codesOf = ({ problems }: Told) => problems.map(({ cluster: id, code }) => `${id} ${code}`);
const taken = ({ clusters }: Told) => clusters.map(({ status }) => status);

/** Does something once, right after the nth call of an operation was answered. */
const onceAnswered = (simulator: Simulator, operation: string, nth: number, deed: () => void): void => {
  let seen = 0;
  simulator.calls.subscribe((entry) => {
    if (entry.operation !== operation) return;
    seen += 1;
    if (seen === nth) deed();
  });
};

const copiesAway = (simulator: Simulator) => [
  ...simulator.world.store("eu-west-1").clusterSnapshots.values(),
];

describe("a prune that is cut off in its midst", () => {
  it("has its earlier calls' deletions and problems in the report", async () => {
    // More than one call deletes: six snapshots each are too many. Of one cluster it would be more than the brake lets go.
    const ids = Array.from({ length: 40 }, (_, nth) => `c${nth}`);
    const clusters = ids.map((id) => cluster(id, { resourceId: `cluster-${id.toUpperCase()}` }));
    const snapshots = ids.flatMap((id) =>
      Array.from({ length: id === "c7" ? 14 : 8 }, (_, nth) => pastOf(id, nth + 1)),
    );
    const config = plainPlan.replace(/ {4}copies:.*\n/, "");
    await withNight({ fleet: { clusters, snapshots, settings: roomy }, config }, async (night) => {
      const { invoke, clock } = inProcess(night.runtime);
      let prunes = 0;
      await runWorkflow({
        request: { plan: "daily", at },
        time: virtualTime(night.simulator.clock),
        clock,
        invoke: async (name, event) => {
          if (name !== "prune") return invoke(name, event);
          prunes += 1;
          if (prunes === 2) throw new Error("the sandbox is gone");
          return invoke(name, event);
        },
      });
      const summary = night.ledger.of("run.ended").at(-1)?.summary;
      const deleted = night.simulator.calls.byOperation()["rds.DeleteDBClusterSnapshot"];
      expect([prunes, deleted]).toEqual([2, 200]);
      expect(summary?.totals).toMatchObject({ pruned: 200, problems: 2 });
      expect(summary?.problems.toSorted((a, b) => a.code.localeCompare(b.code))).toEqual([
        { cluster: "c7", region: "us-east-1", code: "brake" },
        { cluster: "*", region: "us-east-1", code: "lost" },
      ]);
    });
  });
});

const roomy = { manualClusterSnapshotsMax: 1000 };

describe("a child that is cut off in its midst", () => {
  const clusters = [
    cluster("legacy", { status: "stopped" }),
    cluster("orders"),
    cluster("warehouse", { engine: "redshift" }),
  ];

  it.each([
    ["snapshot", 1, "us-east-1", []],
    ["copy", 1, "eu-west-1", []],
    // Of the batch, whose first call met the stopped cluster; and of the pump, once it has met the missing setting.
    ["check", 1, "us-east-1", ["legacy stopped"]],
    ["copy", 3, "eu-west-1", ["warehouse setting-absent"]],
  ])("has its region and what it met before in the report: %s, call %i", async (step, nth, region, met) => {
    await withNight({ fleet: { clusters } }, async (night) => {
      const { invoke, clock } = inProcess(night.runtime);
      let calls = 0;
      await runWorkflow({
        request: { plan: "daily", at },
        time: virtualTime(night.simulator.clock),
        clock,
        invoke: async (name, event) => {
          if (name === step) calls += 1;
          if (name === step && calls >= nth) throw new Error("the sandbox is gone");
          return invoke(name, event);
        },
      });
      const problems = night.ledger.of("run.ended").at(-1)?.summary.problems ?? [];
      expect(codesOf({ clusters: [], problems })).toEqual(expect.arrayContaining(met));
      const lost = problems.filter(({ cluster: id, code }) => id === "*" && code === "lost");
      expect(new Set(lost.map((one) => one.region))).toEqual(new Set([region]));
    });
  });
});

describe("a day on which replication goes wrong", () => {
  it("takes every snapshot while the copy region is out of reach, and copies on the next", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: three } }, async ({ simulator, run }) => {
      const back = simulator.faults.add({ region: "eu-west-1", times: 1e6, kind: "unavailable" });
      const { document } = await run({ plan: "daily", at });
      expect(taken(document)).toEqual(["available", "available", "available"]);
      expect(document.outcome).toBe("incomplete");
      expect(codesOf(document)).toContain("* unlisted");
      back();
      simulator.clock.advance(86_400 - 3600);
      const next = await run({ plan: "daily", at: nightAfter(1) });
      expect(copiesOf(next.document)).toEqual({
        graph: "available",
        ledger: "available",
        orders: "available",
      });
      expect(next.document.outcome).toBe("complete");
    });
  });

  it("takes and copies late where the clusters' region falls silent behind Discover, and answers a while later", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: three } }, async ({ simulator, run }) => {
      const since = simulator.clock.now().getTime();
      const operation = "DescribeDBClusterSnapshots";
      const back = simulator.faults.add({ region: "us-east-1", operation, times: 1e6, kind: "unavailable" });
      simulator.calls.subscribe(() => {
        if (simulator.clock.now().getTime() - since >= 10 * 60_000) back();
      });
      const { document } = await run({ plan: "daily", at });
      expect(taken(document)).toEqual(["available", "available", "available"]);
      expect(copiesOf(document)).toEqual({ graph: "available", ledger: "available", orders: "available" });
      expect([document.outcome, document.problems]).toEqual(["complete", []]);
    });
  });

  it("copies late where the copy region does not answer as the run begins, and does a while later", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: three } }, async ({ simulator, run }) => {
      const since = simulator.clock.now().getTime();
      const back = simulator.faults.add({ region: "eu-west-1", times: 1e6, kind: "unavailable" });
      simulator.calls.subscribe(() => {
        if (simulator.clock.now().getTime() - since >= 15 * 60_000) back();
      });
      const { document } = await run({ plan: "daily", at });
      expect(copiesOf(document)).toEqual({ graph: "available", ledger: "available", orders: "available" });
      expect([document.outcome, document.problems]).toEqual(["complete", []]);
    });
  });

  it("copies the others while Redshift alone is out of reach in the copy region", {
    timeout: 60_000,
  }, async () => {
    const away = { snapshotCopy: { destination: "eu-west-1" } };
    const clusters = [...three, cluster("warehouse", { engine: "redshift", ...away })];
    await withNight({ fleet: { clusters } }, async ({ simulator, run }) => {
      simulator.faults.add({ region: "eu-west-1", service: "redshift", times: 1e6, kind: "unavailable" });
      const { document } = await run({ plan: "daily", at });
      expect(taken(document)).toEqual(["available", "available", "available", "available"]);
      const { warehouse, ...others } = copiesOf(document);
      expect(Object.values(others)).toEqual(["available", "available", "available"]);
      expect([warehouse, document.outcome]).toEqual(["absent", "incomplete"]);
      expect(new Set(codesOf(document))).toEqual(
        new Set(["warehouse deadline", "* unlisted", "* prune-suspended"]),
      );
    });
  });

  it("waits with what needs a key while KMS is out of reach, and not with the others", {
    timeout: 60_000,
  }, async () => {
    const clusters = [...three, cluster("plain", { encrypted: false })];
    await withNight({ fleet: { clusters } }, async ({ simulator, run }) => {
      const back = simulator.faults.add({
        region: "eu-west-1",
        service: "kms",
        times: 1e6,
        kind: "unavailable",
      });
      const [since, started] = [simulator.clock.now().getTime(), new Map<string, number>()];
      simulator.calls.subscribe(({ operation }) => {
        const minutes = (simulator.clock.now().getTime() - since) / 60_000;
        if (minutes >= 60) back();
        if (operation !== "CopyDBClusterSnapshot") return;
        for (const { clusterId: id } of copiesAway(simulator)) if (!started.has(id)) started.set(id, minutes);
      });
      const { document } = await run({ plan: "daily", at });
      expect([document.outcome, document.problems]).toEqual(["complete", []]);
      expect([...started].map(([id, minutes]) => [id, minutes >= 60])).toEqual([
        ["plain", false],
        ...three.map(({ id }) => [id, true]),
      ]);
    });
  });

  it("copies what was started before the key was disabled, and names the key for the others", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: three } }, async ({ simulator, run }) => {
      onceAnswered(simulator, "CopyDBClusterSnapshot", 1, () => {
        for (const key of simulator.world.store("eu-west-1").keys.values()) key.state = "Disabled";
      });
      const { document } = await run({ plan: "daily", at });
      expect(taken(document)).toEqual(["available", "available", "available"]);
      const copied = Object.values(copiesOf(document)).toSorted();
      expect(copied).toEqual(["absent", "absent", "available"]);
      expect(new Set(document.problems.map(({ code }) => code))).toEqual(new Set(["key-unusable"]));
      expect(document.problems).toHaveLength(2);
    });
  });

  it("has a row for a copy whose source somebody deleted, and loses no other", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: three } }, async ({ simulator, run }) => {
      onceAnswered(simulator, "CopyDBClusterSnapshot", 1, () => {
        const [first] = copiesAway(simulator);
        const id = first?.id ?? "";
        simulator.world.store("us-east-1").clusterSnapshots.delete(id);
        simulator.world.store("eu-west-1").clusterSnapshots.delete(id);
      });
      const { document } = await run({ plan: "daily", at });
      expect(Object.values(copiesOf(document)).toSorted()).toEqual(["absent", "available", "available"]);
      expect(document.problems.map(({ code }) => code)).toEqual(["no-snapshot"]);
    });
  });

  it("asks three times for a copy whose source AWS does not find though it lists it", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ simulator, run }) => {
      const kind = { code: "DBClusterSnapshotNotFoundFault", status: 404, message: "orders not found" };
      simulator.faults.add({ operation: "CopyDBClusterSnapshot", times: 1e6, kind });
      const { document } = await run({ plan: "daily", at });
      expect(codesOf(document)).toEqual(["orders no-snapshot"]);
      const asked = simulator.calls.entries.filter(({ operation }) => operation === "CopyDBClusterSnapshot");
      expect(asked).toHaveLength(3);
    });
  });

  it("makes its own copy of what somebody copied by hand, once, and leaves theirs alone", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ simulator, run }) => {
      await run({ plan: "daily", at });
      const [ours] = copiesAway(simulator);
      if (ours === undefined) throw new Error("there is a copy");
      const store = simulator.world.store("eu-west-1").clusterSnapshots;
      store.clear();
      store.set("by-hand", {
        ...ours,
        id: "by-hand",
        arn: ours.arn.replace(ours.id, "by-hand"),
        tags: new Map(),
      });
      for (let again = 0; again < 2; again += 1) {
        const { document } = await run({ plan: "daily", at });
        expect([document.outcome, copiesOf(document)]).toEqual(["complete", { orders: "available" }]);
      }
      expect(Object.keys(snapshotsIn(simulator, "eu-west-1")).toSorted()).toEqual(
        ["by-hand", ours.id].toSorted(),
      );
    });
  });

  it("shares the free places between two pumps, and each of their passes is refused once at most", {
    timeout: 60_000,
  }, async () => {
    const config = `${plainPlan}${plainPlan.slice(plainPlan.indexOf("  daily:")).replace("daily:", "other:").replace("[daily]", "[other]")}`;
    const clusters = ["daily", "other"].flatMap((backup) =>
      Array.from({ length: 8 }, (_, index) => cluster(`${backup}-${index}`, { tags: { backup } })),
    );
    await withNight({ fleet: { clusters }, config }, async (night) => {
      const { simulator } = night;
      const runs = await Promise.all(
        ["daily", "other"].map(async (plan) => {
          const { run, batches } = await discover({ request: { plan, at }, startedAt: at }, night.context());
          for (const batch of batches) await snapshot({ run, batch }, night.context());
          return { run, batches };
        }),
      );
      simulator.clock.advance(600);
      const last: (CopyOutput | undefined)[] = [undefined, undefined];
      for (let pass = 0; pass < 60 && last.some((one) => one?.next !== "Done"); pass += 1) {
        for (const [index, { run, batches }] of runs.entries()) {
          const work = last[index];
          if (work?.next === "Done") continue;
          simulator.calls.clear();
          const input = { run, destination: { region: "eu-west-1" }, batches, ...(work && { work }) };
          last[index] = await copy(input, night.context());
          const asked = simulator.calls.entries.filter(
            ({ operation }) => operation === "CopyDBClusterSnapshot",
          );
          expect(asked.filter(({ code }) => code !== undefined).length).toBeLessThanOrEqual(1);
          const running = copiesAway(simulator).filter(({ status }) => status === "copying");
          expect(running.length).toBeLessThanOrEqual(5);
          simulator.clock.advance(60);
        }
      }
      expect(last.map((one) => [one?.next, one?.done, one?.problems])).toEqual([
        ["Done", 8, []],
        ["Done", 8, []],
      ]);
      expect(copiesAway(simulator)).toHaveLength(16);
    });
  });
});
