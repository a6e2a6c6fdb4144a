import { describe, expect, it } from "vitest";
import type { Measurement } from "../../lib/core/measure.ts";
import { type WatchOutput, watch } from "../../lib/steps/watch.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { at, type Night, plainPlan, withNight } from "../night.ts";
import { clusterOf, copyOf, denied, point, points, warehouseOf, writesIn } from "./points.ts";

const born = "2026-01-01T00:00:00Z";
const orders = clusterOf("orders", { created: born });
const ledger = clusterOf("ledger", { created: born });
const hours = (count: number): number => count * 3600;
const sinceBirth = (Date.parse(at) - Date.parse(born)) / 1000;

interface Watched {
  readonly output: WatchOutput;
  readonly figures: readonly Measurement[];
  readonly night: Night;
}

/** An hour in which it looks at every recovery point, and one in which those of the last runs are enough if all is well. */
const forAll = "2026-11-20T06:07:00Z";
const brief = "2026-11-20T04:07:00Z";

const look = async (night: Night, when = forAll): Promise<Watched> => {
  const figures: Measurement[] = [];
  const measure = (one: Measurement): void => void figures.push(one);
  const output = await watch({ at: when }, { ...night.context(), measure });
  return { output, figures, night };
};

/** What Watch sees an hour after the night of `at`. */
const watched = (
  {
    config = plainPlan,
    disturb = () => {},
    when,
    ...fleet
  }: Fleet & {
    readonly config?: string;
    readonly when?: string;
    readonly disturb?: (night: Night) => void;
  },
  judge: (watched: Watched) => void,
): Promise<void> =>
  withNight({ fleet, config }, async (night) => {
    night.simulator.clock.advance(3600);
    disturb(night);
    judge(await look(night, when));
  });

