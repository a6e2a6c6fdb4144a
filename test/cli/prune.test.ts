import { describe, expect, it } from "vitest";
import type { PruneDocument } from "../../cli/prune-document.ts";
import { cluster, type Night, nightAfter, plainPlan, snapshotsIn, withNight } from "../night.ts";
import { clusterOf, copyOf, denied, points, warehouseOf } from "../steps/points.ts";
import { at, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";

/** Nights under one policy; then somebody shortens it, and asks what would go. */
const nights = async ({ simulator, run }: Night, count: number): Promise<void> => {
  for (let night = 0; night < count; night += 1) {
    simulator.clock.advance((Date.parse(nightAfter(night)) - simulator.clock.now().getTime()) / 1000);
    await run({ plan: "daily", at: nightAfter(night) });
  }
};

const long = plainPlan.replace("keep-daily: 3", "keep-daily: 30");
const short = plansFile(plainPlan.replace("keep-daily: 3", "keep-last: 1"));
const writes = /^(Create|Copy|Delete|BatchDelete|Add|Remove|Modify|Put)/;
const prune = (endpoint: string, ...more: string[]) =>
  holdfast(["prune", "--config", short, "--stage", "test", ...more], at(endpoint));

describe("holdfast prune", () => {
  it("says for every recovery point why it goes or stays, and deletes nothing", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config: long }, async (night) => {
      await nights(night, 5);
      night.simulator.calls.clear();
      const { code, stdout, stderr } = await prune(night.simulator.endpoint, "daily");
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^orders in us-east-1: 2 kept, 3 to remove$/m);
      expect(stdout).toMatch(/^ {2}remove +holdfast-daily-orders.* {2}no rule keeps it$/m);
      expect(stdout).toMatch(/^ {2}keep +holdfast-daily-orders.* {2}last 1 of 1$/m);
      expect(stdout).toMatch(/^ {2}keep +holdfast-daily-orders.* {2}floor of 2$/m);
      expect(stdout).toMatch(/^would keep 4 and remove 6; nothing was deleted \(--apply does it\)$/m);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(night.simulator.calls.entries.filter(({ operation }) => writes.test(operation))).toEqual([]);
    });
  });

  it("shows identifiers whole and every reason, in 80 columns", { timeout: 60_000 }, async () => {
    const long = "customer-relationship-management-production-cluster-region-east";
    const rules = "keep-last: 2, keep-daily: 7, keep-weekly: 4, keep-monthly: 12, keep-yearly: 3";
    const config = plainPlan.replace("keep-daily: 3", rules);
    await withNight({ fleet: { clusters: [cluster(long)] }, config }, async (night) => {
      await nights(night, 2);
      const { stdout } = await holdfast(
        ["prune", "daily", "--config", plansFile(config), "--stage", "test"],
        at(night.simulator.endpoint),
      );
      for (const id of Object.keys(snapshotsIn(night.simulator, "us-east-1")))
        expect(stdout).toMatch(new RegExp(`^ {2}keep +${id}$`, "m"));
      expect(stdout.replaceAll(/\n {11}/g, " ")).toContain(
        " last 1 of 2, daily 1 of 7, weekly 1 of 4, monthly 1 of 12, yearly 1 of 3\n",
      );
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    });
  });

  it("deletes with --apply exactly what it showed, floor and holds standing", {
    timeout: 60_000,
  }, async () => {
    const held = cluster("held", { engine: "docdb" });
    await withNight({ fleet: { clusters: [cluster("orders"), held] }, config: long }, async (night) => {
      await nights(night, 4);
      const store = night.simulator.world.store("us-east-1");
      const holding = [...store.clusterSnapshots.values()].find(({ clusterId }) => clusterId === "held");
      (holding?.tags as Map<string, string> | undefined)?.set("holdfast:hold", "audit");
      const shown = documentOf<PruneDocument>(
        "prune",
        (await prune(night.simulator.endpoint, "--json")).stdout,
      );
      const before = snapshotsIn(night.simulator, "us-east-1");
      const applied = await prune(night.simulator.endpoint, "--apply", "--json");
      const document = documentOf<PruneDocument>("prune", applied.stdout);
      expect([shown.applied, document.applied, shown.totals.deleted]).toEqual([false, true, 0]);
      expect(document.sets).toEqual(shown.sets);
      const gone = Object.keys(before).filter((id) => !(id in snapshotsIn(night.simulator, "us-east-1")));
      const here = document.sets.filter(({ region }) => region === "us-east-1");
      expect(gone.toSorted()).toEqual(here.flatMap(({ deleted }) => deleted).toSorted());
      expect(gone.length).toBeGreaterThan(2);
      expect(gone).not.toContain(holding?.id);
      expect(document.totals.deleted).toBe(document.totals.remove);
    });
  });

  it("stops at the brake, says so, and exits with 3", { timeout: 60_000 }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config: long }, async (night) => {
      await nights(night, 5);
      const braked = plansFile(`${plainPlan.replace("keep-daily: 3", "keep-last: 1")}    brake: 2\n`);
      const { code, stdout } = await holdfast(
        ["prune", "daily", "--apply", "--config", braked, "--stage", "test"],
        at(night.simulator.endpoint),
      );
      expect(code).toBe(3);
      expect(stdout).toMatch(/more would be removed than the plan's brake allows/);
      expect(stdout).toMatch(/^kept 10, removed 0 of 0$/m);
      expect(Object.keys(snapshotsIn(night.simulator, "us-east-1"))).toHaveLength(5);
    });
  });

  it("judges a fleet of any size: one that a run would do in parts as well", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config: long }, async (night) => {
      await nights(night, 5);
      const { clusters } = night.simulator.world.store("us-east-1");
      const [orders] = [...clusters.values()];
      if (orders === undefined) throw new Error("the fleet has no cluster");
      for (let index = 0; index < 1500; index += 1) {
        const [id, resourceId] = [`c${index}`, `cluster-C${index}`];
        clusters.set(id, { ...orders, id, resourceId, arn: orders.arn.replace(/[^:]+$/, id) });
      }
      const { code, stdout } = await prune(night.simulator.endpoint, "daily");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^orders in us-east-1: 2 kept, 3 to remove$/m);
    });
  });

  it("judges a batch to its end, though that takes three calls of Prune", { timeout: 60_000 }, async () => {
    const names = Array.from({ length: 45 }, (_, nth) => `shop-${100 + nth}`);
    const fleet = {
      clusters: names.map((id) => clusterOf(id)),
      snapshots: names.flatMap((of) => points(12, { of })),
    };
    await withNight({ fleet }, async ({ simulator }) => {
      const { stdout } = await prune(simulator.endpoint, "daily", "--json");
      const { sets } = documentOf<PruneDocument>("prune", stdout);
      expect(sets.flatMap(({ deleted }) => deleted)).toHaveLength(45 * 10);
    });
  });

  it("keeps apart a cluster and a warehouse of one name", { timeout: 60_000 }, async () => {
    const fleet = {
      clusters: [clusterOf("orders"), warehouseOf("orders")],
      snapshots: [...points(4), ...points(3, { engine: "redshift" })],
    };
    await withNight({ fleet }, async ({ simulator }) => {
      const { stdout } = await prune(simulator.endpoint, "daily", "--json");
      const { sets } = documentOf<PruneDocument>("prune", stdout);
      expect(sets.map(({ arn, keep, remove }) => [arn.split(":")[2], keep.length, remove.length])).toEqual([
        ["rds", 2, 2],
        ["redshift", 2, 1],
      ]);
    });
  });

  it("shows orphans too where no plan is named", { timeout: 60_000 }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config: plainPlan }, async (night) => {
      await nights(night, 3);
      night.simulator.world.store("us-east-1").clusters.clear();
      const all = await prune(night.simulator.endpoint);
      expect(all.stdout).toMatch(/^orders in us-east-1: 3 kept, 0 to remove$/m);
      const named = await prune(night.simulator.endpoint, "daily");
      expect(named.stdout).not.toMatch(/^orders in/m);
    });
  });

  it("deletes nothing of a plan that is switched off, also with --apply", { timeout: 60_000 }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config: long }, async (night) => {
      await nights(night, 4);
      const off = plansFile(`${plainPlan.replace("keep-daily: 3", "keep-last: 1")}    enabled: false\n`);
      const words = ["prune", "--config", off, "--stage", "test", "--apply"];
      const before = snapshotsIn(night.simulator, "us-east-1");
      const all = await holdfast(words, at(night.simulator.endpoint));
      expect([all.code, snapshotsIn(night.simulator, "us-east-1")]).toEqual([0, before]);
      const named = await holdfast([...words, "daily"], at(night.simulator.endpoint));
      expect([named.code, named.stderr]).toEqual([
        2,
        "holdfast: plan daily is switched off, and prunes nothing; take `enabled: false` out first\n",
      ]);
    });
  });

  it("does not say that nothing was removed where one of two copy regions is silent, and the other is pruned", {
    timeout: 60_000,
  }, async () => {
    const to = "copies: [{ region: eu-west-1, kms-key: none }, { region: us-west-2, kms-key: none }]";
    const two = plansFile(plainPlan.replace("keep-daily: 3", "keep-last: 1").replace(/copies:.*/, to));
    const sources = points(6);
    const snapshots = [...sources, ...sources.map((one) => copyOf(one, { region: "us-west-2" }))];
    await withNight({ fleet: { clusters: [clusterOf("orders")], snapshots } }, async ({ simulator }) => {
      simulator.faults.add({ region: "eu-west-1", times: 1000, kind: denied });
      const words = ["prune", "daily", "--apply", "--config", two, "--stage", "test"];
      const { code, stdout } = await holdfast(words, at(simulator.endpoint));
      expect([code, stdout]).toEqual([3, expect.stringMatching(/^kept 2, removed 4 of 4$/m)]);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(
        "us-east-1: a copy region could not be listed, so nothing was removed in the clusters' own region.",
      );
    });
  });

  it("does not say that there is nothing where a copy region is silent, and tells AWS's words", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] }, config: long }, async (night) => {
      await nights(night, 3);
      const kind = { code: "AccessDenied", status: 403, message: "not you" };
      night.simulator.faults.add({ region: "eu-west-1", times: 1000, kind });
      const { code, stdout } = await prune(night.simulator.endpoint);
      expect([code, stdout]).toEqual([3, expect.stringContaining("no recovery point was judged, and none")]);
      expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
        /^eu-west-1 rds could not be listed: rds Describe\w+ in eu-west-1: AccessDenied/,
      );
      const { stdout: json } = await prune(night.simulator.endpoint, "--json");
      expect(documentOf<PruneDocument>("prune", json).unlisted).toHaveLength(2);
    });
  });

  it("tells AWS's words of what it refused to delete, and not that they are in a log", {
    timeout: 60_000,
  }, async () => {
    const fleet = { clusters: [clusterOf("orders"), clusterOf("stock")], snapshots: points(8) };
    await withNight({ fleet }, async ({ simulator }) => {
      const refusal = (nth: number) => ({ ...denied, message: `not you, nor now (${nth})` });
      const refuse = (nth: number) =>
        simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: 1, kind: refusal(nth) });
      for (const nth of [1, 1, 2, 3, 4, 5]) refuse(nth);
      const { code, stdout } = await prune(simulator.endpoint, "daily", "--apply");
      expect(code).toBe(3);
      const told = stdout.replaceAll(/\s+/g, " ");
      expect(told).toMatch(
        /AWS refused to delete a snapshot of ours: rds Delete\w+ in us-east-1: .*AccessDenied/,
      );
      expect([1, 2, 3, 4, 5].map((nth) => told.split(`not you, nor now (${nth})`).length - 1)).toEqual([
        ...[1, 1, 1, 0, 0],
      ]);
      expect(told).toContain("; and 2 more.");
      expect(told).not.toContain("delete it by hand");
    });
  });

  it("tells what is wrong with the choice of clusters as well, and exits with 3", {
    timeout: 60_000,
  }, async () => {
    const mistyped = cluster("orders", { tags: { backup: "daily", "holdfast:plan": "dayly" } });
    await withNight({ fleet: { clusters: [mistyped] } }, async ({ simulator }) => {
      const { code, stdout } = await prune(simulator.endpoint, "daily", "--json");
      expect([code, documentOf<PruneDocument>("prune", stdout).problems]).toMatchObject([
        ...[3, [{ cluster: "orders", region: "us-east-1", code: "override-plan" }]],
      ]);
    });
  });

  it.each(["weekly", ""])("refuses a plan that there is not, in one sentence: %j", async (name) => {
    const { code, stderr } = await prune("http://127.0.0.1:9", name, "--apply");
    expect([code, stderr]).toEqual([
      2,
      `holdfast: there is no plan "${name}" in holdfast.yml; its plans are: daily\n`,
    ]);
  });
});
