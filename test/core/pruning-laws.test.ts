import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OwnedSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { decidePrune, type PruneInput } from "../../lib/core/pruning.ts";
import { arnOf } from "../../lib/core/snapshot.ts";
import { copyOf, hourMs, idOf, idsOf, inputOf, now, planOf, pointOf } from "./samples.ts";

const isAvailable = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "available";
const apply = (input: PruneInput): readonly OwnedSnapshot[] => {
  const gone = new Set(idsOf(decidePrune(input).remove));
  return input.owned.filter((point) => !gone.has(idOf(point)));
};

/** fc.option's `freq` is how rarely there is nothing, and would hold nearly every point. */
const rarely = (...words: readonly string[]): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...words) },
  );

const anyPoint = fc
  .record({
    hoursAgo: fc.integer({ min: -30, max: 24 * 40 }),
    plan: fc.constantFrom("daily", "daily", "daily", "weekly"),
    status: fc.constantFrom(
      "available",
      "available",
      "available",
      "creating",
      "copying",
      "failed",
      "deleting",
      "unknown",
    ),
    hold: rarely("court order"),
    until: rarely("2026-11-20T00:00:00Z", "2027-01-01T00:00:00Z", "next spring", "5", "ask Bob 7"),
  })
  .map(({ hoursAgo, plan, status, hold, until }) =>
    pointOf({
      at: now - hoursAgo * hourMs,
      plan,
      status: status as OwnedSnapshot["snapshot"]["status"],
      tags: { ...(hold && { [tagKeys.hold]: hold }), ...(until && { [tagKeys.until]: until }) },
    }),
  );

const anyPolicy = fc.constantFrom<PruneInput["policies"][number]>(
  {},
  { last: 0 },
  { last: 1 },
  { last: 2, daily: 7, weekly: 4 },
  { monthly: 2 },
  { within: { years: 0, months: 0, days: 3, hours: 0 } },
  { "within-daily": { years: 0, months: 1, days: 0, hours: 0 }, hourly: 3 },
);

/** A cluster's points of two plans in one region, some copied, some being copied, under any policy. */
const anyInput: fc.Arbitrary<PruneInput> = fc
  .record({
    owned: fc.uniqueArray(anyPoint, { selector: idOf, maxLength: 30 }),
    copied: fc.infiniteStream(fc.constantFrom("no", "no", "yes", "running", "failed")),
    copyRegions: fc.subarray(["eu-west-1", "ap-south-1"]),
    policies: fc.array(anyPolicy, { maxLength: 2 }),
    floor: fc.integer({ min: 1, max: 6 }),
    brake: fc.constantFrom(1, 3, 10, 1000),
    copySeconds: fc.constantFrom(0, 30 * 3600, 90 * 86_400),
    zone: fc.constantFrom("UTC", "Europe/Berlin", "Pacific/Apia"),
  })
  .map(({ owned, copied, copyRegions, policies, floor, brake, copySeconds, zone }) => {
    const fates = owned.map((point) => ({ point, fate: copied.next().value }));
    const statuses = { yes: "available", running: "copying", failed: "failed" } as const;
    return inputOf({
      plan: planOf({ floor, brake, objective: { copySeconds }, timeZone: zone }),
      policies,
      owned,
      copying: new Set(
        fates.flatMap(({ point, fate }) => (fate === "running" ? [arnOf(point.snapshot)] : [])),
      ),
      copies: copyRegions.map((region) => ({
        region,
        points: fates.flatMap(({ point, fate }) =>
          fate === undefined || fate === "no" || !isAvailable(point)
            ? []
            : [copyOf(point, { status: statuses[fate as keyof typeof statuses] }, region)],
        ),
      })),
    });
  });

const law = (name: string, holds: (input: PruneInput) => void): void => {
  it(name, () => fc.assert(fc.property(anyInput, holds), { numRuns: 400 }));
};

