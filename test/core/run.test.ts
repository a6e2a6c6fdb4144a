import { describe, expect, it } from "vitest";
import { requestParts, runId } from "../../lib/core/run.ts";
import { runAt } from "./samples.ts";

describe("a run's id", () => {
  // Written out: an execution of a newer deployment has to find what an older one took.
  it("is this one, also of a later version", () => {
    expect(runId("daily", runAt)).toBe("daily-20261121t030000z");
    expect(runId("daily", runAt, {})).toBe("daily-20261121t030000z-s2rjnu");
    expect(runId("daily", runAt, { reason: "before the migration" })).toBe("daily-20261121t030000z-62pgur");
  });

  it("is another for each thing that a person asks for", () => {
    const asked = [undefined, {}, { reason: "x" }, { hold: "x" }, { until: "x" }, { reason: "x", hold: "x" }];
    expect(new Set(asked.map((request) => runId("daily", runAt, request))).size).toBe(asked.length);
  });

  it("takes what was not asked for as nothing", () => {
    expect(requestParts({ hold: "audit" })).toEqual(["", "audit", ""]);
  });
});
