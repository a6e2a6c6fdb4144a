import { describe, expect, it } from "vitest";
import type { Simulator } from "../../simulator/simulator.ts";
import { cluster, nightAfter, plainPlan, withNight } from "../night.ts";

const config = plainPlan.replace("kms-key: alias/backup", "kms-key: alias/backup, manage: true");
const warehouse = (id: string, more: object = {}) => cluster(id, { engine: "redshift", ...more });
const elsewhere = { destination: "ap-southeast-1" };

const settings = (simulator: Simulator) =>
  Object.fromEntries(
    [...simulator.world.store("us-east-1").redshiftClusters.values()].map(({ id, snapshotCopy }) => [
      id,
      snapshotCopy && [snapshotCopy.destinationRegion, snapshotCopy.manualRetentionPeriod],
    ]),
  );

describe("a plan that manages the copies of Redshift clusters", () => {
  it("enables what is absent before it takes a snapshot, mends what expires, and never turns one around", {
    timeout: 120_000,
  }, async () => {
    const clusters = [
      warehouse("bare"),
      warehouse("secret", { encrypted: true }),
      warehouse("short", { snapshotCopy: { destination: "eu-west-1", manualRetention: 7 } }),
      warehouse("away", { snapshotCopy: elsewhere }),
      warehouse("alone", { tags: { backup: "daily", "holdfast:copies": "none" } }),
      cluster("orders"),
    ];
    await withNight({ fleet: { clusters }, config }, async ({ simulator, run }) => {
      const { document } = await run({ plan: "daily", at: nightAfter(0) });
      const told = document.problems.map(({ cluster: id, code }) => `${id}: ${code}`);
      expect(told).toEqual(["away: setting-elsewhere"]);
      expect(settings(simulator)).toEqual({
        bare: ["eu-west-1", -1],
        secret: ["eu-west-1", -1],
        short: ["eu-west-1", -1],
        away: ["ap-southeast-1", -1],
        alone: undefined,
      });
      const copied = document.clusters.map(({ cluster: id, copies }) => [id, copies[0]?.status]);
      expect(Object.fromEntries(copied)).toEqual({
        ...{ bare: "available", secret: "available", short: "available", orders: "available" },
        ...{ away: "absent", alone: undefined },
      });
      simulator.calls.clear();
      simulator.clock.advance(86_400);
      const second = await run({ plan: "daily", at: nightAfter(1) });
      expect(second.document.totals?.copies).toBe(4);
      const writes = simulator.calls.entries.filter(({ operation }) =>
        /Enable|Modify|CreateSnapshotCopyGrant/.test(operation),
      );
      expect(writes).toEqual([]);
    });
  });

  it("takes the snapshot all the same where AWS refuses, and the pump names what to do", {
    timeout: 120_000,
  }, async () => {
    const clusters = [warehouse("secret", { encrypted: true })];
    const wrongKey = config.replace("alias/backup", "alias/typo");
    await withNight({ fleet: { clusters }, config: wrongKey }, async ({ run }) => {
      const { document, ledger } = await run({ plan: "daily", at: nightAfter(0) });
      expect(document.clusters.map(({ status }) => status)).toEqual(["available"]);
      expect(document.problems.map(({ code }) => code)).toEqual(["setting-absent"]);
      expect(ledger.of("copying.refused").map(({ error }) => error)).toEqual([
        expect.stringContaining("alias/typo"),
      ]);
    });
  });
});
