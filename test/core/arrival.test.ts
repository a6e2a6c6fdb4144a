import { describe, expect, it } from "vitest";
import { isArrivalOf, sourcesInUse } from "../../lib/core/arrival.ts";
import { arnOf, type Snapshot, type SnapshotStatus } from "../../lib/core/snapshot.ts";
import { copyOf, pointOf, snapshotOf } from "./samples.ts";

const source: Snapshot = snapshotOf({
  engine: "redshift",
  arnPattern: "arn:aws:redshift:us-east-1:123456789012:snapshot:orders/*",
  createdAt: Date.parse("2026-11-21T03:01:07Z"),
  clusterCreatedAt: "2025-01-01T00:00:00Z",
});
const arrived: Snapshot = {
  ...source,
  region: "eu-west-1",
  sourceRegion: "us-east-1",
  id: `copy:${source.id}`,
  arnPattern: "arn:copy",
  tags: {},
};

/** By a name that tells nothing: which AWS gives is not confirmed. */
const nameless: Snapshot = { ...arrived, id: `copy-of-${source.id.slice(0, 20)}` };

describe("AWS's own copy of a Redshift snapshot", () => {
  it("is recognised by its name where AWS tells neither time, or other times", () => {
    const { createdAt: _, clusterCreatedAt: __, ...untold } = arrived;
    expect(isArrivalOf(untold, source)).toBe(true);
    expect(isArrivalOf({ ...arrived, createdAt: Date.parse("2026-11-21T03:09:00Z") }, source)).toBe(true);
  });

  it("is recognised by cluster, source region and time, though it has another name and no tags", () => {
    expect(isArrivalOf(nameless, source)).toBe(true);
    expect(isArrivalOf({ ...nameless, tags: undefined, status: "creating" }, source)).toBe(true);
  });

  it.each<readonly [string, Partial<Snapshot>]>([
    ["another cluster's", { cluster: "billing" }],
    ["another region's", { sourceRegion: "us-west-2" }],
    ["another night's", { createdAt: Date.parse("2026-11-20T03:01:07Z") }],
    ["of a cluster of that name before it was re-created", { clusterCreatedAt: "2024-01-01T00:00:00Z" }],
  ])("is not one that is %s", (_whose, differs) => {
    expect(isArrivalOf({ ...nameless, ...differs }, source)).toBe(false);
  });

  it("is not one of another cluster or region, though it bears the name", () => {
    expect(isArrivalOf({ ...arrived, cluster: "billing" }, source)).toBe(false);
    expect(isArrivalOf({ ...arrived, sourceRegion: "us-west-2" }, source)).toBe(false);
  });

  it("is not one that bears the name of another of ours, which was taken at the same moment", () => {
    const other = source.id.replace(/-[a-z2-7]{8}-/, "-o5gvzauv-");
    expect(other).not.toBe(source.id);
    expect(isArrivalOf({ ...arrived, id: `copy:${other}` }, source)).toBe(false);
    expect(isArrivalOf({ ...arrived, id: other }, { ...source, id: other })).toBe(true);
  });

  it("is not a snapshot that was taken in the copy region itself", () => {
    const { sourceRegion: _, ...local } = arrived;
    expect(isArrivalOf(local, source)).toBe(false);
  });

  it("is not guessed while AWS tells no time: two untold times are not equal", () => {
    const { createdAt: _, ...untold } = source;
    const copy = { ...untold, id: nameless.id, region: "eu-west-1", sourceRegion: "us-east-1" };
    expect(isArrivalOf(copy, untold)).toBe(false);
  });
});

