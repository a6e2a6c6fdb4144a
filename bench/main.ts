/** `npm run bench`: nights of fleets of several sizes, and what they cost beside what AWS makes unavoidable. */
import { cpus } from "node:os";
import { type ColdStart, measureColdStart, renderColdStart } from "./cold-start.ts";
import { figuresOf } from "./figures.ts";
import { type Footprint, measureMemory, renderMemory } from "./memory.ts";
import { type NightProgress, runNight } from "./night.ts";
import { readOptions } from "./options.ts";
import { runPeer } from "./peer.ts";
import { measureRetention, type RetentionFigures } from "./retention.ts";
import { scenarioOf, tightened } from "./scenario.ts";
import { renderFigures, renderPeer } from "./table.ts";
import { endWhenUnread } from "./unread.ts";

const main = async (args: readonly string[]): Promise<void> => {
  const { clusters, seed, limit, peer: command, speed, json, daily, ...only } = readOptions(args);
  if (only.coldStart) return printColdStart(measureColdStart(), json);
  if (only.memory)
    return printMemory(await measureMemory({ clusters: Math.max(...clusters), daily: daily === true }), json);
  if (only.retention) return printRetention(await measureRetention(), json);
  const machine = { node: process.version, cores: cpus().length };
  const nights = [];
  for (const size of clusters) {
    console.error(`a night of ${size} clusters ...`);
    const quiet = scenarioOf(size, seed);
    const scenario = limit === undefined ? quiet : tightened(quiet, limit);
    const figures = figuresOf(await runNight(scenario, tellEvery(10)));
    const peer = command === undefined ? undefined : await runPeer(scenario, { command, speed });
    nights.push({ ...figures, ...(peer && { peer }) });
    if (!json) console.log(`${renderFigures(figures)}\n${peer ? `\n${renderPeer(figures, peer)}\n` : ""}`);
  }
  if (json) console.log(JSON.stringify({ machine, nights }, null, 2));
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

const printColdStart = (starts: readonly ColdStart[], json: true | undefined): void =>
  console.log(json ? JSON.stringify(starts, null, 2) : renderColdStart(starts));

const printMemory = (footprints: readonly Footprint[], json: true | undefined): void =>
  console.log(json ? JSON.stringify(footprints, null, 2) : renderMemory(footprints));

const printRetention = (figures: RetentionFigures, json: true | undefined): void => {
  const { points, sets, seconds, listed, bytesPerListed, bytesPerSighting } = figures;
  const lines = [
    `verdicts over ${points} points in ${sets} sets: ${seconds.toFixed(2)} s of one core`,
    `memory of each of ${listed} listed snapshots, where ages are measured: ${bytesPerSighting} bytes`,
    `                              where it is judged, whole with its tags: ${bytesPerListed} bytes`,
  ];
  console.log(json ? JSON.stringify(figures, null, 2) : lines.join("\n"));
};

endWhenUnread();
await main(process.argv.slice(2));
