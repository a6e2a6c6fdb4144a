import { describe, expect, it } from "vitest";
import { resultDocument } from "../../cli/result-document.ts";
import type { Measurement } from "../../lib/core/measure.ts";
import { discover } from "../../lib/steps/discover.ts";
import { report } from "../../lib/steps/report.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { partOf } from "../core/samples.ts";
import { at, cluster, nightAfter, plainPlan, snapshotsIn, withNight } from "../night.ts";
import { discovered } from "./batch.ts";
import { clusterOf, copyOf, deafBus, denied, point, toldOf } from "./points.ts";

const config = plainPlan.replace(/ {4}copies:.*\n/, "");
const none = { unlisted: [], copies: [], pruned: [] };

describe("Report", () => {
  it("says complete, in one event, when AWS shows every snapshot available", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      const { result } = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      const summary = await report({ run, batches, snapshots: [result], ...none }, night.context());
      expect(summary.outcome).toBe("complete");
      const { events } = night.simulator.world.store("us-east-1");
      expect(events.map(({ source, detailType }) => [source, detailType])).toEqual([
        ["holdfast", "Holdfast Backup Completed"],
      ]);
      expect(events[0]?.detail).toMatchObject({
        version: 1,
        plan: "daily",
        run: "daily-20261120t030000z",
        totals: { snapshots: 1 },
      });
    });
  });

  it("tells of a database what is missing of it, though a warehouse of its name has met something", async () => {
    const clusters = [cluster("orders"), cluster("orders", { engine: "redshift" })];
    await withNight({ fleet: { clusters }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const snapshots = batches.map(({ region, family }) => ({
        ...{ region, family, counts: {} },
        problems: family === "redshift" ? [{ cluster: "orders", region, code: "quota-full" as const }] : [],
      }));
      await report({ run, batches, snapshots, ...none }, night.context());
      const rows = night.ledger.of("report.row").map(({ row }) => row);
      expect(rows.map(({ arn, problems }) => [arn.split(":")[2], problems.map(({ code }) => code)])).toEqual([
        ["rds", ["lost"]],
        ["redshift", ["quota-full"]],
      ]);
    });
  });

  it("tells of a copy why it is missing by its own pump, and that it is where that pump met nothing", async () => {
    const two = plainPlan.replace(/copies:.*/, "copies: [{ region: eu-west-1 }, { region: us-west-2 }]");
    const fleet = { clusters: [clusterOf("orders")], snapshots: [point(0)] };
    await withNight({ fleet, config: two }, async (night) => {
      const { run, batches } = await discovered(night);
      const told = [{ cluster: "orders", region: "us-east-1", code: "key-missing" as const }];
      const copies = ["eu-west-1", "us-west-2"].map((region) => ({
        ...{ region, counts: {} },
        problems: region === "us-west-2" ? told : [],
      }));
      const { problems } = await report({ ...none, run, batches, copies, snapshots: [] }, night.context());
      expect(problems.map(({ code }) => code)).toEqual(["key-missing", "lost"]);
    });
  });

  it("believes AWS, not the children: what they called done and is not there makes the run incomplete", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const lie = { region: "us-east-1", family: "rds" as const, counts: { available: 1 }, problems: [] };
      const summary = await report({ run, batches, snapshots: [lie], ...none }, night.context());
      expect([summary.outcome, summary.problems.map(({ code }) => code)]).toEqual(["incomplete", ["lost"]]);
    });
  });

  it("calls missing a cluster in whose place another was made, of which Snapshot took one", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      const { clusters } = night.simulator.world.store("us-east-1");
      const before = clusters.get("orders");
      if (before) clusters.set("orders", { ...before, resourceId: "cluster-ANEW" });
      const { result } = await snapshot({ run, batch }, night.context());
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(1);
      const input = { run, batches, unlisted: [], snapshots: [result], pruned: [] };
      // The pump has waited for what could not come.
      const waited = [{ cluster: "orders", region: "us-east-1", code: "no-snapshot" as const }];
      for (const problems of [[], waited]) {
        const copies = [{ region: "eu-west-1", counts: {}, problems }];
        const summary = await report({ ...input, copies }, night.context());
        expect(summary.problems.map(({ code }) => code)).toEqual(["missing"]);
      }
    });
  });

  it("calls nothing late by the run's own time, where a later run has newer points", async () => {
    const late = nightAfter(-2);
    const snapshots = [point(2), point(0)].flatMap((one) => [one, copyOf(one)]);
    await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots } }, async (night) => {
      const request = { plan: "daily", at: late };
      const { run, batches } = await discover({ request, startedAt: at }, night.context());
      const { outcome } = await report({ ...none, run, batches, snapshots: [] }, night.context());
      const [row] = night.ledger.of("report.row").map((one) => one.row);
      const newest = row?.coverage.map((one) => [one.region, one.newest, one.age]);
      expect([outcome, newest]).toEqual([
        "complete",
        [
          ["us-east-1", new Date(at).toISOString(), 0],
          ["eu-west-1", new Date(at).toISOString(), 0],
        ],
      ]);
    });
  });

  it("tells how old copies are that a listing by their cluster's name leaves out", async () => {
    const earlier = point(2);
    const snapshots = [earlier, copyOf(earlier)];
    const fleet = { clusters: [clusterOf("orders", { status: "stopped" })], snapshots };
    const newestBy = async (snapshotsByCluster: "by-name" | "existing") => {
      let newest: readonly unknown[] = [];
      await withNight({ fleet: { ...fleet, settings: { snapshotsByCluster } } }, async (night) => {
        const { run, batches } = await discovered(night);
        await report({ ...none, run, batches, snapshots: [] }, night.context());
        const [row] = night.ledger.of("report.row").map((one) => one.row);
        newest = row?.coverage.map((one) => [one.region, one.newest]) ?? [];
      });
      return newest;
    };
    expect(await newestBy("existing")).toEqual([
      ["us-east-1", "2026-11-18T03:00:00.000Z"],
      ["eu-west-1", "2026-11-18T03:00:00.000Z"],
    ]);
    expect(await newestBy("by-name")).toEqual(await newestBy("existing"));
  });

  it("counts a later attempt beside a person's copy of the point, which runs under the first one's name", async () => {
    const tonight = point(0);
    const byHand = copyOf(tonight, { differs: { tags: tonight.tags, status: "copying" } });
    const again = copyOf(tonight, { differs: { id: `${tonight.id}-3` } });
    const fleet = { clusters: [clusterOf("orders")], snapshots: [tonight, byHand, again] };
    await withNight({ fleet }, async (night) => {
      const { run, batches } = await discovered(night);
      const { problems, totals } = await report({ ...none, run, batches, snapshots: [] }, night.context());
      expect([problems, totals.copies]).toEqual([[], 1]);
    });
  });

  it("counts a later attempt that is done, while another execution of the run brings the first one again", async () => {
    const tonight = point(0);
    const done = { ...tonight, id: `${tonight.id}-2` };
    const snapshots = [
      { ...tonight, status: "creating" },
      done,
      copyOf(tonight, { differs: { status: "copying" } }),
      copyOf(tonight, { differs: { id: `${tonight.id}-3` } }),
    ];
    await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots } }, async (night) => {
      const { run, batches } = await discovered(night);
      const { outcome, totals } = await report({ ...none, run, batches, snapshots: [] }, night.context());
      expect([outcome, totals.snapshots, totals.copies]).toEqual(["complete", 1, 1]);
    });
  });

  it("names a batch that was cut off", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      const lost = { region: "us-east-1", counts: {}, problems: [], lost: "States.Timeout" };
      const summary = await report({ run, batches, snapshots: [lost], ...none }, night.context());
      expect(summary.problems).toEqual([{ cluster: "*", region: "us-east-1", code: "lost" }]);
    });
  });

  it("calls nothing lost of a Map that had nothing to do, however AWS ended it", async () => {
    const mapLost = [{ region: "*", counts: {}, problems: [], lost: "MapFailed" }];
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      const { result } = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      const done = { run, batches, unlisted: [], snapshots: [result], copies: [], pruned: [] };
      const codesWith = async (input: object) => {
        const { outcome, problems } = await report({ ...done, ...input }, night.context());
        return [outcome, ...problems.map(({ code, region }) => `${code} ${region}`)];
      };
      const all = { snapshots: mapLost, copies: mapLost, pruned: mapLost };
      expect(await codesWith({ ...all, batches: [] })).toEqual(["complete"]);
      expect(await codesWith({ copies: mapLost })).toEqual(["complete"]);
      expect(await codesWith({ snapshots: mapLost })).toEqual(["incomplete", "lost *"]);
      expect(await codesWith({ pruned: mapLost })).toEqual(["incomplete", "lost *"]);
      // A pump of a region that the plan has lost during the run: what it met is told none the less.
      const met = [{ cluster: "orders", region: "us-east-1", code: "copy-failed" as const }];
      const pump = { region: "eu-west-1", counts: {}, problems: met };
      expect(await codesWith({ copies: [pump] })).toEqual(["incomplete", "copy-failed us-east-1"]);
    });
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batches } = await discovered(night);
      const input = { run, batches, unlisted: [], snapshots: [], copies: mapLost, pruned: [] };
      const { problems } = await report(input, night.context());
      expect(problems.map(({ code, region }) => `${code} ${region}`)).toContain("lost *");
    });
  });

  it.each(["deleting", "of-a-new-kind"])(
    "tells of the attempt that lives, while an earlier one is %s",
    async (status) => {
      const first = point(0);
      const snapshots = [
        { ...first, status },
        { ...first, id: `${first.id}-2` },
      ];
      await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots }, config }, async (night) => {
        const { run, batches } = await discovered(night);
        const summary = await report({ run, batches, snapshots: [], ...none }, night.context());
        expect([summary.outcome, summary.totals.snapshots]).toEqual(["complete", 1]);
      });
    },
  );

  it.each([
    ["is gone", []],
    ["was another's all along", [{ ...point(0), tags: {} }]],
  ])("tells of the attempt that lives, though what had the first one's name %s", async (_, others) => {
    const snapshots = [...others, { ...point(0), id: `${point(0).id}-2` }];
    await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const summary = await report({ run, batches, snapshots: [], ...none }, night.context());
      expect([summary.outcome, summary.totals.snapshots]).toEqual(["complete", 1]);
    });
  });

  it("finds what there is of an engine whose snapshots AWS does not filter", async () => {
    const settings = { snapshotFilters: { neptune: "unsupported" as const } };
    const fleet = { clusters: [cluster("graph", { engine: "neptune" })], settings };
    await withNight({ fleet, config }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      const summary = await report({ run, batches, snapshots: [], ...none }, night.freshContext());
      expect([summary.outcome, summary.totals.snapshots]).toEqual(["complete", 1]);
    });
  });

  it("still reports when a region cannot be listed at the end", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      night.simulator.faults.add({
        service: "rds",
        times: 50,
        kind: { code: "AccessDenied", status: 403, message: "no" },
      });
      const summary = await report({ run, batches, snapshots: [], ...none }, night.context());
      expect(summary.outcome).toBe("incomplete");
      expect(summary.problems.map(({ code }) => code)).toContain("unlisted");
    });
  });

  it("calls nothing cut off in a region that cannot be listed, and in one of two copy regions only what is", async () => {
    const two = plainPlan.replace(/copies:.*/, "copies: [{ region: eu-west-1 }, { region: us-west-2 }]");
    const fleet = { clusters: [clusterOf("orders")], snapshots: [point(0)] };
    await withNight({ fleet, config: two }, async (night) => {
      const { run, batches } = await discovered(night);
      const told = async (region: string) => {
        night.simulator.faults.add({ service: "rds", region, times: 50, kind: denied });
        const { problems } = await report({ ...none, run, batches, snapshots: [] }, night.context());
        night.simulator.faults.clear();
        return problems.map((one) => `${one.cluster} ${one.region} ${one.code}`);
      };
      expect(await told("us-west-2")).toEqual(["orders us-east-1 lost", "* us-west-2 unlisted"]);
      expect(await told("us-east-1")).toEqual(["* us-east-1 unlisted"]);
    });
  });

  it("says nothing of how old copies are in a region that cannot be listed", async () => {
    const yesterday = point(1);
    const fleet = { clusters: [clusterOf("orders")], snapshots: [yesterday, copyOf(yesterday)] };
    await withNight({ fleet }, async (night) => {
      const { run, batches } = await discovered(night);
      const told = async () => {
        await report({ run, batches, snapshots: [], ...none }, night.context());
        const row = night.ledger.of("report.row").at(-1)?.row;
        return row?.coverage.map(({ region, newest }) => [region, newest]);
      };
      const newest = new Date(Date.parse(at) - 86_400_000).toISOString();
      expect(await told()).toEqual([
        ["us-east-1", newest],
        ["eu-west-1", newest],
      ]);
      night.simulator.faults.add({ service: "rds", region: "eu-west-1", times: 50, kind: denied });
      expect(await told()).toEqual([["us-east-1", newest]]);
    });
  });

  it("hands back little, however much went wrong", async () => {
    const clusters = Array.from({ length: 300 }, (_, index) =>
      cluster(`cluster-with-a-rather-long-name-${index}`),
    );
    await withNight({ fleet: { clusters }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const summary = await report({ run, batches, snapshots: [], ...none }, night.context());
      expect(summary.totals.problems).toBe(300);
      expect(JSON.stringify(summary).length).toBeLessThan(2048);
      expect(night.ledger.of("report.row")).toHaveLength(300);
    });
  });

  it("does not count a stranger's snapshot of the name, however available", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      const { result } = await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      for (const held of night.simulator.world.store("us-east-1").clusterSnapshots.values())
        held.tags = new Map([["owner", "somebody"]]);
      const summary = await report({ run, batches, snapshots: [result], ...none }, night.context());
      expect([summary.outcome, summary.totals.snapshots]).toEqual(["incomplete", 0]);
    });
  });
});

