import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { batch, childResults, partResults, problem, run } from "../lib/runtime/schemas.ts";
import { engines, events } from "../lib/runtime/tools.ts";
import { report } from "../lib/steps/report.ts";

export const handler = door({
  name: "Report",
  input: z.object({
    run,
    batches: z.array(batch),
    unlisted: z.array(problem),
    snapshots: childResults,
    copies: childResults,
    pruned: childResults,
    parts: z.exactOptional(partResults),
  }),
  tools: { engines, events },
  step: report,
});
