import { readDefinition } from "../cli/workflow.ts";
import type { CallEntry } from "../simulator/calls.ts";
import { deployedMemory } from "./deployed-memory.ts";
import { type Calls, callsFloor, type FloorInput, type TimeFloor, timeFloor, wavesOf } from "./floor.ts";
import type { Beside, Night } from "./night.ts";
import { dollarsMonth, prices } from "./prices.ts";
import type { Invocation } from "./sandboxes.ts";
import { type Scenario, sourceRegions } from "./scenario.ts";
import { countTransitions } from "./transitions.ts";

/** What one fleet's night is measured by. */
export interface Figures {
  readonly scenario: Scenario;
  readonly calls: {
    /** Of RDS and Redshift, refused ones included. */
    readonly byOperation: Calls;
    readonly floor: Calls;
    readonly total: number;
    readonly floorTotal: number;
    readonly ratio: number;
    /** Of the other services: KMS, EventBridge, tagging. */
    readonly others: Calls;
    readonly throttled: number;
    /** Of the foreign client, where there is one. */
    readonly foreign: { readonly total: number; readonly throttled: number };
  };
  readonly transitions: {
    readonly total: number;
    /** Of the snapshot batches, for each cluster. */
    readonly snapshotsPerCluster: number;
    /** Of the pump, for each wave that the copy limit makes. */
    readonly pumpPerWave: number;
    readonly waves: number;
  };
  readonly invocations: { readonly total: number; readonly byFunction: Calls };
  readonly largestPayloadBytes: number;
  readonly longest: Longest;
  /** Beside the runs: of each the calls of RDS and Redshift, how long its longest function lasts, how often a day it comes. */
  readonly beside: readonly (Longest & {
    readonly calls: number;
    readonly times: number;
    readonly invocations: number;
    readonly transitions: number;
  })[];
  readonly time: TimeFloor & { readonly floor: TimeFloor; readonly run: number };
  readonly dollarsMonth: number;
  readonly prices: { readonly date: string; readonly region: string };
  readonly wallSeconds: number;
}

interface Longest {
  readonly name: string;
  readonly virtualSeconds: number;
}

export const figuresOf = (night: Night): Figures => {
  const { scenario, calls, states, invocations, beside } = night;
  const input = floorInputOf(night);
  const floor = callsFloor(input);
  const controlPlane = calls.filter(isControlPlane);
  const [total, floorTotal] = [controlPlane.length, sumOf(floor)];
  const transitions = countTransitions(readDefinition(), states);
  const waves = wavesOf(input);
  return {
    scenario,
    calls: {
      byOperation: countBy(controlPlane, callName),
      ...{ floor, total, floorTotal, ratio: total / floorTotal },
      others: countBy(
        calls.filter((one) => !isControlPlane(one)),
        callName,
      ),
      throttled: throttledOf(calls),
      foreign: { total: night.foreignCalls.length, throttled: throttledOf(night.foreignCalls) },
    },
    transitions: {
      total: transitions.total,
      snapshotsPerCluster: (transitions.byMap.Batches ?? 0) / scenario.clusters,
      pumpPerWave: (transitions.byMap.Destinations ?? 0) / waves,
      waves,
    },
    invocations: { total: invocations.length, byFunction: countBy(invocations, ({ name }) => name) },
    largestPayloadBytes: night.largestPayloadBytes,
    longest: longestOf(invocations),
    beside: beside.map((one) => ({
      ...{ times: one.times, transitions: one.transitions, invocations: one.invocations.length },
      ...longestOf(one.invocations),
      calls: one.calls.filter(isControlPlane).length,
    })),
    time: {
      lastSnapshotSeconds: night.lastSnapshotSeconds,
      lastCopySeconds: night.lastCopySeconds,
      floor: timeFloor(input),
      run: night.virtualSeconds,
    },
    dollarsMonth: dollarsMonth({
      transitions: transitions.total + perDay(beside, (one) => one.transitions),
      lambdaRequests: invocations.length + perDay(beside, (one) => one.invocations.length),
      lambdaGbSeconds: gbSeconds(night),
      events: night.events,
    }),
    prices: { date: prices.date, region: prices.region },
    wallSeconds: night.wallSeconds,
  };
};

const isControlPlane = ({ service }: CallEntry): boolean => service === "rds" || service === "redshift";

const longestOf = (invocations: readonly Invocation[]): Longest => {
  const { name, virtualMs } = invocations.reduce((a, b) => (b.virtualMs > a.virtualMs ? b : a));
  return { name, virtualSeconds: virtualMs / 1000 };
};

const throttledOf = (calls: readonly CallEntry[]): number =>
  calls.filter(({ code }) => code === "Throttling").length;

/** The world's facts as the floor takes them, from the fleet that the simulator was given. */
const floorInputOf = ({ scenario, fleet }: Night): FloorInput => ({
  clusters: (fleet.clusters ?? []).map(({ region, engine, sizeGib = 0 }) => ({
    region,
    control: engine === "redshift" ? "redshift" : "rds",
    snapshotSeconds: scenario.snapshotBaseSeconds + scenario.snapshotSecondsPerGib * sizeGib,
  })),
  sourceRegions,
  points: scenario.keep,
  copies: scenario.keepCopies,
  ...{ keep: scenario.keep, keepCopies: scenario.keepCopies },
  ...{ copiesAtOnce: scenario.copiesAtOnce, copySeconds: scenario.copySeconds },
});

/** Of calls' virtual time alone: what they compute is some hundredths of it. */
const gbSeconds = ({ invocations, beside }: Night): number => {
  const memory = deployedMemory();
  const of = (some: readonly Invocation[]): number =>
    some.reduce((sum, { name, virtualMs }) => sum + ((memory.get(name) ?? 0) * virtualMs) / 1000, 0);
  return of(invocations) + perDay(beside, (one) => of(one.invocations));
};

const perDay = (beside: readonly Beside[], figure: (one: Beside) => number): number =>
  beside.reduce((sum, one) => sum + one.times * figure(one), 0);

const callName = ({ service, operation }: { service: string; operation: string }): string =>
  `${service}.${operation}`;

const countBy = <T>(items: readonly T[], nameOf: (item: T) => string): Calls =>
  Object.fromEntries([...Map.groupBy(items, nameOf)].map(([name, some]) => [name, some.length]));

export const sumOf = (calls: Calls): number => Object.values(calls).reduce((sum, count) => sum + count, 0);
