/** `npm run bench`: nights of fleets of several sizes, and what they cost beside what AWS makes unavoidable. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { figuresOf } from "./figures.ts";
import { runNight } from "./night.ts";
import { scenarioOf } from "./scenario.ts";
import { renderFigures } from "./table.ts";

const sizes = [10, 100, 1000];

const usage = `usage: npm run bench -- [--clusters N,N] [--seed N] [--json]
  --clusters  sizes of the fleets; default ${sizes.join(",")}
  --seed      which fleets of these sizes; default 1
  --json      one JSON document on standard output`;

const main = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clusters: { type: "string", default: sizes.join(",") },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const machine = { node: process.version, cores: cpus().length };
  const nights = [];
  for (const size of values.clusters.split(",").map(Number)) {
    console.error(`a night of ${size} clusters ...`);
    const figures = figuresOf(await runNight(scenarioOf(size, Number(values.seed))));
    nights.push(figures);
    if (!values.json) console.log(`${renderFigures(figures)}\n`);
  }
  if (values.json) console.log(JSON.stringify({ machine, nights }, null, 2));
  else console.log(`Node ${machine.node}, ${machine.cores} cores`);
};

await main(process.argv.slice(2));
