import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextWait, type WaitInput } from "../../lib/core/progress.ts";

const minute = 60_000;
const waitAfter = (minutes: number, percents: WaitInput["percents"] = [], deadlineMinutes = 12 * 60) =>
  nextWait({ now: minutes * minute, since: 0, deadline: deadlineMinutes * minute, percents });

describe("how long to wait", () => {
  it.each([
    [0, 15],
    [1, 15],
    [2, 30],
    [10, 150],
    [25, 300],
    [600, 300],
  ])(
    "after %i minutes is %i seconds: a quarter of the time waited, from a quarter of a minute to five",
    (minutes, seconds) => {
      expect(waitAfter(minutes)).toBe(seconds);
    },
  );

  it.each<readonly [string, readonly (number | undefined)[], number]>([
    ["four minutes more", [72], 234],
    ["more than the longest wait", [1], 300],
    ["four minutes more for the first of three", [10, 72, 20], 234],
  ])("is longer where AWS's progress foretells %s, and no look is wasted", (_what, percents, seconds) => {
    expect(waitAfter(10, percents)).toBe(seconds);
  });

  it.each<readonly [string, readonly (number | undefined)[]]>([
    ["sooner", [95]],
    ["is done", [100]],
    ["has not moved", [0]],
    ["is untold", [undefined]],
    ["is told for one and untold for another", [10, undefined]],
  ])("is a quarter of the time waited where progress %s", (_what, percents) => {
    expect(waitAfter(10, percents)).toBe(150);
  });

  it("is over at the deadline and after it, and not before", () => {
    expect(waitAfter(60, [], 60)).toBe("over");
    expect(waitAfter(61, [99], 60)).toBe("over");
    expect(waitAfter(59.9, [], 60)).toBe(6);
  });

  it("is the shortest where the clock says that waiting has not begun", () => {
    expect(nextWait({ now: 0, since: 5 * minute, deadline: 60 * minute, percents: [50] })).toBe(15);
  });

  const anyInput = fc
    .record({
      since: fc.nat(1e9),
      elapsed: fc.nat(90_000_000),
      left: fc.integer({ min: -1e6, max: 90_000_000 }),
      percents: fc.array(fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined })),
    })
    .map(({ since, elapsed, left, percents }) => ({
      since,
      now: since + elapsed,
      deadline: since + elapsed + left,
      percents,
    }));

  it("is whole, at least a second, at most five minutes, and past the deadline by less than a second", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const wait = nextWait(input);
        expect(wait === "over").toBe(input.now >= input.deadline);
        if (wait === "over") return;
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(1);
        expect(wait).toBeLessThanOrEqual(300);
        expect(input.now + (wait - 1) * 1000).toBeLessThan(input.deadline);
      }),
    );
  });

  it("never grows by one more thing of those that are waited for", () => {
    fc.assert(
      fc.property(
        anyInput,
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        (input, one, other) => {
          const less = nextWait({ ...input, percents: [...input.percents, one] });
          const more = nextWait({ ...input, percents: [...input.percents, one, other] });
          if (less !== "over" && more !== "over") expect(more).toBeLessThanOrEqual(less);
        },
      ),
    );
  });

  it("looks at a day's work no more than four hundred times, whatever percentages AWS tells", () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined })),
        (percents) => {
          const deadline = 23 * 60 * minute;
          let looks = 0;
          for (let at = 0; at < deadline; looks += 1) {
            const wait = nextWait({
              now: at,
              since: 0,
              deadline,
              percents: [percents.next().value ?? undefined],
            });
            if (wait === "over") break;
            at += wait * 1000;
          }
          expect(looks).toBeLessThan(400);
        },
      ),
      { numRuns: 30 },
    );
  });
});
