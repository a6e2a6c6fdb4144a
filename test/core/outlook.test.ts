import { expect, it } from "vitest";
import { quotaOutlook } from "../../lib/core/outlook.ts";

const sample = {
  ...{ region: "us-east-1", family: "rds" as const, used: 60, max: 100, own: 50 },
  policy: { last: 2, daily: 7, weekly: 4, monthly: 12 },
  ...{ clusters: 4, gapSeconds: 86_400, creates: 4, prunes: 0 },
};

it("needs for each cluster the most that the policy keeps and one, beside what others keep", () => {
  // 2 + 7 + 4 + 12, the newest counted once, is 22; and one for the run.
  expect(quotaOutlook(sample)).toEqual({
    ...{ region: "us-east-1", family: "rds", used: 60, max: 100 },
    ...{ afterRun: 64, needed: 4 * 23, daysLeft: 10, request: 110 },
  });
});

it("asks for nothing where there is room, and foretells no end where nothing grows", () => {
  const { request, daysLeft, afterRun } = quotaOutlook({ ...sample, clusters: 3, prunes: 4 });
  expect([request, daysLeft, afterRun]).toEqual([null, null, 60]);
});

it("counts days, not runs", () => {
  expect(quotaOutlook({ ...sample, gapSeconds: 6 * 3600 }).daysLeft).toBe(2);
  expect(quotaOutlook({ ...sample, gapSeconds: 7 * 86_400 }).daysLeft).toBe(70);
});

it("says that a policy which removes nothing has no end to its need", () => {
  expect(quotaOutlook({ ...sample, policy: {} })).toMatchObject({
    needed: null,
    request: null,
    daysLeft: 10,
  });
});
