import { describe, expect, it } from "vitest";
import { ownedBy, tagKeys } from "../../lib/core/ownership.ts";
import { BrokenInvariantError, IncompleteListingError } from "../../lib/errors.ts";
import { carryOut, type RegionVerdict } from "../../lib/steps/removal.ts";
import { type Night, service, withNight } from "../night.ts";
import { copyOf, deafBus, denied, type FleetSnapshot, idsOf, leftIn, points, toldOf } from "./points.ts";

/** A verdict that removes everything of ours in a region, as if retention had said so. */
const removeAll = async (
  { context }: Night,
  family: "rds" | "redshift" = "rds",
  region = "us-east-1",
): Promise<RegionVerdict> => {
  const listed = await context().engines[family].pickSnapshots(region, (one) => one);
  const owned = listed
    .flatMap((one) => ownedBy(service, one) ?? [])
    .toSorted((a, b) => b.takenAt - a.takenAt);
  const remove = owned.map(({ snapshot }, nth) => ({ id: snapshot.id, because: [`reason ${nth}`] }));
  const place = { region, cluster: "orders", arn: owned[0]?.clusterArn ?? "" };
  return { ...place, owned, verdict: { keep: [], remove, problems: [] } };
};

const order = (verdict: RegionVerdict, deletionsMax = 1000) =>
  ({ family: "rds", run: "sweep-1", verdicts: [verdict], deletionsMax }) as const;
const deletesIn = ({ simulator }: Night): number =>
  simulator.calls.entries.filter(({ operation }) => operation === "DeleteDBClusterSnapshot").length;
const toldIn = ({ simulator }: Night): readonly unknown[] =>
  toldOf(simulator).map(({ detail }) => detail.snapshot);

