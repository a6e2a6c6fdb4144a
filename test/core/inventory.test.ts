import { describe, expect, it } from "vitest";
import { type InventoryInput, type JudgedPoint, takeInventory } from "../../lib/core/inventory.ts";
import { type OwnedSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { clusterOf, copyOf, dayMs, now, planOf, pointOf, runAt } from "./samples.ts";

const night = (back: number, differs: Parameters<typeof pointOf>[0] = {}): OwnedSnapshot =>
  pointOf({ at: Date.parse(runAt) - back * dayMs, ...differs });
const nights = (count: number): readonly OwnedSnapshot[] =>
  Array.from({ length: count }, (_, back) => night(back));

const daily = planOf({ retention: { daily: 3 } });
const copying = planOf({
  retention: { daily: 3 },
  copies: [{ region: "eu-west-1", unencrypted: true, retention: { daily: 2 } }],
  objective: { copySeconds: 30 * 3600 },
});

const setsOf = (owned: readonly OwnedSnapshot[], differs: Partial<InventoryInput> = {}) =>
  takeInventory({
    config: { regions: ["us-east-1", "eu-west-1"], plans: { daily } },
    clusters: [clusterOf()],
    ...{ owned, snapshots: owned.map(({ snapshot }) => snapshot), unseen: () => false, now },
    ...differs,
  });

const only = <T>(some: readonly T[]): T => {
  expect(some).toHaveLength(1);
  return some[0] as T;
};

const words = ({ stays, because, longevity }: JudgedPoint): string =>
  [stays ? "stays" : "goes", because.join(", "), JSON.stringify(longevity ?? null)].join("; ");

describe("a set of a plan", () => {
  it("is judged by the plan's policy, and not by the stamps", () => {
    const set = only(setsOf(nights(4)));
    expect(set).toMatchObject({ governor: "plan", policies: [{ daily: 3 }], problems: [] });
    expect(set.points.map(words)).toEqual([
      'stays; daily 1 of 3; {"kind":"runs","runs":2}',
      'stays; daily 2 of 3; {"kind":"runs","runs":1}',
      'stays; daily 3 of 3; {"kind":"runs","runs":0}',
      'goes; no rule keeps it; {"kind":"runs","runs":0}',
    ]);
  });

  it("holds what was taken under the cluster's present name; what is older, Sweep's, is told apart", () => {
    const renamed = clusterOf({ id: "orders-2027" });
    const fresh = night(0, { cluster: "orders-2027", id: `${night(0).snapshot.id}-2` });
    const sets = setsOf([fresh, ...nights(4)], { clusters: [renamed] });
    expect(sets.map(({ governor, points, orphan }) => [governor, points.length, orphan])).toEqual([
      ["plan", 1, undefined],
      ["sweep", 4, "its cluster is named orders-2027 now"],
    ]);
  });

  it("is judged by the copy's own policy where that lies", () => {
    const owned = [...nights(3), ...nights(3).map((one) => copyOf(one))];
    const sets = setsOf(owned, { config: { regions: [], plans: { daily: copying } } });
    expect(sets.map(({ region, policies }) => [region, policies])).toEqual([
      ["us-east-1", [{ daily: 3 }]],
      ["eu-west-1", [{ daily: 2 }]],
    ]);
  });

  it("tells what a hold and a promise decide", () => {
    const tags = [
      { [tagKeys.hold]: "audit" },
      { [tagKeys.until]: "2027-01-01" },
      { [tagKeys.until]: "spring" },
    ];
    const owned = [night(0), ...tags.map((one, back) => night(back + 10, { tags: one }))];
    expect(only(setsOf(owned)).points.map(({ longevity }) => longevity)).toEqual([
      { kind: "runs", runs: 2 },
      { kind: "held" },
      { kind: "until", until: "2027-01-01T00:00:00.000Z" },
      { kind: "always" },
    ]);
  });

  it("tells that what failed goes, and counts what is in progress among the points of the next run", () => {
    const owned = [night(0, { status: "creating" }), night(1, { status: "failed" }), night(2)];
    expect(only(setsOf(owned)).points.map(words)).toEqual([
      'stays; still creating; {"kind":"runs","runs":2}',
      'goes; failed: never a recovery point; {"kind":"runs","runs":0}',
      'stays; daily 1 of 3; {"kind":"runs","runs":1}',
    ]);
  });

  it("has no figure where the plan is switched off, and none removes without a rule", () => {
    const kindsUnder = (plan: ReturnType<typeof planOf>) =>
      only(setsOf(nights(1), { config: { regions: [], plans: { daily: plan } } })).points.map(
        ({ longevity }) => longevity?.kind,
      );
    expect(kindsUnder({ ...daily, enabled: false })).toEqual(["no-runs"]);
    expect(kindsUnder({ ...daily, retention: {} })).toEqual(["always"]);
  });

  it("says that something that passes keeps a point, and what", () => {
    const braked = planOf({ retention: { daily: 1 }, brake: 1 });
    const set = only(setsOf(nights(4), { config: { regions: [], plans: { daily: braked } } }));
    expect(set.problems).toMatchObject([{ code: "brake" }]);
    expect(set.points.slice(1).map(({ longevity }) => longevity)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: "gated" })),
    );
  });

  it("shows the points of a cluster whose immutable id AWS did not tell this time, and decides nothing", () => {
    const unnamed = clusterOf({ resource: "orders@2026-01-01T00:00:00.000Z" });
    const set = only(setsOf(nights(2), { clusters: [unnamed] }));
    expect([set.governor, set.points.map(({ stays }) => stays)]).toEqual(["unknown", [true, true]]);
  });

  it("is the plan's where its points bear that very name and age, as of a cluster that never told another", () => {
    const unnamed = clusterOf({ resource: "orders@2026-01-01T00:00:00.000Z" });
    const own = [0, 1].map((back) => night(back, { tags: { [tagKeys.resource]: unnamed.resource } }));
    expect(only(setsOf(own, { clusters: [unnamed] })).governor).toBe("plan");
  });

  it("does not call copies overdue in a region that was not seen", () => {
    const owned = [night(0), night(1), night(2), night(3)];
    const config = { regions: [], plans: { daily: copying } };
    expect(only(setsOf(owned, { config })).problems).toMatchObject([{ code: "copy-gate" }]);
    const unseen = (_: string, region: string) => region === "eu-west-1";
    expect(only(setsOf(owned, { config, unseen })).problems).toEqual([]);
  });

  it("counts towards the floor what its own plan has, since other plans may prune what they have", () => {
    const floored = planOf({ retention: { last: 1 }, floor: 2 });
    const sets = setsOf([night(0), night(1, { plan: "weekly" }), night(2, { plan: "weekly" })], {
      config: { regions: [], plans: { daily: floored, weekly: { ...floored, name: "weekly" } } },
    });
    expect(sets.map(({ points }) => points[0]?.longevity)).toEqual([
      { kind: "runs", runs: 1 },
      { kind: "runs", runs: 1 },
    ]);
  });
});

