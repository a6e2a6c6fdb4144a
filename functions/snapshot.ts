import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { batch, batchWork, run } from "../lib/runtime/schemas.ts";
import { engines, events } from "../lib/runtime/tools.ts";
import { snapshot } from "../lib/steps/snapshot.ts";

export const handler = door({
  name: "Snapshot",
  input: z.object({ run, batch, work: z.exactOptional(batchWork) }),
  tools: { engines, events },
  step: snapshot,
});
