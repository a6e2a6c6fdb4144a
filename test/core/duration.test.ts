import { expect, test } from "vitest";
import { formatAge } from "../../lib/core/duration.ts";

const [minute, hour, day] = [60, 3600, 86_400];

test.each([
  [0, "0m"],
  [59, "0m"],
  [35 * minute, "35m"],
  [hour, "1h"],
  [hour + 30 * minute, "1h 30m"],
  [26 * hour + 59 * minute, "26h"],
  [47 * hour, "47h"],
  [2 * day, "2d"],
  [2 * day + 3 * hour, "2d 3h"],
  [90 * day + 3 * hour, "90d"],
])("%d seconds are %s", (seconds, words) => {
  expect(formatAge(seconds)).toBe(words);
});
