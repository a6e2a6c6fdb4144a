import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { batch, copyWork, destination, run } from "../lib/runtime/schemas.ts";
import { engines, events, keys } from "../lib/runtime/tools.ts";
import { copy } from "../lib/steps/copy.ts";

export const handler = door({
  name: "Copy",
  input: z.object({ run, destination, batches: z.array(batch), work: z.exactOptional(copyWork) }),
  tools: { engines, events, keys },
  step: copy,
});
