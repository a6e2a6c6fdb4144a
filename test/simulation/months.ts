import { drawBounds } from "./bounds.ts";
import { dayAfter, instantOf, isoSeconds } from "./calendar.ts";
import type { Night } from "./checkers/checker.ts";
import { clustersIn } from "./checkers/records.ts";
import { type Dice, diceOf } from "./dice.ts";
import { firstPlans, planNames, timesOfDay } from "./estate.ts";
import { inVirtualTime } from "./event-loop.ts";
import { recover } from "./faults/account.ts";
import { clocks, faults } from "./faults/all.ts";
import { planRestored, tightest } from "./faults/configuration.ts";
import { putRight } from "./faults/people.ts";
import { secludeSdk } from "./sdk-environment.ts";
import { calm, type Stage, setStage } from "./stage.ts";
import { count, newTally, type Tally } from "./tally.ts";
import { dailyFunctions, giveUp, type PlannedRun, type Tonight, troubleOf, watchWork } from "./tonight.ts";
import type { Violation } from "./witness.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly days: number;
  readonly clusters: number;
  /** Kinds of fault by name. */
  readonly faults: readonly string[];
  readonly tally?: Tally;
  readonly onLine?: (line: string) => void;
}

export interface SimulationResult {
  readonly seed: number;
  readonly tally: Tally;
  readonly fingerprint: string;
  /** Counted from 1; the last day that was simulated. */
  readonly day: number;
  readonly date: string;
  readonly violations: readonly Violation[];
}

/** So many nights with faults, then so many without, in which everything has to catch up. */
const rhythm = { faulty: 6, calm: 3 } as const;
const hour = 3_600_000;

/** Simulates days from a seed, until they are over or an invariant is broken. */
export const simulate = async (options: SimulationOptions): Promise<SimulationResult> => {
  const { seed, days, clusters, tally = newTally(), onLine } = options;
  const dice = diceOf(seed);
  const { firstDay, timeZone } = calendarOf(dice.fork("calendar"), options.faults);
  const bounds = drawBounds(dice.fork("bounds"), clusters);
  const stage = setStage({
    ...{ dice, clusters, tally, now: `${firstDay}T00:00:00Z`, ...(onLine && { onLine }) },
    ...{ plans: firstPlans(dice.fork("plans"), timeZone, bounds), bounds },
  });
  const { core, witness, log } = stage;
  const season = new Season(stage, dice, options);
  const release = secludeSdk();
  try {
    await inVirtualTime(
      {
        clock: core.clock,
        random: dice.fork("everybody").random,
        stopped: () => witness.violations.length > 0,
      },
      () => season.pass(days, firstDay),
    );
  } finally {
    release();
  }
  return {
    ...{ seed, tally, day: season.day, date: dayAfter(firstDay, season.day) },
    ...{ fingerprint: log.fingerprint(), violations: witness.violations },
  };
};

/** Days on which a calendar is at its worst lie some weeks after these. */
const oddDays = [
  "2026-10-05",
  "2026-03-10",
  "2027-12-10",
  "2028-02-10",
  "2026-12-10",
  "2032-12-10",
  "2024-02-12",
];
const timeZones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];

const calendarOf = (dice: Dice, kinds: readonly string[]): { firstDay: string; timeZone: string } =>
  kinds.includes(clocks)
    ? { firstDay: dice.one(oddDays), timeZone: dice.one(timeZones) }
    : { firstDay: "2026-06-01", timeZone: "UTC" };

/** The days of one simulation, one after the other. */
class Season {
  day = 0;
  #tonight: Tonight | undefined;
  #calm = 0;
  readonly #calmRuns = new Map<string, string[]>();
  readonly #told: Map<string, Night["told"] extends ReadonlyMap<string, infer Told> ? Told : never> =
    new Map();
  readonly #stage: Stage;
  readonly #dice: Dice;
  readonly #options: SimulationOptions;
  readonly #limits: Parameters<typeof recover>[1];

