import { enableCompileCache } from "node:module";
import { endWhenUnread } from "../../bench/unread.ts";
import { faultNames } from "./faults/all.ts";
import type { SimulationResult } from "./months.ts";
import { readOptions } from "./options.ts";
import { soak } from "./soak.ts";
import { summary } from "./summary.ts";
import { addTally, newTally } from "./tally.ts";

/**
 * npm run simulate -- --seed N --days 90 --clusters 40 --faults all|none|KIND,KIND [--events]
 * npm run simulate -- --seeds COUNT [--seed FIRST] …   a soak: COUNT seeds, side by side on all cores
 */

// A quarter of a start went into compiling what the last one compiled; what is imported later comes out of the cache.
enableCompileCache();
endWhenUnread();

const { seed: first, seeds: count, days, clusters, faults, events } = readOptions(process.argv.slice(2));
const seasons = Array.from({ length: count }, (_, nth) => ({ seed: first + nth, days, clusters, faults }));
/** As the command line has them. */
const kinds = faults.length === faultNames.length ? "all" : faults.join(",") || "none";

/** Here, one after the other: each event is told as it happens. */
async function* here(): AsyncGenerator<SimulationResult> {
  const { simulate } = await import("./months.ts");
  const onLine = events ? { onLine: (line: string) => console.log(line) } : {};
  for (const season of seasons) yield await simulate({ ...season, ...onLine });
}

const tally = newTally();
const began = performance.now();
let failed = 0;

for await (const result of events || count === 1 ? here() : soak(seasons)) {
  const { seed, violations, day, date, fingerprint } = result;
  addTally(tally, result.tally);
  if (violations.length === 0)
    console.log(`seed ${seed}: ${day} days, every invariant holds; log ${fingerprint.slice(0, 16)}`);
  else failed += 1;
  for (const { invariant, sentence } of violations.slice(0, 3))
    console.log(`seed ${seed}, day ${day} (${date}): ${invariant}: ${sentence}`);
  if (violations.length > 0)
    console.log(
      `replay: npm run simulate -- --seed ${seed} --days ${days} --clusters ${clusters} --faults ${kinds} --events`,
    );
}

console.log(summary(tally, { runs: count, failed, seconds: (performance.now() - began) / 1000 }));
process.exit(failed === 0 ? 0 : 1);
