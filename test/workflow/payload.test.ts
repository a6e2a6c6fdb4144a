import { describe, expect, it } from "vitest";
import { FleetTooLargeError } from "../../lib/errors.ts";
import { copy } from "../../lib/steps/copy.ts";
import { discover } from "../../lib/steps/discover.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { at, cluster, plainPlan, withNight } from "../night.ts";

/** AWS's limit for what passes between two states. */
const payloadBytesMax = 262_144;

describe("a fleet that Discover takes", () => {
  it.each([
    [1000, 8, true],
    [1250, 8, true],
    [1400, 8, false],
    [1000, 60, true],
    [1100, 60, false],
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
        expect(JSON.stringify({ run, batches, destination }).length).toBeLessThan(payloadBytesMax);
        expect(JSON.stringify(output).length).toBeLessThan(payloadBytesMax);
      });
    },
  );

  it("fits when every snapshot is available and none can be copied yet", async () => {
    const clusters = Array.from({ length: 1000 }, (_, index) => cluster(`c${index}`, { sizeGib: 1 }));
    const settings = { copiesPerDestination: 0, manualClusterSnapshotsMax: 5000 };
    await withNight({ fleet: { clusters, settings } }, async (night) => {
      const { run, batches } = await discover(
        { request: { plan: "daily", at }, startedAt: at },
        night.context(),
      );
      for (const batch of batches) await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      const output = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
      expect(output.tasks.filter(({ phase }) => phase === "due")).toHaveLength(1000);
      expect(JSON.stringify(output).length).toBeLessThan(200 * 1024);
    });
  });

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
