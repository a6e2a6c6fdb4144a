import { describe, expect, it } from "vitest";
import { virtualTime } from "../../cli/virtual-time.ts";
import { inProcess, readDefinition, runWorkflow } from "../../cli/workflow.ts";
import { examineKeys } from "../../lib/steps/key-survey.ts";
import { sweep, sweepThrough } from "../../lib/steps/sweep.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { at, type Night, plainPlan, withNight } from "../night.ts";
import { clusterOf, copyOf, denied, idsOf, leftIn, points } from "./points.ts";

/** A page is a hundred snapshots, so that these are two in each region. */
const names = Array.from({ length: 13 }, (_, nth) => `shop-${10 + nth}`);
const kept = 2;
const deep = names.flatMap((of) => points(10, { of, keep: { last: kept } }));
const copied = deep.map((one) => copyOf(one, { keep: { last: 1 } }));
const config = `regions: [us-east-1, eu-west-1]\n${plainPlan.replace(/ {4}copies:.*\n/, "")}`;
const snapshots = [...deep, ...copied];
const living = names.map((id) => clusterOf(id));
const deletions = (simulator: Simulator): number =>
  simulator.calls.entries.filter(({ operation, status }) => /^Delete/.test(operation) && status === 200)
    .length;

describe("a sweep of many passes", () => {
  it.each([1, 2])(
    "comes to what one comes to that sees all at once, %i pages at a time",
    async (pagesMax) => {
      const left: (readonly string[])[] = [];
      for (const limits of [{}, { pagesMax }])
        await withNight({ fleet: { snapshots }, config, ...limits }, async ({ simulator, context }) => {
          expect(await sweepThrough({ at }, context())).toEqual({ pruned: 208, problems: [] });
          left.push([...leftIn(simulator), ...leftIn(simulator, "eu-west-1")]);
        });
      expect(left[1]).toEqual(left[0]);
      expect(left[0]).toHaveLength(52);
    },
  );

  it("deletes a hundred and fifty in each, whatever else it sees, and goes on in the next", async () => {
    await withNight({ fleet: { snapshots }, config }, async ({ simulator, context }) => {
      const passes: string[] = [];
      let pass = await sweep({ at }, context());
      for (; pass.next === "Sweep"; pass = await sweep(pass, context()))
        passes.push(`${deletions(simulator)} of ${pass.pruned}`);
      expect(passes).toEqual(["150 of 150"]);
      expect([pass.pruned, deletions(simulator)]).toEqual([208, 208]);
    });
  });

  it("ends where AWS refuses every deletion, and says so once", async () => {
    await withNight({ fleet: { snapshots }, config, pagesMax: 1 }, async ({ simulator, context }) => {
      simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 10_000, kind: denied });
      const { pruned, problems } = await sweepThrough({ at }, context());
      expect(pruned).toBe(0);
      expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["undeletable"]));
      expect(new Set(problems.map(({ region, cluster }) => `${region} ${cluster}`)).size).toBe(
        problems.length,
      );
    });
  });

  it.each([
    { of: "snapshots", fleet: deep, plan: config, pages: 3 },
    { of: "copies as well", fleet: snapshots, plan: plainPlan, pages: 4 },
  ])("asks nobody twice about clusters that a plan means, by their $of", async ({ fleet, plan, pages }) => {
    await withNight(
      { fleet: { snapshots: fleet, clusters: living }, config: plan },
      async ({ simulator, context }) => {
        expect((await sweepThrough({ at }, context())).pruned).toBe(0);
        // Two pages, and of the copies one or two; and by their names those of the clusters that there are, where they live.
        expect(simulator.calls.byOperation()).toMatchObject({
          "rds.DescribeDBClusterSnapshots": pages,
          "rds.DescribeDBClusters": 1,
        });
      },
    );
  });
});

