import { expect, it } from "vitest";
import { createCore } from "../../simulator/core.ts";
import type { DbClusterSnapshot } from "../../simulator/rds-records.ts";
import { copyOf, newest, now, oldest, plan, prune } from "./checkers/violations.ts";
import { makeEventLog, newTally } from "./tally.ts";
import { makeWitness } from "./witness.ts";

/** What the checkers are told of what a call was answered. */

/** A listing of the copy region, in which a copy of the oldest point runs. */
const listing = {
  ...{ method: "POST", target: "/", body: "Action=DescribeDBClusterSnapshots" },
  headers: { authorization: "Credential=prune/20260610/eu-west-1/rds/aws4_request" },
};

const complaintsAfter = (...heard: readonly boolean[]): number => {
  const core = createCore({ now: new Date(now).toISOString() });
  const { id, arn, sourceArn, tags } = copyOf(oldest);
  const copy: Partial<DbClusterSnapshot> = {
    ...{ region: "eu-west-1", id, arn, sourceArn, tags: new Map(tags), status: "copying", type: "manual" },
    ...{ createTime: new Date(now), startedAt: new Date(now), clusterId: "orders", engine: "docdb" },
  };
  core.world.store("eu-west-1").clusterSnapshots.set(id, copy as DbClusterSnapshot);
  const answer = () => ({ status: 200, headers: {}, body: "" });
  const witness = makeWitness({
    ...{ core: { ...core, answer }, service: "holdfast/sim", plans: () => [plan] },
    ...{ log: makeEventLog(() => now), tally: newTally() },
  });
  for (const one of heard) witness.answer(listing, prune, one);
  witness.tell("deleted", { invocation: prune, snapshot: oldest, before: [newest, oldest], at: now });
  return witness.violations.filter(({ invariant }) => invariant === "copied-from").length;
};

it("shows a function nothing of a listing whose answer it did not wait for", () => {
  expect([complaintsAfter(true), complaintsAfter(false), complaintsAfter(false, true)]).toEqual([1, 0, 1]);
});
