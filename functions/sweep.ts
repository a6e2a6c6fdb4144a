import { door } from "../lib/runtime/door.ts";
import { sweeping } from "../lib/runtime/schemas.ts";
import { engines, events, keys } from "../lib/runtime/tools.ts";
import { sweepWithKeys } from "../lib/steps/sweep.ts";

export const handler = door({
  name: "Sweep",
  input: sweeping,
  tools: { engines, events, keys },
  step: sweepWithKeys,
});