describe("what Report tells the event bus", () => {
  const lost = { cluster: "orders", region: "us-east-1", code: "lost" } as const;

  it("is that the run was incomplete, with each problem in a sentence", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      await report({ run, batches, snapshots: [], ...none }, night.context());
      expect(toldOf(night.simulator)).toMatchObject([
        {
          type: "Backup Incomplete",
          detail: {
            id: `holdfast/test/${run.id}/incomplete`,
            totals: { clusters: 1, snapshots: 0, problems: 1 },
            problems: [{ ...lost, sentence: expect.stringMatching(/^the work was cut off/) }],
          },
        },
      ]);
    });
  });

  it("is the same by its id from a second execution, and another once the run is complete", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      for (const _ of [1, 2]) await report({ run, batches, snapshots: [], ...none }, night.context());
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      await report({ run, batches, snapshots: [], ...none }, night.context());
      const told = toldOf(night.simulator).filter(({ type }) => type.startsWith("Backup"));
      const ids = ["incomplete", "incomplete", "complete"].map((word) => `holdfast/test/${run.id}/${word}`);
      expect(told.map(({ detail }) => detail.id)).toEqual(ids);
      expect(told.at(-1)?.detail).not.toHaveProperty("problems");
    });
  });

  it("counts what earlier steps could not tell as a problem of the run", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batch, batches } = await discovered(night);
      await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      night.simulator.faults.add(deafBus);
      const { result } = await snapshot({ run, batch }, night.context());
      night.simulator.faults.clear();
      const summary = await report({ run, batches, snapshots: [result], ...none }, night.context());
      expect([summary.outcome, summary.problems.map(({ code }) => code)]).toEqual(["incomplete", ["untold"]]);
    });
  });

  it("fails the step when it is not taken: then only the execution's own end can tell", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      night.simulator.faults.add({ ...deafBus, kind: "internal" });
      const failed = report({ run, batches, snapshots: [], ...none }, night.context());
      await expect(failed).rejects.toMatchObject({ name: "TransientError" });
    });
  });
});

