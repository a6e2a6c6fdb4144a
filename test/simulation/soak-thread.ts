import { enableCompileCache } from "node:module";
import { parentPort } from "node:worker_threads";
import type { Season } from "./soak.ts";

/** One of the threads of a soak: simulates what it is handed, one season after the other. */

enableCompileCache();
const { simulate } = await import("./months.ts");

parentPort?.on("message", async (season: Season) => {
  parentPort?.postMessage(await simulate(season));
});
