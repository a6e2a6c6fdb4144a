import { describe, expect, it } from "vitest";
import type { Ledger } from "../../cli/ledger.ts";
import { planCost } from "../../cli/plan-cost.ts";
import { previewRun } from "../../cli/preview.ts";
import { previewDocument } from "../../cli/preview-document.ts";
import { renderPreview } from "../../cli/preview-table.ts";
import { resultDocument } from "../../cli/result-document.ts";
import type { ExecutionResult } from "../../cli/workflow.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { makeRuntime, type RuntimeOptions } from "../../lib/runtime/runtime.ts";
import { planNamed } from "../../lib/steps/context.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { cluster, home, nightAfter, plainPlan, service, withNight } from "../night.ts";
import { clusterOf, point, points } from "../steps/points.ts";

/** A preview is the run before it happens: what it foretells is what the run then does. */

const accountOf = (
  simulator: Simulator,
  limits: Pick<RuntimeOptions, "payloadBytesMax"> = {},
  plans = plainPlan,
) => {
  const config = parseConfig(plans, { path: "holdfast.yml", home });
  const clients = {
    endpoint: simulator.endpoint,
    credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
  };
  return {
    ...{ home, config, service },
    runtime: (journal: RuntimeOptions["journal"], { clock = () => Date.now() } = {}) =>
      makeRuntime({ service, home, config, journal, clock, clients, ...limits }),
  };
};

const fleet: Fleet = {
  clusters: [
    cluster("orders"),
    cluster("graph", { engine: "neptune", encrypted: true }),
    cluster("docs", { engine: "docdb" }),
    cluster("billing", { engine: "mysql" }),
    cluster("idle", { status: "stopped" }),
    cluster("warehouse", { engine: "redshift", snapshotCopy: { destination: "eu-west-1" } }),
    cluster("lake", { engine: "redshift" }),
    cluster("other", { tags: { backup: "weekly" } }),
  ],
};

const writes = /^(Create|Copy|Delete|BatchDelete|Add|Remove|Modify|Put|Enable|Disable)/;

describe("a preview", () => {
  it("foretells every snapshot, copy, deletion and problem of the run, and writes nothing", {
    timeout: 60_000,
  }, async () => {
    await withNight({ fleet }, async ({ simulator, run }) => {
      const becomes = (time: string): void =>
        simulator.clock.advance((Date.parse(time) - simulator.clock.now().getTime()) / 1000);
      for (let night = 0; night < 5; night += 1) {
        becomes(nightAfter(night));
        await run({ plan: "daily", at: nightAfter(night) });
      }
      const at = nightAfter(5);
      becomes(at);
      simulator.calls.clear();
      const preview = await previewRun(accountOf(simulator), {
        request: { plan: "daily", at },
        begins: simulator.clock.now().getTime(),
      });
      expect(simulator.calls.entries.filter(({ operation }) => writes.test(operation))).toEqual([]);
      const done = await run({ plan: "daily", at });

      const [foretold, came] = [preview.ledger, done.ledger].map((ledger) => whatRan(ledger, done));
      expect(foretold?.created).toHaveLength(6);
      expect(foretold?.copied).toHaveLength(3);
      expect(foretold?.deleted.length).toBeGreaterThan(5);
      expect(foretold).toEqual(came);
    });
  });

  it("foretells a run in parts as well", { timeout: 60_000 }, async () => {
    const clusters = Array.from({ length: 64 }, (_, index) => cluster(`c${index}`));
    const limits = { payloadBytesMax: 9_000 };
    await withNight({ fleet: { clusters }, ...limits }, async ({ simulator, run }) => {
      const at = nightAfter(0);
      const preview = await previewRun(accountOf(simulator, limits), {
        request: { plan: "daily", at },
        begins: simulator.clock.now().getTime(),
      });
      expect(simulator.calls.entries.filter(({ operation }) => writes.test(operation))).toEqual([]);
      expect(new Set(preview.ledger.of("queue.progress").map(({ part }) => part)).size).toBeGreaterThan(2);
      const done = await run({ plan: "daily", at });
      const [foretold, came] = [preview.ledger, done.ledger].map((ledger) => whatRan(ledger, done));
      expect(foretold?.created).toHaveLength(64);
      expect(foretold).toEqual(came);
      expect(preview.ledger.of("run.ended").at(-1)?.summary.totals.clusters).toBe(64);
    });
  });
});

