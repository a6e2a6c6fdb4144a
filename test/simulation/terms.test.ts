import { describe, expect, it } from "vitest";
import type { PlanFacts, SeenCluster, SeenSnapshot } from "./checkers/records.ts";
import { isMeant, joinsNothing, termsOf } from "./checkers/terms.ts";
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
  points,
  prune,
  watch,
} from "./checkers/violations.ts";

/** What a cluster's own tags make of its plan, by the checkers' reading, and violations of that. */

const wishing = (tags: Record<string, string>, more: Partial<SeenCluster> = {}): SeenCluster => ({
  ...orders,
  tags: new Map([...orders.tags, ...Object.entries(tags)]),
  ...more,
});
const retaining = (words: string): SeenCluster => wishing({ "holdfast:retention": words });
const spanned: PlanFacts = { ...plan, retention: { within: "3d" } };
const copies = points.map((one) => copyOf(one));
const third = points[2] as SeenSnapshot;

describe("terms", () => {
  it.each([
    ["last=2  daily=7", { last: 2, daily: 7 }],
    ["within-daily=1m12h", { "within-daily": "1m12h" }],
    ["all", {}],
  ])("are a retention of %s", (words, retention) => {
    expect(termsOf(plan, retaining(words).tags)).toEqual({
      ...{ retention, slips: [] },
      copies: [{ region: "eu-west-1", retention }],
    });
  });
  it.each([
    ...["", " ", "a week", "daily=lots", "daily=2 daily=3", "keep-daily=7", "within=2w", "within=0d"],
    ...["within=1d2m", "daily=-1", "daily=3651", "all daily=2", "daily=7,weekly=2", "within=", "within=7"],
  ])("are the plan's where the retention is %j", (words) => {
    expect(termsOf(plan, retaining(words).tags)).toMatchObject({
      ...{ retention: plan.retention, slips: ["override-retention"] },
    });
  });
  it("want none of the plan's copies, or some, and no others", () => {
    const wanting = (words: string) => {
      const terms = termsOf(plan, wishing({ "holdfast:copies": words }).tags);
      return [...terms.copies.map(({ region }) => region), ...terms.slips].join(" ");
    };
    expect(wanting("none")).toBe("");
    expect(wanting("eu-west-1")).toBe("eu-west-1");
    for (const words of ["", "all", "us-east-1", "none eu-west-1", "eu-west-1 eu-west-9"])
      expect(wanting(words)).toBe("eu-west-1 override-copies");
  });
  it("leave a copy region's own retention alone", () => {
    const to = [{ region: "eu-west-1", retention: { daily: 1 } }];
    expect(termsOf({ ...plan, copies: to }, retaining("last=1").tags).copies).toEqual(to);
  });
  it("are of the plans that mean a cluster or that it joins, unless they exclude it", () => {
    const other = { ...plan, name: "ledger", select: { tags: { backup: ["ledger"] } } };
    const joining = { "holdfast:plan": "weekly ledger" };
    expect(isMeant(orders, plan)).toBe(true);
    expect(isMeant(orders, other)).toBe(false);
    expect(isMeant(wishing(joining), other)).toBe(true);
    expect(isMeant(wishing(joining, { region: "eu-west-1" }), other)).toBe(false);
    expect(isMeant(wishing({ ...joining, "backup-skip": "true" }), other)).toBe(false);
    expect(isMeant(wishing({ "backup-skip": "false" }), plan)).toBe(true);
    expect(isMeant(wishing(joining, { reads: true }), other)).toBe(false);
    expect(joinsNothing(wishing(joining), [plan, other])).toBe(true);
    expect(joinsNothing(wishing({ "holdfast:plan": "ledger" }), [plan, other])).toBe(false);
  });
});

