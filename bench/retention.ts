import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { decideRetention, type TimedPoint } from "../lib/core/retention.ts";
import { engines } from "../lib/runtime/tools.ts";
import { createCore } from "../simulator/core.ts";
import { fleetOf } from "./fleet.ts";
import { home, scenarioOf } from "./scenario.ts";
import { transportTo } from "./transport.ts";

export interface RetentionFigures {
  readonly sets: number;
  readonly points: number;
  /** Of one core, for the verdicts over all of them. */
  readonly seconds: number;
  readonly removed: number;
  readonly listed: number;
  /** What a listed snapshot keeps of the heap, with its tags, as the adapter hands it on. */
  readonly bytesPerListed: number;
}

const dayMs = 86_400_000;
const now = Date.parse("2026-11-20T03:00:00Z");
const policy = { last: 2, daily: 7, weekly: 4, monthly: 12 };

/** Verdicts over so many sets of as many points each, by the sample plan's policy in a zone with daylight saving. */
export const measureRetention = async (sets = 10_000, pointsEach = 100): Promise<RetentionFigures> => {
  const all = Array.from({ length: sets }, (_, set) => setOf(set, pointsEach));
  const began = performance.now();
  let removed = 0;
  for (const points of all)
    removed += decideRetention({ points, policy, timeZone: "Europe/Berlin", now }).remove.length;
  const seconds = (performance.now() - began) / 1000;
  return { sets, points: sets * pointsEach, seconds, removed, ...(await measureListing()) };
};

/** A point every eighteen hours, at a minute of the set's own. */
const setOf = (set: number, count: number): readonly TimedPoint[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `holdfast-daily-c${set}-${index}`,
    takenAt: now - index * 0.75 * dayMs - (set % 60) * 60_000,
  }));

const measureListing = async (): Promise<Pick<RetentionFigures, "listed" | "bytesPerListed">> => {
  const core = createCore({ fleet: fleetOf(scenarioOf(200)) });
  const made = engines({
    home,
    clients: {
      endpoint: "http://aws.invalid",
      credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      requestHandler: transportTo(core, { pass: async () => {} }),
    },
  });
  await made.rds.listClusters(home);
  const collect = collector();
  const before = collect();
  const listed = await made.rds.pickSnapshots(home, (one) => one);
  const after = collect();
  return { listed: listed.length, bytesPerListed: Math.round((after - before) / listed.length) };
};

/** Collects garbage, and tells what is left of the heap in bytes. */
const collector = (): (() => number) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  return () => {
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };
};
