import { describe, expect, it } from "vitest";
import { diceOf } from "./dice.ts";
import { drawFleet, firstPlans } from "./estate.ts";
import { putRight } from "./faults/people.ts";
import { simulate } from "./months.ts";
import { setStage } from "./stage.ts";

/** Seasons whose estate has nothing that makes a row night after night. */

const now = "2026-06-02T00:00:00Z";
const plans = firstPlans(diceOf(3), "UTC", { sound: true });

describe("a sound estate", () => {
  it("has no cluster that AWS does not copy, no wish that nobody can read, and a key for every copy", () => {
    const { clusters = [] } = drawFleet(diceOf(3), { now, clusters: 60, lopsided: false, sound: true });
    expect(clusters.filter(({ engine }) => engine === "mysql" || engine === "postgres")).toEqual([]);
    const words = clusters.flatMap(({ tags }) => Object.values(tags ?? {}));
    expect(words.filter((word) => ["a week", "eu-west-1", "eu-west-9", "legder"].includes(word))).toEqual([]);
    expect(plans.flatMap(({ copies }) => copies).filter(({ keyless }) => keyless)).toEqual([]);
  });

  it("is put right after faults: what failed goes, and so does what nobody can read", () => {
    const stage = setStage({ dice: diceOf(3), now, clusters: 4, plans, bounds: { sound: true } });
    const { clusters, clusterSnapshots } = stage.core.world.store("us-east-1");
    const model = [...clusterSnapshots.values()][0];
    const cluster = [...clusters.values()][0];
    if (model === undefined || cluster === undefined) throw new Error("there is nothing to put right");
    const id = "holdfast-daily-c0-aaaaaaaa-20260602t023000z";
    const tags = new Map([["holdfast:service", "holdfast/sim"]]);
    clusterSnapshots.set(id, { ...model, id, tags, status: "failed" });
    cluster.tags = new Map([...cluster.tags, ["holdfast:retention", "a week"]]);
    putRight(stage);
    expect(clusterSnapshots.has(id)).toBe(false);
    expect(cluster.tags.has("holdfast:retention")).toBe(false);
  });

  it("has runs that are reported complete", async () => {
    const { tally } = await simulate({ seed: 3, days: 1, clusters: 3, faults: [] });
    expect(Object.fromEntries(tally.outcomes)).toEqual({
      ...{ "daily complete": 1, "ledger complete": 1, "vault complete": 2 },
    });
  });
});