  constructor(stage: Stage, dice: Dice, options: SimulationOptions) {
    this.#stage = stage;
    this.#dice = dice;
    this.#options = options;
    const { manualClusterSnapshotsMax, copiesPerDestination } = stage.core.world.settings;
    this.#limits = { manualClusterSnapshotsMax, copiesPerDestination };
    watchWork(stage, () => this.#tonight);
  }

  async pass(days: number, firstDay: string): Promise<void> {
    while (this.day < days) {
      this.day += 1;
      await this.#oneDay(dayAfter(firstDay, this.day));
    }
  }

  async #oneDay(date: string): Promise<void> {
    const stage = this.#stage;
    const { log, tally } = stage;
    const isCalm =
      (this.day - 1) % (rhythm.faulty + rhythm.calm) >= rhythm.faulty || this.#options.faults.length === 0;
    log.write(`day ${this.day} is ${date}${isCalm ? ", calm" : ""}`);
    if (isCalm) this.#calmDown();
    const tonight = this.#plan(date, isCalm);
    this.#tonight = tonight;
    stage.trouble = isCalm ? calm(tonight.dice) : troubleOf(tonight);
    await Promise.all(tonight.runs.map((run) => this.#run(run, isCalm)));
    await until(stage, tonight.daily);
    for (const name of dailyFunctions) await this.#daily(name);
    tally.nights += 1;
    stage.witness.tell("nightEnded", {
      ...{ day: this.day, calm: this.#calm, calmRuns: this.#calmRuns, told: this.#told },
    });
  }

  #calmDown(): void {
    if (this.#calm > 0) return;
    const stage = this.#stage;
    for (const { subject } of stage.core.world.works.running) giveUp(stage, subject);
    if (
      stage.plans().length < planNames.length ||
      stage
        .plans()
        .some(({ name, copies, brake }) => brake === tightest || (name === "daily" && copies.length === 0))
    )
      planRestored({ stage, dice: this.#dice.fork(`plans ${this.day}`) });
    // What else has to catch up does so beside a plan that is switched off as well.
    else if (stage.plans().some(({ enabled }) => !enabled) && this.#dice.fork(`off ${this.day}`).chance(0.5))
      stage.deploy(stage.plans().map((plan) => ({ ...plan, enabled: true })));
    recover(stage, this.#limits);
    if (stage.bounds.sound) putRight(stage);
  }

  /** What is to happen tonight, with the faults in it. */
  #plan(date: string, isCalm: boolean): Tonight {
    const stage = this.#stage;
    const dice = this.#dice.fork(`day ${this.day}`);
    const runs = stage.plans().flatMap(({ name, timeZone }) =>
      (stage.fires(name) ? (timesOfDay[name] ?? []) : []).flatMap((time): PlannedRun[] => {
        const begins = instantOf(date, time, timeZone);
        return begins === undefined ? [] : [{ plan: name, at: isoSeconds(begins), begins }];
      }),
    );
    const start = Math.min(...runs.map(({ begins }) => begins), Date.parse(`${date}T06:00:00Z`));
    const tonight: Tonight = {
      ...{ stage, dice, day: this.day, start, runs, kind: "" },
      daily: Date.parse(`${date}T00:00:00Z`) + 19 * hour,
      ...{ storms: [], killers: [], ailments: [], shared: [] },
    };
    this.#calm = isCalm ? this.#calm + 1 : 0;
    if (!isCalm) this.#calmRuns.clear();
    const share = this.#options.faults.length > 5 ? 0.2 : 0.7;
    for (const kind of isCalm ? [] : this.#options.faults) {
      const plan = faults[kind];
      if (plan === undefined || !dice.chance(share)) continue;
      tonight.kind = kind;
      plan(tonight);
      const meets = [...tonight.storms, ...tonight.killers].some((one) => one.kind === kind);
      if (!meets) tonight.shared.push(kind);
    }
    return tonight;
  }

  async #run(
    { plan: name, at, begins, hold, reason, until: kept, stopsAfter }: PlannedRun,
    isCalm: boolean,
  ): Promise<void> {
    const stage = this.#stage;
    await until(stage, begins);
    const startedAt = stage.core.clock.now().getTime();
    const plan = stage.plans().find((one) => one.name === name);
    if (plan === undefined || (at !== undefined && !stage.fires(name))) return;
    const clustersAtStart = clustersIn(stage.core.world);
    const injected = faultsIn(stage);
    const request = {
      ...{ plan: name, ...(at && { at }), ...(hold && { hold }) },
      ...{ ...(reason && { reason }), ...(kept && { until: kept }) },
    };
    const { execution, succeeded, report } = await stage.execute(request, stopsAfter);
    const asked = at === undefined;
    if (report && !asked) this.#told.set(name, report.problems);
    if (!asked) count(stage.tally.outcomes, `${name} ${report?.outcome ?? "untold"}`);
    if (isCalm && !asked) this.#calmRuns.set(name, [...(this.#calmRuns.get(name) ?? []), at]);
    stage.witness.tell("runEnded", {
      ...{ plan, at: at ?? isoSeconds(startedAt), asked, execution, startedAt, clustersAtStart, succeeded },
      // What was planned for the end of the night before may fall on a run that begins at once.
      ...(isCalm && faultsIn(stage) === injected && { calm: true }),
      ...(report && { report }),
    });
  }

  /** As Lambda does with what the scheduler calls: twice more, where a call fails. A sweep is an execution. */
  async #daily(name: (typeof dailyFunctions)[number]): Promise<void> {
    const stage = this.#stage;
    const at = isoSeconds(stage.core.clock.now().getTime());
    if (name === "sweep") return stage.sweep(at);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      try {
        await stage.invoke(name, { at });
        return;
      } catch {
        await until(stage, stage.core.clock.now().getTime() + attempt * 60_000);
      }
    }
  }
}

const faultsIn = ({ tally }: Stage): number =>
  [...tally.injected.values()].reduce((sum, times) => sum + times, 0);

const until = ({ core }: Stage, instant: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, instant - core.clock.now().getTime())));
