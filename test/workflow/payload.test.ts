import { describe, expect, it } from "vitest";
import { FleetTooLargeError } from "../../lib/errors.ts";
import { copy } from "../../lib/steps/copy.ts";
import { discover } from "../../lib/steps/discover.ts";
import { at, cluster, plainPlan, withNight } from "../night.ts";

/** AWS's limit for what passes between two states. */
const payloadBytesMax = 262_144;

describe("a fleet that Discover takes", () => {
  it.each([
    [500, 8, true],
    [850, 8, true],
    [1000, 8, false],
    [500, 60, true],
    [800, 60, false],
  ])(
    "fits into the pump's payload, or is refused: %i clusters with names of %i letters: %s",
    async (count, letters, fits) => {
      const clusters = Array.from({ length: count }, (_, index) => cluster(`c${index}`.padEnd(letters, "x")));
      await withNight({ fleet: { clusters } }, async ({ context }) => {
        const discovery = await discover({ request: { plan: "daily", at }, startedAt: at }, context()).catch(
          (error: unknown) => {
            expect(error).toBeInstanceOf(FleetTooLargeError);
          },
        );
        expect(discovery !== undefined).toBe(fits);
        if (discovery === undefined) return;
        const { run, batches } = discovery;
        const destination = { region: "eu-west-1" };
        const output = await copy({ run, batches, destination }, context());
        expect(output.tasks).toHaveLength(count);
        expect(JSON.stringify({ run, batches, destination, work: { output } }).length).toBeLessThan(
          payloadBytesMax,
        );
      });
    },
  );

  it("leaves room for the worst that every batch can answer", async () => {
    const config = plainPlan.replace(/ {4}copies:.*\n/, "");
    const clusters = Array.from({ length: 1800 }, (_, index) => cluster(`c${index}`));
    await withNight({ fleet: { clusters }, config }, async ({ context }) => {
      const { run, batches } = await discover({ request: { plan: "daily", at }, startedAt: at }, context());
      const answer = "x".repeat(2048);
      const answers = batches.flatMap(() => [answer, answer]);
      expect(JSON.stringify({ run, batches, answers }).length).toBeLessThan(payloadBytesMax);
    });
  });
});
