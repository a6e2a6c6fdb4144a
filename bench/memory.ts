import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Discovery } from "../lib/steps/discover.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { deployedMemory, deployedNodeOptions } from "./deployed-memory.ts";
import { fleetOf } from "./fleet.ts";
import { type Bundle, packageService } from "./packaged.ts";
import { at, copyRegion, home, plansOf, scenarioOf, scheduled, service } from "./scenario.ts";

/** One call of a packaged function in a process of its own. */
export interface Footprint {
  readonly name: string;
  /** The most memory that the process ever held, in MB: Node, the code, and what it worked on. */
  readonly megabytes: number;
  /** What serverless.yml gives it; its heap was limited by this as Lambda limits it. */
  readonly deployedMegabytes: number;
  /** Seconds of one core of this machine, from the process's start. */
  readonly cpuSeconds: number;
}

type Call = (name: string, event: unknown) => Promise<unknown>;

export interface MemoryOptions {
  readonly clusters: number;
  /** Only Discover and what is scheduled by itself: the simulator is too slow for the others over a fleet of 10,000. */
  readonly daily: boolean;
}

/** Calls every packaged function once on a fleet of a size, at the busiest that each gets: whole regions, full batches. */
export const measureMemory = async ({ clusters, daily }: MemoryOptions): Promise<readonly Footprint[]> => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  // Time stands still here, so a limit of calls would never be met again once it was reached.
  const scenario = { ...scenarioOf(clusters), limit: { callsPerSecond: 1e6, burst: 1e6 } };
  const simulator = await startSimulator({ fleet: fleetOf(scenario) });
  try {
    const bundles = new Map(packageService(folder).map((bundle) => [bundle.name, bundle]));
    const config = join(folder, "holdfast.json");
    writeFileSync(config, JSON.stringify({ ...parse(plansOf(scenario)), "calls-per-second": 1000 }));
    const footprints: Footprint[] = [];
    await (daily ? callDaily : callEach)(async (name, event) => {
      const called = await invoke(bundles.get(name), event, { config, endpoint: simulator.endpoint });
      footprints.push(called.footprint);
      return called.result;
    });
    return footprints;
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const discoverAs = async (request: unknown, call: Call) =>
  (await call("discover", { request, startedAt: at })) as Pick<Discovery, "run" | "batches" | "parts">;

const callDaily = async (call: Call): Promise<void> => {
  await discoverAs({ plan: "daily", at }, call);
  await callScheduled(call);
};

/** Each once; of a sweep the first pass. */
const callScheduled = async (call: Call): Promise<void> => {
  for (const { name } of scheduled) await call(name, { at });
};

const callEach = async (call: Call): Promise<void> => {
  const whole = await discoverAs({ plan: "daily", at }, call);
  const [part] = whole.parts;
  const { run, batches } = part === undefined ? whole : await discoverAs(part, call);
  const [largest] = batches.toSorted((a, b) => b.members.length - a.members.length);
  const work = await call("snapshot", { run, batch: largest });
  await call("check", { run, batch: largest, work });
  await call("copy", { run, batches, destination: { region: copyRegion } });
  await call("prune", { run, batch: largest });
  await call("report", { run, batches, unlisted: [], snapshots: [], copies: [], pruned: [] });
  await callScheduled(call);
};

interface Surroundings {
  readonly config: string;
  readonly endpoint: string;
}

const invoke = async (bundle: Bundle | undefined, event: unknown, { config, endpoint }: Surroundings) => {
  if (bundle === undefined) throw new Error("a function is missing from the package");
  const deployedMegabytes = (deployedMemory().get(bundle.name) ?? Number.NaN) * 1024;
  const child = fork(join(import.meta.dirname, "memory-sandbox.mjs"), [bundle.path], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // Lambda's own share of a function's memory for the old generation of the heap.
    execArgv: [`--max-old-space-size=${Math.floor(0.9 * deployedMegabytes)}`],
    env: {
      ...{ PATH: process.env.PATH, HOLDFAST_CONFIG: config, HOLDFAST_STAGE: service.split("/")[1] },
      ...{ AWS_REGION: home, AWS_ENDPOINT_URL: endpoint, POWERTOOLS_LOG_LEVEL: "SILENT" },
      NODE_OPTIONS: deployedNodeOptions(),
      ...{ AWS_ACCESS_KEY_ID: "simulator", AWS_SECRET_ACCESS_KEY: "simulator" },
    },
  });
  child.send(event as object);
  const [answer] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (typeof answer !== "object" || answer === null) throw new Error(`${bundle.name} died: ${answer}`);
  if ("error" in answer) throw new Error(`${bundle.name} failed: ${answer.error}`);
  const { megabytes, cpuSeconds, result } = answer;
  return { footprint: { name: bundle.name, megabytes, deployedMegabytes, cpuSeconds }, result };
};

/** A line for each function, for a terminal. */
export const renderMemory = (footprints: readonly Footprint[]): string =>
  [
    "function        MB at most   MB deployed   seconds of a core",
    ...footprints.map(
      ({ name, megabytes, deployedMegabytes, cpuSeconds }) =>
        `${name.padEnd(12)}${megabytes.toFixed(0).padStart(14)}${deployedMegabytes.toFixed(0).padStart(14)}${cpuSeconds.toFixed(1).padStart(20)}`,
    ),
  ].join("\n");
