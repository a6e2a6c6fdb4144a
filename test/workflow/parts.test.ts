import { describe, expect, it } from "vitest";
import { virtualTime } from "../../cli/virtual-time.ts";
import { type ExecutionInput, type Invoke, inProcess, runWorkflow } from "../../cli/workflow.ts";
import { type Part, partName } from "../../lib/core/part.ts";
import type { Summary } from "../../lib/core/summary.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { at, cluster, type Night, nightAfter, snapshotsIn, withNight } from "../night.ts";
import { toldOf } from "../steps/points.ts";
import { completeIsTrue, everything, floorStands, nothingTwice, untouched } from "./night-laws.ts";

/** With so little room in a payload, some fifty clusters are more than one execution carries. */
const payloadBytesMax = 9_000;
const settings = { copiesPerDestination: 100, manualClusterSnapshotsMax: 5000 };

const ids = Array.from({ length: 63 }, (_, index) => `c${index}`);
const clusters = [...ids.map((id) => cluster(id)), cluster("graph", { engine: "neptune", encrypted: true })];
const fleet = { clusters, settings };

const config = `
plans:
  daily:
    schedule: rate(1 day)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 2 }
    copies: [{ region: eu-west-1, kms-key: alias/backup, retention: { keep-daily: 1 } }]
    copies-in-flight: 40
    floor: 1
    brake: 10
`;

const runsTold = (simulator: Simulator) => toldOf(simulator).filter(({ type }) => type.startsWith("Backup "));

/** An execution whose functions are called by `invoke`; it answers what the interpreter and the functions saw. */
const runBy = async (
  night: Night,
  {
    request,
    around,
    ...rest
  }: { request: object; around: (invoke: Invoke) => Invoke } & Pick<ExecutionInput, "signal" | "retries">,
) => {
  const { invoke, clock } = inProcess(night.runtime);
  const time = virtualTime(night.simulator.clock);
  return runWorkflow({ request: request as never, time, clock, invoke: around(invoke), ...rest });
};

/** The part that a call of a function is about. */
const partOf = (event: unknown): string | undefined => {
  const { run, request } = event as Record<"run" | "request", { part?: Part } | undefined>;
  const part = run?.part ?? request?.part;
  return part && partName(part);
};

