/** `npm run schema`: writes what editors complete holdfast.yml by. */
import { writeFileSync } from "node:fs";
import { configSchema } from "./config-schema.ts";

writeFileSync("holdfast.schema.json", `${JSON.stringify(configSchema(), null, 2)}\n`);