describe("a pass that sees more pages than it judges together", () => {
  const wide = points(1001, { of: "wide", keep: { last: 1001 } });

  it("judges a set once, though it goes on there", async () => {
    await withNight({ fleet: { snapshots: wide }, config }, async ({ simulator, context }) => {
      const { work } = await sweep({ at }, context());
      expect(work.families.map(({ sets }) => sets)).toEqual([1, 0]);
      // Eleven pages of all that there is and of the set's cluster, and two of the other region.
      expect(simulator.calls.byOperation()).toMatchObject({ "rds.DescribeDBClusterSnapshots": 24 });
    });
  });

  it("leaves them to the next one where it has deleted as many as it may", async () => {
    const orphans = [
      { of: "all", count: 152 },
      { of: "zebra", count: 5 },
    ];
    const gone = orphans.flatMap(({ of, count }) => points(count, { of, keep: { last: kept } }));
    const terms = config.replace("keep-daily: 3 }", "keep-daily: 3 }\n    brake: 200");
    const fleet = { clusters: [clusterOf("wide")], snapshots: [...wide, ...gone] };
    await withNight({ fleet, config: terms }, async ({ simulator, context }) => {
      expect(await sweepThrough({ at }, context())).toEqual({ pruned: 153, problems: [] });
      expect(deletions(simulator)).toBe(153);
    });
  });
});

describe("a sweep whose listing breaks off", () => {
  const anew = { code: "InvalidParameterValue", status: 400, message: "The request token is invalid." };

  /** After the first pass a region answers so many calls with a refusal. */
  const broken = async (night: Night, fault: { readonly kind: typeof anew; readonly times: number }) => {
    const first = await sweep({ at }, night.context());
    expect(first.next).toBe("Sweep");
    night.simulator.faults.add({ ...fault, operation: "DescribeDBClusterSnapshots", region: "us-east-1" });
    let pass = first;
    for (let passes = 0; pass.next === "Sweep" && passes < 20; passes += 1)
      pass = await sweep(pass, night.context());
    expect(pass.next).toBe("Done");
    return pass;
  };

  it("begins a region anew where AWS does not know its marker any more", async () => {
    const fleet = { clusters: living, snapshots: [...deep, ...points(5, { plan: "gone", of: "zebra" })] };
    await withNight({ fleet, config, pagesMax: 1 }, async (night) => {
      const { pruned, problems, work } = await broken(night, { kind: anew, times: 1 });
      expect([pruned, problems, work.unseen]).toEqual([3, [], []]);
    });
  });

  it("counts each point's key once where a region is begun anew, and those of the other family still", async () => {
    const off = { region: "us-east-1", alias: "alias/off", state: "Disabled" } as const;
    const differs = { encrypted: true, kmsKey: off.alias };
    const keyed = deep.map((point) => ({ ...point, ...differs }));
    const stores = points(3, { of: "stores", engine: "redshift", keep: { last: 3 }, differs });
    const fleet = { clusters: living, snapshots: [...keyed, ...stores], keys: [off] };
    await withNight({ fleet, config, pagesMax: 1 }, async (night) => {
      const { work } = await broken(night, { kind: anew, times: 1 });
      await examineKeys(work, night.context());
      expect(night.ledger.of("key.unusable").map(({ points: count }) => count)).toEqual([133]);
    });
  });

  it("gives the region up where that goes on, and deletes nothing from then on", async () => {
    const fleet = { clusters: living, snapshots: [...deep, ...points(5, { plan: "gone", of: "zebra" })] };
    await withNight({ fleet, config, pagesMax: 1 }, async (night) => {
      const { pruned, problems, work } = await broken(night, { kind: anew, times: 9 });
      expect([pruned, work.unseen]).toEqual([0, ["us-east-1"]]);
      expect(problems).toEqual([{ cluster: "*", region: "us-east-1", code: "sweep-suspended" }]);
      expect(leftIn(night.simulator)).toEqual(
        expect.arrayContaining([...idsOf(points(5, { plan: "gone", of: "zebra" }))]),
      );
    });
  });

  it("gives the region up as well where every pass finds its marker unknown", async () => {
    await withNight({ fleet: { clusters: living, snapshots: deep }, config, pagesMax: 1 }, async (night) => {
      let pass = await sweep({ at }, night.context());
      const operation = "DescribeDBClusterSnapshots";
      for (let passes = 0; pass.next === "Sweep" && passes < 20; passes += 1) {
        night.simulator.faults.add({ operation, region: "us-east-1", times: 1, kind: anew });
        pass = await sweep(pass, night.context());
      }
      expect([pass.next, pass.pruned, pass.work.unseen]).toEqual(["Done", 0, ["us-east-1"]]);
    });
  });

  it("asks for no more clusters then, since nothing is judged by them", async () => {
    const fleet = { clusters: living, snapshots };
    await withNight({ fleet, config, pagesMax: 1 }, async ({ simulator, context }) => {
      const operation = "DescribeDBClusterSnapshots";
      simulator.faults.add({ operation, region: "us-east-1", times: 1, kind: denied });
      const first = await sweep({ at }, context());
      expect(first).toMatchObject({ next: "Sweep", problems: [{ code: "sweep-suspended" }] });
      simulator.calls.clear();
      expect((await sweep(first, context())).next).toBe("Done");
      expect(simulator.calls.byOperation()).toEqual({ [`rds.${operation}`]: 1 });
    });
  });

  it("looks through the other regions for their keys all the same", async () => {
    const fleet = { clusters: living, snapshots };
    await withNight({ fleet, config, pagesMax: 1 }, async (night) => {
      const { work } = await broken(night, { kind: anew, times: 9 });
      expect(work.families.map(({ left }) => left)).toEqual([[], []]);
      const listed = night.simulator.calls.entries.filter(
        ({ operation, region }) => operation === "DescribeDBClusterSnapshots" && region === "eu-west-1",
      );
      expect(listed.length).toBeGreaterThanOrEqual(2);
    });
  });
});

