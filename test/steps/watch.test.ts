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

const look = async (night: Night): Promise<Watched> => {
  const figures: Measurement[] = [];
  const measure = (one: Measurement): void => void figures.push(one);
  const output = await watch({ at }, { ...night.context(), measure });
  return { output, figures, night };
};

/** What Watch sees an hour after the night of `at`. */
const watched = (
  {
    config = plainPlan,
    disturb = () => {},
    ...fleet
  }: Fleet & {
    readonly config?: string;
    readonly disturb?: (night: Night) => void;
  },
  judge: (watched: Watched) => void,
): Promise<void> =>
  withNight({ fleet, config }, async (night) => {
    night.simulator.clock.advance(3600);
    disturb(night);
    judge(await look(night));
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

describe("Watch", () => {
  it("measures by plan, region and kind how old the newest points and the last complete run are", async () => {
    const snapshots = [
      ...points(2),
      ...points(3, { of: "ledger" }).slice(1),
      copyOf(point(2)),
      copyOf(point(2, { of: "ledger" })),
    ];
    await watched({ clusters: [orders, ledger], snapshots }, ({ output, figures }) => {
      expect(byName(figures)).toEqual({
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

  it("tells the age of the last complete run from that of newer points, each by its own figure", async () => {
    const snapshots = [point(0), point(2), point(1, { of: "ledger" }), point(2, { of: "ledger" })];
    await watched({ clusters: [orders, ledger], snapshots }, ({ figures }) => {
      expect(byName(figures)).toMatchObject({
        "RecoveryPointAge daily us-east-1 source": hours(25),
        "RunAge daily us-east-1 source": hours(49),
      });
    });
  });

  it("sees the clusters of each plan, wherever it looks for them", async () => {
    const config = `${plainPlan}
  far:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [eu-west-1] }
    retention: { keep-daily: 3 }
    objective: { source: 26h }
`;
    const catalog = clusterOf("catalog", { region: "eu-west-1", created: born });
    await watched({ config, clusters: [orders, catalog], snapshots: points(1) }, ({ figures }) => {
      expect(byName(figures)).toMatchObject({
        "ClustersAtRisk daily us-east-1 source": 0,
        "RecoveryPointAge far eu-west-1 source": sinceBirth + hours(1),
        "ClustersAtRisk far eu-west-1 source": 1,
      });
    });
  });

  it("grows older with the clock, whatever else happens", async () => {
    const fleet = { clusters: [orders], snapshots: points(1) };
    await withNight({ fleet }, async (night) => {
      for (const passed of [0, 1, 30]) {
        night.simulator.clock.advance(hours(passed));
        const { figures } = await look(night);
        const age = byName(figures)["RunAge daily us-east-1 source"];
        expect(age).toBe((night.simulator.clock.now().getTime() - Date.parse(at)) / 1000);
      }
    });
  });

  it("counts a run as complete only with every cluster that was there", async () => {
    const young = clusterOf("young", { created: "2026-11-19T12:00:00Z" });
    const snapshots = [point(0), point(1), point(1, { of: "ledger" })];
    await watched({ clusters: [orders, ledger, young], snapshots }, ({ figures, night }) => {
      expect(byName(figures)).toMatchObject({
        "RunAge daily us-east-1 source": hours(25),
        "RecoveryPointAge daily us-east-1 source": hours(25),
      });
      const row = night.ledger.of("coverage.row")[0]?.row;
      expect([row?.clusters, row?.atRisk]).toEqual([3, []]);
    });
  });

  it("measures since a cluster was made where there never was a point", async () => {
    await watched({ clusters: [orders] }, ({ output, figures, night }) => {
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
    await watched({ config, clusters, snapshots }, ({ figures }) => {
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
    await watched({ clusters, snapshots }, ({ figures }) => {
      expect(byName(figures)["RecoveryPointAge daily us-east-1 source"]).toBe(hours(25));
    });
  });

  it("gives no figure for a plan that is switched off, or that means no cluster", async () => {
    const off = plainPlan.replace("daily:\n", "daily:\n    enabled: false\n");
    for (const world of [{ config: off, clusters: [orders] }, { clusters: [] }])
      await watched({ ...world, snapshots: points(2) }, ({ figures }) => {
        expect(figures).toEqual([]);
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

  it("calls nothing that changes anything, whatever it finds", async () => {
    const snapshots = [
      ...points(12).slice(1),
      point(30, { differs: { status: "failed" } }),
      point(2, { plan: "gone" }),
    ];
    const keys = [{ region: "us-east-1", alias: "alias/off", state: "Disabled" as const }];
    const secret = { ...point(0), encrypted: true, kmsKey: "alias/off" };
    await watched({ clusters: [orders], snapshots: [secret, ...snapshots], keys }, ({ output, night }) => {
      expect(output.keysUnusable).toBe(1);
      expect(writesIn(night.simulator)).toEqual([]);
      expect(night.simulator.calls.byOperation()).toMatchObject({ "kms.DescribeKey": 1 });
    });
  });
});
