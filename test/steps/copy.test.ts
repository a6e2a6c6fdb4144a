import { describe, expect, it } from "vitest";
import { tagKeys } from "../../lib/core/ownership.ts";
import { DeniedError } from "../../lib/errors.ts";
import { copy } from "../../lib/steps/copy.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { cluster, type Night, nightAfter, plainPlan, snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { deafBus, denied, toldOf } from "./points.ts";
import { withPump } from "./pump.ts";

describe("Copy", () => {
  it("waits for a snapshot and copies it as soon as it is available, with its tags and where it came from", async () => {
    await withPump(
      {
        fleet: { clusters: [cluster("orders", { tags: { backup: "daily", team: "a b+c" } })] },
        config: `${plainPlan}    carry-tags: [team]\n`,
      },
      async (pump, { simulator }) => {
        const first = await pump();
        expect(first.tasks.map(({ phase }) => phase)).toEqual(["awaited"]);
        simulator.clock.advance(90);
        const second = await pump(first);
        expect(second.tasks.map(({ phase }) => phase)).toEqual(["copying"]);
        const [made] = simulator.world.store("eu-west-1").clusterSnapshots.values();
        const [source] = simulator.world.store("us-east-1").clusterSnapshots.values();
        expect([made?.id, made?.sourceArn]).toEqual([source?.id, source?.arn]);
        expect(Object.fromEntries(made?.tags ?? [])).toMatchObject({
          team: "a b+c",
          [tagKeys.source]: source?.arn,
        });
        simulator.clock.advance(3600);
        const third = await pump(second);
        expect([third.next, third.result.counts]).toEqual(["Done", { copied: 1, unfinished: 0 }]);
      },
    );
  });

  it("encrypts with the destination's key what is encrypted, describes the key once, and sends no key for the rest", async () => {
    const clusters = [
      cluster("plain"),
      cluster("secret", { encrypted: true }),
      cluster("graph", { engine: "neptune", encrypted: true }),
    ];
    await withPump({ fleet: { clusters } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      const second = await pump(first);
      await pump(second);
      const key = [...simulator.world.store("eu-west-1").keys.values()][0]?.arn;
      const copies = [...simulator.world.store("eu-west-1").clusterSnapshots.values()];
      expect(copies.map(({ clusterId, kmsKeyArn }) => [clusterId, kmsKeyArn]).toSorted()).toEqual([
        ["graph", key],
        ["plain", undefined],
        ["secret", key],
      ]);
      expect(simulator.calls.byOperation()["kms.DescribeKey"]).toBe(1);
    });
  });

  it("describes it once as well where the copies are begun in several passes", async () => {
    const clusters = ["one", "two"].map((id) => cluster(id, { encrypted: true }));
    const config = `${plainPlan}    copies-in-flight: 1\n`;
    await withPump({ fleet: { clusters }, config }, async (pump, { simulator }) => {
      let last = await pump();
      for (const _ of [1, 2, 3]) {
        simulator.clock.advance(3600);
        last = await pump(last);
      }
      expect([last.done, simulator.calls.byOperation()["kms.DescribeKey"]]).toEqual([2, 1]);
    });
  });

  it.each([
    ["either", "kms-key: alias/backup", []],
    ["either", "", []],
    ["with-key", "kms-key: alias/backup", []],
    ["with-key", "", ["key-missing"]],
    ["without-key", "kms-key: alias/backup", []],
    ["without-key", "", []],
    ["either", "kms-key: alias/typo", ["key-unusable"]],
  ] as const)(
    "copies what is under a key that AWS owns, if AWS takes copies of it %s, by a plan that says '%s'",
    async (awsOwnedKeyCopies, key, codes) => {
      const fleet = { clusters: [cluster("young", { awsOwnedKey: true })], settings: { awsOwnedKeyCopies } };
      const config = plainPlan.replace(/copies:.*/, `copies: [{ region: eu-west-1, ${key} }]`);
      await withPump({ fleet, config }, async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(90);
        const { tasks, problems } = await pump(first);
        expect(problems.map(({ code }) => code)).toEqual(codes);
        expect(tasks.map(({ phase }) => phase)).toEqual(codes.length > 0 ? [] : ["copying"]);
        const [copy] = simulator.world.store("eu-west-1").clusterSnapshots.values();
        const named = key !== "" && awsOwnedKeyCopies !== "without-key";
        if (codes.length === 0) expect([copy?.encrypted, copy?.awsOwnedKey]).toEqual([named, !named]);
      });
    },
  );

  it.each([
    ["the plan names no key", "copies: [{ region: eu-west-1 }]", "key-missing"],
    ["the key does not exist", "copies: [{ region: eu-west-1, kms-key: alias/typo }]", "key-unusable"],
    ["the key is disabled", "copies: [{ region: eu-west-1, kms-key: alias/off }]", "key-unusable"],
  ])("gives an encrypted snapshot its row and copies the others when %s", async (_, copies, code) => {
    const config = `
plans:
  daily:
    schedule: rate(1 day)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 3 }
    ${copies}
`;
    const keys = [{ region: "eu-west-1", alias: "alias/off", state: "Disabled" as const }];
    const clusters = [cluster("plain"), cluster("secret", { encrypted: true })];
    await withPump({ fleet: { clusters, keys }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      const { tasks, problems } = await pump(first);
      expect(tasks.map(({ cluster: id, phase }) => [id, phase])).toEqual([["plain", "copying"]]);
      expect(problems).toEqual([{ cluster: "secret", region: "us-east-1", code }]);
    });
  });

  it.each([
    ["is disabled and enabled again", "key-unusable"],
    ["may not be described for some minutes", "denied"],
  ] as const)("copies what comes later in the night where the key %s", async (_, code) => {
    const clusters = ["one", "two", "three"].map((id) => cluster(id, { encrypted: true }));
    const config = `${plainPlan}    copies-in-flight: 1\n`;
    await withPump({ fleet: { clusters }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      const [key] = simulator.world.store("eu-west-1").keys.values();
      if (key && code === "key-unusable") key.state = "Disabled";
      if (code === "denied") simulator.faults.add({ service: "kms", times: 1, kind: denied });
      const second = await pump(first);
      expect(second.problems.map((one) => one.code)).toEqual([code]);
      expect(second.tasks.map(({ phase }) => phase)).toEqual(["due", "due"]);
      if (key) key.state = "Enabled";
      let last = second;
      for (const _pass of [1, 2, 3]) {
        last = await pump(last);
        simulator.clock.advance(3600);
      }
      expect([last.next, last.done, last.problems]).toEqual(["Done", 2, second.problems]);
      // Of one that is usable AWS is not asked again.
      expect(simulator.calls.byOperation()["kms.DescribeKey"]).toBe(2);
    });
  });

  it("tells what it has done and met in a destination that the plan loses in the midst of the run", async () => {
    const clusters = [cluster("orders"), cluster("slow", { sizeGib: 900 }), cluster("graph")];
    await withPump({ fleet: { clusters } }, async (pump, night) => {
      const first = await pump();
      night.simulator.clock.advance(90);
      const second = await pump(first);
      night.simulator.clock.advance(1200);
      const third = await pump(second);
      expect(third.done).toBe(2);
      const problems = [{ cluster: "graph", region: "us-east-1", code: "refused" as const }];
      const context = night.context();
      const daily = context.config.plans.daily;
      const plans = daily ? { daily: { ...daily, copies: [] } } : {};
      const { batches } = await discovered(night);
      const { next, tasks, result } = await copy(
        { run: third.run, destination: third.destination, batches, work: { ...third, problems } },
        { ...context, config: { ...context.config, plans } },
      );
      expect([next, tasks, result.counts]).toEqual(["Done", [], { copied: 2, unfinished: 0 }]);
      expect(result.problems).toEqual(problems);
    });
  });

  it("fills the free places and no more, and takes AWS's refusal for back-pressure", async () => {
    const clusters = Array.from({ length: 9 }, (_, index) => cluster(`c${index}`));
    await withPump(
      { fleet: { clusters, settings: { copiesPerDestination: 3 } } },
      async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(90);
        const second = await pump(first);
        expect(second.tasks.filter(({ phase }) => phase === "copying")).toHaveLength(3);
        expect([second.limit, second.problems]).toEqual([3, []]);
        simulator.calls.clear();
        const third = await pump(second);
        expect(simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBeUndefined();
        expect(third.tasks).toHaveLength(9);
      },
    );
  });

  it("makes a full destination the row of everything that is due", async () => {
    const clusters = Array.from({ length: 4 }, (_, index) => cluster(`c${index}`));
    await withPump(
      { fleet: { clusters, settings: { manualClusterSnapshotsMax: 4 } } },
      async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(90);
        simulator.world.settings.manualClusterSnapshotsMax = 2;
        const { next, problems, tasks } = await pump(first);
        expect(problems.map(({ code }) => code)).toEqual(["copy-quota-full", "copy-quota-full"]);
        expect([next, tasks.length]).toEqual(["Wait", 2]);
      },
    );
  });

  it("says once that a Multi-AZ DB cluster's snapshot is not copied, and does not ask AWS", async () => {
    await withPump(
      { fleet: { clusters: [cluster("billing", { engine: "mysql" })] } },
      async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(200);
        const { next, problems } = await pump(first);
        expect([next, problems.map(({ code }) => code)]).toEqual(["Done", ["copy-unsupported"]]);
        expect(simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBeUndefined();
      },
    );
  });

  it("says it as well of one that is taken only after the pump has begun", async () => {
    await withNight({ fleet: { clusters: [cluster("billing", { engine: "mysql" })] } }, async (night) => {
      const { run, batches, batch } = await discovered(night);
      const input = { run, batches, destination: { region: "eu-west-1" } };
      const first = await copy(input, night.context());
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(200);
      const { next, problems } = await copy({ ...input, work: first }, night.context());
      expect([next, problems.map(({ code }) => code)]).toEqual(["Done", ["copy-unsupported"]]);
      expect(night.simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBeUndefined();
    });
  });

  it("picks up a copy that runs already instead of starting it twice", async () => {
    await withPump({ fleet: { clusters: [cluster("orders")] } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      await pump(first);
      const fresh = await pump();
      expect(fresh.tasks.map(({ phase }) => phase)).toEqual(["copying"]);
      expect(Object.keys(snapshotsIn(simulator, "eu-west-1"))).toHaveLength(1);
    });
  });

  it("recognises Redshift's own copy, tags it, and counts it only then", async () => {
    const warehouse = cluster("warehouse", {
      engine: "redshift",
      snapshotCopy: { destination: "eu-west-1" },
    });
    await withPump({ fleet: { clusters: [warehouse] } }, async (pump, { simulator }) => {
      const first = await pump();
      expect(first.tasks.map(({ phase }) => phase)).toEqual(["awaited"]);
      simulator.clock.advance(100);
      simulator.calls.clear();
      const second = await pump(first);
      expect(second.tasks.map(({ phase }) => phase)).toEqual(["arriving"]);
      // Its setting was looked at before, and nobody has changed it since.
      expect(simulator.calls.byOperation()["redshift.DescribeClusters"]).toBeUndefined();
      simulator.clock.advance(3600);
      const third = await pump(second);
      expect([third.next, third.done]).toEqual(["Done", 1]);
      const [arrived] = simulator.world.store("eu-west-1").redshiftSnapshots.values();
      expect(arrived?.id).toMatch(/^copy:holdfast-/);
      expect(arrived?.tags.get(tagKeys.source)).toContain("us-east-1");
      expect(simulator.calls.byOperation()["redshift.CreateTags"]).toBe(1);
    });
  });

  it("reports a setting that Snapshot made right, and that somebody has taken away before the snapshot came", async () => {
    const config = plainPlan.replace("alias/backup }", "alias/backup, manage: true }");
    const fleet = { clusters: [cluster("warehouse", { engine: "redshift" })] };
    await withPump({ fleet, config }, async (pump, { simulator }) => {
      const { redshiftClusters } = simulator.world.store("us-east-1");
      const warehouse = redshiftClusters.get("warehouse");
      expect(warehouse?.snapshotCopy).toMatchObject({ destinationRegion: "eu-west-1" });
      const first = await pump();
      if (warehouse) redshiftClusters.set("warehouse", { ...warehouse, snapshotCopy: undefined });
      simulator.clock.advance(100);
      const { next, problems } = await pump(first);
      expect([next, problems.map(({ code }) => code)]).toEqual(["Done", ["setting-absent"]]);
    });
  });

  it.each([
    ["setting-absent", undefined],
    ["setting-elsewhere", { destination: "ap-southeast-1" }],
    ["setting-expires", { destination: "eu-west-1", manualRetention: 7 }],
  ])("reports a Redshift cluster's %s and never changes the setting", async (code, snapshotCopy) => {
    const warehouse = cluster("warehouse", { engine: "redshift", ...(snapshotCopy && { snapshotCopy }) });
    await withPump({ fleet: { clusters: [warehouse] } }, async (pump, { simulator }) => {
      const { next, problems } = await pump();
      expect([next, problems.map((problem) => problem.code)]).toEqual(["Done", [code]]);
      const writes = simulator.calls.entries.filter(({ operation }) =>
        /Enable|Disable|Modify/.test(operation),
      );
      expect(writes).toEqual([]);
    });
  });

  it("refuses a copy whose pre-signed URL is wrong, as data", async () => {
    await withPump(
      { fleet: { clusters: [cluster("docs", { engine: "docdb" })] } },
      async (pump, { simulator }) => {
        const first = await pump();
        simulator.clock.advance(200);
        const fault = {
          code: "InvalidParameterValue",
          status: 400,
          message: "PreSignedurl could not be authenticated",
        };
        simulator.faults.add({ operation: "CopyDBClusterSnapshot", times: 1, kind: fault });
        const { problems } = await pump(first);
        expect(problems.map(({ code }) => code)).toEqual(["refused"]);
        expect(simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBe(1);
      },
    );
  });

  it("forgets a destination that the plan has lost since the run began", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batches } = await discovered(night);
      const gone = await copy({ run, batches, destination: { region: "ap-south-1" } }, night.context());
      expect([gone.next, gone.tasks]).toEqual(["Done", []]);
    });
  });
});