describe("a run that does not fit into one execution", () => {
  it("is done in parts: every cluster taken, copied and pruned, one report, one event", async () => {
    await withNight({ fleet, config, payloadBytesMax }, async ({ run, simulator, context }) => {
      const nights = [0, 1, 2].map(nightAfter);
      for (const night of nights) {
        simulator.clock.advance((Date.parse(night) - simulator.clock.now().getTime()) / 1000);
        const before = everything(simulator);
        const ended = await run({ plan: "daily", at: night });
        const { status, document, largestPayloadBytes } = ended;
        expect([status, document.outcome, document.problems]).toEqual(["SUCCEEDED", "complete", []]);
        expect(document.totals).toMatchObject({ clusters: 64, snapshots: 64, copies: 64, problems: 0 });
        expect(document.clusters.map((row) => row.cluster).toSorted()).toEqual(
          clusters.map(({ id }) => id).toSorted(),
        );
        expect(largestPayloadBytes).toBeLessThan(payloadBytesMax);
        const after = everything(simulator);
        untouched(before, after);
        floorStands(before, after);
        nothingTwice(after);
        completeIsTrue(after, {
          at: night,
          clusters: clusters.map(({ id: name }) => ({ name, region: "us-east-1" })),
          destinations: ["eu-west-1"],
        });
      }
      expect(runsTold(simulator).map(({ type }) => type)).toEqual(nights.map(() => "Backup Completed"));
      // Two days here and one there, of three nights each.
      expect(Object.keys(snapshotsIn(simulator, "us-east-1"))).toHaveLength(64 * 2);
      expect(Object.keys(snapshotsIn(simulator, "eu-west-1"))).toHaveLength(64);
      expect(context().payloadBytesMax).toBe(payloadBytesMax);
    });
  });

  it("is taken in several parts at once, each with the run's own id and deadline", async () => {
    await withNight({ fleet, config, payloadBytesMax }, async (night) => {
      const runs = new Map<string | undefined, Set<string>>();
      await runBy(night, {
        request: { plan: "daily", at },
        around: (invoke) => async (name, event) => {
          const { run } = event as { run?: { id: string; deadline: string } };
          if (run) {
            const seen = runs.get(partOf(event)) ?? new Set();
            runs.set(partOf(event), seen.add(`${run.id} ${run.deadline}`));
          }
          return invoke(name, event);
        },
      });
      expect(runs.size).toBeGreaterThan(3);
      expect(new Set([...runs.values()].flatMap((some) => [...some])).size).toBe(1);
    });
  });

  it("calls nothing any more once it was stopped, no part anew", async () => {
    await withNight({ fleet, config, payloadBytesMax }, async (night) => {
      const stop = new AbortController();
      const late: string[] = [];
      const { status, error } = await runBy(night, {
        ...{ request: { plan: "daily", at }, signal: stop.signal, retries: "paused" },
        around: (invoke) => async (name, event) => {
          if (stop.signal.aborted) late.push(name);
          if (name === "copy" && partOf(event)) stop.abort();
          return invoke(name, event);
        },
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect([status, error, late]).toEqual(["FAILED", "ExecutionAbortedError", []]);
    });
  });

  it("takes snapshots by turns where the budget is too small for all at once, and every one of them", async () => {
    const slow = { fleet, config: `calls-per-second: 1\n${config}`, payloadBytesMax };
    await withNight(slow, async ({ run, simulator }) => {
      const { document } = await run({ plan: "daily", at });
      expect(document.totals).toMatchObject({ clusters: 64, snapshots: 64, copies: 64, problems: 0 });
      const creates = simulator.calls.entries.filter(
        ({ operation }) => operation === "CreateDBClusterSnapshot",
      );
      const begun = [
        ...new Set(creates.map((one) => Math.round((one.at.getTime() - Date.parse(at)) / 1000))),
      ];
      expect(begun.length).toBeGreaterThan(2);
      const gaps = begun.slice(1).map((seconds, index) => seconds - (begun[index] ?? 0));
      expect(new Set(gaps).size).toBe(1);
      // A turn lasts as long as its creates take at the budget's share for them.
      const most = Math.max(
        ...begun.map(
          (seconds) =>
            creates.filter(({ at: when }) => Math.round((when.getTime() - Date.parse(at)) / 1000) === seconds)
              .length,
        ),
      );
      expect(most / (gaps[0] ?? 1)).toBeLessThan(0.7);
    });
  });

  it("takes nothing twice when the scheduler fires twice, also at once", async () => {
    await withNight({ fleet, config, payloadBytesMax }, async ({ run, simulator }) => {
      const both = await Promise.all([run({ plan: "daily", at }), run({ plan: "daily", at })]);
      expect(both.map(({ document }) => document.outcome)).toEqual(["complete", "complete"]);
      const after = everything(simulator);
      nothingTwice(after);
      expect(Object.values(snapshotsIn(simulator, "us-east-1"))).toEqual(Array(64).fill("available"));
      simulator.calls.clear();
      const again = await run({ plan: "daily", at });
      expect(again.document.outcome).toBe("complete");
      expect(simulator.calls.byOperation()["rds.CreateDBClusterSnapshot"]).toBeUndefined();
      expect(simulator.calls.byOperation()["rds.CopyDBClusterSnapshot"]).toBeUndefined();
      expect(everything(simulator)).toEqual(after);
    });
  });

  it("does the other parts where one dies, and says in a row that it is lost", async () => {
    await withNight({ fleet, config, payloadBytesMax }, async (night) => {
      const { status, error, output } = await runBy(night, {
        request: { plan: "daily", at },
        around: (invoke) => async (name, event) => {
          if (name === "discover" && partOf(event)?.startsWith("rds 2/"))
            throw new Error("the part's sandbox is gone");
          return invoke(name, event);
        },
      });
      expect([status, error, output]).toEqual(["FAILED", "Incomplete", undefined]);
      const summary = night.ledger.of("run.ended").at(-1)?.summary as Summary;
      expect(summary.problems).toEqual([{ cluster: "*", region: "us-east-1", code: "lost" }]);
      const taken = Object.keys(snapshotsIn(night.simulator, "us-east-1")).length;
      expect(taken).toBeGreaterThan(20);
      expect(taken).toBeLessThan(64);
      expect(summary.totals).toMatchObject({ clusters: taken, snapshots: taken, copies: taken, problems: 1 });
      expect(runsTold(night.simulator).map(({ type }) => type)).toEqual(["Backup Incomplete"]);
      // The next event of the same time takes what is missing, and that alone.
      const again = await night.run({ plan: "daily", at });
      expect(again.document.outcome).toBe("complete");
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(64);
    });
  });

  it("starts a part again that died once, and loses nothing", async () => {
    await withNight({ fleet, config, payloadBytesMax }, async (night) => {
      let deaths = 0;
      const { status } = await runBy(night, {
        request: { plan: "daily", at },
        around: (invoke) => async (name, event) => {
          if (name !== "report" || !partOf(event)?.startsWith("rds 2/") || deaths > 0)
            return invoke(name, event);
          deaths += 1;
          throw new Error("the part's sandbox is gone");
        },
      });
      expect([status, deaths]).toEqual(["SUCCEEDED", 1]);
      nothingTwice(everything(night.simulator));
      expect(night.ledger.of("run.ended").at(-1)?.summary.totals).toMatchObject({
        clusters: 64,
        snapshots: 64,
      });
    });
  });

  it("carries a part's problems into the run's report, and ends as incomplete", async () => {
    const idle = cluster("idle", { status: "stopped" });
    const few = { ...fleet, clusters: [...clusters, idle] };
    await withNight({ fleet: few, config, payloadBytesMax }, async ({ run, simulator }) => {
      const { error, document } = await run({ plan: "daily", at });
      expect([error, document.outcome]).toEqual(["Incomplete", "incomplete"]);
      expect(document.problems.map(({ cluster: id, code }) => [id, code])).toEqual([["idle", "stopped"]]);
      expect(document.totals).toMatchObject({ clusters: 65, snapshots: 64, problems: 1 });
      expect(runsTold(simulator).map(({ type }) => type)).toEqual(["Backup Incomplete"]);
    });
  });

  it("prunes nothing where a person asked for it, also without a word, and finds itself when it is repeated", async () => {
    await withNight({ fleet, config, payloadBytesMax }, async ({ run, simulator }) => {
      for (const night of [0, 1, 2, 3].map(nightAfter)) {
        simulator.clock.advance(Math.max(0, Date.parse(night) - simulator.clock.now().getTime()) / 1000);
        const { document } = await run({ plan: "daily" });
        expect(document.outcome).toBe("complete");
        expect(document.run).toMatch(/^daily-\d{8}t\d{6}z-[a-z2-7]{6}$/);
      }
      expect(simulator.calls.byOperation()["rds.DeleteDBClusterSnapshot"]).toBeUndefined();
      expect(Object.keys(snapshotsIn(simulator, "us-east-1"))).toHaveLength(4 * 64);
      const held = { plan: "daily", at, reason: "before the move", hold: "audit" };
      for (const _ of [1, 2]) expect((await run(held)).document.outcome).toBe("complete");
      expect(Object.keys(snapshotsIn(simulator, "us-east-1"))).toHaveLength(5 * 64);
      const holds = everything(simulator).filter(({ tags }) => tags.get("holdfast:hold") === "audit");
      expect(holds.filter(({ region }) => region === "us-east-1")).toHaveLength(64);
    });
  });

  it("never runs more copies at once than its plan allows, however many pumps there are", async () => {
    const slow = config.replace("copies-in-flight: 40", "copies-in-flight: 10");
    await withNight({ fleet, config: slow, payloadBytesMax }, async ({ run, simulator }) => {
      let most = 0;
      simulator.calls.subscribe(() => {
        const copies = [...simulator.world.store("eu-west-1").clusterSnapshots.values()];
        most = Math.max(most, copies.filter(({ status }) => status === "copying").length);
      });
      const { document } = await run({ plan: "daily", at });
      expect(document.outcome).toBe("complete");
      expect(most).toBeGreaterThan(5);
      expect(most).toBeLessThanOrEqual(10);
    });
  });

  it("lists of a region what is its own: a family and a region in each part, and small regions in one", async () => {
    const west = Array.from({ length: 4 }, (_, index) => cluster(`w${index}`, { region: "us-west-2" }));
    const houses = ["us-east-1", "us-west-2"].map((region) =>
      cluster(`house-${region}`, { engine: "redshift", region, snapshotCopy: { destination: "eu-west-1" } }),
    );
    const more = { ...fleet, clusters: [...clusters, ...west, ...houses] };
    const both = config.replace("select: {", "select: { regions: [us-east-1, us-west-2],");
    await withNight({ fleet: more, config: both, payloadBytesMax: 17_000 }, async (night) => {
      const parts = new Set<string>();
      const { status } = await runBy(night, {
        request: { plan: "daily", at },
        around: (invoke) => async (name, event) => {
          const { run } = event as { run?: { part?: Part } };
          if (run?.part) parts.add(`${run.part.family} ${run.part.regions}`);
          return invoke(name, event);
        },
      });
      expect(status).toBe("SUCCEEDED");
      expect([...parts].toSorted()).toEqual([
        "rds us-east-1",
        "rds us-west-2",
        "redshift us-east-1,us-west-2",
      ]);
      const { calls } = night.simulator;
      const lists = (operation: string) =>
        calls.entries.filter((call) => call.operation === operation).length;
      // Both regions once for the whole, and in their one part once each to find them, to take them and for their setting.
      expect(lists("DescribeClusters")).toBe(2 * (1 + 3));
      nothingTwice(everything(night.simulator));
      expect(night.ledger.of("run.ended").at(-1)?.summary.totals).toMatchObject({ clusters: 70, copies: 70 });
    });
  });

  it("has the copies that AWS makes by itself recognised in their part", async () => {
    const warehouse = cluster("warehouse", {
      engine: "redshift",
      snapshotCopy: { destination: "eu-west-1" },
    });
    const more = { ...fleet, clusters: [...clusters, warehouse] };
    await withNight({ fleet: more, config, payloadBytesMax: 12_000 }, async ({ run, simulator }) => {
      for (const night of [0, 1, 2].map(nightAfter)) {
        simulator.clock.advance((Date.parse(night) - simulator.clock.now().getTime()) / 1000);
        const { document } = await run({ plan: "daily", at: night });
        expect([document.outcome, document.totals?.copies]).toEqual(["complete", 65]);
      }
      const { redshiftSnapshots } = simulator.world.store("eu-west-1");
      expect([...redshiftSnapshots.values()].map((one) => one.clusterId)).toEqual(["warehouse"]);
    });
  });

  it("takes AWS's limit on copies for back-pressure, and copies all in the end", async () => {
    const narrow = { ...fleet, settings: { ...settings, copiesPerDestination: 3 } };
    await withNight({ fleet: narrow, config, payloadBytesMax }, async ({ run }) => {
      const { document } = await run({ plan: "daily", at });
      expect([document.outcome, document.totals?.copies]).toEqual(["complete", 64]);
    });
  });
});

describe("a run that fits", () => {
  it("pays one transition for it, and no call", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const states: string[] = [];
      const { invoke, clock } = inProcess(night.runtime);
      const time = virtualTime(night.simulator.clock);
      const called: string[] = [];
      await runWorkflow({
        request: { plan: "daily", at },
        ...{ time, clock },
        invoke: (name, event) => {
          called.push(name);
          return invoke(name, event);
        },
        onTransition: (state) => states.push(state),
      });
      expect(states.filter((name) => /^Parts?|Discovered/.test(name))).toEqual(["Discovered"]);
      expect(called.filter((name) => name === "discover" || name === "report")).toEqual([
        "discover",
        "report",
      ]);
    });
  });
});
