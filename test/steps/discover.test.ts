import { describe, expect, it } from "vitest";
import { discover } from "../../lib/steps/discover.ts";
import { partOf } from "../core/samples.ts";
import { at, cluster, plainPlan, withNight } from "../night.ts";

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

  // Written by hand: of a year to come it would stay for ever, and look new to every alarm until then.
  it.each([
    [
      { at: "2027-11-20T03:00:00Z" },
      "request.at is 2027-11-20T03:00:00Z, more than an hour after the execution's start; name a time that has come",
    ],
    // Of a year ago it would stand for that day from now on, and what was taken then would go as the older of the two.
    [
      { at: "2025-11-20T03:00:00Z" },
      "request.at is 2025-11-20T03:00:00Z, more than a week before the execution's start; leave it out, since what is taken is of today",
    ],
    [
      { until: "2025-12-20T00:00:00Z" },
      "request.until is 2025-12-20T00:00:00Z, before what would be taken; name a later time",
    ],
    [{ at, until: at }, `request.until is ${at}, before what would be taken; name a later time`],
  ])("refuses a request of %j", async (words, sentence) => {
    await withNight({ fleet: {} }, async ({ context }) => {
      const asked = discover({ request: { plan: "daily", ...words }, startedAt }, context());
      await expect(asked).rejects.toThrow(sentence);
      await expect(asked).rejects.toMatchObject({ name: "InvalidEventError" });
    });
  });

  it("does a run of some days ago, which nobody came to", async () => {
    await withNight({ fleet: {} }, async ({ context }) => {
      const { run } = await discover(
        { request: { plan: "daily", at: "2026-11-13T03:00:09Z" }, startedAt },
        context(),
      );
      expect(run.id).toBe("daily-20261113t030009z");
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
          startsAfter: 0,
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
    const settings = { manualClusterSnapshotsMax: 200 };
    await withNight({ fleet: { clusters, settings } }, async ({ context, simulator }) => {
      const { batches } = await discover({ request: { plan: "daily", at }, startedAt }, context());
      expect(batches.map(({ members }) => members.length)).toEqual([67, 67, 66]);
      expect(simulator.calls.byOperation()).toEqual({
        "rds.DescribeAccountAttributes": 1,
        "rds.DescribeDBClusters": 2,
        "redshift.DescribeClusters": 1,
      });
    });
  });

  it("names parts in place of batches where a payload cannot carry them, with all that they are asked for", async () => {
    const clusters = Array.from({ length: 60 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters }, payloadBytesMax: 11_000 }, async ({ context, ledger }) => {
      const found = await discover(
        { request: { plan: "daily", at }, startedAt, execution: "arn:it" },
        context(),
      );
      expect([found.next, found.batches, found.destinations, found.run.part]).toEqual([
        "Parts",
        [],
        [],
        undefined,
      ]);
      expect(found.parts[0]).toEqual({
        plan: "daily",
        at: "2026-11-20T03:00:00Z",
        part: {
          ...{ family: "rds", regions: ["us-east-1"], slice: { number: 1, of: found.parts.length } },
          ...{ number: 1, of: found.parts.length, since: startedAt },
        },
        AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: "arn:it",
      });
      expect(found.parts.map(({ part }) => part?.number)).toEqual(found.parts.map((_, index) => index + 1));
      expect(ledger.of("run.started").map((entry) => entry.clusters)).toEqual([60]);
    });
  });

  it("finds each cluster in one part, in the same run with the same deadline, and says of none twice why", async () => {
    const clusters = Array.from({ length: 60 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters }, payloadBytesMax: 11_000 }, async ({ context, ledger }) => {
      const whole = await discover({ request: { plan: "daily", at }, startedAt }, context());
      const parts = await Promise.all(
        whole.parts.map((request) => discover({ request, startedAt: "2026-11-20T03:07:00Z" }, context())),
      );
      const ids = parts.flatMap(({ batches }) =>
        batches.flatMap(({ members }) => members.map(({ id }) => id)),
      );
      expect(ids.toSorted()).toEqual(clusters.map(({ id }) => id).toSorted());
      for (const [index, { run, next, prunesAtOnce }] of parts.entries()) {
        const { part, ...rest } = run;
        expect(rest).toEqual(whole.run);
        expect(part).toMatchObject({ number: index + 1, of: parts.length });
        expect([next, prunesAtOnce]).toEqual(["Work", 1]);
      }
      expect(ledger.of("run.started")).toHaveLength(1);
      expect(ledger.of("cluster.taken")).toHaveLength(60);
    });
  });

  it("keeps what a person asked for a request in every part, also where no word says so", async () => {
    const clusters = Array.from({ length: 60 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters }, payloadBytesMax: 11_000 }, async ({ context }) => {
      const whole = await discover({ request: { plan: "daily" }, startedAt }, context());
      const [request] = whole.parts;
      expect(request?.part?.asked).toBe(true);
      const part = await discover({ request: request ?? { plan: "" }, startedAt: at }, context());
      expect([part.run.id, part.run.request]).toEqual([whole.run.id, {}]);
    });
  });

  it("gives each part those of the named clusters that are its own", async () => {
    const clusters = Array.from({ length: 60 }, (_, index) => cluster(`c${index}`));
    // AWS takes identifiers in any case.
    const only = [...clusters.slice(0, 58).map(({ id }) => id.toUpperCase()), "stray"];
    await withNight({ fleet: { clusters }, payloadBytesMax: 11_000 }, async ({ context }) => {
      const whole = await discover({ request: { plan: "daily", at, clusters: only }, startedAt }, context());
      expect(whole.unlisted.map(({ cluster: id, code }) => [id, code])).toEqual([["stray", "not-selected"]]);
      expect(whole.parts.flatMap((part) => part.clusters ?? []).toSorted()).toEqual(
        only.slice(0, 58).toSorted(),
      );
      const parts = await Promise.all(
        whole.parts.map((request) => discover({ request, startedAt }, context())),
      );
      expect(parts.flatMap(({ unlisted }) => unlisted)).toEqual([]);
      expect(
        parts
          .flatMap(({ batches }) => batches.flatMap(({ members }) => members.map(({ id }) => id)))
          .toSorted(),
      ).toEqual(
        clusters
          .slice(0, 58)
          .map(({ id }) => id)
          .toSorted(),
      );
    });
  });

  it("parts a part that has outgrown one execution once more", async () => {
    const clusters = Array.from({ length: 140 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters }, payloadBytesMax: 11_000 }, async ({ context }) => {
      const part = { ...partOf({ number: 2, slice: { number: 2, of: 2 } }), since: startedAt };
      const whole = { ...context(), payloadBytesMax: 1_000_000 };
      const before = await discover({ request: { plan: "daily", at, part }, startedAt }, whole);
      const narrow = { ...context(), payloadBytesMax: 11_000 };
      const halfPast = "2026-11-20T03:30:00Z";
      const asked = { request: { plan: "daily", at, part }, startedAt: halfPast };
      const { next, parts } = await discover(asked, narrow);
      expect(next).toBe("Parts");
      const later = "2026-11-20T04:00:00Z";
      const found = await Promise.all(
        parts.map((request) => discover({ request, startedAt: later }, narrow)),
      );
      expect(new Set(found.map(({ run }) => run.deadline))).toEqual(new Set([before.run.deadline]));
      const idsOf = (some: readonly Pick<typeof before, "batches">[]) =>
        some
          .flatMap(({ batches }) => batches.flatMap(({ members }) => members.map(({ id }) => id)))
          .toSorted();
      expect(idsOf(found)).toEqual(idsOf([before]));
    });
  });

  it("looks nowhere but in a part's own regions, and for its own family", async () => {
    const config = plainPlan.replace("select: {", "select: { regions: [us-east-1, us-west-2, eu-north-1],");
    await withNight({ fleet: { clusters: [cluster("orders")] }, config }, async ({ context, simulator }) => {
      const part = { ...partOf({ regions: ["us-east-1", "eu-north-1"] }), since: startedAt };
      await discover({ request: { plan: "daily", at, part }, startedAt }, context());
      const asked = simulator.calls.entries.map(({ region, service, operation }) => [
        region,
        service,
        operation,
      ]);
      expect(asked.toSorted()).toEqual([
        ["eu-north-1", "rds", "DescribeDBClusters"],
        ["us-east-1", "rds", "DescribeDBClusters"],
      ]);
    });
  });

  it("makes a part's silent region a problem row, also where it has no other", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ context, simulator }) => {
      const denied = { code: "AccessDenied", status: 403, message: "not authorized" };
      simulator.faults.add({ operation: "DescribeDBClusters", times: 9, kind: denied });
      const request = { plan: "daily", at, part: { ...partOf(), since: startedAt } };
      const { next, batches, unlisted } = await discover({ request, startedAt }, context());
      expect([next, batches, unlisted]).toEqual([
        "Work",
        [],
        [{ cluster: "*", region: "us-east-1", code: "unlisted" }],
      ]);
    });
  });

  it("refuses a fleet that is too large for all the parts that a run may have, with the remedy", async () => {
    const clusters = Array.from({ length: 60 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters }, payloadBytesMax: 5000 }, async ({ context }) => {
      const refused = discover({ request: { plan: "daily", at }, startedAt }, context());
      await expect(refused).rejects.toThrow(
        /^the plan selects more clusters than one run can carry in all its parts .*split it by tag or region$/,
      );
    });
  });

  it("says that a run is whole, with four prunes at once, where it fits", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ context }) => {
      const found = await discover({ request: { plan: "daily", at }, startedAt }, context());
      expect([found.next, found.parts, found.prunesAtOnce]).toEqual(["Work", [], 4]);
    });
  });

  it("takes only the clusters that a request names, by identifier or ARN", async () => {
    const clusters = ["a", "b", "c"].map((id) => cluster(id));
    await withNight({ fleet: { clusters } }, async ({ context }) => {
      const only = ["a", "arn:aws:rds:us-east-1:123456789012:cluster:c"];
      const { batches, run, unlisted } = await discover(
        { request: { plan: "daily", clusters: only }, startedAt },
        context(),
      );
      expect(batches.flatMap(({ members }) => members.map(({ id }) => id))).toEqual(["a", "c"]);
      expect(unlisted).toEqual([]);
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

  describe("where a global cluster is written in another region", () => {
    const primary = "arn:aws:rds:us-west-2:123456789012:cluster:orders";
    const reader = cluster("orders-east", { globalCluster: "world", replicationSource: primary });
    const writer = cluster("orders", { region: "us-west-2", globalCluster: "world" });
    const clusters = [cluster("carts"), reader, writer];
    const daily = plainPlan.replace("backup: [daily] }", "backup: [daily] }, regions: [us-east-1]");
    const plain = `regions: [us-east-1, us-west-2, eu-west-1]${daily}`;
    const told = async (config: string, request = {}, fleet = clusters) => {
      let problems: readonly unknown[] = [];
      await withNight({ fleet: { clusters: fleet }, config }, async ({ context }) => {
        problems = (await discover({ request: { plan: "daily", at, ...request }, startedAt }, context()))
          .unlisted;
      });
      return problems;
    };
    const alone = [{ cluster: "orders-east", region: "us-east-1", code: "primary-elsewhere" }];

    it("says so of the reader, which nobody takes after a failover", async () => {
      expect(await told(plain)).toEqual(alone);
      expect(await told(plain, { clusters: ["carts"] })).toEqual([]);
      // The whole has said it.
      expect(await told(plain, { part: { ...partOf(), since: startedAt } })).toEqual([]);
    });

    it("says nothing where this plan looks there, or another one does", async () => {
      expect(
        await told(plain.replace("regions: [us-east-1] }", "regions: [us-east-1, us-west-2] }")),
      ).toEqual([]);
      const far = daily.replace(/\nplans:\n {2}daily:/, "  far:").replace("us-east-1]", "us-west-2]");
      expect(await told(`${plain}${far}`)).toEqual([]);
    });

    it("says nothing of a reader that the plan does not mean, nor where a region was not listed", async () => {
      const other = { ...reader, tags: { backup: "weekly" } };
      expect(await told(plain, {}, [cluster("carts"), other, writer])).toEqual([]);
      const both = plain.replace("regions: [us-east-1] }", "regions: [us-east-1, us-west-2] }");
      await withNight({ fleet: { clusters }, config: both }, async ({ context, simulator }) => {
        const kind = { code: "AccessDenied", status: 403, message: "no" };
        simulator.faults.add({ operation: "DescribeDBClusters", region: "us-west-2", times: 9, kind });
        const { unlisted } = await discover({ request: { plan: "daily", at }, startedAt }, context());
        expect(unlisted).toEqual([{ cluster: "*", region: "us-west-2", code: "unlisted" }]);
      });
    });
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

  it.each([
    ["is throttled", "internal", "TransientError"],
    ["answers without its list", { code: "None", status: 200, message: "" }, "IncompleteListingError"],
  ] as const)(
    "fails for another try when a region %s, and goes on without it when told to",
    async (_, kind, name) => {
      await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ context, simulator }) => {
        simulator.faults.add({ service: "redshift", times: 50, kind });
        const input = { request: { plan: "daily", at }, startedAt };
        await expect(discover(input, context())).rejects.toMatchObject({ name });
        const { batches, unlisted } = await discover({ ...input, tolerant: true }, context());
        expect(batches).toHaveLength(1);
        expect(unlisted).toEqual([{ cluster: "*", region: "us-east-1", code: "unlisted" }]);
      });
    },
  );
});
