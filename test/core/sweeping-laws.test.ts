import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OwnedSnapshot, ownedBy } from "../../lib/core/ownership.ts";
import { decidePrune } from "../../lib/core/pruning.ts";
import { decideRetention } from "../../lib/core/retention.ts";
import { arnOf } from "../../lib/core/snapshot.ts";
import { type SweepInput, sweepSets } from "../../lib/core/sweeping.ts";
import { now, service } from "./samples.ts";
import { anyInput, arnOfPoint } from "./sweeping-worlds.ts";

const isAvailable = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "available";
const isScheduled = ({ hold, until }: OwnedSnapshot): boolean => hold === undefined && until === undefined;

/** ARNs, since a copy has its source's name. */
const sweptAway = (input: SweepInput): ReadonlySet<string> =>
  new Set(
    sweepSets(input).flatMap(({ owned, verdict }) => {
      const ids = new Set(verdict.remove.map(({ id }) => id));
      return owned.filter(({ snapshot }) => ids.has(snapshot.id)).map(arnOfPoint);
    }),
  );
const setOf = ({ plan, resource, snapshot }: OwnedSnapshot): string =>
  [plan, resource, snapshot.region].join(" ");
const placeOf = ({ resource, snapshot }: OwnedSnapshot): string => [resource, snapshot.region].join(" ");

/** Said once more and in other words than lib's: which sets a plan's own run visits, in doubt too. */
const isVisited = (input: SweepInput, point: OwnedSnapshot): boolean => {
  const plan = Object.values(input.config.plans).find(({ name }) => name === point.plan);
  const cluster = input.clusters.find(({ resource }) => resource === point.resource);
  if (plan === undefined || cluster === undefined) return false;
  if (cluster.tags !== undefined && cluster.tags.backup !== plan.name) return false;
  return point.snapshot.region === "us-east-1" || plan.copies.length > 0;
};

const law = (name: string, holds: (input: SweepInput) => void): void => {
  it(name, () => fc.assert(fc.property(anyInput, holds), { numRuns: 400 }));
};

