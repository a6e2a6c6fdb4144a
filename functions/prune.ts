import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { batch, problem, run } from "../lib/runtime/schemas.ts";
import { engines, events } from "../lib/runtime/tools.ts";
import { prune } from "../lib/steps/prune.ts";

export const handler = door({
  name: "Prune",
  input: z.object({
    run,
    batch,
    from: z.exactOptional(z.int().check(z.nonnegative())),
    pruned: z.exactOptional(z.number()),
    problems: z.exactOptional(z.array(problem)),
  }),
  tools: { engines, events },
  step: prune,
});