describe("keep-rules, by a cluster's terms", () => {
  const complaintsOf = (parts: Parameters<typeof watch>[1], which: SeenSnapshot = oldest) => {
    const { checker, complaints } = watch("keep-rules", parts);
    checker.deleted?.(deletion(which));
    return complaints;
  };
  it("objects where the cluster's retention keeps what the plan's does not", () => {
    expect(complaintsOf({})).toEqual([]);
    expect(complaintsOf({ cluster: retaining("daily=5") })).toHaveLength(1);
    expect(complaintsOf({ cluster: retaining("within=4d1h") })).toHaveLength(1);
    expect(complaintsOf({ cluster: retaining("all") })).toHaveLength(1);
  });
  it("has nothing against it where the cluster keeps less than the plan", () => {
    expect(complaintsOf({}, third)).toHaveLength(1);
    expect(complaintsOf({ cluster: retaining("last=1") }, third)).toEqual([]);
  });
  it("objects, while the wish cannot be read, where a promise on some point keeps it", () => {
    const cluster = retaining("a week");
    expect(complaintsOf({ cluster })).toEqual([]);
    const { checker, complaints } = watch("keep-rules", { cluster });
    const bearer = point(9, {}, { "holdfast:keep": "daily=5" });
    checker.deleted?.(deletion(oldest, [newest, bearer, ...points.slice(2)]));
    expect(complaints).toHaveLength(1);
  });
  it("objects to a run's deletion where the cluster wants no copies", () => {
    const { checker, complaints } = watch("keep-rules", { cluster: wishing({ "holdfast:copies": "none" }) });
    checker.deleted?.(deletion(copies[4] as SeenSnapshot, copies));
    expect(complaints).toHaveLength(1);
  });
  it("objects to what is within the span, and not to what is as old as it", () => {
    expect(complaintsOf({ plan: spanned }, third)).toHaveLength(1);
    expect(complaintsOf({ plan: spanned }, points[3])).toEqual([]);
  });
});

describe("own-verdict, by a cluster's terms", () => {
  const base = { invocation: prune, family: "rds" as const, first: true, at: now };
  const complaintsOf = (
    parts: Parameters<typeof watch>[1],
    remove: readonly string[],
    region = "us-east-1",
  ) => {
    const { checker, complaints } = watch("own-verdict", parts);
    checker.listed?.({ ...base, region: "us-east-1", snapshots: points });
    checker.listed?.({ ...base, region: "eu-west-1", snapshots: copies });
    const keep = points.map(({ id }) => id).filter((id) => !remove.includes(id));
    const verdict = { invocation: prune, region, clusterArn: orders.arn, remove, keep, problems: [] };
    checker.judged?.(verdict);
    return complaints.length;
  };
  const [, , , fourth = "", fifth = ""] = points.map(({ id }) => id);
  it("agrees with the cluster's retention, and objects to the plan's", () => {
    expect(complaintsOf({ cluster: retaining("within=3d12h") }, [fifth])).toBe(0);
    expect(complaintsOf({ cluster: retaining("within=3d12h") }, [fourth, fifth])).toBe(1);
    expect(complaintsOf({ cluster: retaining("all") }, [])).toBe(0);
  });
  it("agrees with a plan's span, and objects to a day more or less", () => {
    expect(complaintsOf({ plan: spanned }, [fourth, fifth])).toBe(0);
    expect(complaintsOf({ plan: spanned }, [fifth])).toBe(1);
    expect(complaintsOf({ plan: spanned }, [third.id, fourth, fifth])).toBe(1);
  });
  it("objects to any verdict of a run where the cluster wants no copies", () => {
    const parts = { cluster: wishing({ "holdfast:copies": "none" }) };
    expect(complaintsOf(parts, [fourth, fifth], "eu-west-1")).toBe(1);
    expect(complaintsOf({}, [fourth, fifth], "eu-west-1")).toBe(0);
  });
});

