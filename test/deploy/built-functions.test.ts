import { describe, expect, it } from "vitest";
import { daily, withDeployed } from "./scenario.ts";

/** What ships is what runs: built functions from their zips, under the packaged definition. */
describe("the packaged service", () => {
  it("takes, copies and reports a night, and prunes on the third", { timeout: 120_000 }, async () => {
    const clusters = [
      daily("orders"),
      daily("graph", { engine: "neptune", encrypted: true, kmsKey: "alias/clusters" }),
      daily("docs", { engine: "docdb", region: "us-west-2" }),
      daily("billing", { engine: "mysql" }),
    ];
    await withDeployed({ clusters }, async ({ run, simulator, log }) => {
      const nightsAgo = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
      for (const nights of [3, 2, 1, 0]) {
        const { status, error } = await run({ plan: "daily", at: nightsAgo(nights) });
        // Copies of Multi-AZ clusters are not to be had, and that is said every night.
        expect([status, error]).toEqual(["FAILED", "Incomplete"]);
      }
      const points = (region: string) =>
        [...simulator.world.store(region).clusterSnapshots.values()].map(
          ({ clusterId, status }) => `${clusterId} ${status}`,
        );
      expect(points("us-east-1").toSorted()).toEqual(
        ["billing", "graph", "orders"].flatMap((id) => [`${id} available`, `${id} available`]),
      );
      expect(points("eu-west-1").toSorted()).toEqual([
        "docs available",
        "graph available",
        "orders available",
      ]);
      const lines = log()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(lines.filter(({ message }) => message === "run.ended")).toHaveLength(4);
      expect(lines.some((line) => line._aws?.CloudWatchMetrics?.[0]?.Namespace === "Holdfast")).toBe(true);
    });
  });
});
