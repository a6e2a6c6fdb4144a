import { expect, it } from "vitest";
import type { Account } from "../../cli/account.ts";
import { lookEverywhere } from "../../cli/look.ts";
import { previewRun } from "../../cli/preview.ts";
import { previewDocument } from "../../cli/preview-document.ts";
import { quotaOutlooks } from "../../cli/quota-outlooks.ts";
import type { QuotaOutlook } from "../../lib/core/outlook.ts";
import { planNamed } from "../../lib/steps/context.ts";
import { at, home, type Night, nightAfter, plainPlan, service, withNight } from "../night.ts";
import { clusterOf, copyOf, denied, type FleetSnapshot, point, warehouseOf } from "../steps/points.ts";

/** What `plan` says of quotas, of a fleet with something of everything that counts or does not. */

const config = plainPlan
  .replace("keep-daily: 3", "keep-daily: 9")
  .replace("kms-key: alias/backup", "kms-key: none");

const clusters = [
  clusterOf("orders"),
  clusterOf("wishes", {
    tags: { backup: "daily", "holdfast:retention": "last=2", "holdfast:copies": "none" },
  }),
  clusterOf("idle", { status: "stopped" }),
  warehouseOf("house", { snapshotCopy: { destination: "eu-west-1" } }),
];

const byHand = (id: string, daysAgo: number): FleetSnapshot => ({
  ...{ region: home, id, cluster: "orders", engine: "aurora-postgresql" as const },
  created: nightAfter(-daysAgo),
});
const keep = { daily: 9 };
const nights = [1, 2, 3, 4].map((night) => point(night, { keep }));
const snapshots = [
  ...nights,
  point(5, { keep, tags: { "holdfast:hold": "audit" } }),
  point(6, { keep, tags: { "holdfast:until": "2030-01-01T00:00:00Z" } }),
  point(8, { keep, differs: { status: "failed" } }),
  ...nights.slice(0, 2).map((one) => copyOf(one, { keep })),
  point(1, { of: "idle", keep }),
  point(1, { plan: "weekly", keep }),
  byHand("young", 6),
  byHand("old", 8),
];

const outlooksIn = async ({ simulator, runtime }: Night, redshiftQuota = 20, runAt = at) => {
  const account: Account = {
    ...{ home, service, config: runtime.config },
    runtime: (journal, { clock = runtime.clock } = {}) => ({ ...runtime, journal, clock }),
  };
  const plan = planNamed(account.config, "daily");
  const preview = await previewRun(account, {
    request: { plan: "daily", at: runAt },
    begins: Date.parse(runAt),
  });
  const document = previewDocument({ plan: "daily", at: runAt, timeZone: "UTC" }, preview);
  const look = await lookEverywhere(account);
  expect(simulator.calls.entries.filter(({ operation }) => /^(Create|Copy|Delete)/.test(operation))).toEqual(
    [],
  );
  return quotaOutlooks({ plan, document, preview, look, redshiftQuota });
};

const inAll = (work: (night: Night) => Promise<void>) =>
  withNight({ fleet: { clusters, snapshots }, config }, work);

type Figures = "used" | "max" | "afterRun" | "needed" | "weeklyGrowth";
const figures = (some: readonly QuotaOutlook[]): Readonly<Record<string, Pick<QuotaOutlook, Figures>>> =>
  Object.fromEntries(
    some.map(({ region, family, used, max, afterRun, needed, weeklyGrowth }) => [
      `${region} ${family}`,
      { used, max, afterRun, needed, weeklyGrowth },
    ]),
  );

it("counts what the run makes and prunes, what the plan's clusters grow by, and what others made in a week", async () => {
  await inAll(async (night) => {
    expect(figures(await outlooksIn(night))).toEqual({
      // Two are taken, and the failed one goes. Four of orders' grow to nine, and wishes' to two; idle's do not. Others
      // have made two, of which one is another plan's.
      "us-east-1 rds": { used: 11, max: 100, afterRun: 12, needed: 10 + 10 + 3, weeklyGrowth: 5 + 2 + 2 },
      // What idle has is copied once, and nothing more of it comes; wishes wants no copies.
      "eu-west-1 rds": { used: 2, max: 100, afterRun: 4, needed: 10 + 10, weeklyGrowth: 7 },
      "us-east-1 redshift": { used: 0, max: 20, afterRun: 1, needed: 10, weeklyGrowth: 7 },
      "eu-west-1 redshift": { used: 0, max: 20, afterRun: 1, needed: 10, weeklyGrowth: 7 },
    });
  });
});

it("counts what others made in the last week also where the plan's next run is far", async () => {
  const fleet = {
    clusters: [clusterOf("idle", { status: "stopped" })],
    snapshots: [byHand("young", 6), byHand("old", 8)],
  };
  await withNight({ fleet, config }, async (night) => {
    for (const runAt of [at, nightAfter(30)]) {
      const [here] = await outlooksIn(night, 20, runAt);
      expect([runAt, here?.region, here?.weeklyGrowth]).toEqual([runAt, home, 1]);
    }
  });
});

it("takes what is held, or kept for a time of its own, for what stays beside all that the policies keep", async () => {
  const only = [...nights, point(5, { keep, tags: { "holdfast:hold": "audit" } })];
  const until = point(6, { keep, tags: { "holdfast:until": "2030-01-01T00:00:00Z" } });
  const fleet = { clusters: [clusterOf("orders")], snapshots: [...only, until] };
  for (const [max, request] of [
    [12, null],
    [11, 20],
  ] as const) {
    const settings = { manualClusterSnapshotsMax: max };
    await withNight({ fleet: { ...fleet, settings }, config }, async (night) => {
      const here = (await outlooksIn(night)).find(({ region }) => region === home);
      expect(here).toMatchObject({ needed: 10, request });
    });
  }
});

it("needs no places in a copy region for clusters of which AWS copies nothing", async () => {
  const fleet = { clusters: [clusterOf("orders"), clusterOf("billing", { engine: "mysql" })] };
  await withNight({ fleet, config }, async (night) => {
    const needed = (await outlooksIn(night)).map((one) => [one.region, one.needed]);
    expect(needed).toEqual([
      ["us-east-1", 10 + 10],
      ["eu-west-1", 10],
    ]);
  });
  await withNight({ fleet: { clusters: fleet.clusters.slice(1) }, config }, async (night) => {
    expect((await outlooksIn(night)).map(({ region }) => region)).toEqual(["us-east-1"]);
  });
});

it("takes the caller's word for Redshift's quota, which AWS does not tell", async () => {
  await inAll(async (night) => {
    const asked = (await outlooksIn(night, 4)).map(({ family, max, request }) => [family, max, request]);
    const [rds, redshift] = [
      ["rds", 100, null],
      ["redshift", 4, 10],
    ];
    expect(asked).toEqual([rds, rds, redshift, redshift]);
  });
});

it("leaves out the quota of a region that does not tell it, and fails for none", async () => {
  await inAll(async (night) => {
    const operation = "DescribeAccountAttributes";
    night.simulator.faults.add({ operation, region: home, times: 1000, kind: denied });
    expect(Object.keys(figures(await outlooksIn(night)))).toEqual([
      ...["eu-west-1 rds", "us-east-1 redshift", "eu-west-1 redshift"],
    ]);
  });
});