describe("a source region that does not answer", () => {
  const fleet = { clusters: [cluster("orders")], settings: { snapshotSecondsPerGib: 600 } };
  const silence = {
    ...{ operation: "DescribeDBClusterSnapshots", region: "us-east-1", times: 9 },
    kind: { code: "DependentServiceUnavailableFault", status: 400, message: "not now" },
  };

  /** What passes at some minutes come to, with a word for each whether the region answers. */
  const passesAt = async (looks: readonly (readonly [minute: number, word: "silent" | "answers"])[]) => {
    let last: CopyOutput | undefined;
    await withPump({ fleet }, async (pump, { simulator }) => {
      for (const [index, [minute, word]] of looks.entries()) {
        simulator.clock.advance(60 * (minute - (looks[index - 1]?.[0] ?? 0)));
        simulator.faults.clear();
        if (word === "silent") simulator.faults.add(silence);
        last = await pump(last);
      }
    });
    return [last?.next, last?.problems.map(({ code }) => code)];
  };

  it("is given up after forty minutes of silence, from the first to the last", async () => {
    const silent = (minute: number) => [minute, "silent"] as const;
    expect(await passesAt([0, 15, 30, 39].map(silent))).toEqual(["Wait", []]);
    expect(await passesAt([0, 15, 30, 41].map(silent))).toEqual(["Done", ["unlisted"]]);
  });

  it("has its forty minutes anew once it has answered", async () => {
    expect(
      await passesAt([
        [0, "silent"],
        [13, "answers"],
        [39, "silent"],
        [41, "silent"],
      ]),
    ).toEqual(["Wait", []]);
  });
});

