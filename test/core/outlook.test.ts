import { expect, it } from "vitest";
import { quotaOutlook } from "../../lib/core/outlook.ts";

const policy = { last: 2, daily: 7, weekly: 4, monthly: 12 };
const sample = {
  ...{ region: "us-east-1", family: "rds" as const, used: 60, max: 100, own: 50 },
  ...{ policies: [policy, policy, policy, policy], floor: 2 },
  ...{ gapSeconds: 86_400, creates: 4, prunes: 0, ownGrowth: 21, othersGrowth: 7 },
};

it("needs for each cluster the most that the policy keeps and one, beside what others keep", () => {
  // 2 + 7 + 4 + 12, the newest counted once, is 22; and one for the run.
  expect(quotaOutlook(sample)).toEqual({
    ...{ region: "us-east-1", family: "rds", used: 60, max: 100 },
    ...{ afterRun: 64, needed: 4 * 23, weeklyGrowth: 28, daysLeft: 10, request: 110 },
  });
});

it("needs no less than the floor that no prune goes below", () => {
  const few = { ...sample, policies: [{ last: 1 }, { last: 7 }], own: 0, used: 0 };
  expect(quotaOutlook({ ...few, floor: 3 }).needed).toBe(3 + 1 + 7 + 1);
});

it("asks for nothing where there is room, and foretells no end where nothing grows", () => {
  const { request, daysLeft, afterRun } = quotaOutlook({
    ...sample,
    policies: [policy, policy, policy],
    prunes: 4,
    ...{ ownGrowth: 0, othersGrowth: 0 },
  });
  expect([request, daysLeft, afterRun]).toEqual([null, null, 60]);
  expect(quotaOutlook({ ...sample, max: 102 }).request).toBe(null);
});

it("counts days by the growth of a week", () => {
  const daysLeft = (ownGrowth: number, othersGrowth: number) =>
    quotaOutlook({ ...sample, ownGrowth, othersGrowth }).daysLeft;
  expect(daysLeft(7, 0)).toBe(40);
  expect(daysLeft(0, 3)).toBe(93);
  expect(daysLeft(-6, 3)).toBe(null);
  expect(quotaOutlook({ ...sample, used: 104 }).daysLeft).toBe(0);
});

it("lets a plan's own points grow to what its policies keep, and no further", () => {
  const small = { ...sample, used: 10, own: 4, policies: [policy] };
  // 19 more of the plan's own at most, of 90 that there is room for; the others' go on.
  expect(quotaOutlook({ ...small, ownGrowth: 7, othersGrowth: 0 })).toMatchObject({
    ...{ weeklyGrowth: 7, daysLeft: null },
  });
  expect(quotaOutlook({ ...small, ownGrowth: 7, othersGrowth: 1 }).daysLeft).toBe(497);
  expect(quotaOutlook({ ...small, own: 40, ownGrowth: 7, othersGrowth: 0 }).daysLeft).toBe(null);
  expect(quotaOutlook({ ...small, policies: [{}], ownGrowth: 7, othersGrowth: 0 }).daysLeft).toBe(90);
});

it("says that a policy which removes nothing has no end to its need", () => {
  expect(quotaOutlook({ ...sample, policies: [policy, {}] })).toMatchObject({
    needed: null,
    request: null,
    daysLeft: 10,
  });
});
