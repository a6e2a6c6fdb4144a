import { describe, expect, it } from "vitest";
import { discover } from "../../lib/steps/discover.ts";
import { at, cluster, withNight } from "../night.ts";

const startedAt = "2026-11-20T03:00:09Z";

describe("Discover", () => {
  it("fixes the run by its scheduled time, and its deadline by when the execution began", async () => {
    await withNight({ fleet: {} }, async ({ context }) => {
      const { run } = await discover({ request: { plan: "daily", at }, startedAt }, context());
      expect(run).toEqual({
        plan: "daily",
        at: "2026-11-20T03:00:00Z",
        id: "daily-20261120t030000z",
        deadline: "2026-11-20T15:00:09.000Z",
      });
    });
  });

  it("takes the execution's start as the time of a run that a person asked for", async () => {
    await withNight({ fleet: {} }, async ({ context }) => {
      const { run } = await discover(
        { request: { plan: "daily", reason: "before the move" }, startedAt },
        context(),
      );
      expect(run.at).toBe("2026-11-20T03:00:09Z");
      expect(run.id).toMatch(/^daily-20261120t030009z-[a-z2-7]{6}$/);
      expect(run.request).toEqual({ reason: "before the move" });
    });
  });

  it("names in batches what the plan means, with identity and nothing more", async () => {
    const clusters = [
      cluster("orders", { resourceId: "cluster-AAA" }),
      cluster("other", { tags: { backup: "weekly" } }),
    ];
    await withNight({ fleet: { clusters } }, async ({ context, ledger }) => {
      const { batches, destinations } = await discover(
        { request: { plan: "daily", at }, startedAt },
        context(),
      );
      expect(batches).toEqual([
        {
          region: "us-east-1",
          family: "rds",
          arnPrefix: "arn:aws:rds:us-east-1:123456789012:cluster:",
          members: [{ id: "orders", resource: "cluster-AAA" }],
        },
      ]);
      expect(destinations).toEqual([{ region: "eu-west-1" }]);
      expect(ledger.of("cluster.skipped").map(({ because }) => because)).toEqual([
        "tag backup is weekly, not daily",
      ]);
    });
  });

  it("cuts 200 clusters into batches of at most 90 and lists each region and family once, in pages", async () => {
    const clusters = Array.from({ length: 200 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters } }, async ({ context, simulator }) => {
      const { batches } = await discover({ request: { plan: "daily", at }, startedAt }, context());
      expect(batches.map(({ members }) => members.length)).toEqual([90, 90, 20]);
      expect(simulator.calls.byOperation()).toEqual({
        "rds.DescribeDBClusters": 2,
        "redshift.DescribeClusters": 1,
      });
    });
  });

  it("refuses a fleet that a payload cannot carry, with the remedy", async () => {
    const clusters = Array.from({ length: 2100 }, (_, index) =>
      cluster(`cluster-with-a-name-of-some-length-${index}`),
    );
    await withNight({ fleet: { clusters } }, async ({ context }) => {
      const refused = discover({ request: { plan: "daily", at }, startedAt }, context());
      await expect(refused).rejects.toThrow(
        /^the plan selects more clusters than one run can carry .*split it by tag or region$/,
      );
    });
  });

  it("takes only the clusters that a request names, by identifier or ARN", async () => {
    const clusters = ["a", "b", "c"].map((id) => cluster(id));
    await withNight({ fleet: { clusters } }, async ({ context }) => {
      const only = ["a", "arn:aws:rds:us-east-1:123456789012:cluster:c"];
      const { batches, run } = await discover(
        { request: { plan: "daily", clusters: only }, startedAt },
        context(),
      );
      expect(batches.flatMap(({ members }) => members.map(({ id }) => id))).toEqual(["a", "c"]);
      expect(run.request).toEqual({});
    });
  });

  it("makes a cluster whose tags AWS does not tell a problem, and never a silent skip", async () => {
    const settings = { omitTagList: ["neptune"] };
    await withNight(
      { fleet: { clusters: [cluster("graph", { engine: "neptune" })], settings } },
      async ({ context, simulator }) => {
        const fault = {
          code: "AccessDeniedException",
          status: 400,
          message: "not authorized to perform tag:GetResources",
        };
        simulator.faults.add({ operation: "GetResources", times: 1, kind: fault });
        const { batches, unlisted } = await discover(
          { request: { plan: "daily", at }, startedAt },
          context(),
        );
        expect(batches).toEqual([]);
        expect(unlisted).toEqual([{ cluster: "graph", region: "us-east-1", code: "tags-unknown" }]);
      },
    );
  });

  it("does not let a plan look green that means no cluster at all", async () => {
    await withNight(
      { fleet: { clusters: [cluster("orders", { tags: { backup: "dialy" } })] } },
      async ({ run }) => {
        const { error, document } = await run({ plan: "daily", at });
        expect(error).toBe("Incomplete");
        expect(document.problems.map(({ region, code }) => [region, code])).toEqual([
          ["us-east-1", "no-clusters"],
        ]);
      },
    );
  });

  it("throws the error itself where no region can be listed at all", async () => {
    await withNight({ fleet: {} }, async ({ context, simulator }) => {
      simulator.faults.add({ times: 50, kind: { code: "AccessDenied", status: 403, message: "no" } });
      await expect(discover({ request: { plan: "daily", at }, startedAt }, context())).rejects.toMatchObject({
        name: "DeniedError",
      });
    });
  });

  it("fails for another try when a region is throttled, and goes on without it when told to", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ context, simulator }) => {
      const rule = { service: "redshift", times: 50, kind: "internal" } as const;
      simulator.faults.add(rule);
      const input = { request: { plan: "daily", at }, startedAt };
      await expect(discover(input, context())).rejects.toMatchObject({ name: "TransientError" });
      const { batches, unlisted } = await discover({ ...input, tolerant: true }, context());
      expect(batches).toHaveLength(1);
      expect(unlisted).toEqual([{ cluster: "*", region: "us-east-1", code: "unlisted" }]);
    });
  });
});