describe("honesty, by a cluster's terms", () => {
  const complaintsOf = (parts: Parameters<typeof watch>[1], codes: readonly string[] = []) => {
    const { checker, complaints } = watch("honesty", { snapshots: [newest], ...parts });
    for (const region of ["us-east-1", "eu-west-1"])
      checker.judged?.({
        ...{ invocation: prune, region, clusterArn: orders.arn, remove: [], keep: [], problems: [] },
      });
    const problems = codes.map((code) => ({ cluster: "orders", region: "us-east-1", code }));
    const outcome = codes.length === 0 ? "complete" : "incomplete";
    const told = { succeeded: outcome === "complete", report: { outcome, problems } as const };
    const run = { ...ended, ...told, plan: parts?.plan ?? plan, clustersAtStart: [parts?.cluster ?? orders] };
    checker.runEnded?.(run);
    return complaints.length;
  };
  it("misses no copy that the cluster does not want, and nothing of one that is excluded", () => {
    expect(complaintsOf({})).toBe(1);
    expect(complaintsOf({ cluster: wishing({ "holdfast:copies": "none" }) })).toBe(0);
    expect(complaintsOf({ cluster: wishing({ "backup-skip": "true" }), snapshots: [] })).toBe(0);
  });
  it("takes a missing key for a reason in those copy regions only for which the plan names none", () => {
    const named = { ...plan, copies: [{ region: "eu-west-1", key: "alias/backup" }] };
    expect(complaintsOf({}, ["key-missing"])).toBe(0);
    expect(complaintsOf({ plan: named }, ["key-missing"])).toBe(1);
    expect(complaintsOf({ snapshots: [copyOf(newest)] }, ["key-missing"])).toBe(1);
  });
  it("misses nothing of a stopped cluster whose plan says to skip it", () => {
    const cluster = wishing({}, { status: "stopped" });
    expect(complaintsOf({ cluster, snapshots: [] })).toBe(2);
    expect(complaintsOf({ cluster, snapshots: [], plan: { ...plan, stopped: "skip" } })).toBe(0);
  });
  it("objects where a wish that nobody can read is not said, or one is that can be", () => {
    const cluster = retaining("a week");
    const snapshots = [newest, copyOf(newest)];
    expect(complaintsOf({ cluster, snapshots }, ["override-retention"])).toBe(0);
    expect(complaintsOf({ cluster, snapshots })).toBe(1);
    expect(complaintsOf({ snapshots }, ["override-retention"])).toBe(1);
    expect(complaintsOf({ cluster: wishing({ "holdfast:plan": "gone" }), snapshots })).toBe(1);
  });
});

describe("liveness, by a cluster's terms", () => {
  const night = { day: 9, calm: 2, calmRuns: new Map([["daily", [day(9), day(10)]]]), told: new Map() };
  const complaintsOf = (cluster: SeenCluster, snapshots: readonly SeenSnapshot[]) => {
    const { checker, complaints } = watch("liveness", { cluster, snapshots });
    checker.nightEnded?.(night);
    return complaints;
  };
  const recent = points.slice(0, 2);
  it("wants no copies that the cluster does not, nor those of a Multi-AZ DB cluster", () => {
    expect(complaintsOf(orders, recent)).toHaveLength(1);
    expect(complaintsOf(wishing({ "holdfast:copies": "none" }), recent)).toEqual([]);
    const multiAz = { engine: "postgres" };
    expect(
      complaintsOf(
        wishing({}, multiAz),
        recent.map((one) => ({ ...one, ...multiAz })),
      ),
    ).toEqual([]);
  });
  it("objects to what the cluster's retention should have pruned", () => {
    const [complaint = "", ...more] = complaintsOf(retaining("last=4"), [...points, ...copies.slice(0, 4)]);
    expect(more).toEqual([]);
    expect(complaint).toContain(oldest.id);
    expect(complaint).not.toContain(points[3]?.id);
  });
  it("while the wish cannot be read, wants pruned what nothing keeps, save the last that bears a promise", () => {
    const bearer = { ...oldest, tags: new Map([...oldest.tags, ["holdfast:keep", "daily=2"]]) };
    const [complaint = "", ...more] = complaintsOf(retaining("a week"), [
      ...points.slice(0, 4),
      bearer,
      ...copies.slice(0, 3),
    ]);
    expect(more).toEqual([]);
    expect(complaint).toContain(points[3]?.id);
    expect(complaint).not.toContain(bearer.id);
  });
  // Found by seed 220038: AWS had deleted a copy by its own clock once the prune was over.
  it("takes what others have removed since for one that raised the floor, or whose stamp was a policy", () => {
    const snapshots = [...points.slice(0, 4), ...copies.slice(0, 3)];
    const complaintsAfter = (cluster: SeenCluster, hours: number, gone?: SeenSnapshot): number => {
      const removals = gone ? [{ at: Date.parse(day(10)) + hours * 3_600_000, snapshot: gone }] : [];
      const others = [{ ...plan, name: "ledger", floor: 4 }];
      const { checker, complaints } = watch("liveness", { cluster, snapshots, others, removals });
      checker.nightEnded?.(night);
      return complaints.filter((one) => one.includes("should have been pruned")).length;
    };
    const another = point(9, { id: "holdfast-ledger" }, { "holdfast:plan": "ledger" });
    expect(complaintsAfter(orders, 1)).toBe(1);
    expect(complaintsAfter(orders, 1, another)).toBe(0);
    expect(complaintsAfter(orders, -1, another)).toBe(1);
    const unread = retaining("a week");
    const bearer = point(4, {}, { "holdfast:keep": "daily=5" });
    expect(complaintsAfter(unread, 1)).toBe(1);
    expect(complaintsAfter(unread, 1, bearer)).toBe(0);
    expect(complaintsAfter(orders, 1, bearer)).toBe(1);
  });
  it("objects to copies that nobody wants any more and Sweep has left", () => {
    const wanted = [...points.slice(0, 3), ...copies.slice(0, 3)];
    expect(complaintsOf(orders, wanted)).toEqual([]);
    const unwanted = [...points.slice(0, 3), ...copies];
    expect(complaintsOf(wishing({ "holdfast:copies": "none" }), unwanted)[0]).toContain("swept");
  });
});

