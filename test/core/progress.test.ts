import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learnLasting, leftByLasting, nextWorthwhile } from "../../lib/core/copy-waiting.ts";
import { allDone, nextWait, nthDone, secondsLeft, type WaitInput } from "../../lib/core/progress.ts";

const minute = 60_000;
const waitAfter = (minutes: number, foretold?: number, deadlineMinutes = 12 * 60) =>
  nextWait({ now: minutes * minute, since: 0, deadline: deadlineMinutes * minute, foretold });

describe("how long to wait", () => {
  it.each([
    [0, 90],
    [1, 90],
    [6, 90],
    [10, 150],
    [25, 300],
    [60, 300],
    [120, 600],
    [180, 900],
    [600, 900],
  ])(
    "after %i minutes is %i seconds: a quarter of the time waited, to five minutes, then a twelfth, to fifteen",
    (minutes, seconds) => {
      expect(waitAfter(minutes)).toBe(seconds);
    },
  );

  it.each([
    ["later", 700, 700],
    ["later than anything is believed", 5000, 1200],
    ["sooner", 10, 150],
  ])("is what progress foretells where that is %s, and no look is wasted", (_what, foretold, seconds) => {
    expect(waitAfter(10, foretold)).toBe(seconds);
  });

  it("stays five minutes for what drags on while something is foretold: a place may be free any moment", () => {
    expect([waitAfter(600, 10), waitAfter(600, 400)]).toEqual([300, 400]);
  });

  it("believes no rate of the first seconds, and after them whatever is foretold", () => {
    expect(waitAfter(1, 400)).toBe(90);
    expect(waitAfter(2, 3)).toBe(30);
    expect(waitAfter(2, 400)).toBe(400);
  });

  it("is over at the deadline and after it, and not before", () => {
    expect(waitAfter(60, undefined, 60)).toBe("over");
    expect(waitAfter(61, 4, 60)).toBe("over");
    expect(waitAfter(59.9, undefined, 60)).toBe(6);
  });

  it("is the shortest where the clock says that waiting has not begun", () => {
    expect(nextWait({ now: 0, since: 5 * minute, deadline: 60 * minute, foretold: 600 })).toBe(90);
  });

  const anyInput = fc
    .record({
      since: fc.nat(1e9),
      elapsed: fc.nat(90_000_000),
      left: fc.integer({ min: -1e6, max: 90_000_000 }),
      foretold: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
    })
    .map(({ since, elapsed, left, foretold }) => ({
      since,
      now: since + elapsed,
      deadline: since + elapsed + left,
      foretold,
    }));

  it("is whole, at least a second, at most twenty minutes, and past the deadline by less than a second", () => {
    fc.assert(
      fc.property(anyInput, (input: WaitInput) => {
        const wait = nextWait(input);
        expect(wait === "over").toBe(input.now >= input.deadline);
        if (wait === "over") return;
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(1);
        expect(wait).toBeLessThanOrEqual(1200);
        expect(input.now + (wait - 1) * 1000).toBeLessThan(input.deadline);
      }),
    );
  });

  it("looks at a day's work no more than three hundred times, whatever AWS's progress foretells", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.option(fc.nat(2000), { nil: undefined })), (foretellings) => {
        const deadline = 23 * 60 * minute;
        let looks = 0;
        for (let at = 0; at < deadline; looks += 1) {
          const foretold = foretellings.next().value ?? undefined;
          const wait = nextWait({ now: at, since: 0, deadline, foretold });
          if (wait === "over") break;
          at += wait * 1000;
        }
        expect(looks).toBeLessThan(300);
      }),
      { numRuns: 30 },
    );
  });
});

describe("what progress foretells", () => {
  it.each([
    [600, 72, 233],
    [600, 100, 0],
    [600, 0, undefined],
    [600, undefined, undefined],
  ])("after %i seconds at %s percent is %s seconds more", (elapsed, percent, left) => {
    const foretold = secondsLeft(elapsed, percent);
    expect(foretold === undefined ? undefined : Math.round(foretold)).toBe(left);
  });

  it("is the nth of what foretells, and of all only where everything does", () => {
    expect(nthDone([30, undefined, 10, 20], 2)).toBe(20);
    expect(nthDone([30, undefined], 2)).toBeUndefined();
    expect(allDone([30, 10])).toBe(30);
    expect(allDone([30, undefined])).toBeUndefined();
    expect(allDone([])).toBeUndefined();
  });
});

describe("when a pass of the pump is worth its calls", () => {
  const eight = [10, 20, 30, 40, 50, 60, 70, 80];

  it.each([
    ["half of the snapshots for many free places", { awaited: eight, free: 8 }, 40],
    ["as many snapshots as places are free", { awaited: eight, free: 1 }, 10],
    ["no snapshot while no place is free", { awaited: eight }, undefined],
    ["a quarter of the copies where others wait for their places", { running: eight, due: 1 }, 20],
    ["the last copy where nothing waits", { running: eight }, 80],
    ["what comes first of both", { awaited: [500, 600, 700, 800], free: 1, running: [90, 95], due: 0 }, 90],
    ["nothing where nothing foretells", { awaited: [undefined], free: 1, running: [undefined] }, undefined],
  ])("is %s", (_what, waiting, seconds) => {
    expect(nextWorthwhile({ awaited: [], running: [], due: 0, free: 0, ...waiting })).toBe(seconds);
  });
});

describe("what is left of a copy by how long others last", () => {
  it.each([
    [undefined, 100, undefined],
    [600, 100, 500],
    [600, 900, 0],
    [600, 1200, 0],
    [600, 1201, undefined],
  ])(
    "where these last %s seconds, of one that has run for %i: %s; a stuck one foretells nothing",
    (...row) => {
      const [lasting, age, left] = row;
      expect(leftByLasting(lasting, age)).toBe(left);
    },
  );
});

describe("how long the quickest copy lasts", () => {
  it.each([
    ["is not known before one has been seen", {}, { ended: [], running: [] }, {}],
    [
      "is what the progress of one tells",
      {},
      { ended: [], running: [700, 600] },
      { lasting: 600, measured: 600 },
    ],
    [
      "is what one lasted at most, beside one that tells more",
      { lasting: 800 },
      { ended: [400], running: [600] },
      { lasting: 400, measured: 600 },
    ],
    ["is tried sooner where all had ended", {}, { ended: [1200, 1300], running: [] }, { lasting: 900 }],
    ["and sooner again", { lasting: 900 }, { ended: [910], running: [] }, { lasting: 675 }],
    [
      "stays what progress has told",
      { lasting: 600, measured: 600 },
      { ended: [615], running: [] },
      { lasting: 600, measured: 600 },
    ],
    [
      "is tried sooner where one ended before that",
      { lasting: 600, measured: 600 },
      { ended: [400], running: [] },
      { lasting: 300, measured: 600 },
    ],
    [
      "stays where a look shows nothing",
      { lasting: 50, measured: 60 },
      { ended: [], running: [] },
      { lasting: 50, measured: 60 },
    ],
  ])("%s", (_what, before, seen, after) => {
    expect(learnLasting(before, seen)).toEqual(after);
  });

  it("is found from far too much, in a few waves of looks that come when it says", () => {
    let known = { lasting: 1200 };
    const truth = 300;
    for (let wave = 0; wave < 8; wave += 1) {
      const age = known.lasting;
      const ended = age >= truth ? [age] : [];
      known = learnLasting(known, { ended, running: ended.length > 0 ? [] : [truth] }) as typeof known;
    }
    expect(known.lasting).toBe(truth);
  });
});