describe("a set of a cluster with tags of its own", () => {
  const tagged = (tags: Readonly<Record<string, string>>) => ({
    clusters: [clusterOf({ tags: { backup: "daily", ...tags } })],
  });

  it("is judged by the retention that these ask for", () => {
    const set = only(setsOf(nights(3), tagged({ "holdfast:retention": "last=1" })));
    expect(set.policies).toEqual([{ last: 1 }]);
    expect(set.points.map(({ stays }) => stays)).toEqual([true, false, false]);
  });

  it("is judged by the plan's and the promised one while these cannot be read", () => {
    const set = only(setsOf(nights(3), tagged({ "holdfast:retention": "many" })));
    expect(set.policies).toEqual([{ daily: 3 }, { last: 2 }]);
  });

  it("is Sweep's where these leave its region out", () => {
    const config = { regions: [], plans: { daily: copying } };
    const sets = setsOf([night(0), copyOf(night(0))], { config, ...tagged({ "holdfast:copies": "none" }) });
    expect(sets.map(({ governor, region, orphan }) => [governor, region, orphan])).toEqual([
      ["plan", "us-east-1", undefined],
      ["sweep", "eu-west-1", "its cluster's tag holdfast:copies leaves eu-west-1 out"],
    ]);
  });
});

describe("what a prune leaves for the floor", () => {
  const floored = planOf({ retention: { last: 1 }, floor: 2 });
  const weekly = planOf({ name: "weekly", retention: { last: 1 }, floor: 1 });
  const config = { regions: [], plans: { daily: floored, weekly } };
  const newestOf = (owned: readonly OwnedSnapshot[], differs: Partial<InventoryInput> = {}) =>
    setsOf(owned, { config, ...differs }).find(
      ({ plan, region }) => plan === "daily" && region === "us-east-1",
    )?.points[0]?.longevity;
  const spared = { kind: "runs", runs: 1 };
  const free = { kind: "runs", runs: 0 };

  it("is reckoned with, of the plan's own points that are there, whyever", () => {
    expect(newestOf([night(0)])).toEqual(spared);
    expect(newestOf([night(0), night(9, { tags: { [tagKeys.hold]: "audit" } })])).toEqual(free);
    expect(newestOf([night(0), night(9, { tags: { [tagKeys.until]: "2027-01-01" } })])).toEqual(free);
    expect(newestOf([night(0), night(9, { tags: { [tagKeys.hold]: "audit" }, status: "creating" })])).toEqual(
      spared,
    );
    expect(newestOf([night(0), night(9, { plan: "weekly" })])).toEqual(spared);
    expect(newestOf([night(0), night(9, { plan: "weekly", tags: { [tagKeys.hold]: "audit" } })])).toEqual(
      spared,
    );
    expect(newestOf([night(0), copyOf(night(9, { plan: "weekly" }))])).toEqual(spared);
  });

  it("is what the most careful plan asks for that has points of the cluster", () => {
    const careless = { ...floored, floor: 1 };
    const careful = { ...weekly, floor: 2 };
    const plans = { config: { regions: [], plans: { daily: careless, weekly: careful } } };
    expect(newestOf([night(0)], plans)).toEqual(free);
    expect(newestOf([night(0), night(9, { plan: "weekly", status: "failed" })], plans)).toEqual(spared);
  });
});