describe("a source region that refuses", () => {
  it("ends the pass: what is not allowed now is not waited for", async () => {
    await withPump({ fleet: { clusters: [cluster("orders")] } }, async (pump, { simulator }) => {
      const last = await pump();
      simulator.clock.advance(300);
      simulator.faults.add({
        operation: "DescribeDBClusterSnapshots",
        region: "us-east-1",
        times: 9,
        kind: denied,
      });
      await expect(pump(last)).rejects.toThrow(DeniedError);
    });
  });
});

describe("what Copy tells the event bus", () => {
  const copiedIn = (simulator: Night["simulator"]) =>
    toldOf(simulator, "Recovery Point Copied").map(({ detail }) => detail);

  it("is a copy when it is done, once, with where it came from", async () => {
    await withPump({ fleet: { clusters: [cluster("orders")] } }, async (pump, { simulator }) => {
      let last: CopyOutput | undefined;
      const told: number[] = [];
      for (const seconds of [0, 90, 60, 3600, 60]) {
        simulator.clock.advance(seconds);
        last = await pump(last);
        told.push(copiedIn(simulator).length);
      }
      expect(told).toEqual([0, 0, 0, 1, 1]);
      const [source] = simulator.world.store("us-east-1").clusterSnapshots.values();
      expect(copiedIn(simulator)).toMatchObject([{ region: "eu-west-1", source: source?.arn }]);
    });
  });

  it("is a copy that was available at once", async () => {
    const settings = { copyBaseSeconds: 0, copySecondsPerGib: 0 };
    await withPump({ fleet: { clusters: [cluster("orders")], settings } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      expect((await pump(first)).done).toBe(1);
      expect(copiedIn(simulator)).toHaveLength(1);
    });
  });

  it("is Redshift's own copy, when it has its tags", async () => {
    const copies = { snapshotCopy: { destination: "eu-west-1" } };
    const warehouse = cluster("warehouse", { engine: "redshift", ...copies });
    await withPump({ fleet: { clusters: [warehouse] } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(100);
      const second = await pump(first);
      expect(copiedIn(simulator)).toEqual([]);
      simulator.clock.advance(3600);
      await pump(second);
      expect(copiedIn(simulator)).toMatchObject([{ snapshot: expect.stringMatching(/^copy:holdfast-/) }]);
    });
  });

  it("is told again, with the same id, by a pump that begins anew; and by no later run", async () => {
    await withPump({ fleet: { clusters: [cluster("orders")] } }, async (pump, night) => {
      const first = await pump();
      night.simulator.clock.advance(90);
      await pump(first);
      night.simulator.clock.advance(3600);
      for (const _ of [1, 2]) await pump();
      const ids = copiedIn(night.simulator).map(({ id }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
      night.simulator.clock.advance(86_400);
      await night.run({ plan: "daily", at: nightAfter(1) });
      const later = copiedIn(night.simulator).slice(2);
      expect(later.map(({ takenAt }) => takenAt)).toEqual(["2026-11-21T03:00:00.000Z"]);
    });
  });

  it("is not told by a pump that begins anew while it still runs", async () => {
    await withPump({ fleet: { clusters: [cluster("orders")] } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      expect((await pump(first)).tasks.map(({ phase }) => phase)).toEqual(["copying"]);
      expect((await pump()).tasks.map(({ phase }) => phase)).toEqual(["copying"]);
      expect(copiedIn(simulator)).toEqual([]);
    });
  });

  it("costs no copy when the bus is deaf, and is a problem of the destination", async () => {
    await withPump({ fleet: { clusters: [cluster("orders")] } }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(90);
      const second = await pump(first);
      simulator.faults.add(deafBus);
      simulator.clock.advance(3600);
      const { next, result } = await pump(second);
      expect([next, result.counts.copied, result.problems]).toEqual([
        "Done",
        1,
        [{ cluster: "*", region: "eu-west-1", code: "untold" }],
      ]);
      expect(Object.values(snapshotsIn(simulator, "eu-west-1"))).toEqual(["available"]);
    });
  });
});
