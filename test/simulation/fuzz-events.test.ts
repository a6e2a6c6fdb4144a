import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { log } from "../../lib/runtime/log.ts";
import { anyEvent } from "./fuzz/events.ts";
import { callDoor, calls, cases } from "./fuzz/scene.ts";

/** Whatever a function is called with, what comes out is a result or a named error, and no deletion that was not due. */

beforeAll(() => {
  log.setLogLevel("SILENT");
});

describe.each(Object.entries(calls))("events nearly those of %s", (_, { door, event }) => {
  it("end in a result or a named error, and delete nothing that was not due", async () => {
    const due = new Set((await callDoor(door, event)).deleted);
    await fc.assert(
      fc.asyncProperty(anyEvent(event), async (given) => {
        const { deleted } = await callDoor(door, given);
        expect(deleted.filter((one) => !due.has(one))).toEqual([]);
      }),
      cases(16),
    );
  });
});
