import { expect, it } from "vitest";
import { discover } from "../../lib/steps/discover.ts";
import { prune } from "../../lib/steps/prune.ts";
import { at, plainPlan, withNight } from "../night.ts";
import { clusterOf, idsOf, leftIn, point, points } from "./points.ts";

const one = plainPlan.replace(/ {4}copies:.*\n/, "");
/** A strict plan, and beside it one that promises to leave more of every cluster that it takes. */
const two = (floor: number): string =>
  `${one.replace("keep-daily: 3", "keep-last: 1")}    floor: 1
  careful:
    schedule: rate(1 day)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 30 }
    floor: ${floor}
`;

it("a plan leaves as many points of a cluster as the most careful plan that has any of it", async () => {
  const careful = [point(0, { plan: "careful" })];
  const snapshots = [...points(5), ...careful];
  await withNight(
    { fleet: { clusters: [clusterOf("orders")], snapshots }, config: two(4) },
    async (night) => {
      const context = night.context();
      const { run, batches } = await discover({ request: { plan: "daily", at }, startedAt: at }, context);
      for (const batch of batches) await prune({ run, batch }, context);
      expect(leftIn(night.simulator).toSorted()).toEqual(
        idsOf([...snapshots.slice(0, 4), ...careful]).toSorted(),
      );
    },
  );
});

it("a careful plan that has no point of it has no say", async () => {
  const snapshots = points(5);
  await withNight(
    { fleet: { clusters: [clusterOf("orders")], snapshots }, config: two(4) },
    async (night) => {
      const context = night.context();
      const { run, batches } = await discover({ request: { plan: "daily", at }, startedAt: at }, context);
      for (const batch of batches) await prune({ run, batch }, context);
      expect(leftIn(night.simulator)).toEqual(idsOf(snapshots.slice(0, 1)));
    },
  );
});

it("two plans that prune at one moment leave it: neither counts what the other may remove", async () => {
  const plan = (name: string): string => `  ${name}:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] } }
    retention: { keep-last: 1 }
    floor: 5
`;
  const config = `plans:\n${plan("daily")}${plan("other")}`;
  const snapshots = [...points(4), ...points(4, { plan: "other" })];
  await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots }, config }, async (night) => {
    const pruneAll = async (name: string): Promise<void> => {
      const context = night.context();
      const { run, batches } = await discover({ request: { plan: name, at }, startedAt: at }, context);
      for (const batch of batches) await prune({ run, batch }, context);
    };
    await Promise.all(["daily", "other"].map(pruneAll));
    expect(leftIn(night.simulator).length).toBeGreaterThanOrEqual(5);
  });
});
