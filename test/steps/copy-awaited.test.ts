import { describe, expect, it } from "vitest";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { cluster, plainPlan } from "../night.ts";
import { withPump } from "./pump.ts";

const many = Array.from({ length: 240 }, (_, index) => `c${String(index).padStart(3, "0")}`);
const settings = { snapshotBaseSeconds: 60, snapshotSecondsPerGib: 60, manualClusterSnapshotsMax: 1000 };
const config = `${plainPlan}    copies-in-flight: 3\n`;

/** Calls of a pass that look at sources. */
const looksIn = async ({ calls }: Simulator, pass: () => Promise<CopyOutput>) => {
  calls.clear();
  const output = await pass();
  const looks = calls.entries.filter(
    ({ operation, region }) => operation === "DescribeDBClusterSnapshots" && region === "us-east-1",
  );
  return { output, looks: looks.length };
};

const copyingIn = ({ tasks }: CopyOutput): readonly string[] =>
  tasks.filter(({ phase }) => phase === "copying").map(({ cluster: id }) => id);

describe("what a pass asks of the sources that it awaits", () => {
  it("is one call, where that shows a copy for each free place", async () => {
    const clusters = many.map((id) => cluster(id, { sizeGib: 1 }));
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(300);
      const { output, looks } = await looksIn(simulator, () => pump(first));
      expect([looks, copyingIn(output).length]).toEqual([1, 3]);
      expect(output.tasks).toHaveLength(240);
    });
  });

  it("is as many as it takes to find one, where the first of the queue are slow", async () => {
    const clusters = many.map((id, index) => cluster(id, { sizeGib: index < 230 ? 1000 : 1 }));
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(300);
      const { output, looks } = await looksIn(simulator, () => pump(first));
      expect([looks, copyingIn(output)]).toEqual([3, ["c230", "c231", "c232"]]);
    });
  });

  it("is nothing, where what was found before is enough", async () => {
    const clusters = many.map((id) => cluster(id, { sizeGib: 1 }));
    await withPump({ fleet: { clusters, settings }, config }, async (pump, { simulator }) => {
      const first = await pump();
      simulator.clock.advance(300);
      const second = await pump(first);
      simulator.clock.advance(3600);
      const { output, looks } = await looksIn(simulator, () => pump(second));
      expect([looks, output.done, copyingIn(output).length]).toEqual([0, 3, 3]);
    });
  });

  it("does not leave out a cluster that is further behind than those", async () => {
    const clusters = ["a", "b", "c", "d", "e"].map((id) => cluster(id, { sizeGib: 1 }));
    const narrow = `${plainPlan}    copies-in-flight: 1\n`;
    await withPump({ fleet: { clusters, settings }, config: narrow }, async (pump, { simulator }) => {
      const first = await pump();
      const tasks = first.tasks.map((task) => ({
        ...task,
        ...(task.cluster === "a" ? { phase: "awaited" as const } : { phase: "due" as const, rank: 1 }),
      }));
      simulator.clock.advance(300);
      const { output, looks } = await looksIn(simulator, () => pump({ ...first, tasks }));
      expect([looks, copyingIn(output)]).toEqual([1, ["a"]]);
    });
  });
});