describe("the state machine of a sweep", () => {
  it("passes until nothing is left, with little between the passes", async () => {
    await withNight({ fleet: { snapshots }, config, pagesMax: 1 }, async ({ simulator, runtime, ledger }) => {
      const entered: string[] = [];
      const { status, output, largestPayloadBytes } = await runWorkflow({
        ...{ request: { at }, definition: readDefinition("sweep"), time: virtualTime(simulator.clock) },
        ...inProcess(runtime),
        onTransition: (state) => void entered.push(state),
      });
      expect([status, (output as { pruned: number }).pruned, deletions(simulator)]).toEqual([
        "SUCCEEDED",
        208,
        208,
      ]);
      expect(entered.slice(-3)).toEqual(["Sweep", "Swept", "Done"]);
      expect(entered.filter((state) => state === "Sweep")).toHaveLength(2);
      expect(largestPayloadBytes).toBeLessThan(4096);
      expect(ledger.of("sweep.ended").map(({ family, pruned }) => [family, pruned])).toEqual([
        ["rds", 208],
        ["redshift", 0],
      ]);
    });
  });

  it("makes a pass again that AWS let fail, and loses nothing by it", async () => {
    await withNight({ fleet: { snapshots }, config, pagesMax: 1 }, async ({ simulator, runtime }) => {
      simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 12, kind: "internal" });
      const process = inProcess(runtime);
      const [called, entered]: [string[], string[]] = [[], []];
      const { status, output } = await runWorkflow({
        ...{ request: { at }, definition: readDefinition("sweep"), time: virtualTime(simulator.clock) },
        ...process,
        invoke: (name, event) => {
          called.push(name);
          return process.invoke(name, event);
        },
        onTransition: (state) => void entered.push(state),
      });
      expect([status, deletions(simulator)]).toEqual(["SUCCEEDED", 208]);
      expect((output as { problems: unknown }).problems).toEqual([]);
      expect(called.length).toBeGreaterThan(entered.filter((state) => state === "Sweep").length);
    });
  });
});
