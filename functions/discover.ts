import * as z from "zod/mini";
import { door } from "../lib/runtime/door.ts";
import { iso, runRequest } from "../lib/runtime/schemas.ts";
import { engines } from "../lib/runtime/tools.ts";
import { discover } from "../lib/steps/discover.ts";

export const handler = door({
  name: "Discover",
  input: z.object({
    request: runRequest,
    startedAt: iso,
    execution: z.exactOptional(z.string()),
    tolerant: z.exactOptional(z.boolean()),
  }),
  tools: { engines },
  step: discover,
});
