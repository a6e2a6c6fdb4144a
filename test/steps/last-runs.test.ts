import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cluster, families } from "../../lib/core/cluster.ts";
import { type CoverageRow, visibleCoverageOf } from "../../lib/core/coverage.ts";
import type { Measurement } from "../../lib/core/measure.ts";
import { type Sighting, sightingsOf } from "../../lib/core/sighting.ts";
import type { Engine } from "../../lib/engines/engine.ts";
import { watch } from "../../lib/steps/watch.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Night, nightAfter, plainPlan, withNight } from "../night.ts";
import { clusterOf, copyOf, type FleetSnapshot, point, points, warehouseOf } from "./points.ts";

const born = "2026-01-01T00:00:00Z";
const ids = ["orders", "ledger", "billing"] as const;
const clusters = ids.map((id) => clusterOf(id, { created: born }));
const hour = 3600;

const ratePlan = plainPlan.replace("cron(0 3 * * ? *)", "rate(1 day)");

interface Seen {
  readonly rows: readonly CoverageRow[];
  readonly keys: readonly string[];
  /** Questions of snapshots, by region: for all, or for some by their names. */
  readonly whole: readonly string[];
  readonly named: readonly string[];
  /** Questions of all snapshots of some clusters. */
  readonly listed: readonly string[];
}

/** What a look at every recovery point that there is comes to. */
const everythingIn = async (night: Night): Promise<readonly CoverageRow[]> => {
  const { config, engines, now, service } = night.context();
  const [seen, owned]: [Cluster[], Sighting[]] = [[], []];
  for (const family of families)
    for (const region of config.regions) {
      seen.push(...(await engines[family].listClusters(region)));
      owned.push(...(await engines[family].pickSnapshots(region, sightingsOf(service))));
    }
  const world = { clusters: seen, owned, unlisted: new Set<string>(), now };
  return Object.values(config.plans).flatMap((plan) => visibleCoverageOf({ plan, ...world }));
};

/** `silent`: an operation that answers nothing to the question of some clusters' points, nor until everything is asked for. */
const look = async (night: Night, silent?: string): Promise<Seen> => {
  const figures: Measurement[] = [];
  const [whole, named, listed]: [string[], string[], string[]] = [[], [], []];
  const context = night.context();
  const told = night.ledger.of("coverage.row").length;
  const overheard = (engine: Engine): Engine => ({
    ...engine,
    pickSnapshots: (region, pick) => {
      whole.push(`${engine.family} ${region}`);
      night.simulator.faults.clear();
      return engine.pickSnapshots(region, pick);
    },
    snapshotsOf: (query) => {
      listed.push(`${engine.family} ${query.region} ${query.clusters.toSorted().join()}`);
      if (silent) night.simulator.faults.add({ operation: silent, times: 9, kind: "internal" });
      return engine.snapshotsOf(query);
    },
    findSnapshots: (query) => {
      named.push(`${engine.family} ${query.region}`);
      return engine.findSnapshots(query);
    },
  });
  await watch(
    { at: nightAfter(0) },
    {
      ...context,
      engines: { rds: overheard(context.engines.rds), redshift: overheard(context.engines.redshift) },
      measure: (one) => void figures.push(one),
    },
  );
  return {
    rows: night.ledger
      .of("coverage.row")
      .slice(told)
      .map(({ row }) => row),
    keys: figures.flatMap(({ name, dimensions: { region = "" }, value }) =>
      name === "KeysUnusable" ? [`${region} ${value}`] : [],
    ),
    ...{ whole, named, listed },
  };
};

/** What an hour after the night shows, or so many. */
const seenIn = async (fleet: Fleet, { config = plainPlan, hours = 1, silent = "" } = {}): Promise<Seen> => {
  let seen: Seen | undefined;
  await withNight({ fleet: { clusters, ...fleet }, config }, async (night) => {
    night.simulator.clock.advance(hours * hour);
    seen = await look(night, silent);
  });
  return seen as Seen;
};

const agesOf = ({ rows }: Seen) =>
  rows.map(({ recoveryPointAge, runAge }) => [recoveryPointAge / hour, runAge / hour]);
const bothSides = (some: readonly FleetSnapshot[]): FleetSnapshot[] => [
  ...some,
  ...some.map((one) => copyOf(one)),
];
const nights = (count: number) => bothSides(ids.flatMap((of) => points(count, { of })));

