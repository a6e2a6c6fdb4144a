/** `expire` is not work but waiting: for the end of a snapshot's retention period. */
export type WorkKind = "create" | "copy" | "restore" | "delete" | "start" | "stop" | "expire";
export type Outcome = "done" | "failed" | "vanished";

/** What a test or a fault does to one piece of work; percentages are of its progress, from 0 to 100. */
export interface Fate {
  readonly stuckAtPercent?: number;
  readonly failAtPercent?: number;
  /** The resource is gone, without a trace, once it is that far. */
  readonly vanishAtPercent?: number;
  /** Replaces the duration. */
  readonly seconds?: number;
}

/**
 * Which work a fate befalls: running now or begun later, at most `times` times (default: always).
 * Without a kind it befalls all work but deletions and expiry.
 */
export interface FateRule extends Fate {
  readonly arn?: string | RegExp;
  readonly kind?: WorkKind;
  readonly times?: number;
}

/** Something that takes time on the virtual clock. */
export interface Job {
  readonly kind: WorkKind;
  /** ARN of what is being made. */
  readonly subject: string;
  /** ARN of what must stay until the end; deleting it fails the job. */
  readonly dependsOn?: string;
  readonly startedAt: Date;
  readonly seconds: number;
  /** Told whole percents below 100, as they change. */
  progress(percent: number): void;
  /** Told once, with the virtual time at which it ended. */
  end(outcome: Outcome, at: Date): void;
}

/** All work in progress. Since time moves only when advanced, the world is up to date after each advance. */
export interface Works {
  /** Takes the place of work on the same subject, if there is any. */
  begin(job: Job): void;
  /** Stops work silently: neither `progress` nor `end` is called again. */
  cancel(subject: string): void;
  /** Ends as failed whatever depends on that ARN. */
  failDependents(arn: string, at: Date): void;
  befall(rule: FateRule): void;
  settle(now: Date): void;
  /** Without what only waits to expire. */
  readonly running: readonly Job[];
}

interface Running {
  readonly job: Job;
  fate: Fate;
  /** As its fate has it, epoch milliseconds: kept, since every advance asks it of everything in progress. */
  endsAt: number;
  /** When its percentage is the next one, epoch milliseconds; not before then is it told. */
  movesAt: number;
}

export const createWorks = (): Works => {
  const running = new Map<string, Running>();
  const rules: { rule: FateRule; left: number }[] = [];
  const end = (entry: Running, outcome: Outcome, at: Date) => {
    running.delete(entry.job.subject);
    entry.job.end(outcome, at);
  };

  const settle = (now: Date) => {
    for (let next = firstEnded(running, now); next; next = firstEnded(running, now)) {
      const { outcome, percent, at } = ending(next);
      if (outcome === "failed") next.job.progress(percent);
      end(next, outcome, new Date(at));
    }
    for (const entry of running.values()) if (entry.movesAt <= now.getTime()) move(entry, now);
  };

  return {
    begin: (job) => {
      const fate = takeFate(rules, job);
      running.set(job.subject, { job, fate, endsAt: ending({ job, fate }).at, movesAt: 0 });
      settle(job.startedAt);
    },
    cancel: (subject) => void running.delete(subject),
    failDependents: (arn, at) => {
      for (const entry of [...running.values()]) if (entry.job.dependsOn === arn) end(entry, "failed", at);
    },
    befall: (rule) => {
      const pending = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.push(pending);
      for (const entry of running.values()) {
        if (!matches(pending, entry.job)) continue;
        entry.fate = use(pending);
        entry.endsAt = ending(entry).at;
        entry.movesAt = 0;
      }
    },
    settle,
    get running() {
      return [...running.values()].map((entry) => entry.job).filter(({ kind }) => kind !== "expire");
    },
  };
};

const takeFate = (rules: { rule: FateRule; left: number }[], job: Job): Fate => {
  const found = rules.find((pending) => matches(pending, job));
  return found ? use(found) : {};
};

const matches = ({ rule, left }: { rule: FateRule; left: number }, job: Job): boolean => {
  if (left <= 0) return false;
  if (rule.kind === undefined ? isEnding(job.kind) : rule.kind !== job.kind) return false;
  if (rule.arn === undefined) return true;
  return typeof rule.arn === "string" ? rule.arn === job.subject : rule.arn.test(job.subject);
};

const isEnding = (kind: WorkKind): boolean => kind === "delete" || kind === "expire";

const use = (pending: { rule: FateRule; left: number }): Fate => {
  pending.left -= 1;
  return pending.rule;
};

const secondsOf = ({ job, fate }: Pick<Running, "job" | "fate">) => fate.seconds ?? job.seconds;

const ending = (entry: Pick<Running, "job" | "fate">): { outcome: Outcome; percent: number; at: number } => {
  const { fate, job } = entry;
  const percent = fate.failAtPercent ?? fate.vanishAtPercent ?? 100;
  const outcome =
    fate.failAtPercent !== undefined ? "failed" : fate.vanishAtPercent !== undefined ? "vanished" : "done";
  const stuck = fate.stuckAtPercent !== undefined && fate.stuckAtPercent <= percent;
  const at = stuck ? Number.POSITIVE_INFINITY : job.startedAt.getTime() + secondsOf(entry) * 10 * percent;
  return { outcome, percent, at };
};

const firstEnded = (running: ReadonlyMap<string, Running>, now: Date): Running | undefined => {
  let first: Running | undefined;
  for (const entry of running.values()) {
    if (entry.endsAt > now.getTime()) continue;
    if (!first || entry.endsAt < first.endsAt) first = entry;
  }
  return first;
};

/** Tells its percentage, which then stays for a hundredth of its time. */
const move = (entry: Running, now: Date): void => {
  const { job, fate } = entry;
  const millisecondsEach = secondsOf(entry) * 10 || 1;
  const passed = Math.floor((now.getTime() - job.startedAt.getTime()) / millisecondsEach);
  entry.movesAt = job.startedAt.getTime() + (passed + 1) * millisecondsEach;
  job.progress(Math.max(0, Math.min(passed, 99, fate.stuckAtPercent ?? 99)));
};
