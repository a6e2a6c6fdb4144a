import { describe, expect, it } from "vitest";
import { makeLedger } from "../../cli/ledger.ts";
import { resultDocument } from "../../cli/result-document.ts";
import { virtualTime } from "../../cli/virtual-time.ts";
import { inProcess, runWorkflow } from "../../cli/workflow.ts";
import { makeRuntime } from "../../lib/runtime/runtime.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { at, cluster, home, type Night, service, snapshotsIn, withNight } from "../night.ts";

const planWith = (lines: string): string => `
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 3 }
    ${lines}
`;

const codesOf = (document: { problems: readonly { cluster: string; code: string }[] }): string[] =>
  document.problems.map(({ cluster: id, code }) => `${id} ${code}`);

/** Where a snapshot in a region was copied from, by region. */
const copiedFrom = (simulator: Simulator, region: string): (string | undefined)[] =>
  [...simulator.world.store(region).clusterSnapshots.values()].map(
    ({ sourceArn }) => sourceArn?.split(":")[3],
  );

/** The run with an adapter of its own for every call, as functions of separate sandboxes have it. */
const runInSandboxes = async ({ simulator, runtime }: Night, plan: string) => {
  const ledger = makeLedger();
  const fresh = {
    ...{ service, home, config: runtime.config, journal: ledger.write, clock: runtime.clock },
    clients: {
      endpoint: simulator.endpoint,
      credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
    },
  };
  const sandboxed = Object.defineProperty({ ...makeRuntime(fresh) }, "engines", {
    enumerable: true,
    get: () => makeRuntime(fresh).engines,
  });
  const time = virtualTime(simulator.clock);
  return resultDocument(ledger, await runWorkflow({ request: { plan, at }, time, ...inProcess(sandboxed) }));
};

describe("a night in which names are taken", () => {
  it("counts and copies the attempt that a stranger's snapshot pushed to the next name", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      await run({ plan: "daily", at });
      disown(simulator, "us-east-1", 1);
      simulator.world.store("eu-west-1").clusterSnapshots.clear();
      const { document } = await run({ plan: "daily", at });
      expect(document.clusters[0]?.snapshot).toMatch(/z-2$/);
      expect([document.outcome, document.clusters[0]?.copies[0]?.status]).toEqual(["complete", "available"]);
    });
  });

  it("goes on to the third name where strangers hold two, and gives up where they hold all", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config: planWith("") }, async (night) => {
      const { run, simulator } = night;
      await run({ plan: "daily", at });
      disown(simulator, "us-east-1", 1);
      await run({ plan: "daily", at });
      disown(simulator, "us-east-1", 2);
      const third = await run({ plan: "daily", at });
      expect(third.document.clusters[0]?.snapshot).toMatch(/z-3$/);
      disown(simulator, "us-east-1", 3);
      const none = await run({ plan: "daily", at });
      expect(codesOf(none.document)).toEqual(["orders name-taken"]);
      expect(none.transitions).toBeLessThan(20);
    });
  });
});

describe("a night in which tags are told late", () => {
  it("takes and copies each cluster once", async () => {
    const settings = { omitTagList: ["neptune"], taggingDelaySeconds: 400, copyBaseSeconds: 900 };
    const clusters = [cluster("graph", { engine: "neptune" })];
    await withNight({ fleet: { clusters, settings } }, async ({ run, simulator }) => {
      const { document } = await run({ plan: "daily", at });
      expect([document.outcome, document.problems]).toEqual(["complete", []]);
      const made = ["us-east-1", "eu-west-1"].map((region) => Object.values(snapshotsIn(simulator, region)));
      expect(made).toEqual([["available"], ["available"]]);
    });
  });
});

/** Makes the snapshots of a region someone else's, under the names that they have. */
const disown = (simulator: Simulator, region: string, count: number): void => {
  const held = [...simulator.world.store(region).clusterSnapshots.values()];
  expect(held).toHaveLength(count);
  for (const one of held) one.tags = new Map([["owner", "somebody"]]);
};

