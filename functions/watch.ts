import { door } from "../lib/runtime/door.ts";
import { scheduled } from "../lib/runtime/schemas.ts";
import { engines, keys } from "../lib/runtime/tools.ts";
import { watch } from "../lib/steps/watch.ts";

export const handler = door({
  name: "Watch",
  input: scheduled,
  tools: { engines, keys },
  step: watch,
});
