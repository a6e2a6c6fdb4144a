import { expect, it } from "vitest";
import { createCore } from "../../simulator/core.ts";
import type { DbClusterSnapshot } from "../../simulator/rds-records.ts";
import { takeSnapshot } from "../../simulator/redshift/take-snapshot.ts";
import { copyOf, newest, now, oldest, plan, prune } from "./checkers/violations.ts";
import { diceOf } from "./dice.ts";
import { firstPlans } from "./estate.ts";
import { setStage } from "./stage.ts";
import { makeEventLog, newTally } from "./tally.ts";
import { watchWork } from "./tonight.ts";
import { makeWitness } from "./witness.ts";

/** What the checkers are told of what a call was answered. */

/** A listing of the copy region, in which a copy of the oldest point runs. */
const listing = {
  ...{ method: "POST", target: "/", body: "Action=DescribeDBClusterSnapshots" },
  headers: { authorization: "Credential=prune/20260610/eu-west-1/rds/aws4_request" },
};

const settle = () => ({
  ...{ core: createCore({ now: new Date(now).toISOString() }), service: "holdfast/sim", plans: () => [plan] },
  ...{ log: makeEventLog(() => now), tally: newTally() },
});

const complaintsAfter = (...heard: readonly boolean[]): number => {
  const parts = settle();
  const { id, arn, sourceArn, tags } = copyOf(oldest);
  const copy: Partial<DbClusterSnapshot> = {
    ...{ region: "eu-west-1", id, arn, sourceArn, tags: new Map(tags), status: "copying", type: "manual" },
    ...{ createTime: new Date(now), startedAt: new Date(now), clusterId: "orders", engine: "docdb" },
  };
  parts.core.world.store("eu-west-1").clusterSnapshots.set(id, copy as DbClusterSnapshot);
  const answer = () => ({ status: 200, headers: {}, body: "" });
  const witness = makeWitness({ ...parts, core: { ...parts.core, answer } });
  for (const one of heard) witness.answer(listing, prune, one);
  witness.tell("deleted", { invocation: prune, snapshot: oldest, before: [newest, oldest], at: now });
  return witness.violations.filter(({ invariant }) => invariant === "copied-from").length;
};

it("shows a function nothing of a listing whose answer it did not wait for", () => {
  expect([complaintsAfter(true), complaintsAfter(false), complaintsAfter(false, true)]).toEqual([1, 0, 1]);
});

it("excuses what a listing did not show yet for as long as listings lag, and what else befell a name for ever", () => {
  const { core, ...parts } = settle();
  const { scene, excuse } = makeWitness({ core, ...parts });
  const excusesOf = (seconds: number): number => {
    core.world.settings.listingDelaySeconds = seconds;
    return scene.excuses("us-east-1", newest.id);
  };
  excuse("*", 3);
  expect([excusesOf(30), excusesOf(0)]).toEqual([3, 0]);
  excuse(`us-east-1 ${newest.id}`);
  excuse("20260610t023000z");
  expect([excusesOf(30), excusesOf(0)]).toEqual([5, 2]);
});

it("takes what AWS deletes by itself, once its days are over, for removed by others", () => {
  const plans = firstPlans(diceOf(3), "UTC");
  const { core, witness, ...rest } = setStage({
    ...{ dice: diceOf(3), now: "2026-06-02T00:00:00Z", clusters: 12, plans },
  });
  watchWork({ core, witness, ...rest }, () => undefined);
  const [cluster] = core.world.stores().flatMap(({ redshiftClusters }) => [...redshiftClusters.values()]);
  if (cluster === undefined) throw new Error("there is no Redshift cluster");
  const before = core.clock.now();
  const id = "copy:holdfast-daily-c0-aaaaaaaa-20260602t000000z";
  takeSnapshot(core.world, { cluster, id, tags: new Map(), retentionPeriod: 1, now: before });
  const removed = () => witness.scene.removedByOthers(cluster.region, before.getTime());
  core.clock.advance(86_000);
  expect(removed()).toEqual([]);
  core.clock.advance(86_400);
  expect(removed()).toMatchObject([{ id, status: "available" }]);
});
