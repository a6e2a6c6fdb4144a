import { describe, expect, it } from "vitest";
import { sweepThrough } from "../../lib/steps/sweep.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { cluster, nightAfter, plainPlan, withNight } from "../night.ts";

const tagged = (tags: Record<string, string>) => ({ tags: { backup: "daily", ...tags } });

const ours = (simulator: Simulator, region: string, id: string) =>
  [...simulator.world.store(region).clusterSnapshots.values()].filter(
    (one) => one.type === "manual" && one.clusterId === id,
  );
const count = (simulator: Simulator, region: string, id: string): number =>
  ours(simulator, region, id).length;
const stamps = (simulator: Simulator, region: string, id: string): (string | undefined)[] => [
  ...new Set(ours(simulator, region, id).map(({ tags }) => tags.get("holdfast:keep"))),
];

/** Somebody tags the only cluster. */
const retag = (simulator: Simulator, key: string, value: string): void => {
  for (const one of simulator.world.store("us-east-1").clusters.values())
    one.tags = new Map([...one.tags, [key, value]]);
};

describe("clusters that ask for terms of their own", () => {
  it("are taken, copied and pruned by them, night after night", { timeout: 120_000 }, async () => {
    const clusters = [
      cluster("orders"),
      cluster("ledger", tagged({ "holdfast:retention": "daily=5" })),
      cluster("scratch", tagged({ "holdfast:retention": "last=1", "holdfast:copies": "none" })),
      cluster("joined", { tags: { backup: "weekly", "holdfast:plan": "other daily" } }),
    ];
    const config = `${plainPlan}  other:
    enabled: false
    schedule: rate(30 days)
    select: { tags: { backup: [never] } }
    retention: { keep-last: 2 }
`;
    await withNight({ fleet: { clusters }, config }, async ({ simulator, run }) => {
      for (let night = 0; night < 7; night += 1) {
        simulator.clock.advance((Date.parse(nightAfter(night)) - simulator.clock.now().getTime()) / 1000);
        const { document } = await run({ plan: "daily", at: nightAfter(night) });
        expect([document.outcome, document.problems]).toEqual(["complete", []]);
        expect(document.clusters.find((one) => one.cluster === "scratch")?.copies).toEqual([]);
      }
      const kept = (id: string) => [count(simulator, "us-east-1", id), count(simulator, "eu-west-1", id)];
      expect(kept("orders")).toEqual([3, 3]);
      expect(kept("ledger")).toEqual([5, 5]);
      // The floor of the plan stands whatever a cluster asks for.
      expect(kept("scratch")).toEqual([2, 0]);
      expect(kept("joined")).toEqual([3, 3]);
      expect(stamps(simulator, "us-east-1", "ledger")).toEqual(["daily=5"]);
      expect(stamps(simulator, "eu-west-1", "ledger")).toEqual(["daily=5"]);
      expect(stamps(simulator, "us-east-1", "joined")).toEqual(["daily=3"]);
    });
  });

  it("are backed up by the plan's terms where they cannot be understood, and the row says so", {
    timeout: 120_000,
  }, async () => {
    const clusters = [
      cluster("orders", tagged({ "holdfast:retention": "keep daily 14" })),
      cluster("ledger", tagged({ "holdfast:copies": "eu-west-1 us-west-2" })),
      cluster("lost", { tags: { "holdfast:plan": "dialy" } }),
    ];
    await withNight({ fleet: { clusters } }, async ({ simulator, run }) => {
      const { document } = await run({ plan: "daily", at: nightAfter(0) });
      const told = document.problems.map(({ cluster: id, code }) => `${id}: ${code}`);
      expect(told.toSorted()).toEqual([
        "ledger: override-copies",
        "lost: override-plan",
        "orders: override-retention",
      ]);
      expect(document.outcome).toBe("incomplete");
      const rows = document.clusters.map(({ cluster: id, status, copies }) => [
        id,
        status,
        copies[0]?.status,
      ]);
      expect(rows).toEqual([
        ["ledger", "available", "available"],
        ["orders", "available", "available"],
      ]);
      expect(stamps(simulator, "us-east-1", "orders")).toEqual(["daily=3"]);
    });
  });

  it("lose nothing of what a tag kept when a slip makes it unreadable", { timeout: 120_000 }, async () => {
    const clusters = [cluster("orders", tagged({ "holdfast:retention": "daily=6" }))];
    await withNight({ fleet: { clusters } }, async ({ simulator, run }) => {
      const night = async (at: number) => {
        simulator.clock.advance((Date.parse(nightAfter(at)) - simulator.clock.now().getTime()) / 1000);
        return (await run({ plan: "daily", at: nightAfter(at) })).document;
      };
      for (let at = 0; at < 6; at += 1) await night(at);
      retag(simulator, "holdfast:retention", "daily=6 montly=1");
      const { problems } = await night(6);
      expect(problems.map(({ code }) => code)).toEqual(["override-retention"]);
      // The seventh goes as the tag had it; by the plan's three days three more would be gone.
      expect(count(simulator, "us-east-1", "orders")).toBe(6);
      expect(count(simulator, "eu-west-1", "orders")).toBe(6);
      retag(simulator, "holdfast:retention", "daily=3");
      await night(7);
      expect(count(simulator, "us-east-1", "orders")).toBe(3);
    });
  });

  it("lose nothing however long a slip lasts: the last point that bears the old promise stays", {
    timeout: 180_000,
  }, async () => {
    const clusters = [cluster("orders", tagged({ "holdfast:retention": "daily=6" }))];
    await withNight({ fleet: { clusters } }, async ({ simulator, run }) => {
      const night = async (at: number) => {
        simulator.clock.advance((Date.parse(nightAfter(at)) - simulator.clock.now().getTime()) / 1000);
        await run({ plan: "daily", at: nightAfter(at) });
        return [count(simulator, "us-east-1", "orders"), count(simulator, "eu-west-1", "orders")];
      };
      for (let at = 0; at < 6; at += 1) await night(at);
      retag(simulator, "holdfast:retention", "daily=6 montly=1");
      for (let at = 6; at < 14; at += 1) await night(at);
      // Six days as the tag had it, and the point that tells of it.
      expect(await night(14)).toEqual([7, 7]);
      retag(simulator, "holdfast:retention", "daily=6");
      expect(await night(15)).toEqual([6, 6]);
    });
  });

  it("leave the copies that they do not want any more to Sweep, by what was promised to these", {
    timeout: 120_000,
  }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ simulator, run, context }) => {
      for (let night = 0; night < 3; night += 1) {
        simulator.clock.advance((Date.parse(nightAfter(night)) - simulator.clock.now().getTime()) / 1000);
        await run({ plan: "daily", at: nightAfter(night) });
      }
      retag(simulator, "holdfast:copies", "none");
      for (let night = 3; night < 6; night += 1) {
        simulator.clock.advance((Date.parse(nightAfter(night)) - simulator.clock.now().getTime()) / 1000);
        const { document } = await run({ plan: "daily", at: nightAfter(night) });
        expect(document.outcome).toBe("complete");
        expect((await sweepThrough({ at: nightAfter(night) }, context())).pruned).toBe(0);
      }
      expect([count(simulator, "us-east-1", "orders"), count(simulator, "eu-west-1", "orders")]).toEqual([
        3, 3,
      ]);
    });
  });
});
