import { expect, it } from "vitest";
import { exitStatusOf } from "../../cli/result-document.ts";

it.each([
  ["SUCCEEDED", null, "complete", 0],
  ["SUCCEEDED", null, "incomplete", 3],
  ["SUCCEEDED", null, "failed", 3],
  ["FAILED", "Incomplete", "incomplete", 3],
  // The report's problems are over by the time of the look.
  ["FAILED", "Incomplete", "complete", 3],
  ["FAILED", "FleetTooLargeError", "complete", 1],
  ["FAILED", "TIMED_OUT", "complete", 1],
  ["FAILED", "ABORTED", "incomplete", 1],
] as const)("an execution that ends as %s, %s, and is seen as %s ends the command with %d", (...row) => {
  const [status, error, outcome, code] = row;
  const execution = { status, error, cause: null, transitions: 0, largestPayloadBytes: 0 };
  expect(exitStatusOf({ outcome, execution })).toBe(code);
});
