import { describe, expect, it } from "vitest";
import { createdEvent } from "../../lib/core/event.ts";
import { announce } from "../../lib/steps/announce.ts";
import { pointOf } from "../core/samples.ts";
import { service, withNight } from "../night.ts";
import { deafBus, toldOf } from "./points.ts";

const events = [1, 2].map((day) =>
  createdEvent({ service, run: "r", point: pointOf({ at: `2026-11-0${day}T03:00:00Z` }), now: 0 }),
);
const ids = events.map(({ detail }) => detail.id);

describe("announcing", () => {
  it("tells the bus and is no problem", async () => {
    await withNight({ fleet: {} }, async ({ simulator, context }) => {
      expect(await announce({ events, region: "eu-west-1" }, context())).toEqual([]);
      expect(toldOf(simulator).map(({ detail }) => detail.id)).toEqual(ids);
    });
  });

  it("calls nobody where there is nothing to tell", async () => {
    await withNight({ fleet: {} }, async ({ simulator, context }) => {
      simulator.faults.add(deafBus);
      expect(await announce({ events: [], region: "eu-west-1" }, context())).toEqual([]);
      expect(simulator.calls.total).toBe(0);
    });
  });

  it.each([
    ["denies", deafBus.kind],
    ["fails", "internal" as const],
    ["throttles", "throttle" as const],
    ["does not answer", "reset-before" as const],
  ])("names what was not told, and goes on, where the bus %s", async (_, kind) => {
    await withNight({ fleet: {} }, async ({ simulator, context, ledger }) => {
      simulator.faults.add({ ...deafBus, kind });
      const problems = await announce({ events, region: "eu-west-1" }, context());
      expect(problems).toEqual([{ cluster: "*", region: "eu-west-1", code: "untold" }]);
      expect(ledger.of("events.untold")).toEqual([
        { kind: "events.untold", region: "eu-west-1", ids, error: expect.stringContaining("PutEvents") },
      ]);
    });
  });

  it("does not take a mistake of ours for a deaf bus", async () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const [event] = events;
    if (event === undefined) throw new Error("there is no event");
    const broken = { ...event, detail: { ...event.detail, circular } };
    await withNight({ fleet: {} }, async ({ context }) => {
      await expect(announce({ events: [broken], region: "eu-west-1" }, context())).rejects.toThrow(TypeError);
    });
  });
});
