import { describe, expect, it } from "vitest";
import type { SeenCluster } from "./checkers/records.ts";
import { now, orders, plan, prune, watch } from "./checkers/violations.ts";

/** How AWS copies a Redshift cluster, where a plan manages that. */

const managing = { ...plan, copies: [{ region: "eu-west-1", manage: true as const }] };
const right = { region: "eu-west-1", days: -1 };
const warehouse = (more: Partial<SeenCluster> = {}): SeenCluster => ({
  ...{ ...orders, family: "redshift", engine: "redshift", id: "warehouse", copying: right },
  ...{ arn: "arn:aws:redshift:us-east-1:123456789012:cluster:warehouse", ...more },
});
const bare = (): SeenCluster => {
  const { copying: _, ...rest } = warehouse();
  return rest;
};

const callOf = (operation: string, more: Record<string, string> = {}, status = 200) => ({
  ...{ invocation: { ...prune, function: "snapshot" }, operation, region: "us-east-1", at: now },
  ...{ status, code: "", body: "" },
  parameters: new Map(Object.entries({ ClusterIdentifier: "warehouse", RetentionPeriod: "1", ...more })),
});

const complaintsOf = (
  cluster: SeenCluster,
  calls: readonly ReturnType<typeof callOf>[],
  own = managing,
): number => {
  const { checker, complaints } = watch("managed", { cluster, plan: own });
  for (const call of calls) checker.answered?.(call);
  return complaints.length;
};

describe("managed", () => {
  it("objects to a change that no plan manages, also one that is refused", () => {
    const enabling = [callOf("EnableSnapshotCopy")];
    expect(complaintsOf(warehouse(), enabling)).toBe(0);
    expect(complaintsOf(warehouse(), enabling, plan as typeof managing)).toBe(1);
    const unwanted = warehouse({ tags: new Map([...orders.tags, ["holdfast:copies", "none"]]) });
    expect(complaintsOf(unwanted, [callOf("EnableSnapshotCopy", {}, 403)])).toBe(1);
    expect(complaintsOf(warehouse(), [callOf("DisableSnapshotCopy")])).toBe(1);
    const granting = [{ ...callOf("CreateSnapshotCopyGrant"), region: "eu-west-1" }];
    expect(complaintsOf(warehouse(), granting)).toBe(0);
    expect(complaintsOf(warehouse(), granting, plan as typeof managing)).toBe(1);
  });
  it("objects to one that is wrong: elsewhere, for some days, for automated ones, without a grant", () => {
    const modified = [callOf("ModifySnapshotCopyRetentionPeriod")];
    expect(complaintsOf(warehouse({ copying: { region: "us-west-2", days: -1 } }), modified)).toBe(1);
    expect(complaintsOf(warehouse({ copying: { ...right, days: 7 } }), modified)).toBe(1);
    expect(complaintsOf(warehouse(), [callOf("EnableSnapshotCopy", { RetentionPeriod: "7" })])).toBe(1);
    const encrypted = warehouse({ encrypted: true });
    expect(complaintsOf(encrypted, [callOf("EnableSnapshotCopy")])).toBe(1);
    expect(complaintsOf(encrypted, [callOf("EnableSnapshotCopy", { SnapshotCopyGrantName: "g" })])).toBe(0);
  });
  it("asks nothing of what others have changed since the call began", () => {
    const elsewhere = warehouse({ copying: { region: "us-west-2", days: -1 } });
    const changedAt = (when: number): number => {
      const { checker, complaints } = watch("managed", {
        ...{ cluster: elsewhere, plan: managing, unsettled: [[elsewhere.arn, when]] },
      });
      checker.answered?.(callOf("ModifySnapshotCopyRetentionPeriod"));
      return complaints.length;
    };
    expect([changedAt(now), changedAt(now - 1)]).toEqual([0, 1]);
  });
  it("objects to a snapshot that nobody has tried to have copied, unless copies go elsewhere", () => {
    const taken = callOf("CreateClusterSnapshot");
    expect(complaintsOf(bare(), [taken])).toBe(1);
    expect(complaintsOf(warehouse({ copying: { ...right, days: 7 } }), [taken])).toBe(1);
    expect(complaintsOf(bare(), [callOf("EnableSnapshotCopy", {}, 400), taken])).toBe(0);
    expect(
      complaintsOf({ ...bare(), encrypted: true }, [
        { ...callOf("CreateSnapshotCopyGrant", {}, 400), region: "eu-west-1" },
        taken,
      ]),
    ).toBe(0);
    expect(complaintsOf(warehouse({ copying: { region: "us-west-2", days: 7 } }), [taken])).toBe(0);
    expect(complaintsOf(bare(), [taken], plan as typeof managing)).toBe(0);
  });
  it("objects where two runs after the faults a cluster is still not copied for ever", () => {
    const thenIn = (cluster: SeenCluster, calm = 2): number => {
      const { checker, complaints } = watch("managed", { cluster, plan: managing });
      checker.nightEnded?.({ day: 9, calm, calmRuns: new Map([["daily", ["", ""]]]), told: new Map() });
      return complaints.length;
    };
    expect([thenIn(bare()), thenIn(bare(), 1), thenIn(warehouse())]).toEqual([1, 0, 0]);
  });
});