/** `RunAge daily us-east-1 source` and the like, with its figure. */
const byName = (figures: readonly Measurement[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    figures.map(({ name, dimensions, value }) => [[name, ...Object.values(dimensions)].join(" "), value]),
  );
const agesIn = (figures: readonly Measurement[]): readonly string[] =>
  figures
    .filter(({ name }) => name === "RunAge")
    .map(({ dimensions }) => Object.values(dimensions).join(" "));

/** What is said of the keys is another matter, and not said in every hour. */
const measuredIn = (figures: readonly Measurement[]) => figures.filter(({ name }) => name !== "KeysUnusable");

describe.each([
  ["at every recovery point", forAll],
  ["at the last runs", brief],
])("Watch, looking %s,", (_, when) => {
  it("measures by plan, region and kind how old the newest points and the last complete run are", async () => {
    const snapshots = [
      ...points(2),
      ...points(3, { of: "ledger" }).slice(1),
      copyOf(point(2)),
      copyOf(point(2, { of: "ledger" })),
    ];
    await watched({ when, clusters: [orders, ledger], snapshots }, ({ output, figures }) => {
      expect(byName(measuredIn(figures))).toEqual({
        "RecoveryPointAge daily us-east-1 source": hours(25),
        "RunAge daily us-east-1 source": hours(25),
        "ClustersAtRisk daily us-east-1 source": 0,
        "RecoveryPointAge daily eu-west-1 copy": hours(49),
        "RunAge daily eu-west-1 copy": hours(49),
        "ClustersAtRisk daily eu-west-1 copy": 2,
      });
      expect(figures.map(({ name, unit }) => [name.endsWith("Age"), unit])).toEqual(
        figures.map(({ name }) => [name.endsWith("Age"), name.endsWith("Age") ? "Seconds" : "Count"]),
      );
      expect(output).toEqual({ rows: 2, atRisk: 2, keysUnusable: 0 });
    });
  });

  it("grows older with the clock, whatever else happens", async () => {
    const fleet = { clusters: [orders], snapshots: points(1) };
    await withNight({ fleet }, async (night) => {
      for (const passed of [0, 1, 30]) {
        night.simulator.clock.advance(hours(passed));
        const { figures } = await look(night, when);
        const age = byName(figures)["RunAge daily us-east-1 source"];
        expect(age).toBe((night.simulator.clock.now().getTime() - Date.parse(at)) / 1000);
      }
    });
  });

  it("counts a run as complete only with every cluster that was there", async () => {
    const young = clusterOf("young", { created: "2026-11-19T12:00:00Z" });
    const snapshots = [point(0), point(1), point(1, { of: "ledger" })];
    await watched({ when, clusters: [orders, ledger, young], snapshots }, ({ figures, night }) => {
      expect(byName(figures)).toMatchObject({
        "RunAge daily us-east-1 source": hours(25),
        "RecoveryPointAge daily us-east-1 source": hours(25),
      });
      const row = night.ledger.of("coverage.row")[0]?.row;
      expect([row?.clusters, row?.atRisk]).toEqual([3, []]);
    });
  });

  it("measures since a cluster was made where there never was a point", async () => {
    await watched({ when, clusters: [orders] }, ({ output, figures, night }) => {
      expect(byName(figures)).toMatchObject({
        "RecoveryPointAge daily us-east-1 source": sinceBirth + hours(1),
        "RunAge daily eu-west-1 copy": sinceBirth + hours(1),
      });
      expect(output.atRisk).toBe(2);
      expect(night.ledger.of("coverage.row").map(({ row }) => row.atRisk)).toEqual([["orders"], ["orders"]]);
    });
  });

  it("leaves out what is stopped and expected to be, and asks for no copy that AWS does not make", async () => {
    const config = plainPlan.replace("retention:", "stopped: skip\n    retention:");
    const multiAz = clusterOf("billing", { engine: "mysql", created: born });
    const clusters = [orders, { ...ledger, status: "stopped" }, multiAz];
    const snapshots = [point(0), copyOf(point(0)), point(0, { of: "billing", differs: { engine: "mysql" } })];
    await watched({ when, config, clusters, snapshots }, ({ figures }) => {
      expect(byName(figures)).toMatchObject({
        "RunAge daily us-east-1 source": hours(1),
        "RunAge daily eu-west-1 copy": hours(1),
        "ClustersAtRisk daily eu-west-1 copy": 0,
      });
    });
  });

  it("sees both families of one plan", async () => {
    const clusters = [orders, warehouseOf("warehouse", { created: born })];
    const snapshots = [point(0), point(1, { of: "warehouse", engine: "redshift" })];
    await watched({ when, clusters, snapshots }, ({ figures }) => {
      expect(byName(figures)["RecoveryPointAge daily us-east-1 source"]).toBe(hours(25));
    });
  });

  it("gives no figure for a plan that is switched off, or that means no cluster", async () => {
    const off = plainPlan.replace("daily:\n", "daily:\n    enabled: false\n");
    for (const world of [{ config: off, clusters: [orders] }, { clusters: [] }])
      await watched({ when, ...world, snapshots: points(2) }, ({ figures }) => {
        expect(measuredIn(figures)).toEqual([]);
      });
  });

  it.each([
    ["source region's clusters", "rds", "DescribeDBClusters", "us-east-1", []],
    ["source region's snapshots", "rds", "DescribeDBClusterSnapshots", "us-east-1", []],
    ["source region's other family", "redshift", "DescribeClusters", "us-east-1", []],
    ["copy region", "rds", "DescribeDBClusterSnapshots", "eu-west-1", ["daily us-east-1 source"]],
  ])("gives no figure for what it cannot see: the %s", async (_, service, operation, region, rows) => {
    const fault = { service, operation, region, times: 50, kind: denied };
    await watched(
      {
        when,
        ...{ clusters: [orders], snapshots: points(2) },
        disturb: ({ simulator }) => simulator.faults.add(fault),
      },
      ({ figures, night }) => {
        expect(agesIn(figures)).toEqual(rows);
        expect(new Set(night.ledger.of("region.unlisted").map((one) => one.region))).toEqual(
          new Set([region]),
        );
      },
    );
  });
});

describe("Watch", () => {
  it("calls nothing that changes anything, whatever it finds", async () => {
    const snapshots = [
      ...points(12),
      point(30, { differs: { status: "failed" } }),
      point(2, { plan: "gone" }),
    ];
    const keys = [{ region: "us-east-1", alias: "alias/off", state: "Disabled" as const }];
    const secret = point(40, { differs: { encrypted: true, kmsKey: "alias/off" } });
    await watched({ clusters: [orders], snapshots: [...snapshots, secret], keys }, ({ output, night }) => {
      expect(output.keysUnusable).toBe(1);
      expect(writesIn(night.simulator)).toEqual([]);
      expect(night.simulator.calls.byOperation()).toMatchObject({ "kms.DescribeKey": 1 });
    });
  });
});

describe("the keys that kept recovery points need", () => {
  const keyed = (nights: number, kmsKey: string, differs = {}) =>
    point(nights, { differs: { encrypted: true, kmsKey, ...differs } });
  const keys = [
    { region: "us-east-1", alias: "alias/good" },
    { region: "us-east-1", alias: "alias/off", state: "Disabled" as const },
    { region: "us-east-1", alias: "alias/going", state: "PendingDeletion" as const },
  ];
  const unusableIn = ({ night }: Watched) =>
    night.ledger
      .of("key.unusable")
      .map(({ region, points: count, reason }) => ({ region, count, reason }))
      .toSorted((a, b) => b.count - a.count);

  it("are named with the number of points where they cannot be used, and counted by region", async () => {
    const snapshots = [
      ...[1, 2].map((nights) => keyed(nights, "alias/good")),
      ...[3, 4, 5].map((nights) => keyed(nights, "alias/off")),
      keyed(6, "alias/going"),
      keyed(7, "alias/going", { status: "failed" }),
      point(8),
    ];
    await watched({ keys, clusters: [orders], snapshots }, (seen) => {
      expect(unusableIn(seen)).toEqual([
        { region: "us-east-1", count: 3, reason: expect.stringMatching(/is Disabled$/) },
        { region: "us-east-1", count: 1, reason: expect.stringMatching(/is PendingDeletion$/) },
      ]);
      expect(byName(seen.figures)).toMatchObject({
        "KeysUnusable us-east-1": 2,
        "KeysUnusable eu-west-1": 0,
      });
      expect(seen.output.keysUnusable).toBe(2);
    });
  });

  it("are asked for once each, and said to be well with a zero", async () => {
    const snapshots = [1, 2, 3].map((nights) => keyed(nights, "alias/good"));
    await watched({ keys, clusters: [orders], snapshots }, ({ figures, night }) => {
      expect(byName(figures)).toMatchObject({ "KeysUnusable us-east-1": 0 });
      expect(night.simulator.calls.byOperation()["kms.DescribeKey"]).toBe(1);
    });
  });

  it.each([
    ["rds", "DescribeDBClusterSnapshots"],
    ["redshift", "DescribeClusterSnapshots"],
  ])("are not said to be well in a region whose snapshots were not seen: %s", async (service, operation) => {
    const disturb = ({ simulator }: Night): void =>
      void simulator.faults.add({ service, operation, region: "eu-west-1", times: 50, kind: denied });
    const snapshots = [keyed(1, "alias/good")];
    await watched({ keys, clusters: [orders], snapshots, disturb }, ({ figures }) => {
      expect(byName(figures)).toMatchObject({ "KeysUnusable us-east-1": 0 });
      expect(byName(figures)).not.toHaveProperty("KeysUnusable eu-west-1");
    });
  });

  it("are told where they cannot be used, though not all of their region was seen", async () => {
    const fault = { operation: "DescribeClusterSnapshots", region: "us-east-1", times: 50, kind: denied };
    const disturb = ({ simulator }: Night): void => void simulator.faults.add(fault);
    await watched({ keys, snapshots: [keyed(1, "alias/off")], disturb }, ({ figures }) => {
      expect(byName(figures)["KeysUnusable us-east-1"]).toBe(1);
    });
  });

  it("are those of orphans too, and nobody else's", async () => {
    const orphan = point(3, { plan: "gone", differs: { encrypted: true, kmsKey: "alias/off" } });
    const theirs = { ...keyed(4, "alias/going"), tags: {} };
    await watched({ keys, snapshots: [orphan, theirs] }, (seen) => {
      expect(unusableIn(seen)).toMatchObject([{ count: 1, reason: expect.stringMatching(/Disabled/) }]);
    });
  });

  it.each([
    ["may not be looked at", { ...denied, code: "AccessDeniedException" }],
    ["do not answer", "internal" as const],
  ])("count as unusable where they %s", async (_, kind) => {
    const disturb = ({ simulator }: Night): void =>
      void simulator.faults.add({ operation: "DescribeKey", times: 9, kind });
    await watched({ keys, snapshots: [keyed(1, "alias/good")], disturb }, (seen) => {
      expect(unusableIn(seen)).toMatchObject([{ count: 1, reason: expect.stringContaining("DescribeKey") }]);
      expect(byName(seen.figures)["KeysUnusable us-east-1"]).toBe(1);
    });
  });
});
