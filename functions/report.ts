import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { batch, childResult, problem, run } from "../lib/runtime/schemas.ts";
import { report } from "../lib/steps/report.ts";

export const handler = door({
  name: "Report",
  input: z.object({
    run,
    batches: z.array(batch),
    unlisted: z.array(problem),
    snapshots: z.array(childResult),
    copies: z.array(childResult),
    pruned: z.array(childResult),
  }),
  step: report,
});