describe("a night in which copies go wrong", () => {
  it("copies the second attempt however late the first one failed", async () => {
    const settings = { snapshotBaseSeconds: 5400 };
    await withNight({ fleet: { clusters: [cluster("orders")], settings } }, async ({ run, simulator }) => {
      simulator.world.works.befall({ kind: "create", failAtPercent: 90, times: 1 });
      const { document } = await run({ plan: "daily", at });
      expect(document.clusters[0]?.snapshot).toMatch(/z-2$/);
      expect(document.clusters[0]?.copies[0]?.status).toBe("available");
    });
  });

  it("finds the copy that followed one that vanished", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      simulator.world.works.befall({ kind: "copy", vanishAtPercent: 50, times: 1 });
      const { document } = await run({ plan: "daily", at });
      expect(document.clusters[0]?.copies[0]?.id).toMatch(/z-2$/);
      expect(document.outcome).toBe("complete");
    });
  });

  it("copies what two requests of one second have taken", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      const first = await run({ plan: "daily", at, reason: "before" });
      const second = await run({ plan: "daily", at, reason: "after" });
      expect([first.document.outcome, second.document.outcome]).toEqual(["complete", "complete"]);
      expect(Object.keys(snapshotsIn(simulator, "eu-west-1"))).toHaveLength(2);
    });
  });

  it("copies what needs no key when the key may not be looked at", async () => {
    const clusters = [cluster("plain"), cluster("secret", { encrypted: true })];
    await withNight({ fleet: { clusters } }, async ({ run, simulator }) => {
      const kind = { code: "AccessDeniedException", status: 400, message: "not authorized: kms:DescribeKey" };
      simulator.faults.add({ service: "kms", times: 100, kind });
      const { document } = await run({ plan: "daily", at });
      expect(codesOf(document)).toEqual(["secret denied"]);
      expect(document.totals?.copies).toBe(1);
    });
  });

  it("copies from the snapshot itself, not from its copy in a region that is a source as well", async () => {
    const config = planWith("copies: [{ region: us-west-2 }, { region: eu-west-1 }]").replace(
      "{ tags:",
      "{ regions: [us-east-1, us-west-2], tags:",
    );
    const clusters = [cluster("orders"), cluster("orders", { region: "us-west-2" })];
    await withNight({ fleet: { clusters }, config }, async ({ run, simulator }) => {
      await run({ plan: "daily", at });
      simulator.world.store("eu-west-1").clusterSnapshots.clear();
      const { document } = await run({ plan: "daily", at });
      expect(document.outcome).toBe("complete");
      expect(copiedFrom(simulator, "eu-west-1").toSorted()).toEqual(["us-east-1", "us-west-2"]);
    });
  });

  it("copies from the other regions when one goes out of reach after it was listed", async () => {
    const config = planWith("copies: [{ region: eu-west-1 }]").replace(
      "{ tags:",
      "{ regions: [us-east-1, us-west-2], tags:",
    );
    const clusters = [cluster("orders"), cluster("sessions", { region: "us-west-2" })];
    await withNight({ fleet: { clusters }, config }, async ({ run, simulator }) => {
      const operation = "DescribeDBClusterSnapshots";
      simulator.faults.add({ operation, region: "us-west-2", times: 1e6, kind: "unavailable" });
      const { document } = await run({ plan: "daily", at });
      expect(copiedFrom(simulator, "eu-west-1")).toEqual(["us-east-1"]);
      expect(document.outcome).toBe("incomplete");
    });
  });
});

