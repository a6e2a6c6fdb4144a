import { describe, expect, it } from "vitest";
import { callsFloor, type FloorInput, timeFloor, wavesOf } from "../../bench/floor.ts";

/**
 * Seven clusters, counted by hand: five of the RDS family in `a` (snapshots of 1, 2, 3, 4 and 5 minutes), one in
 * `b`, and a Redshift one in `b`. Each has 30 points and 7 copies, and keeps as many. Two copies at once.
 */
const world: FloorInput = {
  clusters: [
    ...[60, 120, 180, 240, 300].map((snapshotSeconds) => ({
      region: "a",
      control: "rds" as const,
      snapshotSeconds,
    })),
    { region: "b", control: "rds", snapshotSeconds: 60 },
    { region: "b", control: "redshift", snapshotSeconds: 900 },
  ],
  ...{ sourceRegions: ["a", "b"], points: 30, copies: 7, keep: 30, keepCopies: 7 },
  ...{ copiesAtOnce: 2, copySeconds: 600 },
};

describe("the floor of a night's calls", () => {
  it("is what can be counted by hand", () => {
    expect(callsFloor(world)).toEqual({
      // One in each region, for either control plane, whether or not it has clusters there.
      "rds.DescribeDBClusters": 2,
      "redshift.DescribeClusters": 2,
      "rds.CreateDBClusterSnapshot": 6,
      "redshift.CreateClusterSnapshot": 1,
      // `a`: tonight's 5 in one, all 155 in two. `b`: 1 and 31. Copies: three waves of two, and all 48 in one.
      "rds.DescribeDBClusterSnapshots": 1 + 2 + 1 + 1 + 3 + 1,
      // `b`: 1 and 31. Copies: the arrival, and all 8.
      "redshift.DescribeClusterSnapshots": 1 + 1 + 1 + 1,
      "rds.CopyDBClusterSnapshot": 6,
      "redshift.CreateTags": 1,
      // One point and one copy of each.
      "rds.DeleteDBClusterSnapshot": 12,
      "redshift.BatchDeleteClusterSnapshots": 2,
    });
  });

  it("grants pages by the hundred", () => {
    const clusters = Array.from({ length: 201 }, () => ({
      region: "a",
      control: "rds" as const,
      snapshotSeconds: 60,
    }));
    const calls = callsFloor({ ...world, clusters, copiesAtOnce: 150 });
    // 201 clusters are three pages in `a`, and `b` is asked too.
    expect(calls["rds.DescribeDBClusters"]).toBe(4);
    // Tonight's 3, all 6,231 in 63; copies: 150 in two, 51 in one; all 1,608 in 17.
    expect(calls["rds.DescribeDBClusterSnapshots"]).toBe(3 + 63 + 3 + 17);
  });

  it("deletes nothing where nothing is over", () => {
    const calls = callsFloor({ ...world, points: 10, copies: 2 });
    expect(Object.keys(calls).filter((name) => /Delete/.test(name))).toEqual([]);
  });
});

describe("the floor of a night's time", () => {
  it("fills two places with six copies as their snapshots come", () => {
    // Ready at 1, 1, 2, 3, 4, 5: two start at 1, two at 11, two at 21 and end at 31; Redshift's at 15 ends at 25.
    expect(timeFloor(world)).toEqual({ lastSnapshotSeconds: 900, lastCopySeconds: 31 * 60 });
    expect(wavesOf(world)).toBe(3);
  });

  it("is the last snapshot and its copy where places are plenty", () => {
    expect(timeFloor({ ...world, copiesAtOnce: 100 })).toEqual({
      lastSnapshotSeconds: 900,
      lastCopySeconds: 1500,
    });
  });
});
