import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatSpan, parseSpan } from "../../lib/core/span.ts";

const none = { years: 0, months: 0, days: 0, hours: 0 };

describe("a span", () => {
  test.each([
    ["14d", { ...none, days: 14 }],
    ["36h", { ...none, hours: 36 }],
    ["1y6m", { ...none, years: 1, months: 6 }],
    ["1y5m7d2h", { years: 1, months: 5, days: 7, hours: 2 }],
    ["10y1h", { ...none, years: 10, hours: 1 }],
    ["0y6m", { ...none, months: 6 }],
  ])("is read from %s", (text, span) => {
    expect(parseSpan(text)).toEqual(span);
  });

  test.each([
    ["nothing", ""],
    ["zero", "0d"],
    ["all zero", "0y0m0d0h"],
    ["a number without a unit", "14"],
    ["a unit without a number", "d"],
    ["an unknown unit", "2w"],
    ["another order", "6m1y"],
    ["a doubled unit", "1d1d"],
    ["a sign", "-1d"],
    ["a fraction", "1.5d"],
    ["capitals", "1D"],
    ["a space before", " 1d"],
    ["a space within", "1y 6m"],
    ["a line's end", "1d\n"],
    ["six digits", "100000h"],
    ["other scripts' digits", "١d"],
  ])("is not read from %s", (_what, text) => {
    expect(parseSpan(text)).toBeUndefined();
  });

  test("is written canonically", () => {
    expect(formatSpan({ ...none, years: 1, months: 6 })).toBe("1y6m");
    expect(formatSpan(parseSpan("007d0h") ?? none)).toBe("7d");
  });

  test("is read back as it was written", () => {
    const amount = fc.nat({ max: 99_999 });
    const spans = fc.record({ years: amount, months: amount, days: amount, hours: amount });
    fc.assert(
      fc.property(spans, (span) => {
        const isZero = Object.values(span).every((value) => value === 0);
        expect(parseSpan(formatSpan(span))).toEqual(isZero ? undefined : span);
      }),
    );
  });
});