describe("a night whose answers leave things out", () => {
  it("does not trust filters that leave out an engine, each function for itself", async () => {
    const settings = { snapshotFilters: { neptune: "unsupported" as const } };
    const clusters = [cluster("graph", { engine: "neptune" }), cluster("orders")];
    await withNight({ fleet: { clusters, settings } }, async (night) => {
      const document = await runInSandboxes(night, "daily");
      expect([document.outcome, codesOf(document)]).toEqual(["complete", []]);
    });
  });

  it("follows a failed snapshot by another attempt where filters leave it out", async () => {
    const settings = { snapshotFilters: { neptune: "unsupported" as const } };
    const clusters = [cluster("graph", { engine: "neptune" })];
    await withNight({ fleet: { clusters, settings }, config: planWith("") }, async (night) => {
      night.simulator.world.works.befall({ kind: "create", failAtPercent: 50, times: 1 });
      const document = await runInSandboxes(night, "daily");
      expect(document.clusters[0]?.snapshot).toMatch(/z-2$/);
      expect(document.execution.transitions).toBeLessThan(60);
    });
  });

  it("gives a row, and an event, to a region whose listing comes back empty-handed at the end", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ run, simulator }) => {
      const kind = { code: "SomethingNew", status: 400, message: "AWS said a word that nobody knows" };
      simulator.calls.subscribe(({ operation, region }) => {
        if (operation === "CopyDBClusterSnapshot" && region === "eu-west-1")
          simulator.faults.add({ region, operation: "DescribeDBClusterSnapshots", times: 1e6, kind });
      });
      const { document } = await run({ plan: "daily", at });
      expect(document.outcome).toBe("incomplete");
      const told = simulator.world.store(home).events.map(({ detailType }) => detailType);
      expect(told.filter((type) => type.startsWith("Holdfast Backup"))).toEqual([
        "Holdfast Backup Incomplete",
      ]);
    });
  });
});

describe("a night that selects less than was meant", () => {
  it.each(["paused", "stopping", "stopped"])(
    "expects a Redshift cluster that is %s where the plan says so",
    async (status) => {
      const clusters = [cluster("warehouse", { engine: "redshift", status })];
      await withNight({ fleet: { clusters }, config: planWith("stopped: skip") }, async ({ run }) => {
        const { document } = await run({ plan: "daily", at });
        expect([document.outcome, codesOf(document)]).toEqual(["complete", []]);
      });
    },
  );

  it("is not complete when a request names a cluster that the plan does not take", async () => {
    const clusters = [cluster("orders"), cluster("other", { tags: {} })];
    await withNight({ fleet: { clusters }, config: planWith("") }, async ({ run }) => {
      const { document } = await run({ plan: "daily", at, clusters: ["orders", "odrers", "other"] });
      expect(document.totals?.snapshots).toBe(1);
      expect(codesOf(document)).toEqual(["odrers not-selected", "other not-selected"]);
    });
  });

  it("prunes nothing in a run that a person asked for, and all that is due in the next scheduled one", async () => {
    const config = planWith("").replace("keep-daily: 3", "keep-last: 1");
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async ({ run, simulator }) => {
      for (const hour of ["03", "04", "05"]) {
        await run({ plan: "daily", at: `2026-11-20T${hour}:00:00Z`, reason: "by hand" });
        simulator.clock.advance(3600);
      }
      simulator.clock.advance(86_400);
      await run({ plan: "daily", at: "2026-11-20T06:00:00Z", reason: "by hand" });
      expect(Object.keys(snapshotsIn(simulator, "us-east-1"))).toHaveLength(4);
      await run({ plan: "daily", at: "2026-11-21T03:00:00Z" });
      expect(Object.keys(snapshotsIn(simulator, "us-east-1"))).toHaveLength(2);
    });
  });
});

describe("a night in an account whose functions have no place free", () => {
  it("is complete all the same, each call made again until there is one", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ simulator, runtime, ledger }) => {
      const refused = new Map<string, number>();
      const { clock, invoke } = inProcess(runtime);
      const outcome = await runWorkflow({
        ...{ request: { plan: "daily", at }, time: virtualTime(simulator.clock), clock },
        invoke: async (name, event) => {
          const times = refused.get(name) ?? 0;
          refused.set(name, times + 1);
          if (times < 12)
            throw Object.assign(new Error("Rate Exceeded."), { name: "Lambda.TooManyRequestsException" });
          return invoke(name, event);
        },
      });
      expect(outcome.status).toBe("SUCCEEDED");
      expect(resultDocument(ledger, outcome).outcome).toBe("complete");
      expect([...refused.keys()].toSorted()).toEqual([
        ...["check", "copy", "discover", "prune", "report", "snapshot"],
      ]);
    });
  });
});
