import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { pMapIterable } from "p-map";
import type { SimulationOptions, SimulationResult } from "./months.ts";

/** What a thread is asked for: its counts and its lines are its own. */
export type Season = Omit<SimulationOptions, "tally" | "onLine">;

/**
 * Simulates seasons side by side, one on each core, and answers in their order. Each thread has a clock, timers and
 * chance of its own, so that a seed's run is the same as alone. In threads, since a defect that never ends would
 * outlive the command in a process.
 */
export async function* soak(seasons: readonly Season[]): AsyncGenerator<SimulationResult> {
  const threads = Array.from({ length: Math.min(availableParallelism(), seasons.length) }, openThread);
  const free = [...threads];
  const inThread = async (season: Season): Promise<SimulationResult> => {
    const thread = free.pop() as Worker;
    thread.postMessage(season);
    const [result] = await once(thread, "message");
    free.push(thread);
    return result;
  };
  try {
    yield* pMapIterable(seasons, inThread, { concurrency: threads.length, backpressure: seasons.length });
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

const openThread = (): Worker => new Worker(new URL("./soak-thread.ts", import.meta.url));