describe("promises", () => {
  const call = (keep: string, more: Record<string, string> = { team: "shop" }) => ({
    ...{ invocation: prune, operation: "CreateDBClusterSnapshot", region: "us-east-1", at: now },
    parameters: new Map([
      ["DBClusterSnapshotIdentifier", newest.id],
      ["DBClusterIdentifier", "orders"],
      ...Object.entries({ "holdfast:keep": keep, ...more }).flatMap(
        ([key, value], nth): [string, string][] => [
          [`Tags.Tag.${nth}.Key`, key],
          [`Tags.Tag.${nth}.Value`, value],
        ],
      ),
    ]),
    ...{ status: 200, code: "", body: "" },
  });
  const complaintsOf = (made: ReturnType<typeof call>, cluster: SeenCluster = wishing({ team: "shop" })) => {
    const { checker, complaints } = watch("promises", { cluster, snapshots: [newest] });
    checker.answered?.(made);
    return complaints.length;
  };
  it("object to a stamp that is not the cluster's terms", () => {
    expect(complaintsOf(call("daily=3"))).toBe(0);
    expect(complaintsOf(call("daily=4"))).toBe(1);
    expect(complaintsOf(call("daily=3"), wishing({ "holdfast:retention": "within=2d", team: "shop" }))).toBe(
      1,
    );
    expect(complaintsOf(call("within=2d last=1"), retaining("last=1 within=2d"))).toBe(0);
  });
  it("object to a tag of the cluster that was not carried", () => {
    expect(complaintsOf(call("daily=3", {}))).toBe(1);
  });
  it("object to a copy that is promised anything but what its source was", () => {
    const copied = (keep: string) => {
      const { parameters, ...rest } = call(keep);
      const more: [string, string][] = [
        ["TargetDBClusterSnapshotIdentifier", newest.id],
        ["SourceDBClusterSnapshotIdentifier", newest.arn],
      ];
      const to = { operation: "CopyDBClusterSnapshot", region: "eu-west-1" };
      return { ...rest, ...to, parameters: new Map([...parameters, ...more]) };
    };
    expect(complaintsOf(copied("daily=3"))).toBe(0);
    expect(complaintsOf(copied("daily=1"))).toBe(1);
    expect(complaintsOf(copied("daily=3"), wishing({ "holdfast:copies": "none" }))).toBe(1);
  });
  it("object to a snapshot of a cluster that the plan excludes", () => {
    expect(complaintsOf(call("daily=3"), wishing({ "backup-skip": "true" }))).toBe(1);
  });
});
