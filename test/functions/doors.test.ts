import type { Context as LambdaContext } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { handler as check } from "../../functions/check.ts";
import { handler as copy } from "../../functions/copy.ts";
import { handler as discover } from "../../functions/discover.ts";
import { handler as prune } from "../../functions/prune.ts";
import { handler as recognise } from "../../functions/recognise.ts";
import { handler as report } from "../../functions/report.ts";
import { handler as snapshot } from "../../functions/snapshot.ts";
import { handler as sweep } from "../../functions/sweep.ts";
import { handler as watch } from "../../functions/watch.ts";
import type { Door } from "../../lib/runtime/door.ts";
import { withRuntime } from "../../lib/runtime/runtime.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { keepingEnvironment } from "../environment.ts";
import { cluster, withNight } from "../night.ts";
import { discovered } from "../steps/batch.ts";

const doors = { check, copy, discover, prune, report, snapshot, sweep, recognise, watch };
const lambda = {
  awsRequestId: "r-1",
  functionName: "f",
  getRemainingTimeInMillis: () => 60_000,
} as LambdaContext;
const malformed: readonly unknown[] = [
  null,
  undefined,
  7,
  "text",
  [],
  {},
  { run: {}, batch: {} },
  { request: { plan: 3 } },
];

describe.each(Object.entries(doors))("the door %s", (name, door) => {
  it("refuses a malformed event by name, with a sentence, before any call", async () => {
    await withNight({ fleet: {} }, async ({ runtime, simulator }) => {
      for (const event of malformed) {
        const refused = withRuntime(runtime, () => door(event, lambda));
        await expect(refused).rejects.toMatchObject({ name: "InvalidEventError" });
        await expect(refused).rejects.toThrow(
          new RegExp(`^${name} was called with a malformed event: `, "i"),
        );
      }
      expect(simulator.calls.total).toBe(0);
    });
  });
});

/** Each would pass `Date.parse`, or be thrown over: an empty text, a bare number, a year of six digits. */
const untimely = ["", "1", "ask Bob 7", "2026-11-20T03:00", "+275760-09-13T00:00:00Z"];

describe.each(untimely)("the time %j", (time) => {
  it.each<[string, Door, unknown]>([
    ["request.at", discover, { request: { plan: "daily", at: time }, startedAt: "2026-11-20T03:00:00Z" }],
    [
      "request.until",
      discover,
      { request: { plan: "daily", until: time }, startedAt: "2026-11-20T03:00:00Z" },
    ],
    ["startedAt", discover, { request: { plan: "daily" }, startedAt: time }],
    ["at", sweep, { at: time }],
    ["at", recognise, { at: time }],
    ["at", watch, { at: time }],
  ])("is refused as %s", async (field, door, event) => {
    await withNight({ fleet: {} }, async ({ runtime, simulator }) => {
      const refused = withRuntime(runtime, () => door(event, lambda));
      await expect(refused).rejects.toThrow(new RegExp(`malformed event: ${field} is not valid$`));
      expect(simulator.calls.total).toBe(0);
    });
  });
});

describe("the door of Copy", () => {
  it("lets through when a batch's turn comes: until then its snapshots are not missing", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async (night) => {
      const { run, batch } = await discovered(night);
      const batches = [{ ...batch, startsAfter: 48 * 60 }];
      const pump = (work?: CopyOutput) =>
        withRuntime(night.runtime, () =>
          copy({ run, destination: { region: "eu-west-1" }, batches, ...(work && { work }) }, lambda),
        ) as Promise<CopyOutput>;
      const first = await pump();
      night.simulator.clock.advance(45 * 60);
      expect(await pump(first)).toMatchObject({ next: "Wait", problems: [] });
    });
  });
});

describe("a deployed function", () => {
  it("is told by its environment who it is, and says what is missing", async () => {
    await keepingEnvironment(async () => {
      delete process.env.AWS_REGION;
      delete process.env.AWS_DEFAULT_REGION;
      const event = { request: { plan: "daily" }, startedAt: "2026-11-20T03:00:00Z" };
      await expect(discover(event, lambda)).rejects.toMatchObject({
        name: "ConfigError",
        message: "no region is set; set AWS_REGION to the region of the deployed service",
      });
      Object.assign(process.env, { AWS_REGION: "us-east-1", HOLDFAST_CONFIG: "no/such.json" });
      await expect(discover(event, lambda)).rejects.toThrow(
        /^cannot read no\/such\.json; package the service again/,
      );
    });
  });
});
