import { door } from "../lib/runtime/door.ts";
import { scheduled } from "../lib/runtime/schemas.ts";
import { engines, events } from "../lib/runtime/tools.ts";
import { recognise } from "../lib/steps/recognise.ts";

export const handler = door({
  name: "Recognise",
  input: scheduled,
  tools: { engines, events },
  step: recognise,
});
