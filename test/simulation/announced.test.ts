import { describe, expect, it } from "vitest";
import type { Told } from "./checkers/records.ts";
import {
  copyOf,
  day,
  deletion,
  ended,
  newest,
  now,
  oldest,
  orders,
  plan,
  point,
  watch,
} from "./checkers/violations.ts";

/** What is kept from the event bus, and from the alarms, is seen to be found. */

const run = "daily-20260610t023000z";
const made = point(10, {}, { "holdfast:run": run });
const copy = copyOf(made);
const told = (type: string, ...resources: readonly string[]): Told => ({
  ...{ type: `Holdfast ${type}`, resources },
  detail: { plan: "daily", at: day(10) },
});
const completed = told("Backup Completed");

describe("announced", () => {
  const night = { day: 9, calmRuns: new Map(), told: new Map() };
  const afterTelling = (events: readonly Told[], more: object = {}): number => {
    const { checker, complaints } = watch("announced", { snapshots: [made, copy] });
    for (const event of events) checker.told?.(event);
    checker.runEnded?.({ ...ended, ...more });
    return complaints.length;
  };
  const points = [told("Recovery Point Created", made.arn), told("Recovery Point Copied", copy.arn)];
  it("is content where all is told", () => {
    expect(afterTelling([...points, completed])).toBe(0);
  });
  it("objects to a run, a point and a copy that nobody is told of", () => {
    expect(afterTelling(points)).toBe(1);
    expect(afterTelling(points.slice(1).concat(completed))).toBe(1);
    expect(afterTelling([completed])).toBe(2);
  });
  it("asks for nothing of a cluster of which the run says something else", () => {
    const saying = (cluster: string, code: string) => ({
      succeeded: false,
      report: { outcome: "incomplete", problems: [{ cluster, region: "us-east-1", code }] },
    });
    expect(afterTelling([], saying("orders", "deadline"))).toBe(0);
    expect(afterTelling([], saying("*", "lost"))).toBe(0);
    expect(afterTelling([], saying("orders", "copy-unsupported"))).toBe(2);
    expect(afterTelling([], { ...saying("orders", "deadline"), calm: true })).toBe(1);
  });
  // Found by seed 202443: made anew between two executions of the run, of which the first had been stopped.
  it("asks for nothing of a cluster that was gone when the run began", () => {
    const anew = { clustersAtStart: [{ ...orders, resource: "cluster-B" }] };
    expect([afterTelling([completed]), afterTelling([completed], anew)]).toEqual([2, 0]);
  });
  // Found by seed 215365: made anew while Snapshot worked, whose first attempt was killed after it had taken the former one.
  it("asks for nothing of a cluster in whose place the run has taken another", () => {
    const complaintsOf = (...others: readonly (typeof made)[]): number => {
      const { checker, complaints } = watch("announced", { snapshots: [made, copy, ...others] });
      for (const one of others) checker.told?.(told("Recovery Point Created", one.arn));
      checker.told?.(completed);
      checker.runEnded?.(ended);
      return complaints.length;
    };
    const tags = { "holdfast:run": run, "holdfast:resource": "cluster-B" };
    const anew = point(10, { id: `${made.id}-anew`, startedAt: now }, tags);
    const namesake = point(10, { id: `${made.id}-anew`, startedAt: now, cluster: "ledger" }, tags);
    const earlier = point(
      9,
      { id: `${made.id}-anew`, startedAt: now },
      { ...tags, "holdfast:run": "daily-9" },
    );
    const counts = [complaintsOf(), complaintsOf(anew), complaintsOf(namesake), complaintsOf(earlier)];
    expect(counts).toEqual([2, 0, 2, 2]);
  });
  // Found by seed 207485: renamed after an execution of the run that could not tell of its point, and before the next.
  it("asks for nothing of what bears the name that its cluster had before the run began", () => {
    const complaintsOf = (shown: typeof orders): number => {
      const parts = { snapshots: [made, copy], cluster: shown, views: [[shown]] };
      const { checker, complaints } = watch("announced", parts);
      checker.told?.(completed);
      checker.runEnded?.({ ...ended, clustersAtStart: [shown] });
      return complaints.length;
    };
    expect([complaintsOf(orders), complaintsOf({ ...orders, id: "renamed" })]).toEqual([2, 0]);
  });
  // Found by seed 212010, with 40 clusters: an execution that was stopped had taken a cluster that only read when the other began.
  it("asks for nothing of a cluster that the run was shown to be none of its own", () => {
    const complaintsOf = (shown: typeof orders): number => {
      const { checker, complaints } = watch("announced", { snapshots: [made, copy], views: [[shown]] });
      checker.told?.(completed);
      checker.runEnded?.(ended);
      return complaints.length;
    };
    expect([complaintsOf(orders), complaintsOf({ ...orders, reads: true })]).toEqual([2, 0]);
  });
  // Another execution of the run had begun it before the cluster's tag was set, and has not told yet, or was stopped.
  it("asks for nothing of a copy in a region where the run wants none of the cluster", () => {
    const complaintsOf = (wish: string): number => {
      const shown = { ...orders, tags: new Map([...orders.tags, ["holdfast:copies", wish]]) };
      const { checker, complaints } = watch("announced", { snapshots: [made, copy], views: [[shown]] });
      checker.told?.(told("Recovery Point Created", made.arn));
      checker.told?.(completed);
      checker.runEnded?.(ended);
      return complaints.length;
    };
    expect([complaintsOf("eu-west-1"), complaintsOf("none")]).toEqual([1, 0]);
  });
  it("asks for nothing where the event bus did not listen and that is said, and for all elsewhere", () => {
    const problems = [{ cluster: "*", region: "us-east-1", code: "untold" }];
    const deaf = { succeeded: false, report: { outcome: "incomplete", problems } };
    expect(afterTelling(points.slice(1), deaf)).toBe(0);
    expect(afterTelling(points.slice(0, 1), deaf)).toBe(1);
  });
  // Found by seed 172356229: its report could not be told either, and the second attempt takes one cluster less.
  it("remembers of an earlier execution of the run that the bus did not listen", () => {
    const problems = [{ cluster: "*", region: "us-east-1", code: "untold" }];
    const unlisted = { cluster: "*", region: "us-west-2", code: "unlisted" };
    const saying = (some: typeof problems) => ({
      ...{ ...ended, succeeded: false },
      report: { outcome: "incomplete", problems: some } as const,
    });
    const complaintsAfter = (earlier: object): number => {
      const { checker, complaints } = watch("announced", { snapshots: [made, copy] });
      checker.told?.(told("Recovery Point Copied", copy.arn));
      checker.runEnded?.({ ...saying([...problems, unlisted]), ...earlier });
      checker.runEnded?.(saying([]));
      return complaints.length;
    };
    expect(complaintsAfter({})).toBe(0);
    expect(complaintsAfter({ at: day(9) })).toBe(1);
  });
  // Found by seed 216552: another run's pump recognised the copy that AWS had brought, and its own report says so.
  it("asks for nothing of a copy that an invocation recognised to which the bus did not listen", () => {
    const other = { number: 9, function: "copy", startedAt: now, plan: "daily", at: day(11) };
    const complaintsAfter = (resource: string, heard: number): number => {
      const { checker, complaints } = watch("announced", { snapshots: [made, copy] });
      checker.told?.(told("Recovery Point Created", made.arn));
      checker.told?.(completed);
      const call = { invocation: other, region: "eu-west-1", at: now, code: "", body: "" };
      const parameters = new Map([["ResourceName", resource]]);
      checker.answered?.({ ...call, operation: "CreateTags", parameters, status: 200 });
      checker.answered?.({ ...call, operation: "PutEvents", parameters: new Map(), status: heard });
      checker.runEnded?.(ended);
      return complaints.length;
    };
    expect([complaintsAfter(copy.arn, 503), complaintsAfter(copy.arn, 200)]).toEqual([0, 1]);
    expect(complaintsAfter(made.arn, 503)).toBe(1);
  });
  it("objects to a deletion that is not told on a night without faults", () => {
    const afterNight = (calm: number, ...events: readonly Told[]): number => {
      const { checker, complaints } = watch("announced");
      checker.deleted?.(deletion(oldest));
      for (const event of events) checker.told?.(event);
      checker.nightEnded?.({ ...night, calm });
      return complaints.length;
    };
    expect([afterNight(0), afterNight(1)]).toEqual([0, 1]);
    expect(afterNight(1, told("Recovery Point Pruned", oldest.arn))).toBe(0);
  });
});

