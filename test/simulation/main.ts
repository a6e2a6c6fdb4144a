import { parseArgs } from "node:util";
import { faultNames } from "./faults/all.ts";
import { type SimulationOptions, simulate } from "./months.ts";
import { summary } from "./summary.ts";
import { newTally } from "./tally.ts";

/**
 * npm run simulate -- --seed N --days 90 --clusters 40 --faults all|none|KIND,KIND [--events]
 * npm run simulate -- --seeds COUNT [--seed FIRST] …   a soak: COUNT seeds, one after the other
 */

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
const tally = newTally();
const began = performance.now();
let failed = 0;

for (const seed of seeds) {
  const onLine = values.events ? { onLine: (line: string) => console.log(line) } : {};
  const asked: SimulationOptions = { ...options, seed, tally, ...onLine };
  const { violations, day, date, fingerprint } = await simulate(asked);
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