describe("a copy of an earlier run's point", () => {
  it("is counted among those that the run would start, and told apart", { timeout: 60_000 }, async () => {
    const idle = { clusters: [clusterOf("orders"), clusterOf("idle", { status: "stopped" })] };
    const late: Fleet = { ...idle, snapshots: [point(1, { of: "idle" })] };
    await withNight({ fleet: late }, async ({ simulator, run }) => {
      const request = { plan: "daily", at: nightAfter(0) };
      const begins = simulator.clock.now().getTime();
      const preview = await previewRun(accountOf(simulator), { request, begins });
      const foretold = previewDocument({ plan: "daily", at: request.at, timeZone: "UTC" }, preview);
      const cost = planCost({
        plan: planNamed(accountOf(simulator).config, "daily"),
        ...{ document: foretold, look: { clusters: [], owned: [] }, assumedGib: undefined },
      });
      const text = renderPreview(
        { ...foretold, quotas: [], cost, warnings: [] },
        { width: 80, reasons: false },
      );
      expect(text.replaceAll(/\s+/g, " ")).toContain("start 1 copy and 1 of an earlier run, prune");
      const { document } = await run(request);
      expect([document.copiesStarted, document.copiesOfEarlierRuns]).toEqual([2, 1]);
      expect(foretold.totals).toMatchObject({ take: 1, copy: 2 });
    });
  });
});

describe("a prune of several calls", () => {
  it("is told with each point once, before it happens and after", { timeout: 60_000 }, async () => {
    const names = Array.from({ length: 26 }, (_, index) => `c${index}`);
    const before = (of: string) => [...points(11, { of })].slice(1);
    const settings = { manualClusterSnapshotsMax: 500 };
    const clusters = names.map((id) => clusterOf(id));
    const many: Fleet = { settings, clusters, snapshots: names.flatMap(before) };
    const alone = plainPlan.replace(/copies:.*/, "");
    await withNight({ fleet: many, config: alone }, async ({ simulator, run }) => {
      const request = { plan: "daily", at: nightAfter(0) };
      const account = accountOf(simulator, {}, alone);
      const preview = await previewRun(account, { request, begins: simulator.clock.now().getTime() });
      const { totals } = previewDocument({ plan: "daily", at: request.at, timeZone: "UTC" }, preview);
      expect(totals).toEqual({ take: 26, copy: 0, prune: 26 * 8, keep: 26 * 3 });
      const { document } = await run(request);
      const rows = document.clusters.map(({ pruned }) => pruned);
      expect([document.totals?.pruned, new Set(rows)]).toEqual([26 * 8, new Set([8])]);
      const judged = document.retention.map(({ kept, pruned }) => [kept.length, pruned.length]);
      expect(judged).toEqual(names.map(() => [3, 8]));
    });
  });
});

const whatRan = (ledger: Ledger, done: ExecutionResult) => ({
  taken: ledger.of("cluster.taken"),
  skipped: ledger.of("cluster.skipped"),
  created: ledger
    .of("snapshot.created")
    .map(({ snapshot }) => snapshot)
    .toSorted(),
  copied: ledger
    .of("copy.started")
    .map(({ copy }) => copy)
    .toSorted(),
  recognised: ledger.of("copy.recognised").map(({ source }) => source),
  deleted: ledger
    .of("snapshot.deleted")
    .map(({ region, snapshot }) => `${region} ${snapshot}`)
    .toSorted(),
  verdicts: ledger
    .of("prune.verdict")
    .map(({ region, cluster: id, verdict }) => [region, id, verdict.remove])
    .toSorted(),
  problems: resultDocument(ledger, done).problems,
});
