import { parentPort } from "node:worker_threads";
import { simulate } from "./months.ts";
import type { Season } from "./soak.ts";

/** One of the threads of a soak: simulates what it is handed, one season after the other. */
parentPort?.on("message", async (season: Season) => {
  parentPort?.postMessage(await simulate(season));
});
