import { expect, it } from "vitest";
import { byLot, oldestFirst } from "../../lib/core/precedence.ts";
import { clusterOf, runAt } from "./samples.ts";

const named = (...ids: readonly string[]) => ids.map((id) => clusterOf({ id, resource: `cluster-${id}` }));

it("puts who has no recovery point before the oldest, and of equals the first by name", () => {
  const newest = new Map([
    ["cluster-young", Date.parse(runAt)],
    ["cluster-old", 1],
    ["cluster-alike", 1],
  ]);
  const order = oldestFirst(newest)(named("young", "old", "new", "alike", "fresh"));
  expect(order.map(({ id }) => id)).toEqual(["fresh", "new", "alike", "old", "young"]);
});

it("draws lots that are a run's own, whatever order AWS lists in", () => {
  const clusters = named("a", "b", "c", "d", "e", "f");
  const drawn = (run: string, some = clusters) => byLot(run)(some).map(({ id }) => id);
  expect(drawn("daily-1", clusters.toReversed())).toEqual(drawn("daily-1"));
  expect(drawn("daily-2")).not.toEqual(drawn("daily-1"));
});
