import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { log } from "../../lib/runtime/log.ts";
import { garbles } from "./fuzz/garbling.ts";
import { callDoor, calls, cases } from "./fuzz/scene.ts";

/** Whatever AWS answers, what comes out is a result or a named error, and no deletion that was not due. */

beforeAll(() => {
  log.setLogLevel("SILENT");
});

describe.each(Object.entries(calls))("AWS's garbled answers to %s", (_, { door, event }) => {
  it("end in a result or a named error, and delete nothing that was not due", async () => {
    const due = new Set((await callDoor(door, event)).deleted);
    expect(due.size > 0).toBe(["prune", "sweep"].includes(door));
    await fc.assert(
      fc.asyncProperty(garbles, async ({ make }) => {
        const { deleted } = await callDoor(door, event, make());
        expect(deleted.filter((one) => !due.has(one))).toEqual([]);
      }),
      cases(12),
    );
  });
});
