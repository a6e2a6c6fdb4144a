import { describe, expect, test } from "vitest";
import { objectiveOf } from "../../lib/core/plan.ts";
import { planOf } from "./samples.ts";

const hours = (count: number): number => count * 3600;
const punctual = (differs: Parameters<typeof planOf>[0]) => planOf({ flexibleWindowMinutes: 0, ...differs });

describe("a plan's objective", () => {
  test.each([
    ["cron(0 3 * * ? *)", 24 + 12],
    ["rate(6 hours)", 6 + 12],
    ["cron(0 3 ? * MON-FRI *)", 72 + 12],
  ])("of %s is what the schedule can keep: %j hours with its deadline", (schedule, age) => {
    expect(objectiveOf(punctual({ schedule }))).toEqual({
      sourceSeconds: hours(age),
      copySeconds: hours(age),
    });
  });

  test("is what the plan says, and each of the two by itself", () => {
    expect(objectiveOf(punctual({ objective: { sourceSeconds: 1, copySeconds: 2 } }))).toEqual({
      sourceSeconds: 1,
      copySeconds: 2,
    });
    expect(objectiveOf(punctual({ objective: { sourceSeconds: hours(26) } }))).toEqual({
      sourceSeconds: hours(26),
      copySeconds: hours(36),
    });
    expect(objectiveOf(punctual({ objective: { copySeconds: hours(48) } }))).toEqual({
      sourceSeconds: hours(36),
      copySeconds: hours(48),
    });
  });

  test("has the plan's own deadline and window in it", () => {
    expect(objectiveOf(punctual({ deadlineSeconds: hours(2) })).copySeconds).toBe(hours(26));
    expect(objectiveOf(punctual({ flexibleWindowMinutes: 60 })).copySeconds).toBe(hours(37));
  });

  test("is not made up for a schedule that nobody checked", () => {
    expect(() => objectiveOf(punctual({ schedule: "cron(0 24 * * ? *)" }))).toThrow(
      "the schedule of plan daily has 24 in hours; use 0 to 23",
    );
  });
});
