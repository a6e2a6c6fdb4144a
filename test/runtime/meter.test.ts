import { describe, expect, it } from "vitest";
import { metricNames } from "../../lib/core/measure.ts";
import { emfMeter } from "../../lib/runtime/meter.ts";
import { figuresIn, linesOf } from "./written.ts";

const dimensions = { plan: "daily", region: "us-east-1", kind: "source" };

describe("a deployed function's meter", () => {
  it("writes each figure as one line of the Embedded Metric Format, told apart by service and the rest", async () => {
    const lines = await linesOf(() => {
      const measure = emfMeter("holdfast/test");
      measure({ name: metricNames.runAge, unit: "Seconds", value: 90_000, dimensions });
      measure({
        name: metricNames.keysUnusable,
        unit: "Count",
        value: 0,
        dimensions: { region: "eu-west-1" },
      });
    });
    expect(figuresIn(lines)).toMatchObject([
      { service: "holdfast/test", ...dimensions, RunAge: 90_000 },
      { service: "holdfast/test", region: "eu-west-1", KeysUnusable: 0 },
    ]);
    expect(figuresIn(lines).map(({ _aws }) => _aws.CloudWatchMetrics)).toEqual([
      [
        {
          Namespace: "Holdfast",
          Dimensions: [["service", "plan", "region", "kind"]],
          Metrics: [{ Name: "RunAge", Unit: "Seconds" }],
        },
      ],
      [
        {
          Namespace: "Holdfast",
          Dimensions: [["service", "region"]],
          Metrics: [{ Name: "KeysUnusable", Unit: "Count" }],
        },
      ],
    ]);
  });

  it("keeps no dimension of one figure for the next", async () => {
    const lines = await linesOf(() => {
      const measure = emfMeter("holdfast/test");
      measure({ name: metricNames.runAge, unit: "Seconds", value: 1, dimensions });
      measure({ name: metricNames.sweepProblems, unit: "Count", value: 2, dimensions: {} });
    });
    expect(figuresIn(lines)[1]).toEqual({
      _aws: expect.objectContaining({
        CloudWatchMetrics: [expect.objectContaining({ Dimensions: [["service"]] })],
      }),
      service: "holdfast/test",
      SweepProblems: 2,
    });
  });
});
