import { isoSeconds } from "../calendar.ts";
import { inject, minute, type PlannedRun, type Tonight } from "../tonight.ts";

/** What befalls the schedule: runs that come twice, late, not at all, or because somebody asks. */

const doubled = ({ runs, dice, stage, kind }: Tonight, apart: number): void => {
  const first = dice.one(runs.filter(({ at }) => at !== undefined));
  if (first?.at === undefined) return;
  runs.push({ ...first, begins: first.begins + apart });
  inject(stage, kind, first.plan);
  // Each execution beyond the first may find what another has just made, once.
  stage.witness.excuse(first.at.replaceAll(/[-:]/g, "").toLowerCase());
};

export const firedTwice = (tonight: Tonight): void => doubled(tonight, tonight.dice.between(0, 2000));

export const overlapping = (tonight: Tonight): void =>
  doubled(tonight, tonight.dice.between(2, 120) * minute);

export const firedLate = ({ runs, dice, stage, kind }: Tonight): void => {
  const run = dice.one(runs);
  if (run === undefined) return;
  run.begins += dice.between(10, 240) * minute;
  inject(stage, kind, run.plan);
};

export const missed = ({ runs, dice, stage, kind }: Tonight): void => {
  const run = dice.one(runs);
  if (run === undefined) return;
  runs.splice(runs.indexOf(run), 1);
  inject(stage, kind, run.plan);
};

/** Somebody stops an execution: what its functions do at that moment they end, and nothing comes after them. */
export const runStopped = ({ runs, dice, stage, kind }: Tonight): void => {
  const run = dice.one(runs.filter(({ stopsAfter }) => stopsAfter === undefined));
  if (run === undefined) return;
  run.stopsAfter = dice.one([1, 3, 8, 20, 60]) * minute + dice.between(0, 60_000);
  inject(stage, kind, run.plan);
};

export const onDemand = ({ runs, dice, start, stage, kind }: Tonight): void => {
  const begins = start + dice.one([0, 0, 40]) * minute;
  const promise: Partial<PlannedRun> = dice.one([
    { hold: "audit", reason: "the auditors" },
    { until: isoSeconds(start + dice.between(1, 6) * 1440 * minute) },
    // A second point of the day, under retention like the night's.
    {},
  ]);
  runs.push({ plan: dice.one(["daily", "ledger", "vault"]), begins, ...promise });
  inject(stage, kind);
};
