import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { decideRetention, type TimedPoint } from "../lib/core/retention.ts";
import { sightingsOf } from "../lib/core/sighting.ts";
import type { SnapshotPick } from "../lib/engines/engine.ts";
import { engines } from "../lib/runtime/tools.ts";
import { createCore } from "../simulator/core.ts";
import { fleetOf } from "./fleet.ts";
import { home, scenarioOf, service } from "./scenario.ts";
import { transportTo } from "./transport.ts";

export interface RetentionFigures {
  readonly sets: number;
  readonly points: number;
  /** Of one core, for the verdicts over all of them. */
  readonly seconds: number;
  readonly removed: number;
  readonly listed: number;
  /** What a listed snapshot keeps of the heap where a verdict needs it whole, with its tags. */
  readonly bytesPerListed: number;
  /** What is kept of it where a region's points are listed for their ages. */
  readonly bytesPerSighting: number;
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
  const whole = await measureListing((one) => one);
  const sighting = await measureListing(sightingsOf(service));
  return {
    ...{ sets, points: sets * pointsEach, seconds, removed, listed: whole.listed },
    ...{ bytesPerListed: whole.bytesEach, bytesPerSighting: sighting.bytesEach },
  };
};

/** A point every eighteen hours, at a minute of the set's own. */
const setOf = (set: number, count: number): readonly TimedPoint[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `holdfast-daily-c${set}-${index}`,
    takenAt: now - index * 0.75 * dayMs - (set % 60) * 60_000,
  }));

const measureListing = async (
  pick: SnapshotPick<object>,
): Promise<{ readonly listed: number; readonly bytesEach: number }> => {
  const core = createCore({ fleet: fleetOf(scenarioOf(200)) });
  const made = engines({
    home,
    clients: {
      endpoint: "http://aws.invalid",
      credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      requestHandler: transportTo(core, { pass: async () => {} }),
    },
  });
  const list = async () => {
    // So that the account's rate limit is none for it.
    core.clock.advance(60);
    const picked = await made.rds.pickSnapshots(home, pick);
    core.calls.clear();
    return picked;
  };
  // What the first listing leaves behind for good is no snapshot's.
  const held = [await list()];
  const collect = collector();
  const before = collect();
  for (let more = 0; more < listingsMore; more += 1) held.push(await list());
  const bytes = collect() - before;
  const listed = held.flat().length / held.length;
  return { listed, bytesEach: Math.round(bytes / (listed * listingsMore)) };
};

/** So many are held at once, that what else moves in the heap weighs little beside them. */
const listingsMore = 20;

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
