import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { batch, run } from "../lib/runtime/schemas.ts";
import { prune } from "../lib/steps/prune.ts";

export const handler = door({
  name: "Prune",
  input: z.object({ run, batch, pruned: z.exactOptional(z.number()) }),
  step: prune,
});
