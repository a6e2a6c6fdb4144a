import { describe, expect, it } from "vitest";
import { type OwnedSnapshot, tagKeys } from "../../lib/core/ownership.ts";
import { decidePrune, type PruneInput } from "../../lib/core/pruning.ts";
import { copyOf, dayMs, hourMs, idOf, idsOf, inputOf, now, planOf, pointOf } from "./samples.ts";

/** The plan's nights, newest first: `nights(3)` are those of 21, 20 and 19 November at three o'clock. */
const nights = (count: number, plan = "daily"): readonly OwnedSnapshot[] =>
  Array.from({ length: count }, (_, nth) => pointOf({ at: now - hourMs - nth * dayMs, plan }));
const objective = { copySeconds: 30 * 3600 };
const reasonFor = (input: PruneInput, point: OwnedSnapshot | undefined): string | undefined =>
  decidePrune(input)
    .keep.find(({ id }) => point && id === idOf(point))
    ?.because.join();

describe("the copy gate", () => {
  const [today, yesterday, third, fourth, fifth] = nights(5) as [
    OwnedSnapshot,
    OwnedSnapshot,
    OwnedSnapshot,
    OwnedSnapshot,
    OwnedSnapshot,
  ];
  const gated = (differs: Partial<PruneInput>) =>
    inputOf({
      plan: planOf({ objective }),
      policies: [{ last: 1 }],
      owned: [today, yesterday, third, fourth],
      ...differs,
    });

  // Retention keeps the newest scheduled point anyhow, so the gate shows on one that was asked for.
  const expired = pointOf({ at: now - 1, tags: { [tagKeys.until]: "2026-11-21T03:30:00Z" } });

  it("keeps the newest uncopied point alone: older ones go by policy, though they were never copied", () => {
    const input = gated({
      owned: [expired, today, yesterday, third],
      copies: [{ region: "eu-west-1", points: [] }],
    });
    expect(reasonFor(input, expired)).toBe("newest uncopied while copies to eu-west-1 are overdue");
    expect(idsOf(decidePrune(input).remove)).toEqual([yesterday, third].map(idOf));
  });

  it("counts a failed copy for none, and an old one for overdue", () => {
    for (const copies of [copyOf(expired, { status: "failed" }), copyOf(fifth)]) {
      const input = gated({ owned: [expired, today], copies: [{ region: "eu-west-1", points: [copies] }] });
      expect(reasonFor(input, expired)).toBe("newest uncopied while copies to eu-west-1 are overdue");
    }
  });

  it("asks each copy region by itself", () => {
    const copies = [
      { region: "eu-west-1", points: [copyOf(expired)] },
      { region: "ap-south-1", points: [] },
    ];
    const input = gated({ owned: [expired, today], copies });
    expect(reasonFor(input, expired)).toBe("newest uncopied while copies to ap-south-1 are overdue");
    expect(idsOf(decidePrune({ ...input, copies: copies.slice(0, 1) }).remove)).toEqual([idOf(expired)]);
  });

  it("is open while the newest copy is within the objective, even if the newest point is not copied", () => {
    const input = gated({
      owned: [expired, today, yesterday, third],
      copies: [{ region: "eu-west-1", points: [copyOf(yesterday)] }],
    });
    expect(idsOf(decidePrune(input).remove)).toEqual([yesterday, third, expired].map(idOf));
    const atLast = { ...input, now: yesterday.takenAt + objective.copySeconds * 1000 };
    expect(idsOf(decidePrune(atLast).remove)).toContain(idOf(expired));
    expect(idsOf(decidePrune({ ...atLast, now: atLast.now + 1 }).remove)).not.toContain(idOf(expired));
  });

  it("is not spent on what is no recovery point, though that is newer", () => {
    const failed = pointOf({ at: now, status: "failed" });
    const input = gated({
      owned: [failed, expired, today],
      copies: [{ region: "eu-west-1", points: [copyOf(fifth)] }],
    });
    expect(reasonFor(input, expired)).toBe("newest uncopied while copies to eu-west-1 are overdue");
    expect(idsOf(decidePrune(input).remove)).toEqual([idOf(failed)]);
  });

  it("does not take another plan's copies of the cluster for this plan's", () => {
    const [others] = nights(1, "hourly") as [OwnedSnapshot];
    const input = gated({
      owned: [expired, yesterday],
      copies: [{ region: "eu-west-1", points: [copyOf(fifth), copyOf(others)] }],
    });
    expect(reasonFor(input, expired)).toBe("newest uncopied while copies to eu-west-1 are overdue");
  });

  it("becomes a problem after three days, also when every night brings a newer point", () => {
    const codes = (copied: OwnedSnapshot, owned = nights(10)) =>
      decidePrune(gated({ owned, copies: [{ region: "eu-west-1", points: [copyOf(copied)] }] })).problems.map(
        ({ code }) => code,
      );
    expect(codes(fourth)).toEqual([]);
    expect(codes(nights(10)[6] as OwnedSnapshot)).toEqual(["copy-gate"]);
    // Since copies have been overdue, however old what waits for them is.
    expect(codes(nights(10)[4] as OwnedSnapshot)).toEqual([]);
    expect(codes(nights(10)[6] as OwnedSnapshot, nights(3))).toEqual(["copy-gate"]);
  });

  it("becomes a problem three days after the first point, when nothing was ever copied", () => {
    const codes = (owned: readonly OwnedSnapshot[]) =>
      decidePrune(gated({ owned, copies: [{ region: "eu-west-1", points: [] }] })).problems.map(
        ({ code }) => code,
      );
    expect(codes(nights(3))).toEqual([]);
    expect(codes(nights(5))).toEqual(["copy-gate"]);
    expect(codes([fourth, fifth])).toEqual(["copy-gate"]);
  });

  it("is a problem beside the brake's, which hides nothing", () => {
    const plan = planOf({ objective, brake: 1 });
    const input = gated({ plan, owned: nights(5), copies: [{ region: "eu-west-1", points: [] }] });
    expect(decidePrune(input).problems.map(({ code }) => code)).toEqual(["copy-gate", "brake"]);
  });

  it("holds at once where the plan says no objective, and is a problem after what its schedule keeps", () => {
    const behind = (copied: OwnedSnapshot): PruneInput =>
      gated({
        ...{ plan: planOf(), owned: [expired, yesterday], copyObjectiveSeconds: 30 * 3600 },
        copies: [{ region: "eu-west-1", points: [copyOf(copied)] }],
      });
    const sixth = nights(6)[5] as OwnedSnapshot;
    for (const copied of [yesterday, fifth, sixth])
      expect(reasonFor(behind(copied), expired)).toBe(
        "newest uncopied while copies to eu-west-1 are overdue",
      );
    expect([fifth, sixth].map((copied) => decidePrune(behind(copied)).problems.length)).toEqual([0, 1]);
  });

  it("does not hold what is older than the newest copy: nobody will copy that any more", () => {
    const input = gated({ plan: planOf(), copies: [{ region: "eu-west-1", points: [copyOf(today)] }] });
    expect(idsOf(decidePrune(input).remove)).toEqual([yesterday, third, fourth].map(idOf));
  });

  it("is no problem once everything is copied", () => {
    const input = gated({ owned: [fifth], copies: [{ region: "eu-west-1", points: [copyOf(fifth)] }] });
    expect(decidePrune(input).problems).toEqual([]);
  });
});

