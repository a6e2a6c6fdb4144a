import { door } from "../lib/runtime/door.ts";
import { scheduled } from "../lib/runtime/schemas.ts";
import { engines, events } from "../lib/runtime/tools.ts";
import { sweep } from "../lib/steps/sweep.ts";

export const handler = door({
  name: "Sweep",
  input: scheduled,
  tools: { engines, events },
  step: sweep,
});
