import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { batch, batchWork, run } from "../lib/runtime/schemas.ts";
import { engines, events } from "../lib/runtime/tools.ts";
import { check } from "../lib/steps/check.ts";

export const handler = door({
  name: "Check",
  input: z.object({ run, batch, work: batchWork }),
  tools: { engines, events },
  step: check,
});