describe("pruning, case by case", () => {
  const [today, yesterday, third] = nights(3) as [OwnedSnapshot, OwnedSnapshot, OwnedSnapshot];

  it("removes failed snapshots, which neither use up a rule nor count towards the floor", () => {
    const failed = pointOf({ at: now - 1, status: "failed" });
    const input = inputOf({
      plan: planOf({ floor: 2 }),
      policies: [{ last: 1 }],
      owned: [failed, today, yesterday],
    });
    expect(decidePrune(input).remove).toEqual([
      { id: idOf(failed), because: ["failed: never a recovery point"] },
    ]);
    expect(reasonFor(input, yesterday)).toBe("floor of 2");
  });

  it("counts none of another plan's points, which may go at the same moment, and never touches them", () => {
    const others = nights(2, "weekly");
    const input = inputOf({
      plan: planOf({ floor: 3 }),
      policies: [{ last: 1 }],
      owned: [today, yesterday, third, ...others],
    });
    expect(idsOf(decidePrune(input).remove)).toEqual([]);
  });

  it("spares the newest of what would go, when the floor needs only some of them", () => {
    const input = inputOf({
      plan: planOf({ floor: 2 }),
      policies: [{ last: 1 }],
      owned: [today, yesterday, third],
    });
    expect(idsOf(decidePrune(input).remove)).toEqual([idOf(third)]);
  });

  it("removes as many as the brake allows, and with one more nothing at all", () => {
    const input = inputOf({
      plan: planOf({ brake: 2 }),
      policies: [{ last: 1 }],
      owned: [today, yesterday, third],
    });
    expect(decidePrune(input)).toMatchObject({ remove: [{}, {}], problems: [] });
    const braked = decidePrune({ ...input, owned: nights(4) });
    expect(braked.remove).toEqual([]);
    expect(braked.problems).toEqual([{ cluster: "orders", region: "us-east-1", code: "brake" }]);
    expect(braked.keep.at(-1)?.because).toEqual(["brake: 3 removals, the plan allows 2"]);
  });

  it("counts recovery points for the brake: what failed is none, and goes beside one that is braked", () => {
    const failed = Array.from({ length: 3 }, (_, nth) => pointOf({ at: now - 1 - nth, status: "failed" }));
    const input = inputOf({
      plan: planOf({ brake: 2 }),
      policies: [{ last: 1 }],
      owned: [...failed, ...nights(3)],
    });
    expect(decidePrune(input).remove).toHaveLength(5);
    const braked = decidePrune({ ...input, owned: [...failed, ...nights(4)] });
    expect(idsOf(braked.remove)).toEqual(failed.map(idOf));
    expect(braked.problems.map(({ code }) => code)).toEqual(["brake"]);
  });

  it("removes a point whose until has passed, even without a policy, but not below the floor", () => {
    const passed = pointOf({ at: now - 9 * dayMs, tags: { [tagKeys.until]: "2026-11-20T00:00:00Z" } });
    const input = inputOf({ policies: [{}], owned: [passed, today] });
    expect(decidePrune(input).remove).toEqual([{ id: idOf(passed), because: ["its until has passed"] }]);
    expect(decidePrune({ ...input, owned: [passed] }).remove).toEqual([]);
  });

  it("keeps a point until the very moment that it is promised for", () => {
    const promised = pointOf({ at: now - 9 * dayMs, tags: { [tagKeys.until]: "2026-11-21T04:00:00Z" } });
    const input = inputOf({ owned: [promised, today] });
    expect(reasonFor({ ...input, now: now - 1 }, promised)).toBe("until 2026-11-21T04:00:00.000Z");
    expect(idsOf(decidePrune(input).remove)).toEqual([idOf(promised)]);
  });

  it("keeps what is held without a word: Redshift takes an empty tag", () => {
    const held = pointOf({ at: now - 9 * dayMs, tags: { [tagKeys.hold]: "" } });
    const input = inputOf({ policies: [{ last: 1 }], owned: [held, today, yesterday] });
    expect(idsOf(decidePrune(input).remove)).toEqual([idOf(yesterday)]);
  });

  it("does not let points that are held or promised use up the rules of the schedule", () => {
    const held = pointOf({ at: now - 1, tags: { [tagKeys.hold]: "audit" } });
    const input = inputOf({ policies: [{ last: 1 }], owned: [held, today, yesterday] });
    expect(idsOf(decidePrune(input).remove)).toEqual([idOf(yesterday)]);
  });

  it("says for an until that cannot be read that it cannot, and keeps it", () => {
    const unread = pointOf({ at: now - 90 * dayMs, tags: { [tagKeys.until]: "ask Bob 7" } });
    expect(reasonFor(inputOf({ owned: [unread, today] }), unread)).toBe("its until cannot be read");
  });
});
