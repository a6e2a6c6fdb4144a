import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { faultNames } from "./faults/all.ts";
import type { SimulationResult } from "./months.ts";
import { soak } from "./soak.ts";
import { summary } from "./summary.ts";
import { addTally, newTally } from "./tally.ts";

/**
 * npm run simulate -- --seed N --days 90 --clusters 40 --faults all|none|KIND,KIND [--events]
 * npm run simulate -- --seeds COUNT [--seed FIRST] …   a soak: COUNT seeds, side by side on all cores
 */

// A quarter of a start went into compiling what the last one compiled; what is imported later comes out of the cache.
enableCompileCache();

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    days: { type: "string", default: "90" },
    clusters: { type: "string", default: "40" },
    faults: { type: "string", default: "all" },
    events: { type: "boolean", default: false },
  },
});

const whole = (name: "seed" | "seeds" | "days" | "clusters"): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`--${name} is "${values[name]}"; use a whole number from 1 up`);
  process.exit(2);
};

const kinds = (): readonly string[] => {
  if (values.faults === "all") return faultNames;
  if (values.faults === "none") return [];
  const given = values.faults.split(",");
  const unknown = given.filter((name) => !faultNames.includes(name));
  if (unknown.length === 0) return given;
  console.error(
    `--faults knows no ${unknown.join(", ")}; use all, none, or some of ${faultNames.join(", ")}`,
  );
  return process.exit(2);
};

const first = whole("seed");
const seeds = Array.from({ length: whole("seeds") }, (_, nth) => first + nth);
const options = { days: whole("days"), clusters: whole("clusters"), faults: kinds() };
const seasons = seeds.map((seed) => ({ ...options, seed }));

/** Here, one after the other: each event is told as it happens. */
async function* here(): AsyncGenerator<SimulationResult> {
  const { simulate } = await import("./months.ts");
  const onLine = values.events ? { onLine: (line: string) => console.log(line) } : {};
  for (const season of seasons) yield await simulate({ ...season, ...onLine });
}

const tally = newTally();
const began = performance.now();
let failed = 0;

for await (const result of values.events || seeds.length === 1 ? here() : soak(seasons)) {
  const { seed, violations, day, date, fingerprint } = result;
  addTally(tally, result.tally);
  if (violations.length === 0)
    console.log(`seed ${seed}: ${day} days, every invariant holds; log ${fingerprint.slice(0, 16)}`);
  else failed += 1;
  for (const { invariant, sentence } of violations.slice(0, 3))
    console.log(`seed ${seed}, day ${day} (${date}): ${invariant}: ${sentence}`);
  if (violations.length > 0)
    console.log(
      `replay: npm run simulate -- --seed ${seed} --days ${options.days} --clusters ${options.clusters} --faults ${values.faults} --events`,
    );
}

console.log(summary(tally, { runs: seeds.length, failed, seconds: (performance.now() - began) / 1000 }));
process.exit(failed === 0 ? 0 : 1);
