import { describe, expect, it } from "vitest";
import type { SeenSnapshot } from "./checkers/records.ts";
import { copyOf, ended, now, plan, point, prune, watch } from "./checkers/violations.ts";

/** Of two clusters the second has an older newest copy: it is further behind. */

const of = (cluster: string, taken: number, status = "available"): SeenSnapshot =>
  point(
    taken,
    {
      cluster,
      id: `holdfast-daily-${cluster}-aaaaaaaa-202606${`${taken}`.padStart(2, "0")}t023000z`,
      status,
    },
    { "holdfast:resource": `cluster-${cluster}` },
  );
const [ahead, behind] = [of("ahead", 10), of("behind", 10)];
const copies = [copyOf(of("ahead", 9)), copyOf(of("behind", 8))];

interface Night {
  readonly order?: readonly SeenSnapshot[];
  /** What there is as the pass begins. */
  readonly found?: readonly SeenSnapshot[];
  readonly later?: number;
  readonly calm?: boolean;
  readonly places?: number;
  /** Whether one pass begins both. */
  readonly together?: boolean;
  /** Points from before a renaming. */
  readonly former?: readonly SeenSnapshot[];
  /** What is asked for before, under a name that others hold. */
  readonly taken?: SeenSnapshot;
  /** What else there is in the copy region. */
  readonly more?: readonly SeenSnapshot[];
  /** Whether a part of the run does it. */
  readonly inParts?: boolean;
}

const complaintsOf = ({
  order = [ahead, behind],
  found = [ahead, behind],
  later = 0,
  calm = true,
  places = 1,
  together = false,
  former = [],
  taken,
  more = [],
  inParts = false,
}: Night): number => {
  const snapshots = [...found, ...copies, ...former, ...more];
  const execution = { execution: inParts ? 2 : ended.execution, whole: ended.execution };
  const { checker, complaints } = watch("turns", { snapshots });
  const asked = (source: SeenSnapshot) => new Map([["SourceDBClusterSnapshotIdentifier", source.arn]]);
  if (taken) {
    const call = {
      invocation: { ...prune, ...execution, function: "copy", number: 0 },
      region: "eu-west-1",
      at: now,
    };
    checker.departed?.({ ...call, service: "rds", operation: "DescribeDBClusterSnapshots" });
    checker.answered?.({
      ...{ ...call, operation: "CopyDBClusterSnapshot", status: 400, body: "" },
      ...{ code: "DBClusterSnapshotAlreadyExistsFault", parameters: asked(taken) },
    });
  }
  for (const [nth, source] of order.entries()) {
    const invocation = { ...prune, ...execution, function: "copy", number: together ? 1 : nth + 1 };
    const call = { region: "eu-west-1", at: now + (nth > 0 ? 0 : later) };
    const first = { ...call, at: now };
    checker.departed?.({ ...first, invocation, service: "rds", operation: "DescribeDBClusterSnapshots" });
    const copy = copyOf(source, { status: "copying" });
    snapshots.push(copy);
    checker.answered?.({
      ...{ ...call, invocation, operation: "CopyDBClusterSnapshot", status: 200, code: "", body: "" },
      parameters: asked(source),
    });
    snapshots.splice(snapshots.indexOf(copy), 1, copyOf(source));
    // What was being created is there by the next pass.
    snapshots.push(...[ahead, behind].filter((one) => !snapshots.some(({ arn }) => arn === one.arn)));
  }
  const limited = { ...plan, copiesInFlight: places };
  checker.runEnded?.({ ...ended, plan: limited, ...(calm && { calm: true as const }) });
  return complaints.length;
};

describe("turns", () => {
  it("objects where who is further behind comes second, on a night without faults", () => {
    expect(complaintsOf({})).toBe(1);
    expect(complaintsOf({ order: [behind, ahead] })).toBe(0);
    expect(complaintsOf({ calm: false })).toBe(0);
  });
  // Found by seed 200080: their answers come in any order.
  it("takes copies that one pass begins for begun at once", () => {
    expect(complaintsOf({ together: true, places: 2 })).toBe(0);
  });
  // Found by seed 210006: a part's pump does not see its copies, and takes it for the one that has none.
  it("asks for nothing of a cluster that was renamed", () => {
    const older = (cluster: string) => copyOf(of(cluster, 7), { cluster: `${cluster}-before` });
    expect(complaintsOf({ former: [older("ahead")] })).toBe(0);
    expect(complaintsOf({ former: [older("behind")] })).toBe(0);
    expect(complaintsOf({ former: [older("others")] })).toBe(1);
  });
  // Found by seed 210071.
  it("takes it for a cluster's turn that its copy was asked for under a name which others hold", () => {
    expect([complaintsOf({ taken: behind }), complaintsOf({ taken: ahead })]).toEqual([0, 1]);
  });
  // A part knows of most clusters no copy but that of the schedule's last run.
  it("leaves open what a copy that a person asked for tells a part", () => {
    const scheduled = copyOf(of("behind", 9));
    const beside = (tags: Record<string, string>): SeenSnapshot => {
      const own = copyOf(of("ahead", 9));
      return { ...own, id: `${own.id}-2`, tags: new Map([...own.tags, ...Object.entries(tags)]) };
    };
    // Both have the last run's copy, and one of them a later one.
    const later = { "holdfast:taken-at": "2026-06-09T12:00:00Z" };
    const theirs = { ...later, "holdfast:run": "daily-20260609t120000z-abcdef" };
    const ours = { ...later, "holdfast:run": "daily-20260609t120000z" };
    expect(complaintsOf({ more: [scheduled, beside(theirs)], inParts: true })).toBe(0);
    expect(complaintsOf({ more: [scheduled, beside(theirs)] })).toBe(1);
    expect(complaintsOf({ more: [scheduled, beside(ours)], inParts: true })).toBe(1);
    expect(complaintsOf({ inParts: true })).toBe(1);
  });
  it("wants a place kept for a snapshot that is being created, for an hour", () => {
    const found = [ahead];
    expect(complaintsOf({ found })).toBe(1);
    expect(complaintsOf({ found, places: 2 })).toBe(0);
    expect(complaintsOf({ found, later: 3_600_000 })).toBe(0);
  });
});
