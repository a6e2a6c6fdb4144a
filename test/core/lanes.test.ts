import { describe, expect, it } from "vitest";
import { callsWithin, lanesOf, prunesAtOnce } from "../../lib/core/lanes.ts";
import { partOf } from "./samples.ts";

describe("who shares the budget", () => {
  const batch = { lanes: { region: 6, run: 12 } };
  const part = partOf({ slice: { number: 2, of: 6 }, number: 3, of: 10 });
  const whole = partOf({ number: 3, of: 10 });

  it.each([
    ["Snapshot", { batch }, 6],
    ["Prune", { batch }, 4],
    ["Prune", { batch: { lanes: { region: 1, run: 2 } } }, 2],
    ["Check", { batch: {} }, 1],
    ["Copy", { destination: { region: "eu-west-1" } }, 1],
    ["Watch", undefined, 1],
    ["Discover", { request: { plan: "daily", part } }, 6],
    ["Discover", { request: { plan: "daily", part: whole } }, 1],
    ["Snapshot", { run: { part }, batch }, 36],
    ["Snapshot", { run: { part: whole }, batch }, 6],
    ["Check", { run: { part }, batch: {} }, 6],
    ["Prune", { run: { part }, batch }, 10],
    ["Copy", { run: { part }, destination: { region: "eu-west-1" } }, 10],
    ["Report", { run: { part } }, 10],
  ])("%s with %j: %i functions", (name, event, lanes) => {
    expect(lanesOf(name, event)).toBe(lanes);
  });

  it("lets one prune of each part run at once, and four of a run that is whole", () => {
    expect([prunesAtOnce(undefined), prunesAtOnce(part)]).toEqual([4, 1]);
  });
});

describe("the calls that a share allows", () => {
  it.each([
    [180, { lanes: 1 }, 1800],
    [180, { lanes: 20 }, 90],
    [180, { lanes: 64 }, 28],
    [180, { lanes: 64, callsPerSecond: 5 }, 14],
    [1, { lanes: 64 }, 1],
  ])("in %i seconds with %j are %i", (seconds, share, calls) => {
    expect(callsWithin(seconds, share)).toBe(calls);
  });
});