describe("the laws of sweeping", () => {
  it("are put to sets that are swept and to sets that are not", () => {
    const inputs = fc.sample(anyInput, { numRuns: 200, seed: 1 });
    expect(inputs.filter((input) => sweptAway(input).size > 0).length).toBeGreaterThan(30);
    expect(
      inputs.filter(({ owned, ...rest }) => owned.some((one) => isVisited({ owned, ...rest }, one))).length,
    ).toBeGreaterThan(50);
  });

  law("judges every set once, and touches none that a plan's run visits", (input) => {
    const swept = sweepSets(input).flatMap(({ owned }) => owned.map(arnOfPoint));
    const expected = input.owned.filter((point) => !isVisited(input, point)).map(arnOfPoint);
    expect(swept.toSorted()).toEqual(expected.toSorted());
  });

  law(
    "keeps and removes exactly the points of a set, which are of one plan, resource and region",
    (input) => {
      for (const { owned, region, verdict } of sweepSets(input)) {
        expect(new Set(owned.map(setOf)).size).toBe(1);
        expect(owned.every(({ snapshot }) => snapshot.region === region)).toBe(true);
        const judged = [...verdict.keep, ...verdict.remove].map(({ id }) => id);
        expect(judged.toSorted()).toEqual(owned.map(({ snapshot }) => snapshot.id).toSorted());
        expect([...verdict.keep, ...verdict.remove].every(({ because }) => because.length > 0)).toBe(true);
      }
    },
  );

  law(
    "never removes what is held, promised, being copied, in progress or of a word it does not know",
    (input) => {
      const gone = sweptAway(input);
      const sources = new Set(
        input.snapshots.flatMap(({ status, sourceArn }) =>
          ["copying", "creating", "unknown"].includes(status) ? (sourceArn ?? []) : [],
        ),
      );
      const precious = input.owned.filter(({ hold, until, snapshot }) => {
        const promised = until !== undefined && !(until <= now);
        const unfinished = !["available", "failed"].includes(snapshot.status);
        return hold !== undefined || promised || unfinished || sources.has(arnOf(snapshot));
      });
      expect(precious.map(arnOfPoint).filter((arn) => gone.has(arn))).toEqual([]);
    },
  );

  law("removes a good point only if every stamp of its set lets it go, by itself", (input) => {
    const gone = sweptAway(input);
    for (const set of Map.groupBy(input.owned, setOf).values()) {
      const scheduled = set.filter((point) => isAvailable(point) && isScheduled(point));
      const points = scheduled.map(({ snapshot, takenAt }) => ({ id: snapshot.id, takenAt }));
      for (const { keep } of set) {
        const { keep: kept } = decideRetention({ points, policy: keep ?? {}, timeZone: "UTC", now });
        const ids = new Set(kept.map(({ id }) => id));
        expect(scheduled.filter((one) => ids.has(one.snapshot.id) && gone.has(arnOfPoint(one)))).toEqual([]);
      }
    }
  });

  law("never removes the newest good scheduled point of a set", (input) => {
    const gone = sweptAway(input);
    for (const set of Map.groupBy(input.owned, setOf).values()) {
      const good = set.filter((one) => isAvailable(one) && isScheduled(one) && one.takenAt <= now);
      const newest = Math.max(...good.map(({ takenAt }) => takenAt));
      expect(good.filter((one) => one.takenAt === newest && gone.has(arnOfPoint(one)))).toEqual([]);
    }
  });

  law("leaves at least two points of each set, and every plan's floor", (input) => {
    const gone = sweptAway(input);
    const floors = Object.values(input.config.plans).map(({ floor }) => floor);
    for (const set of Map.groupBy(input.owned, setOf).values()) {
      const good = set.filter(isAvailable);
      const floor = Object.hasOwn(input.config.plans, set[0]?.plan ?? "") ? 1 : 2;
      const least = Math.min(good.length, Math.max(floor, ...floors));
      expect(good.filter((one) => !gone.has(arnOfPoint(one))).length).toBeGreaterThanOrEqual(least);
    }
  });

  law("leaves a plan's floor, over all plans, when that plan's run prunes at the same moment", (input) => {
    const swept = sweptAway(input);
    for (const plan of Object.values(input.config.plans)) {
      for (const place of Map.groupBy(input.owned, placeOf).values()) {
        if (!place.some((point) => point.plan === plan.name && isVisited(input, point))) continue;
        const { cluster, region } = place[0]?.snapshot ?? { cluster: "", region: "" };
        const policies = [{ last: 1 }];
        const own = { plan, policies, cluster, region, owned: place, now };
        const pruned = decidePrune({ ...own, copying: new Set(), copies: [] }).remove.map(({ id }) => id);
        const good = place.filter(isAvailable);
        const left = good.filter((one) => !swept.has(arnOfPoint(one)) && !pruned.includes(one.snapshot.id));
        expect(left.length).toBeGreaterThanOrEqual(Math.min(plan.floor, good.length));
      }
    }
  });

  law("removes nothing more once its verdicts were carried out", (input) => {
    const gone = sweptAway(input);
    const snapshots = input.snapshots.filter((one) => !gone.has(arnOf(one)));
    const owned = snapshots.flatMap((one) => ownedBy(service, one) ?? []);
    expect(sweptAway({ ...input, snapshots, owned })).toEqual(new Set());
  });

  law("does not care in which order AWS lists", (input) => {
    const { clusters, owned, snapshots } = input;
    const turned = {
      ...input,
      clusters: clusters.toReversed(),
      owned: owned.toReversed(),
      snapshots: snapshots.toReversed(),
    };
    expect([...sweptAway(turned)].toSorted()).toEqual([...sweptAway(input)].toSorted());
  });
});