describe("Watch", () => {
  it("asks for the last run's points by their names, and for nothing else where all have one", async () => {
    const seen = await seenIn({ snapshots: nights(9) });
    expect(agesOf(seen)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(seen).toMatchObject({ named: ["rds us-east-1", "rds eu-west-1"], whole: [] });
  });

  it("asks for the run before while the last one is at work", async () => {
    const [tonights, ...others] = nights(3);
    expect(tonights).toMatchObject({ cluster: "orders", region: "us-east-1" });
    const seen = await seenIn({ snapshots: others });
    expect(agesOf(seen)).toEqual([
      [25, 25],
      [1, 1],
    ]);
    expect(seen.named).toEqual(["rds us-east-1", "rds eu-west-1", "rds us-east-1"]);
    expect(seen.whole).toEqual([]);
  });

  it("knows by the plan's own clock when the last run was", async () => {
    const config = plainPlan.replace("cron(0 3 * * ? *)", "cron(0 4 * * ? *)\n    timezone: Europe/Berlin");
    const seen = await seenIn({ snapshots: nights(1) }, { config });
    expect(seen).toMatchObject({ named: ["rds us-east-1", "rds eu-west-1"], whole: [] });
  });

  it("takes a cluster that came since for none that lacks a point", async () => {
    const young = clusterOf("young", { created: "2026-11-20T03:30:00Z" });
    const seen = await seenIn({ clusters: [...clusters, young], snapshots: nights(2) });
    expect(seen.rows.map(({ clusters: count, runAge }) => [count, runAge / hour])).toEqual([
      [4, 1],
      [4, 1],
    ]);
    expect(seen.whole).toEqual([]);
  });

  it("asks for the run before where the last one passed over a cluster that is young", async () => {
    const young = clusterOf("young", { created: "2026-11-20T01:00:00Z" });
    const seen = await seenIn({ clusters: [...clusters, young], snapshots: nights(2) });
    expect(seen.rows.map(({ atRisk, runAge }) => [atRisk, runAge / hour])).toEqual([
      [[], 25],
      [[], 25],
    ]);
    expect(seen.whole).toEqual([]);
  });

  it("finds a later attempt", async () => {
    const [failed, ...others] = nights(1) as [FleetSnapshot, ...FleetSnapshot[]];
    const second = { ...failed, id: `${failed.id}-2` };
    const seen = await seenIn({ snapshots: [{ ...failed, status: "failed" }, second, ...others] });
    expect(agesOf(seen)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(seen.whole).toEqual([]);
  });

  it.each(["failed", "of-a-new-word"])(
    "finds it after one that is %s where a question is of many clusters",
    async (status) => {
      const many = Array.from({ length: 40 }, (_, nth) => clusterOf(`shop-${nth}`, { created: born }));
      const [failed, ...others] = many.flatMap(({ id }) => points(1, { of: id })) as [FleetSnapshot];
      const second = { ...failed, id: `${failed.id}-2` };
      const fleet = { clusters: many, snapshots: [{ ...failed, status }, second, ...others] };
      const seen = await seenIn(fleet, { config: plainPlan.replace(/ {4}copies.*\n/, "") });
      expect(agesOf(seen)).toEqual([[1, 1]]);
      expect(seen).toMatchObject({ listed: [], whole: [] });
    },
  );

  it("tells bad news only once it has seen everything that there is of the clusters concerned", async () => {
    const late = ids
      .flatMap((of) => points(4, { of }))
      .filter(({ created = "" }) => created < nightAfter(-1));
    const seen = await seenIn({ snapshots: bothSides(late) });
    expect(seen.rows.map(({ atRisk }) => atRisk)).toEqual(
      [ids, ids].map((some) => [...some].toSorted()).map((some) => expect.arrayContaining(some)),
    );
    expect(agesOf(seen)).toEqual([
      [49, 49],
      [49, 49],
    ]);
    const all = [...ids].toSorted().join();
    expect(seen).toMatchObject({ listed: [`rds us-east-1 ${all}`, `rds eu-west-1 ${all}`], whole: [] });
  });

  it("finds the last complete run of a cluster that has failed for days", async () => {
    const rest = ids
      .flatMap((of) => points(9, { of }))
      .filter(({ cluster: of, created = "" }) => of !== "ledger" || created < nightAfter(-3));
    const seen = await seenIn({ snapshots: bothSides(rest) });
    expect(agesOf(seen)).toEqual([
      [97, 97],
      [97, 97],
    ]);
    expect(seen.rows.map(({ atRisk }) => atRisk)).toEqual([["ledger"], ["ledger"]]);
    const asked = ["rds us-east-1", "rds eu-west-1"];
    expect(seen.named).toEqual([...asked, ...asked, ...asked]);
    expect(seen).toMatchObject({
      whole: [],
      listed: ["rds us-east-1 billing,ledger", "rds eu-west-1 billing,ledger"],
    });
  });

  // Of the places' regions only eu-west-1 does not answer: to which of the questions, by their order there.
  it.each([1, 2, 4])(
    "looks at everything where a region does not answer about a run (question %i)",
    async (nth) => {
      const rest = ids
        .flatMap((of) => points(9, { of }))
        .filter(({ cluster: of, created = "" }) => of !== "ledger" || created < nightAfter(-3));
      const fleet = { clusters, snapshots: bothSides(rest) };
      await withNight({ fleet, config: plainPlan }, async (night) => {
        const { simulator } = night;
        simulator.clock.advance(hour);
        const denied = { code: "AccessDenied", status: 403, message: "not now" };
        const deny = () => void simulator.faults.add({ region: "eu-west-1", times: 1, kind: denied });
        let answered = 0;
        simulator.calls.subscribe(({ region }) => {
          answered += region === "eu-west-1" ? 1 : 0;
          if (region === "eu-west-1" && answered === nth - 1) deny();
        });
        if (nth === 1) deny();
        const seen = await look(night);
        expect(seen.whole).toEqual(["rds eu-west-1", "redshift eu-west-1"]);
        // Of what was left unanswered before, nothing more is asked that a whole listing tells.
        expect(seen.listed.some((one) => one.startsWith("rds eu-west-1"))).toBe(nth > 2);
        expect(seen.rows).toEqual(await everythingIn(night));
      });
    },
  );

  it("tells what two plans have taken of a cluster at one moment apart", async () => {
    const local = plainPlan.replace(/ {4}copies.*\n/, "");
    const second = local.replace("\nplans:\n", "").replace("daily:", "second:");
    const rest = ["daily", "second"].flatMap((plan) =>
      ids.flatMap((of) => points(4, { of, plan }).slice(of === "ledger" ? 2 : 0)),
    );
    const seen = await seenIn({ snapshots: rest }, { config: local + second });
    expect(seen.rows.map(({ plan, atRisk }) => [plan, ...atRisk])).toEqual([
      ["daily", "ledger"],
      ["second", "ledger"],
    ]);
    expect(agesOf(seen)).toEqual([
      [49, 49],
      [49, 49],
    ]);
    expect(seen.whole).toEqual([]);
  });

  it("asks for no run before the ones that three more questions find, but looks at everything", async () => {
    const failing: Readonly<Record<string, readonly number[]>> = { ledger: [0, 1], orders: [2, 3, 4, 5] };
    const rest = ids.flatMap((of) => points(9, { of }).filter((_, nights) => !failing[of]?.includes(nights)));
    const seen = await seenIn({ snapshots: rest }, { config: plainPlan.replace(/ {4}copies.*\n/, "") });
    expect(agesOf(seen)).toEqual([[49, 145]]);
    expect(seen.named).toHaveLength(5);
    expect(seen.whole).toEqual(["rds us-east-1", "redshift us-east-1"]);
  });

  it("looks at everything where a run may have been complete that a person asked for, of all clusters", async () => {
    const tags = { "holdfast:run": "somebody-asked-for-it" };
    const rest = ids
      .flatMap((of) => points(9, { of }))
      .filter(({ cluster: of, created = "" }) => of !== "ledger" || created < nightAfter(-1));
    const asking = (some: readonly string[]) =>
      seenIn({ snapshots: bothSides([...some.map((of) => point(0.5, { of, tags })), ...rest]) });
    const one = await asking(["ledger"]);
    expect(agesOf(one)).toEqual([
      [13, 49],
      [13, 49],
    ]);
    expect(one.whole).toEqual([]);
    const all = await asking(ids);
    expect(agesOf(all)).toEqual([
      [13, 13],
      [13, 13],
    ]);
    expect(all.whole).toEqual(expect.arrayContaining(["rds us-east-1", "rds eu-west-1"]));
  });

  it("looks at everything where older points may bear another name", async () => {
    const renamed = ids
      .flatMap((of) => points(9, { of }))
      .map((one) => ({ ...one, cluster: `${one.cluster}-before` }));
    const [first, ...others] = renamed;
    const seen = await seenIn({
      snapshots: bothSides([{ ...first, status: "failed" } as FleetSnapshot, ...others]),
    });
    expect(agesOf(seen)).toEqual([
      [25, 25],
      [25, 25],
    ]);
  });

  it("looks at everything where more clusters lack a point than are looked at one by one", async () => {
    const many = Array.from({ length: 301 }, (_, nth) => clusterOf(`shop-${nth}`, { created: born }));
    const fewer = many.slice(1);
    const config = plainPlan.replace(/ {4}copies.*\n/, "");
    const seen = await seenIn({ clusters: fewer, snapshots: points(3, { of: "shop-7" }) }, { config });
    expect(seen.rows.map(({ atRisk }) => atRisk.length)).toEqual([299]);
    expect(seen.listed.map((one) => one.split(",").length)).toEqual([300]);
    const more = await seenIn({ clusters: many }, { config });
    expect(more.rows.map(({ atRisk }) => atRisk.length)).toEqual([301]);
    expect(more).toMatchObject({ listed: [], whole: ["rds us-east-1", "redshift us-east-1"] });
  });

  it("lists a region once where a cluster has no point at all", async () => {
    const config = plainPlan.replace(/ {4}copies.*\n/, "");
    const never = clusterOf("never", { created: born });
    const fleet = { clusters: [...clusters, never], snapshots: ids.flatMap((of) => points(2, { of })) };
    await withNight({ fleet, config }, async (night) => {
      const seen = await look(night);
      expect(seen.rows.map(({ atRisk }) => atRisk)).toEqual([["never"]]);
      expect(seen.whole).toEqual(["rds us-east-1", "redshift us-east-1"]);
      const { entries } = night.simulator.calls;
      const questions = entries.filter(({ operation }) => operation === "DescribeDBClusterSnapshots");
      expect(questions).toHaveLength(seen.named.length + seen.listed.length + 1);
    });
  });

  it("says nothing of a plan that may mean a cluster whose tags AWS does not tell", async () => {
    const graph = clusterOf("graph", { created: born, engine: "neptune" });
    const settings = { omitTagList: ["neptune"] };
    const fleet = { clusters: [...clusters, graph], settings, snapshots: nights(2) };
    await withNight({ fleet, config: plainPlan }, async (night) => {
      const kind = { code: "AccessDeniedException", status: 400, message: "not authorized" };
      night.simulator.faults.add({ operation: "GetResources", times: 99, kind });
      expect((await look(night)).rows).toEqual([]);
    });
  });

  it("looks at everything where AWS's filters leave an engine out", async () => {
    const graphs = ids.map((id) => clusterOf(id, { created: born, engine: "neptune" }));
    const settings = { snapshotFilters: { neptune: "unsupported" } } as const;
    const taken = ids.flatMap((of) => points(3, { of, differs: { engine: "neptune" } }));
    const seen = await seenIn({ clusters: graphs, settings, snapshots: bothSides(taken) });
    expect(seen.rows.map(({ atRisk }) => atRisk)).toEqual([[], []]);
    expect(agesOf(seen)).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it("finds what a person had taken where the last runs came to nothing", async () => {
    const asked = ids.map((of) => point(-0.01, { of }));
    const seen = await seenIn({ snapshots: bothSides(asked) });
    expect(seen.rows.map(({ atRisk }) => atRisk)).toEqual([[], []]);
    expect(
      agesOf(seen)
        .flat()
        .every((age) => age < 1),
    ).toBe(true);
  });

  it("finds what a person had taken where the last run's points are older than the objective", async () => {
    const asked = ids.map((of) => point(-0.05, { of }));
    const snapshots = bothSides([...asked, ...ids.map((of) => point(0, { of }))]);
    const config = plainPlan.replace("copy: 30h", "copy: 1h");
    const seen = await seenIn({ snapshots }, { config, hours: 2 });
    expect(agesOf(seen).map(([age = 0]) => Math.round(age * 10))).toEqual([20, 8]);
    expect(seen.rows.map(({ atRisk }) => atRisk)).toEqual([[], []]);
  });

  it("looks at everything where one family does not answer of the clusters concerned", async () => {
    // All that the other family has would else be the whole story: of this one there was no cluster before.
    const warehouse = warehouseOf("warehouse", { created: nightAfter(-2) });
    const house = [1, -0.05].map((back) => point(back, { of: "warehouse", engine: "redshift" }));
    const snapshots = [...house, point(0), point(3)];
    const fleet = { clusters: [...clusters.filter(({ id }) => id === "orders"), warehouse], snapshots };
    const config = plainPlan.replace(/ {4}copies.*\n/, "");
    const seen = await seenIn(fleet, { config, hours: 3, silent: "DescribeClusterSnapshots" });
    expect(seen.rows.map(({ atRisk }) => atRisk)).toEqual([[]]);
    expect(seen.listed).toEqual(["rds us-east-1 orders", "redshift us-east-1 warehouse"]);
    expect(seen.whole).toEqual(["rds us-east-1", "redshift us-east-1"]);
  });

  it("learns from some clusters' points when a rate's last runs were, and asks for these by their names", async () => {
    const seen = await seenIn({ snapshots: nights(9) }, { config: ratePlan });
    expect(agesOf(seen)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const asked = {
      named: ["rds us-east-1", "rds eu-west-1"],
      listed: ["rds us-east-1 billing,ledger,orders"],
    };
    expect(seen).toMatchObject({ ...asked, whole: [] });
  });

  it("is not misled about a rate's runs by what people have had taken since", async () => {
    const tags = { "holdfast:run": "daily-20261120t032000z-ab12cd" };
    const asked = [point(-0.01, { tags }), point(-0.02, { tags })];
    const seen = await seenIn({ snapshots: [...nights(9), ...asked] }, { config: ratePlan });
    expect(agesOf(seen)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(seen).toMatchObject({ listed: ["rds us-east-1 billing,ledger,orders"], whole: [] });
  });

  it("learns them from Redshift's where a plan has nothing else", async () => {
    const warehouse = warehouseOf("warehouse", { created: born });
    const snapshots = [point(0, { of: "warehouse", engine: "redshift" })];
    const config = ratePlan.replace(/ {4}copies.*\n/, "");
    const seen = await seenIn({ clusters: [warehouse], snapshots }, { config });
    expect(agesOf(seen)).toEqual([[1, 1]]);
    expect(seen).toMatchObject({ named: ["redshift us-east-1"], whole: [] });
  });

  it("learns them from one family where a plan has both, since a run is of both", async () => {
    const warehouse = warehouseOf("warehouse", { created: born });
    const snapshots = [point(0), point(0, { of: "warehouse", engine: "redshift" })];
    const config = ratePlan.replace(/ {4}copies.*\n/, "");
    const orders = clusters.filter(({ id }) => id === "orders");
    const seen = await seenIn({ clusters: [...orders, warehouse], snapshots }, { config });
    expect(agesOf(seen)).toEqual([[1, 1]]);
    expect(seen).toMatchObject({ listed: ["rds us-east-1 orders"], whole: [] });
  });

  it("looks whole at the regions of a rate's plan where those clusters have none of its own runs, and only there", async () => {
    const other = ratePlan.replace("plans:\n", "").replace("daily:", "often:");
    const config = `${plainPlan}${other.replace(/ {4}copies.*\n/, "").replace("copy: 30h", "copy: 40h")}`;
    const [last] = points(1, { plan: "often" }) as [FleetSnapshot];
    const asked = { ...last, tags: { ...last.tags, "holdfast:run": "somebody-asked-for-it" } };
    const seen = await seenIn({ snapshots: [...nights(2), asked] }, { config });
    expect(seen.rows.map(({ plan, region }) => `${plan} ${region}`)).toEqual([
      "daily us-east-1",
      "daily eu-west-1",
      "often us-east-1",
    ]);
    expect(seen.whole).toEqual(["rds us-east-1", "redshift us-east-1"]);
  });

  it("sees Redshift's by their run, and asks nothing for a family without clusters", async () => {
    const warehouse = warehouseOf("warehouse", { created: born });
    const snapshots = [point(0, { of: "warehouse", engine: "redshift" })];
    const config = plainPlan.replace(/ {4}copies.*\n/, "");
    const seen = await seenIn({ clusters: [warehouse], snapshots }, { config });
    expect(agesOf(seen)).toEqual([[1, 1]]);
    expect(seen).toMatchObject({ named: ["redshift us-east-1"], whole: [] });
  });

  it("says of keys only what is bad", async () => {
    const off = { region: "us-east-1", alias: "alias/off", state: "Disabled" as const };
    const backup = { region: "eu-west-1", alias: "alias/backup" };
    const under = (kmsKey: string) =>
      nights(2).map((one) => (one.region === "us-east-1" ? { ...one, encrypted: true, kmsKey } : one));
    const good = { ...off, alias: "alias/good", state: "Enabled" as const };
    expect((await seenIn({ keys: [backup, off, good], snapshots: under("alias/good") })).keys).toEqual([]);
    expect((await seenIn({ keys: [backup, off, good], snapshots: under("alias/off") })).keys).toEqual([
      "us-east-1 1",
    ]);
  });

  it("counts each point that needs a bad key once, though it was seen twice", async () => {
    const keys = [
      { region: "us-east-1", alias: "alias/off", state: "Disabled" as const },
      { region: "eu-west-1", alias: "alias/backup" },
    ];
    const only = point(0, { differs: { encrypted: true, kmsKey: "alias/off" } });
    await withNight({ fleet: { clusters, keys, snapshots: [only] } }, async (night) => {
      await look(night);
      expect(night.ledger.of("key.unusable").map(({ points: count }) => count)).toEqual([1]);
    });
  });

  it.each([
    ["a cron", plainPlan, 25],
    ["a rate", ratePlan, 30],
  ])(
    "comes by %s to what a look at everything comes to, or is a little behind where all is well",
    async (...row) => {
      const [, config, hoursMax] = row;
      const night = fc.record({
        of: fc.constantFrom(...ids),
        back: fc.constantFrom(0, 1, 2, 3, 4, 5),
        shift: fc.constantFrom(0, 0, 0, 0.3),
      });
      const world = fc.record({
        sources: fc.uniqueArray(night, {
          selector: ({ of, back, shift }) => `${of} ${back} ${shift}`,
          maxLength: 20,
        }),
        renamed: fc.constantFrom(9, 9, 0, 1, 2),
        failed: fc.integer({ min: 0, max: 20 }),
        copied: fc.integer({ min: 1, max: 4 }),
      });
      await fc.assert(
        fc.asyncProperty(world, async ({ sources, failed, copied, renamed }) => {
          const taken = sources.map(({ of, back, shift }) =>
            of === "ledger" && back > renamed
              ? point(back + shift, { of: "ledger-before", resource: "cluster-LEDGER" })
              : point(back + shift, { of }),
          );
          const copies = taken.filter((_, index) => index % copied === 0).map((one) => copyOf(one));
          const snapshots = [...taken, ...copies].map((one, index) =>
            index === failed ? { ...one, status: "failed" as const } : one,
          );
          await withNight({ fleet: { clusters, snapshots }, config }, async (one) => {
            one.simulator.clock.advance(hour);
            const briefly = await look(one);
            const everything = await everythingIn(one);
            expect(briefly.rows).toHaveLength(everything.length);
            for (const [index, truth] of everything.entries()) {
              const told = briefly.rows[index] as CoverageRow;
              expect([told.plan, told.region, told.clusters, told.atRisk]).toEqual([
                truth.plan,
                truth.region,
                truth.clusters,
                truth.atRisk,
              ]);
              expect(told.recoveryPointAge).toBeGreaterThanOrEqual(truth.recoveryPointAge);
              expect(told.runAge).toBeGreaterThanOrEqual(truth.runAge);
              if (told.runAge !== truth.runAge) expect(told.runAge).toBeLessThanOrEqual(hoursMax * hour);
            }
          });
        }),
        { numRuns: 25 },
      );
    },
  );
});