describe("the laws of pruning", () => {
  law("keeps and removes exactly the plan's own points, each once and with reasons", (input) => {
    const { keep, remove } = decidePrune(input);
    const own = input.owned.filter(({ plan }) => plan === input.plan.name).map(idOf);
    expect([...idsOf(keep), ...idsOf(remove)].toSorted()).toEqual(own.toSorted());
    expect([...keep, ...remove].every(({ because }) => because.length > 0 && !because.includes(""))).toBe(
      true,
    );
  });

  law(
    "never removes what is held, promised, being copied, in progress or of a word it does not know",
    (input) => {
      const remove = new Set(idsOf(decidePrune(input).remove));
      const precious = (point: OwnedSnapshot): boolean => {
        const until = point.snapshot.tags?.[tagKeys.until];
        const promised = until !== undefined && until !== "2026-11-20T00:00:00Z";
        const unfinished = ["creating", "copying", "deleting", "unknown"].includes(point.snapshot.status);
        return point.hold !== undefined || promised || unfinished || input.copying.has(arnOf(point.snapshot));
      };
      expect(input.owned.filter(precious).filter((point) => remove.has(idOf(point)))).toEqual([]);
    },
  );

  law("leaves the floor of available points standing, over all plans", (input) => {
    const before = input.owned.filter(isAvailable).length;
    expect(apply(input).filter(isAvailable).length).toBeGreaterThanOrEqual(
      Math.min(input.plan.floor, before),
    );
  });

  law("removes no more recovery points than the brake, and none when it is crossed", (input) => {
    const { remove, problems } = decidePrune(input);
    const unbraked = decidePrune({ ...input, plan: { ...input.plan, brake: 1e9 } });
    const points = new Set(input.owned.filter(isAvailable).map(idOf));
    const braked = unbraked.remove.filter(({ id }) => points.has(id)).length > input.plan.brake;
    expect(remove).toEqual(braked ? unbraked.remove.filter(({ id }) => !points.has(id)) : unbraked.remove);
    expect(problems.some(({ code }) => code === "brake")).toBe(braked);
  });

  law("removes nothing scheduled and available without a rule in force", (input) => {
    const scheduled = input.owned
      .filter((point) => isAvailable(point) && point.until === undefined)
      .map(idOf);
    for (const policies of [[], [{}], [{ last: 1 }, { last: 0, daily: 0 }]]) {
      expect(
        idsOf(decidePrune({ ...input, policies }).remove).filter((id) => scheduled.includes(id)),
      ).toEqual([]);
    }
  });

  law("never removes the newest available scheduled point, future ones apart", (input) => {
    const newest = input.owned
      .filter((point) => isAvailable(point) && point.plan === "daily" && point.takenAt <= now)
      .filter(({ hold, until }) => hold === undefined && until === undefined)
      .toSorted((a, b) => b.takenAt - a.takenAt)[0];
    expect(idsOf(decidePrune(input).remove)).not.toContain(newest && idOf(newest));
  });

  law("removes nothing that is dated in the future", (input) => {
    const future = input.owned.filter(
      (point) => isAvailable(point) && point.takenAt > now && point.until === undefined,
    );
    const remove = idsOf(decidePrune(input).remove);
    expect(future.map(idOf).filter((id) => remove.includes(id))).toEqual([]);
  });

  law("removes nothing more once its verdict was carried out", (input) => {
    expect(decidePrune({ ...input, owned: apply(input) }).remove).toEqual([]);
  });

  law("keeps under two policies all that either keeps", (input) => {
    const unbraked = { ...input, plan: { ...input.plan, brake: 1e9, floor: 1 } };
    const keptBy = (policies: PruneInput["policies"]) => idsOf(decidePrune({ ...unbraked, policies }).keep);
    const kept = keptBy(input.policies);
    for (const policy of input.policies) {
      expect(keptBy([policy]).filter((id) => !kept.includes(id))).toEqual([]);
    }
  });

  law("does not care in which order the points are listed", (input) => {
    const shuffled = { ...input, owned: input.owned.toReversed(), copies: input.copies.toReversed() };
    const sorted = (one: ReturnType<typeof decidePrune>) => ({
      keep: one.keep.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ id }) => id),
      remove: one.remove.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      problems: one.problems,
    });
    expect(sorted(decidePrune(shuffled))).toEqual(sorted(decidePrune(input)));
  });
});
