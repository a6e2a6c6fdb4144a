import { describe, expect, it } from "vitest";
import { copy } from "../../lib/steps/copy.ts";
import { discover } from "../../lib/steps/discover.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { at, cluster, plainPlan, withNight } from "../night.ts";

/** AWS's limit for what passes between two states. */
const payloadBytesMax = 262_144;

/** What no payload of a run in parts may weigh. */
const partBytesMax = 200 * 1024;

const fleetOf = (count: number, letters: number) =>
  Array.from({ length: count }, (_, index) => cluster(`c${index}`.padEnd(letters, "x")));

describe("a fleet that Discover takes", () => {
  it.each([
    [1000, 8, "Work"],
    [1250, 8, "Work"],
    [1400, 8, "Parts"],
    [1000, 60, "Work"],
    [1100, 60, "Parts"],
  ])(
    "fits into the pump's payload, or is done in parts: %i clusters with names of %i letters: %s",
    async (count, letters, next) => {
      const clusters = fleetOf(count, letters);
      await withNight({ fleet: { clusters } }, async ({ context }) => {
        const discovery = await discover({ request: { plan: "daily", at }, startedAt: at }, context());
        expect(discovery.next).toBe(next);
        if (next === "Parts") return;
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

  it("fits by its bytes, of which a letter of a tag may have three", async () => {
    const config = `${plainPlan}    carry-tags: [team, purpose]\n`;
    const tags = { backup: "daily", team: "基盤".repeat(60), purpose: "受注".repeat(60) };
    const clusters = Array.from({ length: 300 }, (_, index) => cluster(`c${index}`, { sizeGib: 1, tags }));
    const settings = { copiesPerDestination: 0, manualClusterSnapshotsMax: 5000 };
    await withNight({ fleet: { clusters, settings }, config }, async (night) => {
      const { run, batches } = await discover(
        { request: { plan: "daily", at }, startedAt: at },
        night.context(),
      );
      for (const batch of batches) await snapshot({ run, batch }, night.context());
      night.simulator.clock.advance(600);
      const output = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
      expect(output.tasks.filter(({ phase }) => phase === "due")).toHaveLength(300);
      expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThan(partBytesMax);
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

describe("10,000 clusters", () => {
  it.each([
    [8, 11],
    [60, 14],
  ])(
    "are done in parts of which every payload fits, with names of %i letters",
    { timeout: 240_000 },
    async (letters, parts) => {
      const clusters = fleetOf(10_000, letters);
      const settings = { copiesPerDestination: 0, manualClusterSnapshotsMax: 50_000 };
      await withNight({ fleet: { clusters, settings } }, async (night) => {
        const whole = await discover({ request: { plan: "daily", at }, startedAt: at }, night.context());
        const told = { ...whole, parts: whole.parts.map(() => fullest) };
        expect(whole.parts).toHaveLength(parts);
        for (const payload of [whole, told]) expect(weighs(payload)).toBeLessThan(partBytesMax);
        for (const request of [whole.parts[0], whole.parts.at(-1)]) {
          if (request === undefined) continue;
          const { run, batches, destinations } = await discover({ request, startedAt: at }, night.context());
          const answers = batches.map(() => "x".repeat(2048));
          expect(weighs({ run, batches, destinations, snapshots: answers, pruned: answers })).toBeLessThan(
            partBytesMax,
          );
        }
        // One part's pump with every snapshot there and nothing copied: its table is as full as it gets.
        const [request = { plan: "" }] = whole.parts;
        const { run, batches } = await discover({ request, startedAt: at }, night.context());
        for (const batch of batches) {
          let work = await snapshot({ run, batch }, night.context());
          while (work.next === "Snapshot") work = await snapshot({ run, batch, work }, night.context());
          expect(weighs({ run, batch, work })).toBeLessThan(partBytesMax);
        }
        night.simulator.clock.advance(600);
        const output = await copy({ run, batches, destination: { region: "eu-west-1" } }, night.context());
        expect(output.tasks.filter(({ phase }) => phase === "due")).toHaveLength(output.tasks.length);
        expect(output.tasks.length).toBeGreaterThan(400);
        expect(weighs(output)).toBeLessThan(partBytesMax);
      });
    },
  );
});

const weighs = (payload: unknown): number => JSON.stringify(payload).length;

/** The most that a part's report hands back. */
const fullest = {
  outcome: "incomplete",
  totals: { clusters: 1000, snapshots: 1000, copies: 1000, pruned: 10_000, problems: 1000 },
  problems: "x".repeat(1600),
  part: 16,
};