describe("figures", () => {
  const invocation = { number: 7, function: "watch", startedAt: now };
  const place = { plan: "daily", region: "us-east-1", kind: "source" } as const;
  const row = { ...place, invocation, at: now, recoveryPointAge: 60, runAge: 90, atRisk: ["orders"] };
  const right = { RecoveryPointAge: 60, RunAge: 90, ClustersAtRisk: 1 };
  const afterMeasuring = (figures: Record<string, number>): number => {
    const { checker, complaints } = watch("figures");
    checker.watched?.(row);
    for (const [name, value] of Object.entries(figures))
      checker.measured?.({ invocation, name, value, dimensions: place });
    checker.invocationEnded?.(invocation);
    return complaints.length;
  };
  it("are what Watch found", () => {
    expect(afterMeasuring(right)).toBe(0);
    expect(afterMeasuring({ ...right, ClustersAtRisk: 0 })).toBe(1);
    expect(afterMeasuring({})).toBe(3);
  });
  it("tell of a key without which points cannot be restored, once a sweep has seen everything", () => {
    const sweep = { ...invocation, function: "sweep" };
    const snapshots = [{ ...newest, encrypted: true, kmsKey: "key-1" }];
    interface Fate {
      readonly late?: true;
      readonly died?: true;
    }
    const afterSweep = (problems: number, unusable: number, key = "key-1", fate: Fate = {}): number => {
      const brokenKeys = fate.late ? [] : [key];
      const { checker, complaints } = watch("figures", { snapshots, brokenKeys });
      const dimensions = { region: "us-east-1" };
      checker.departed?.({
        ...{ invocation: sweep, service: "kms", operation: "DescribeKey", region: "us-east-1", at: now },
      });
      look(checker, sweep);
      checker.measured?.({ invocation: sweep, name: "SweepProblems", value: problems, dimensions: {} });
      checker.measured?.({ invocation: sweep, name: "KeysUnusable", value: unusable, dimensions });
      // One that is ended for its time is known to be so later, and a key may be disabled until then.
      if (fate.late) brokenKeys.push(key);
      checker.invocationEnded?.({ ...sweep, ...(fate.died && { died: true }) });
      return complaints.length;
    };
    expect([afterSweep(0, 1), afterSweep(0, 0), afterSweep(2, 0), afterSweep(0, 0, "key-2")]).toEqual([
      0, 1, 0, 0,
    ]);
    expect(afterSweep(0, 0, "key-1", { late: true })).toBe(0);
    expect(afterSweep(0, 0, "key-1", { died: true })).toBe(0);
  });
  /** Everything that there is, first pages first. */
  const look = (checker: ReturnType<typeof watch>["checker"], sweep: typeof invocation): void => {
    for (const family of ["rds", "redshift"] as const)
      for (const region of ["us-east-1", "eu-west-1"])
        checker.listed?.({ invocation: sweep, family, region, first: true, at: now, snapshots: [] });
  };
  it("tell of each brake that held a sweep, also in the passes before the last", () => {
    const passes = [1, 2].map((number) => ({ ...invocation, number, function: "sweep" }));
    const [first = invocation, last = invocation] = passes;
    const afterPasses = (measured: number, died?: true): number => {
      const { checker, complaints } = watch("figures");
      look(checker, first);
      for (const one of passes)
        checker.judged?.({
          ...{ invocation: one, region: `region-${one.number}`, clusterArn: orders.arn },
          ...{ remove: [], keep: [], problems: ["brake"] },
        });
      if (died) checker.unanswered?.(first);
      else checker.invocationEnded?.(first);
      checker.measured?.({ invocation: last, name: "SweepProblems", value: measured, dimensions: {} });
      checker.invocationEnded?.(last);
      // What it had sent takes effect a little later: until then nobody is told of its end.
      if (died) checker.invocationEnded?.({ ...first, died });
      return complaints.length;
    };
    expect([2, 1, 0].map((measured) => afterPasses(measured))).toEqual([0, 1, 1]);
    expect(afterPasses(1, true)).toBe(0);
  });
  it("tell of no problems only where a sweep was shown all regions of both families", () => {
    const sweep = { ...invocation, function: "sweep" };
    const afterLook = (isWhole: boolean, problems: number): number => {
      const { checker, complaints } = watch("figures");
      if (isWhole) look(checker, sweep);
      checker.measured?.({ invocation: sweep, name: "SweepProblems", value: problems, dimensions: {} });
      checker.invocationEnded?.(sweep);
      return complaints.length;
    };
    expect([afterLook(true, 0), afterLook(false, 0), afterLook(false, 1)]).toEqual([0, 1, 0]);
  });
  it("tell of it at each Watch, where a cluster has nothing else and AWS refused nothing", () => {
    const snapshots = [{ ...newest, encrypted: true, kmsKey: "key-1" }];
    const afterWatch = (unusable: number, status = 200, some = snapshots, more: object = {}): number => {
      const { checker, complaints } = watch("figures", { snapshots: some, brokenKeys: ["key-1"] });
      const call = { invocation, operation: "DescribeDBClusters", region: "us-east-1", at: now };
      checker.departed?.({ ...call, service: "rds" });
      checker.answered?.({ ...call, parameters: new Map(), status, code: "", body: "", ...more });
      const dimensions = { region: "us-east-1" };
      if (unusable > 0) checker.measured?.({ invocation, name: "KeysUnusable", value: unusable, dimensions });
      checker.invocationEnded?.(invocation);
      return complaints.length;
    };
    expect([afterWatch(1), afterWatch(0), afterWatch(0, 400)]).toEqual([0, 1, 0]);
    // Found by seed 966: answers came later than Watch waits for them.
    expect(afterWatch(0, 200, snapshots, { unheard: true })).toBe(0);
    expect(afterWatch(0, 200, [...snapshots, { ...oldest, encrypted: true, kmsKey: "key-2" }])).toBe(0);
  });
  it("are a run's totals", () => {
    const totals = { clusters: 1, snapshots: 1, copies: 1, pruned: 0, problems: 0 };
    const afterRun = (pruned: number): number => {
      const { checker, complaints } = watch("figures");
      const own = { ...invocation, function: "report", execution: 1 };
      const figures = { SnapshotsAvailable: 1, CopiesAvailable: 1, RecoveryPointsPruned: pruned };
      for (const [name, value] of Object.entries(figures))
        checker.measured?.({ invocation: own, name, value, dimensions: { plan: plan.name } });
      checker.runEnded?.({ ...ended, report: { outcome: "complete", problems: [], totals } });
      return complaints.length;
    };
    expect([afterRun(0), afterRun(1)]).toEqual([0, 1]);
  });
});
