import { createAnswerer } from "./answer.ts";
import { type CallLog, createCallLog } from "./calls.ts";
import { type Clock, createClock } from "./clock.ts";
import { createFaults, type Faults } from "./faults.ts";
import { checkFleet, type Fleet } from "./fleet.ts";
import { loadFleet } from "./fleet-load.ts";
import type { Authorize } from "./iam.ts";
import { createRandom } from "./random.ts";
import { createRateLimits } from "./rate-limits.ts";
import type { SimulatorRequest, SimulatorResponse } from "./request.ts";
import { createSettings } from "./settings.ts";
import type { RunExecution } from "./states-records.ts";
import { createWorks } from "./work.ts";
import { createWorld, type World } from "./world.ts";

export interface CoreOptions {
  /** What there is at the start. Default: an empty account. */
  readonly fleet?: Fleet;
  /** Where the virtual clock starts, ISO 8601; goes before the fleet's `now`. */
  readonly now?: string;
  /** Decides request ids and faults given as a probability. */
  readonly seed?: number;
  /**
   * Whether signing times are compared with the real clock (15 minutes; pre-signed URLs: their own expiry).
   * Never with the virtual one, which callers do not know. Default `wall`.
   */
  readonly checkRequestDates?: "off" | "wall";
  /** The real clock, replaceable by tests. */
  readonly wallNow?: () => Date;
  /** Answers for IAM, whose policies are not simulated. Default: everybody may do everything. */
  readonly authorize?: Authorize;
  /** Carries out executions that are started here; without one they stay RUNNING. */
  readonly runExecution?: RunExecution;
}

/** The simulator without sockets. */
export interface Core {
  readonly clock: Clock;
  readonly world: World;
  readonly calls: CallLog;
  readonly faults: Faults;
  answer(request: SimulatorRequest): SimulatorResponse;
}

const defaultNow = "2026-01-01T00:00:00Z";

export const createCore = (options: CoreOptions = {}): Core => {
  const fleet = checkFleet(options.fleet);
  const works = createWorks();
  const clock = createClock(startOf(options.now ?? fleet.now ?? defaultNow), works.settle);
  const world = createWorld(clock, createSettings(fleet.settings), works);
  loadFleet(world, fleet);
  const random = createRandom(options.seed ?? 1);
  const calls = createCallLog();
  const faults = createFaults(random);
  const authentication = {
    accounts: world.accounts,
    checkRequestDates: options.checkRequestDates ?? "wall",
    wallNow: options.wallNow ?? (() => new Date()),
  };
  const authorize = options.authorize ?? (() => true);
  return {
    clock,
    world,
    calls,
    faults,
    answer: createAnswerer({
      ...{ world, calls, faults, rateLimits: createRateLimits(world), random, authentication, authorize },
      runExecution: options.runExecution,
    }),
  };
};

const startOf = (now: string): Date => {
  const start = new Date(now);
  if (Number.isNaN(start.getTime())) throw new RangeError(`"${now}" is not a time; use ISO 8601`);
  return start;
};
