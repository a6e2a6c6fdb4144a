import fc from "fast-check";
import type { Cluster } from "../../lib/core/cluster.ts";
import { type OwnedSnapshot, ownedBy, tagKeys } from "../../lib/core/ownership.ts";
import { arnOf } from "../../lib/core/snapshot.ts";
import type { SweepInput } from "../../lib/core/sweeping.ts";
import { clusterOf, copyOf, hourMs, now, planOf, pointOf, service } from "./samples.ts";

/** Generated accounts for the laws of sweeping. */
export const arnOfPoint = ({ snapshot }: OwnedSnapshot): string => arnOf(snapshot);

export const resources = ["cluster-A", "cluster-B"] as const;
export const mostly = <T>(usual: T, ...odd: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 3, arbitrary: fc.constantFrom(...odd) });

const rarely = (...words: readonly string[]): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...words) },
  );

const anyPoint = (plans: fc.Arbitrary<string>): fc.Arbitrary<OwnedSnapshot> =>
  fc
    .record({
      hoursAgo: fc.integer({ min: -30, max: 24 * 20 }),
      plan: plans,
      resource: fc.constantFrom(...resources),
      status: mostly("available", "creating", "copying", "failed", "deleting", "unknown"),
      hold: rarely("court order"),
      until: rarely("2026-11-20T00:00:00Z", "2027-01-01T00:00:00Z", "ask Bob"),
      away: fc.boolean(),
    })
    .map(({ hoursAgo, plan, resource, status, hold, until, away }) => {
      const tags = {
        [tagKeys.resource]: resource,
        [tagKeys.cluster]: clusterOf({ id: resource }).arn,
        [tagKeys.keep]: "last=1",
        ...(hold && { [tagKeys.hold]: hold }),
        ...(until && { [tagKeys.until]: until }),
      };
      const differs = { status: status as OwnedSnapshot["snapshot"]["status"], cluster: resource };
      const attempt = resource === "cluster-B" ? "-2" : "";
      const point = pointOf({ at: now - hoursAgo * hourMs, plan, attempt, tags, ...differs });
      return away ? copyOf(point, differs) : point;
    });

export const anyCluster = (resource: string): fc.Arbitrary<readonly Cluster[]> =>
  fc.oneof(
    fc.constant([]),
    fc
      .record({
        tags: fc.constantFrom({ backup: "daily" }, { backup: "weekly" }, { backup: "no" }, {}, undefined),
        status: mostly("available", "stopped", "deleting"),
      })
      .map((differs) => [clusterOf({ id: resource, resource, ...differs })]),
  );

const anyPlan = (name: string) =>
  fc
    .record({
      enabled: fc.boolean(),
      floor: fc.constantFrom(1, 2, 4),
      brake: fc.constantFrom(2, 1000),
      copied: fc.boolean(),
    })
    .map(({ copied, ...differs }) => {
      const copies = copied
        ? [{ region: "eu-west-1", unencrypted: true, retention: { last: 1 } } as const]
        : [];
      const select = { ...planOf().select, tags: { backup: [name] } };
      return planOf({ name, retention: { last: 1 }, ...differs, copies, select });
    });

/** Mostly one policy was ever in force; one odd stamp in a set of many keeps it nearly whole. */
const anyStamps = fc.oneof(
  fc.constantFrom(["last=1"], ["daily=3"], ["last=1", "daily=2"], ["last=2 monthly=1", "within-daily=4d"]),
  fc.shuffledSubarray(["last=1", "last=1", "last=1", "daily=2", "all", "last=many"], { minLength: 1 }),
);

const restamped = (point: OwnedSnapshot, keep: string): OwnedSnapshot => {
  const tags = { ...point.snapshot.tags, [tagKeys.keep]: keep };
  return ownedBy(service, { ...point.snapshot, tags }) as OwnedSnapshot;
};

export const inputOf = (plans: fc.Arbitrary<string>): fc.Arbitrary<SweepInput> =>
  fc
    .record({
      plans: fc.tuple(fc.option(anyPlan("daily")), fc.option(anyPlan("weekly"))),
      clusters: fc.tuple(...resources.map(anyCluster)),
      points: fc.uniqueArray(anyPoint(plans), {
        selector: arnOfPoint,
        minLength: 5,
        maxLength: 30,
        size: "max",
      }),
      stamps: anyStamps,
      copied: fc.array(fc.nat(29), { maxLength: 3 }),
    })
    .map(({ plans, clusters, points, stamps, copied }) => {
      const owned = points.map((point, nth) => restamped(point, stamps[nth % stamps.length] ?? ""));
      const strangers = owned
        .filter((_, nth) => copied.includes(nth))
        .map((point) => ({
          // As AWS does it: a copy bears the name of its source's cluster.
          ...copyOf(point, { status: "copying", cluster: point.snapshot.cluster }, "ap-south-1").snapshot,
          tags: { owner: "somebody" },
        }));
      return {
        config: {
          regions: ["us-east-1", "eu-west-1"],
          plans: Object.fromEntries(plans.flatMap((plan) => (plan ? [[plan.name, plan]] : []))),
        },
        clusters: clusters.flat(),
        owned,
        snapshots: [...owned.map(({ snapshot }) => snapshot), ...strangers],
        now,
      };
    });

/** Most points are of a plan that there never was. */
export const anyInput = inputOf(mostly("gone", "daily", "weekly"));
