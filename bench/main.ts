/** `npm run bench`: nights of fleets of several sizes, and what they cost beside what AWS makes unavoidable. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { type ColdStart, measureColdStart, renderColdStart } from "./cold-start.ts";
import { figuresOf } from "./figures.ts";
import { type Footprint, measureMemory, renderMemory } from "./memory.ts";
import { type NightProgress, runNight } from "./night.ts";
import { runPeer } from "./peer.ts";
import { measureRetention, type RetentionFigures } from "./retention.ts";
import { scenarioOf, tightened } from "./scenario.ts";
import { renderFigures, renderPeer } from "./table.ts";

const sizes = [10, 100, 1000];

const usage = `usage: npm run bench -- [--clusters N,N] [--limit N] [--seed N] [--json]
  --clusters  sizes of the fleets; default ${sizes.join(",")}
  --limit     calls a second that AWS allows, and somebody else who makes one a second
  --retention verdicts over a million recovery points, and the memory of a listed one
  --memory    what each packaged function takes of memory, called once on the largest fleet
  --daily     with --memory: only Discover and what is scheduled by itself, for fleets of 10,000
  --cold-start  how long each packaged function takes to import, beside an empty one
  --peer      a command to run against the simulator with each fleet; its calls beside ours
  --speed     virtual seconds for each second that a peer runs; default 60
  --seed      which fleets of these sizes; default 1
  --json      one JSON document on standard output`;

const main = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clusters: { type: "string", default: sizes.join(",") },
      seed: { type: "string", default: "1" },
      limit: { type: "string" },
      memory: { type: "boolean", default: false },
      daily: { type: "boolean", default: false },
      "cold-start": { type: "boolean", default: false },
      peer: { type: "string" },
      speed: { type: "string", default: "60" },
      retention: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (values["cold-start"]) return printColdStart(measureColdStart(), values.json);
  const sized = values.clusters.split(",").map(Number);
  const { daily } = values;
  if (values.memory)
    return printMemory(await measureMemory({ clusters: Math.max(...sized), daily }), values.json);
  if (values.retention) return printRetention(await measureRetention(), values.json);
  const machine = { node: process.version, cores: cpus().length };
  const nights = [];
  for (const size of sized) {
    console.error(`a night of ${size} clusters ...`);
    const quiet = scenarioOf(size, Number(values.seed));
    const scenario = values.limit === undefined ? quiet : tightened(quiet, Number(values.limit));
    const figures = figuresOf(await runNight(scenario, tellEvery(10)));
    const options = { command: values.peer ?? "", speed: Number(values.speed) };
    const peer = values.peer === undefined ? undefined : await runPeer(scenario, options);
    nights.push({ ...figures, ...(peer && { peer }) });
    if (!values.json)
      console.log(`${renderFigures(figures)}\n${peer ? `\n${renderPeer(figures, peer)}\n` : ""}`);
  }
  if (values.json) console.log(JSON.stringify({ machine, nights }, null, 2));
  else console.log(`Node ${machine.node}, ${machine.cores} cores`);
};

/** On standard error, so that nobody takes a long night for a dead one. */
const tellEvery = (seconds: number) => {
  let next = performance.now() + seconds * 1000;
  return ({ virtualSeconds, calls }: NightProgress): void => {
    if (performance.now() < next) return;
    next = performance.now() + seconds * 1000;
    console.error(`  ${Math.round(virtualSeconds / 60)} minutes of it are over, ${calls} calls`);
  };
};

const printColdStart = (starts: readonly ColdStart[], json: boolean): void =>
  console.log(json ? JSON.stringify(starts, null, 2) : renderColdStart(starts));

const printMemory = (footprints: readonly Footprint[], json: boolean): void =>
  console.log(json ? JSON.stringify(footprints, null, 2) : renderMemory(footprints));

const printRetention = (figures: RetentionFigures, json: boolean): void => {
  const { points, sets, seconds, listed, bytesPerListed, bytesPerSighting } = figures;
  const lines = [
    `verdicts over ${points} points in ${sets} sets: ${seconds.toFixed(2)} s of one core`,
    `memory of each of ${listed} listed snapshots, where ages are measured: ${bytesPerSighting} bytes`,
    `                              where it is judged, whole with its tags: ${bytesPerListed} bytes`,
  ];
  console.log(json ? JSON.stringify(figures, null, 2) : lines.join("\n"));
};

await main(process.argv.slice(2));