describe("the sources that running copies read from", () => {
  const point = pointOf();
  const hoursOld = (hours: number): number => Number(source.createdAt) + hours * 3_600_000;
  const inUse = (
    destination: readonly Snapshot[],
    sources: readonly Snapshot[] = [source, point.snapshot],
    now = hoursOld(5),
  ) => [...sourcesInUse({ destination, sources, now })];

  it.each<SnapshotStatus>(["copying", "creating", "unknown"])("are in use while the copy is %s", (status) => {
    expect(inUse([copyOf(point, { status }).snapshot])).toEqual([arnOf(point.snapshot)]);
    expect(inUse([{ ...arrived, status }])).toEqual([arnOf(source)]);
  });

  it("are in use where the copy bears their name, whatever times AWS tells of it, and else where the times agree", () => {
    const seconds = (count: number) => Number(source.createdAt) + count * 1000;
    const later = { createdAt: seconds(20), clusterCreatedAt: "2024-01-01T00:00:00Z" };
    expect(inUse([{ ...arrived, ...later, status: "creating" }])).toEqual([arnOf(source)]);
    expect(inUse([{ ...nameless, ...later, status: "creating" }])).toEqual([]);
    expect(inUse([{ ...arrived, ...later, status: "creating", cluster: "billing" }])).toEqual([]);
  });

  it.each<SnapshotStatus>(["available", "failed", "deleting"])("are free when the copy is %s", (status) => {
    const tags = { "holdfast:service": "holdfast/test" };
    expect(inUse([copyOf(point, { status }).snapshot, { ...arrived, status, tags }])).toEqual([]);
  });

  it("are in use until a copy that has come without tags has got its own from them, or for three days", () => {
    const laterBy = (hours: number, differs: Partial<Snapshot> = {}, from = source) =>
      inUse([{ ...arrived, ...differs }], [from, point.snapshot], hoursOld(hours));
    expect([laterBy(71), laterBy(73)]).toEqual([[arnOf(source)], []]);
    expect(laterBy(5, { id: nameless.id })).toEqual([arnOf(source)]);
    // Taken anew under the name of one that somebody has deleted; what failed is no copy's source.
    const anew = { ...source, createdAt: hoursOld(2) };
    expect(laterBy(5, {}, anew)).toEqual([arnOf(source)]);
    expect(laterBy(5, {}, { ...anew, status: "failed" })).toEqual([]);
    for (const differs of [
      { status: "failed" },
      { cluster: "billing" },
      { tags: { owner: "somebody" } },
    ] as const)
      expect(laterBy(5, differs)).toEqual([]);
  });

  it("are named by AWS even where the source is not in our listing, and whoever made the copy", () => {
    const theirs = { ...copyOf(point, { status: "copying" }).snapshot, tags: {} };
    expect(inUse([theirs], [])).toEqual([arnOf(point.snapshot)]);
  });

  it.each<readonly [string, Partial<Record<keyof Snapshot, undefined>>]>([
    ["its time", { createdAt: undefined }],
    ["where it comes from", { sourceRegion: undefined }],
    ["its cluster's time", { clusterCreatedAt: undefined }],
  ])("are in doubt in use where a running copy's listing leaves out %s", (_, untold) => {
    const copy = { ...arrived, status: "creating", ...untold } as Snapshot;
    expect(inUse([copy])).toEqual([arnOf(source)]);
    expect(inUse([{ ...copy, cluster: "billing" }])).toEqual([]);
  });

  it.each(["createdAt", "clusterCreatedAt"] as const)(
    "are in doubt in use where their own listing leaves out %s",
    (key) => {
      const untold = { ...source, [key]: undefined } as unknown as Snapshot;
      expect(inUse([{ ...arrived, status: "creating" }], [untold])).toEqual([arnOf(source)]);
    },
  );

  it("are none for a snapshot that is only being taken", () => {
    expect(inUse([snapshotOf({ status: "creating" })])).toEqual([]);
    const elsewhere = snapshotOf({ status: "creating", region: "eu-west-1" });
    expect(inUse([elsewhere], [point.snapshot])).toEqual([]);
    // Where AWS tells that it comes from another region it is none of these, though it does not tell of what.
    expect(inUse([{ ...elsewhere, sourceRegion: "us-east-1" }])).toEqual([arnOf(point.snapshot)]);
  });
});
