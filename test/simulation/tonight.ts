import type { FaultKind } from "../../simulator/faults.ts";
import type { Fate, WorkKind } from "../../simulator/work.ts";
import type { PlanFacts } from "./checkers/records.ts";
import type { Dice } from "./dice.ts";
import type { Doom } from "./lambda.ts";
import type { Stage, Trouble } from "./stage.ts";
import { count } from "./tally.ts";
import type { Passage } from "./wire.ts";

/** One night as it is planned before it begins: the faults add to it and change it. */
export interface Tonight {
  readonly stage: Stage;
  readonly dice: Dice;
  readonly day: number;
  /** Epoch milliseconds of the first run. */
  readonly start: number;
  /** Epoch milliseconds at which the functions begin that are called daily. */
  readonly daily: number;
  readonly runs: PlannedRun[];
  readonly storms: Storm[];
  readonly killers: Killer[];
  readonly ailments: Ailment[];
  /** Kinds that no single call or invocation meets: whatever runs tonight shares them. */
  readonly shared: string[];
  /** The kind of fault that is being planned. */
  kind: string;
}

export interface PlannedRun {
  readonly plan: string;
  /** The scheduled time; absent where a person asks. */
  readonly at?: string;
  /** Epoch milliseconds at which the execution begins. */
  begins: number;
  readonly hold?: string;
  readonly reason?: string;
  readonly until?: string;
  /** Milliseconds after which somebody stops its execution. */
  stopsAfter?: number;
}

/** A time in which calls go wrong. */
export interface Storm {
  readonly kind: string;
  readonly from: number;
  readonly until: number;
  /** The share of calls that are hit. */
  readonly share: number;
  readonly region?: string;
  readonly operation?: string;
  readonly fault?: FaultKind;
  /** Milliseconds that answers take. */
  readonly backMs?: number;
}

/** Ends so many invocations. */
export interface Killer {
  readonly kind: string;
  readonly share: number;
  left: number;
  readonly error: string;
  /** Of the functions that are called daily, or of a run's. */
  readonly daily: boolean;
}

/** What becomes of so many pieces of work that begin. */
export interface Ailment {
  readonly kind: string;
  readonly work: WorkKind;
  left: number;
  readonly share: number;
  readonly fate: Fate;
  /** Hours after which AWS gives up what is stuck. */
  readonly hours?: number;
}

export const minute = 60_000;

/** What is called beside the runs, in the order of its day. */
export const dailyFunctions = ["recognise", "sweep", "watch"] as const;

const isDaily = (name: string): boolean => dailyFunctions.some((one) => one === name);

/** Minutes into the night: of a span of it, or now and then while the daily functions are at work. */
export const sometime = (tonight: Tonight, [least, most]: readonly [number, number]): number => {
  const { dice, daily, start } = tonight;
  if (!dice.chance(0.3)) return dice.between(least, most);
  return (daily - start) / minute + dice.between(-5, 40) / 60;
};

/** Something that others do, some time into the night. */
export const later = (tonight: Tonight, minutes: number, deed: () => void): void => {
  const { kind, stage, start } = tonight;
  const wait = start + minutes * minute - stage.core.clock.now().getTime();
  setTimeout(
    () => {
      inject(stage, kind);
      deed();
    },
    Math.max(0, wait),
  );
};

export const inject = ({ tally, log }: Stage, kind: string, what = ""): void => {
  count(tally.injected, kind);
  log.write(`fault ${kind} ${what}`);
};

/** What tonight's storms and killers do to calls and invocations, on top of a network that is never quite even. */
export const troubleOf = ({ stage, dice, storms, killers, shared }: Tonight): Trouble => ({
  passage: ({ function: name, operation, region }): Passage => {
    const now = stage.core.clock.now().getTime();
    const outMs = dice.between(5, 400);
    const hit = storms.find(
      (storm) =>
        now >= storm.from &&
        now <= storm.until &&
        (storm.region ?? region) === region &&
        (storm.operation ?? operation) === operation &&
        dice.chance(storm.share),
    );
    if (hit === undefined) return { outMs, backMs: 0 };
    inject(stage, hit.kind, `${name} ${operation} ${region}`);
    count(stage.tally.coverage, `${hit.kind} x ${name}`);
    return { outMs, backMs: hit.backMs ?? 0, ...(hit.fault && { fault: hit.fault }) };
  },
  doom: (name): Doom | undefined => {
    for (const kind of shared) count(stage.tally.coverage, `${kind} x ${name}`);
    const killer = killers.find(
      ({ left, share, daily }) => left > 0 && daily === isDaily(name) && dice.chance(share),
    );
    if (killer === undefined) return undefined;
    killer.left -= 1;
    inject(stage, killer.kind, name);
    count(stage.tally.coverage, `${killer.kind} x ${name}`);
    return { ...fateOf(dice), error: killer.error };
  },
});

/** Before its first call, at one of them, at some moment between, or when all is done but the answer. */
const fateOf = (dice: Dice): Omit<Doom, "error"> => {
  const call = dice.one([0, 1, 2, 3, 5, 8, 13, 30, Number.POSITIVE_INFINITY]);
  const sent = dice.chance(0.5);
  return dice.chance(0.3)
    ? { call: Number.POSITIVE_INFINITY, sent, afterMs: dice.between(1, 4000) }
    : { call, sent };
};

/** Lets work that begins fall ill while ailments are left, and writes how it ends. */
export const watchWork = (
  stage: Stage,
  ailing: () => { readonly ailments: readonly Ailment[]; readonly dice: Dice } | undefined,
): void => {
  const { works } = stage.core.world;
  const begin = works.begin.bind(works);
  works.begin = (job) => {
    const ill = ailing();
    const ailment = ill?.ailments.find(
      ({ left, work, share }) => left > 0 && work === job.kind && ill.dice.chance(share),
    );
    if (ailment) {
      ailment.left -= 1;
      inject(stage, ailment.kind, job.subject);
      works.befall({ ...ailment.fate, arn: job.subject, kind: job.kind, times: 1 });
      if (ailment.hours !== undefined)
        setTimeout(() => giveUp(stage, job.subject), ailment.hours * 60 * minute);
    }
    begin({
      ...job,
      end: (outcome, at) => {
        stage.log.write(`${job.kind} of ${job.subject} ${outcome}`);
        if (job.kind === "expire") stage.witness.touch(expiring(job.subject), true);
        job.end(outcome, at);
      },
    });
  };
};

/** What AWS deletes by itself, since it was to be kept for some days only. */
const expiring = (subject: string): { readonly region: string; readonly id: string } => {
  const [, region = "", id = ""] = /^arn:aws:redshift:([^:]+):[^/]+\/(.+)#retention$/.exec(subject) ?? [];
  return { region, id };
};

/** AWS fails what has been stuck. */
export const giveUp = ({ core }: Stage, subject: string): void => {
  const job = core.world.works.running.find((one) => one.subject === subject);
  if (job) core.world.works.befall({ arn: subject, kind: job.kind, times: 1, failAtPercent: 1 });
};

/** Deploys changed plans, where the change leaves one to run. */
export const redeploy = ({ stage }: Tonight, change: (plan: PlanFacts) => PlanFacts | undefined): void => {
  const next = stage.plans().flatMap((plan) => change(plan) ?? []);
  if (next.length > 0) stage.deploy(next);
};
