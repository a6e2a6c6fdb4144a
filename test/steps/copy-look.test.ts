import { describe, expect, it } from "vitest";
import { snapshotName } from "../../lib/core/naming.ts";
import { stampSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { type Run, runId } from "../../lib/core/run.ts";
import { copy } from "../../lib/steps/copy.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { cluster, nightAfter, plainPlan, service, withNight } from "../night.ts";
import { discovered } from "./batch.ts";

type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

/** A snapshot of ours of a night, of a plan and a resource. */
const point = (
  nights: number,
  { plan = "daily", resource = "cluster-ORDERS" },
  more: Partial<FleetSnapshot> = {},
): FleetSnapshot => {
  const when = nightAfter(nights);
  const of = { id: "orders", arn: "arn:aws:rds:us-east-1:123456789012:cluster:orders", resource, tags: {} };
  const run: Run = { plan, at: when, id: runId(plan, when), deadline: when };
  return {
    ...{ region: "us-east-1", cluster: "orders", engine: "aurora-postgresql", created: when },
    id: snapshotName({ service, run, cluster: of }),
    tags: { ...stampSnapshot({ service, run, cluster: of, retention: { daily: 3 } }) },
    ...more,
  };
};

/** The first pass over a cluster that was stopped when the run began: only what there is can be copied. */
const firstPass = async (snapshots: readonly FleetSnapshot[], more: Partial<Fleet> = {}) => {
  const orders = cluster("orders", { resourceId: "cluster-ORDERS", status: "stopped" });
  let output: CopyOutput | undefined;
  await withNight({ fleet: { clusters: [orders], snapshots: [...snapshots], ...more } }, async (night) => {
    const { run, batches } = await discovered(night);
    output = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
    // What AWS shows is reckoned with beforehand, not learnt by being refused.
    expect(night.simulator.calls.entries.filter(({ code }) => code !== undefined)).toEqual([]);
  });
  return output?.tasks.map(({ phase, source }) => `${phase} ${source.slice(0, 15)} ${source.slice(-16)}`);
};

describe("the first look of the pump", () => {
  it("copies the newest that there is of a cluster of which nothing new can come", async () => {
    expect(await firstPass([point(-2, {}), point(-1, {})])).toEqual([
      "copying holdfast-daily- 20261119t030000z",
    ]);
    expect(await firstPass([])).toEqual([]);
  });

  it("counts neither another plan's recovery points, nor those of a cluster that had the name before", async () => {
    const others = [point(-1, { plan: "weekly" }), point(-1, { resource: "cluster-BEFORE" })];
    expect(await firstPass([...others, point(-3, {})])).toEqual(["copying holdfast-daily- 20261117t030000z"]);
    expect(await firstPass(others)).toEqual([]);
  });

  it("takes nobody else's available snapshots for copies that run, and other copies that run for places taken", async () => {
    const foreign = (index: number, status: string): FleetSnapshot => ({
      ...{ region: "eu-west-1", cluster: "x", engine: "aurora-postgresql", created: nightAfter(-9), status },
      id: `theirs-${index}`,
      sourceArn: `arn:aws:rds:us-east-1:123456789012:cluster-snapshot:theirs-${index}`,
    });
    const five = (status: string) => Array.from({ length: 5 }, (_, index) => foreign(index, status));
    const ours = point(-1, {});
    expect(await firstPass([ours, ...five("available")])).toEqual([
      "copying holdfast-daily- 20261119t030000z",
    ]);
    expect(await firstPass([ours, ...five("copying")])).toEqual(["due holdfast-daily- 20261119t030000z"]);
  });

  it("copies nothing that is only a copy itself", async () => {
    const elsewhere = point(-1, {});
    const tags = {
      ...elsewhere.tags,
      [tagKeys.source]: "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:x",
    };
    expect(await firstPass([{ ...elsewhere, tags }])).toEqual([]);
  });

  it("copies nothing into the region where it is already", async () => {
    const orders = cluster("orders", { region: "eu-west-1" });
    const config = plainPlan.replace("{ tags:", "{ regions: [us-east-1, eu-west-1], tags:");
    await withNight({ fleet: { clusters: [orders] }, config }, async (night) => {
      const { run, batches } = await discovered(night);
      const output = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
      expect([batches.length, output.next, output.tasks]).toEqual([1, "Done", []]);
    });
  });
});

/**
 * Passes over a cluster whose snapshot no filter finds, at some minutes, each in a function that remembers nothing:
 * how many calls went to its region, and in which phase its task came out.
 */
const passesOver = async (minutes: readonly number[], { part }: Pick<Run, "part"> = {}) => {
  const clusters = [cluster("graph", { engine: "neptune" })];
  const settings = { snapshotFilters: { neptune: "unsupported" as const } };
  const passes: string[] = [];
  await withNight({ fleet: { clusters, settings } }, async (night) => {
    const { run, batches, batch } = await discovered(night);
    const input = { run: { ...run, ...(part && { part }) }, batches, destination: { region: "eu-west-1" } };
    const first = await copy(input, night.context());
    await snapshot({ run, batch }, night.context());
    for (const [index, minute] of minutes.entries()) {
      night.simulator.clock.advance(60 * (minute - (minutes[index - 1] ?? 0)));
      night.simulator.calls.clear();
      const { tasks } = await copy({ ...input, work: first }, night.freshContext());
      const looks = night.simulator.calls.entries.filter(
        ({ operation, region }) => operation === "DescribeDBClusterSnapshots" && region === "us-east-1",
      );
      passes.push(`${minute}: ${looks.length} ${tasks.map(({ phase }) => phase)}`);
    }
  });
  return passes;
};

describe("a snapshot that a filter leaves out", () => {
  it("is not missed before it can have been taken, and is asked for by its name from then on", async () => {
    expect(await passesOver([2, 12])).toEqual(["2: 1 awaited", "12: 2 copying"]);
  });

  it("is waited for as long as snapshots may come where a run has parts, since all of them would look", async () => {
    const part = { number: 1, of: 2 };
    expect(await passesOver([12, 41], { part })).toEqual(["12: 1 awaited", "41: 2 copying"]);
  });
});