describe("the report of a run in parts", () => {
  it("is told by the whole alone: a part answers with what it came to, and its name", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const input = { run: { ...run, part: partOf({ number: 2, of: 3 }) }, batches, snapshots: [], ...none };
      const answer = await report(input, night.context());
      expect(answer).toMatchObject({
        part: "rds 2/3",
        outcome: "incomplete",
        totals: { clusters: 1, problems: 1 },
      });
      expect([toldOf(night.simulator), night.ledger.of("run.ended")]).toEqual([[], []]);
      expect(night.ledger.of("report.row")).toHaveLength(1);
      const parts = [answer, { lost: "States.TaskFailed" }];
      const whole = await report({ run, batches: [], snapshots: [], ...none, parts }, night.context());
      expect(whole).not.toHaveProperty("part");
      expect(whole.problems.map(({ cluster: id, code }) => [id, code])).toEqual([
        ["orders", "lost"],
        ["*", "lost"],
      ]);
      expect(toldOf(night.simulator).map(({ type }) => type)).toEqual(["Backup Incomplete"]);
    });
  });

  it("names in a part's log every problem, of which the part hands on the first", async () => {
    await withNight({ fleet: { clusters: [] }, config }, async (night) => {
      const { run } = await discover({ request: { plan: "daily", at }, startedAt: at }, night.context());
      const unlisted = Array.from({ length: 30 }, (_, index) => ({
        ...{ cluster: `c${index}`, region: "us-east-1", code: "override-plan" as const },
      }));
      const part = partOf({ number: 2, of: 3 });
      const input = { ...none, run: { ...run, part }, batches: [], snapshots: [], unlisted };
      const answer = await report(input, night.context());
      expect([answer.problems.length, answer.totals.problems]).toEqual([20, 30]);
      const [told] = night.ledger.of("part.ended");
      expect([told?.part, told?.summary.problems]).toEqual(["rds 2/3", unlisted]);
      await report({ ...none, run, batches: [], snapshots: [], parts: [answer] }, night.context());
      const result = resultDocument(night.ledger, {
        ...{ status: "FAILED", transitions: 0, largestPayloadBytes: 0 },
      });
      expect(result.problems.map(({ cluster: id }) => id)).toEqual(unlisted.map(({ cluster: id }) => id));
      expect(result.totals?.problems).toBe(30);
    });
  });

  it("measures all that the run came to, by its plan, and nothing of a part by itself", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async (night) => {
      const figures: Measurement[] = [];
      const context = { ...night.context(), measure: (one: Measurement): void => void figures.push(one) };
      const { run, batches } = await discovered(night);
      const pruned = [{ region: "us-east-1", family: "rds" as const, counts: { pruned: 2 }, problems: [] }];
      const input = { ...none, run: { ...run, part: partOf() }, batches, snapshots: [], pruned };
      const part = await report(input, context);
      expect(figures).toEqual([]);
      const totals = { clusters: 9, snapshots: 8, copies: 7, pruned: 6, problems: 0 };
      const parts = [part, { outcome: "complete" as const, totals, problems: [] }];
      await report({ ...none, run, batches: [], snapshots: [], parts }, context);
      expect(figures.map(({ name, value }) => [name, value])).toEqual([
        ["SnapshotsAvailable", 8],
        ["CopiesAvailable", 7],
        ["RecoveryPointsPruned", 8],
        ["Problems", 1],
      ]);
      for (const { unit, dimensions } of figures)
        expect([unit, dimensions]).toEqual(["Count", { plan: "daily" }]);
    });
  });

  it("weighs little, however many parts there are and however much went wrong in them", async () => {
    await withNight({ fleet: { clusters: [] }, config }, async (night) => {
      const { run } = await discover({ request: { plan: "daily", at }, startedAt: at }, night.context());
      const problems = Array.from({ length: 20 }, (_, index) => ({
        ...{ cluster: `a-cluster-with-a-long-name-${index}`, region: "us-east-1", code: "lost" as const },
      }));
      const totals = { clusters: 800, snapshots: 0, copies: 0, pruned: 0, problems: 800 };
      const parts = Array.from({ length: 25 }, (_, index) => ({
        ...{ outcome: "incomplete" as const, totals },
        problems: problems.map((one) => ({ ...one, cluster: `${one.cluster}-${index}` })),
      }));
      const whole = await report({ run, batches: [], snapshots: [], ...none, parts }, night.context());
      expect(whole.totals).toMatchObject({ clusters: 20_000, problems: 20_000 });
      expect(JSON.stringify(whole).length).toBeLessThan(2048);
    });
  });
});