describe("an orphan", () => {
  const reasonOf = (differs: Partial<InventoryInput>, owned = [night(0)]) => {
    const set = only(setsOf(owned, differs));
    expect(set.governor).toBe("sweep");
    expect(set.points.map(({ longevity }) => longevity)).toEqual([{ kind: "orphan" }]);
    return set.orphan;
  };
  const plans = (plan: ReturnType<typeof planOf>) => ({ config: { regions: [], plans: { daily: plan } } });

  it("says which of cluster, plan and copy region is gone", () => {
    expect(reasonOf({ clusters: [] })).toBe("its cluster is gone");
    expect(reasonOf({ clusters: [clusterOf({ resource: "cluster-NEW" })] })).toBe("its cluster is gone");
    expect(reasonOf({ config: { regions: [], plans: {} } })).toBe("there is no plan daily any more");
    expect(reasonOf({ clusters: [clusterOf({ tags: {} })] })).toBe(
      "plan daily does not mean its cluster any more: no tag backup",
    );
    expect(reasonOf({}, [copyOf(night(0))])).toBe("plan daily does not copy to eu-west-1 any more");
    const elsewhere = { ...daily, select: { ...daily.select, regions: ["eu-west-1"] } };
    expect(reasonOf(plans(elsewhere))).toBe("plan daily does not look in us-east-1 any more");
  });

  it("is judged by the policy that is stamped on it", () => {
    const set = only(setsOf(nights(4), { clusters: [] }));
    expect(set.policies).toEqual([{ last: 2 }]);
    expect(set.points.map(({ stays }) => stays)).toEqual([true, true, false, false]);
  });
});

describe("a set whose cluster's region was not seen", () => {
  it("is no orphan: it is judged by its tags, and its plan's runs are counted", () => {
    const unseen = (_: string, region: string) => region === "us-east-1";
    const set = only(
      setsOf(
        nights(3).map((one) => copyOf(one)),
        { clusters: [], unseen },
      ),
    );
    expect(set.governor).toBe("unknown");
    expect(set.orphan).toBeUndefined();
    expect(set.points.map(words)).toEqual([
      'stays; last 1 of 2; {"kind":"runs","runs":1}',
      'stays; last 2 of 2; {"kind":"runs","runs":0}',
      'goes; no rule keeps it; {"kind":"runs","runs":0}',
    ]);
  });
});