describe("what a verdict names", () => {
  it("is deleted, journaled and told with its own reasons, and nothing else is", async () => {
    const snapshots = points(4);
    await withNight({ fleet: { snapshots } }, async (night) => {
      const all = await removeAll(night);
      const remove = all.verdict.remove.slice(1, 3);
      const some = { ...all, verdict: { ...all.verdict, remove } };
      const removal = await carryOut(order(some), night.context());
      expect(removal).toEqual({ pruned: 2, problems: [], more: false });
      expect(leftIn(night.simulator)).toEqual(idsOf([snapshots[0], snapshots[3]] as FleetSnapshot[]));
      expect(night.ledger.of("snapshot.deleted").map(({ snapshot }) => snapshot)).toEqual(
        remove.map(({ id }) => id),
      );
      expect(toldOf(night.simulator).map(({ detail }) => [detail.snapshot, detail.because])).toEqual(
        remove.map(({ id, because }) => [id, because]),
      );
    });
  });

  it("is told ten by ten, while the rest is still there", async () => {
    await withNight({ fleet: { snapshots: points(25) } }, async (night) => {
      const left: number[] = [];
      night.simulator.calls.subscribe(({ operation }) => {
        if (operation === "PutEvents") left.push(leftIn(night.simulator).length);
      });
      await carryOut(order(await removeAll(night)), night.context());
      expect(left).toEqual([15, 5, 0]);
      expect(new Set(toldIn(night)).size).toBe(25);
    });
  });

  it("is left for the next call beyond the most that one may delete; a call that deletes nothing is the last", async () => {
    await withNight({ fleet: { snapshots: points(5) } }, async (night) => {
      const first = await carryOut(order(await removeAll(night), 3), night.context());
      expect([first.pruned, first.more]).toEqual([3, true]);
      night.simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 9, kind: denied });
      const second = await carryOut(order(await removeAll(night), 1), night.context());
      expect([second.pruned, second.more]).toEqual([0, false]);
    });
    await withNight({ fleet: { snapshots: points(5) } }, async (night) => {
      expect(await carryOut(order(await removeAll(night), 5), night.context())).toMatchObject({
        more: false,
      });
    });
  });

  it("is a problem where AWS refused it, also if AWS stops answering later", async () => {
    await withNight({ fleet: { snapshots: points(8) } }, async (night) => {
      const { simulator } = night;
      const operation = "DeleteDBClusterSnapshot";
      simulator.faults.add({ operation, times: 1, kind: denied });
      simulator.calls.subscribe(() => {
        if (deletesIn(night) === 4) simulator.faults.add({ operation, times: 99, kind: "throttle" });
      });
      const { pruned, problems, more } = await carryOut(order(await removeAll(night)), night.context());
      expect([pruned, problems.map(({ code }) => code), more]).toEqual([3, ["undeletable"], true]);
    });
  });

  it("is no event where AWS refuses to delete it", async () => {
    await withNight({ fleet: { snapshots: points(5) } }, async (night) => {
      night.simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 2, kind: denied });
      const { pruned, problems } = await carryOut(order(await removeAll(night)), night.context());
      expect([pruned, problems.map(({ code }) => code)]).toEqual([3, ["undeletable", "undeletable"]]);
      expect(toldIn(night)).toEqual(idsOf(points(5).slice(2)));
    });
  });

  it("is told and counted also where AWS stops answering in the midst of the ten: the rest is the next call's", async () => {
    await withNight({ fleet: { snapshots: points(8) } }, async (night) => {
      const { simulator } = night;
      simulator.calls.subscribe(() => {
        if (deletesIn(night) !== 4) return;
        simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 99, kind: "throttle" });
      });
      const verdict = await removeAll(night);
      const cut = await carryOut(order(verdict), night.context());
      expect([cut.pruned, cut.more]).toEqual([4, true]);
      expect(leftIn(simulator)).toEqual(idsOf(points(8).slice(4)));
      expect(toldIn(night)).toEqual(idsOf(points(8).slice(0, 4)));
      expect(night.ledger.of("snapshot.deleted")).toHaveLength(4);
      const idle = carryOut(order(await removeAll(night)), night.context());
      await expect(idle).rejects.toMatchObject({ name: "TransientError" });
      simulator.faults.clear();
      const again = await carryOut(order(await removeAll(night)), night.context());
      expect([again.pruned, toldIn(night)]).toEqual([4, idsOf(points(8))]);
    });
  });

  it("is counted also where AWS answers a later call without what it was asked", async () => {
    const snapshots = points(60, { of: "stores", engine: "redshift" });
    await withNight({ fleet: { snapshots } }, async (night) => {
      const context = night.context();
      const { redshift } = context.engines;
      let calls = 0;
      const deleteSnapshots: typeof redshift.deleteSnapshots = async (some) => {
        calls += 1;
        if (calls > 1) throw new IncompleteListingError("answered without its whole list");
        return redshift.deleteSnapshots(some);
      };
      const engines = { ...context.engines, redshift: { ...redshift, deleteSnapshots } };
      const verdict = await removeAll(night, "redshift");
      const cut = await carryOut({ ...order(verdict), family: "redshift" }, { ...context, engines });
      expect([cut.pruned, cut.more]).toEqual([50, true]);
    });
  });

  it("is counted, told and refused over all its regions", async () => {
    const [three, two] = [points(3), points(2)];
    await withNight({ fleet: { snapshots: [...three, ...two.map((one) => copyOf(one))] } }, async (night) => {
      const verdicts = [await removeAll(night), await removeAll(night, "rds", "eu-west-1")] as const;
      const operation = "DeleteDBClusterSnapshot";
      night.simulator.faults.add({ operation, region: "eu-west-1", times: 1, kind: denied });
      const { pruned, problems } = await carryOut({ ...order(verdicts[0]), verdicts }, night.context());
      expect([pruned, problems]).toEqual([
        4,
        [{ cluster: "orders", region: "eu-west-1", code: "undeletable" }],
      ]);
      const left = ["us-east-1", "eu-west-1"].map((region) => leftIn(night.simulator, region).length);
      expect([left, toldOf(night.simulator).length]).toEqual([[0, 1], 4]);
    });
  });

  it("is left to the next call where one of its regions stops answering, whichever that is", async () => {
    const there = points(3);
    for (const region of ["us-east-1", "eu-west-1"])
      await withNight(
        { fleet: { snapshots: [...there, ...there.map((one) => copyOf(one))] } },
        async (night) => {
          const verdicts = [await removeAll(night), await removeAll(night, "rds", "eu-west-1")] as const;
          const operation = "DeleteDBClusterSnapshot";
          night.simulator.faults.add({ operation, region, times: 99, kind: "throttle" });
          const { pruned, more } = await carryOut({ ...order(verdicts[0]), verdicts }, night.context());
          expect([pruned, more, leftIn(night.simulator, region).length]).toEqual([3, true, 3]);
        },
      );
  });

  it("ends as our mistake where a verdict names what is held, whatever was deleted before", async () => {
    const snapshots = points(60, { of: "stores", engine: "redshift" });
    await withNight({ fleet: { snapshots } }, async (night) => {
      const verdict = await removeAll(night, "redshift");
      const owned = verdict.owned.map((one, nth) =>
        nth === 55
          ? { ...one, snapshot: { ...one.snapshot, tags: { ...one.snapshot.tags, [tagKeys.hold]: "audit" } } }
          : one,
      );
      const removal = carryOut({ ...order({ ...verdict, owned }), family: "redshift" }, night.context());
      await expect(removal).rejects.toThrow(BrokenInvariantError);
      expect([leftIn(night.simulator).length, toldOf(night.simulator).length]).toEqual([10, 50]);
    });
  });

  it("goes although the bus is deaf, and says so", async () => {
    await withNight({ fleet: { snapshots: points(12) } }, async (night) => {
      night.simulator.faults.add(deafBus);
      const { pruned, problems } = await carryOut(order(await removeAll(night)), night.context());
      expect([pruned, leftIn(night.simulator)]).toEqual([12, []]);
      expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["untold"]));
      expect(night.ledger.of("events.untold").flatMap(({ ids }) => ids)).toHaveLength(12);
    });
  });

  it("of Redshift's is deleted by fifties, and told right after", async () => {
    const snapshots = points(60, { of: "stores", engine: "redshift" });
    await withNight({ fleet: { snapshots } }, async (night) => {
      const verdict = await removeAll(night, "redshift");
      await carryOut({ ...order(verdict), family: "redshift" }, night.context());
      const calls = night.simulator.calls.byOperation();
      expect([calls["redshift.BatchDeleteClusterSnapshots"], calls["events.PutEvents"]]).toEqual([2, 6]);
      expect(new Set(toldIn(night)).size).toBe(60);
    });
  });
});
