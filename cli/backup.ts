import type { Command } from "commander";
import { mistimed, noReason } from "../lib/core/run.ts";
import { parseSpan } from "../lib/core/span.ts";
import { readTime, toSecond } from "../lib/core/time.ts";
import { planNamed } from "../lib/steps/context.ts";
import type { RunRequest } from "../lib/steps/discover.ts";
import { type Account, type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { backupDeployed } from "./backup-deployed.ts";
import { backupLocal } from "./backup-local.ts";
import { clusterNamed } from "./cluster-option.ts";
import { Misuse } from "./exit.ts";
import { saying } from "./reason-option.ts";
import { timeOf } from "./time-option.ts";

export interface BackupOptions extends AccountOptions {
  readonly local?: boolean;
  readonly wait: boolean;
  readonly at?: string;
  readonly cluster?: readonly string[];
  readonly reason?: string;
  readonly hold?: string;
  readonly keep?: string;
}

/** A request of which everything is settled: whoever carries it out again carries out the same run. */
export type BackupRequest = RunRequest & { readonly at: string };

export const backupCommand = (): Command =>
  accountCommand("backup", "Take the backups of a plan now")
    .argument("[plan]", "the plan's name in holdfast.yml; may be left out where there is only one")
    .option("--local", "run the workflow in this process, with your own credentials")
    .option("--no-wait", "start the deployed workflow, print its execution's ARN and leave")
    .option("--at <time>", "the scheduled time to run as, ISO 8601; a run of the same time is the same run")
    .option("--cluster <id...>", "only these clusters, by identifier or ARN")
    .option("--reason <text>", "why, kept with what it takes; a part of what the run's id is made of")
    .option("--hold <reason>", "never prune what this run takes while the hold stands")
    .option("--keep <time>", "keep what this run takes for so long, such as 30d or 1y, apart from the policy")
    .addHelpText(
      "after",
      `
Examples:
  holdfast backup daily --reason "before the migration" --keep 30d
  holdfast backup daily --cluster orders --no-wait
  AWS_REGION=us-east-1 holdfast backup daily --local`,
    )
    .action(backup);

const backup = async (name: string | undefined, options: BackupOptions): Promise<void> => {
  if (options.local && !options.wait) throw new Misuse("--local does the work itself; leave --no-wait out");
  const account = openAccount(options);
  const plan = planNamed(account.config, name ?? onlyPlan(account));
  const request = requestOf(plan.name, options);
  await (options.local ? backupLocal : backupDeployed)({ account, request, options });
};

const onlyPlan = ({ config }: Account): string => {
  const names = Object.keys(config.plans);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new Misuse(`name the plan to back up; there are ${names.join(", ")}`);
};

const slips = {
  ahead:
    "an hour ahead; snapshots of a time to come would be kept long after it: name a time that has come, or leave --at out",
  ago: "a week ago; what is taken now would stand for that day, in place of what was taken then: leave --at out",
} as const;

/** The time of a run that has come, and not long ago. */
const timeCome = (text: string): string => {
  const at = timeOf(text);
  const slip = mistimed(Date.parse(at), Date.now());
  if (slip === undefined) return at;
  throw new Misuse(`--at ${text} is more than ${slips[slip]}`);
};

/** Without `--at` it is not the schedule's run but a person's: it has a reason, and prunes nothing. */
const requestOf = (plan: string, { at, cluster, reason, hold, keep }: BackupOptions): BackupRequest => {
  const why = saying("--reason", reason) ?? (at === undefined ? noReason : undefined);
  const taken = at === undefined ? toSecond(new Date().toISOString()) : timeCome(at);
  return {
    plan,
    at: taken,
    ...(cluster && { clusters: cluster.map(clusterNamed) }),
    ...(why && { reason: why }),
    ...(saying("--hold", hold) && { hold }),
    ...(keep !== undefined && { until: stillToCome(untilAfter(taken, keep), keep, taken) }),
  };
};

/** What is kept for a time that is over goes with the next prune. */
const stillToCome = (until: string, keep: string, at: string): string => {
  if (Date.parse(until) > Date.now()) return until;
  throw new Misuse(
    `--keep ${keep} counts from --at ${at}, and is over already: what is taken would go with the next prune; ` +
      "use more, or leave --at out",
  );
};

/** The calendar's day, in UTC: `1m` after 31 January is 3 March, as everywhere in JavaScript. */
const untilAfter = (at: string, keep: string): string => {
  const span = parseSpan(keep);
  if (span === undefined)
    throw new Misuse(`--keep ${keep} is not a time; use a duration such as 30d or 1y6m`);
  const until = new Date(at);
  until.setUTCFullYear(until.getUTCFullYear() + span.years, until.getUTCMonth() + span.months);
  until.setUTCDate(until.getUTCDate() + span.days);
  until.setUTCHours(until.getUTCHours() + span.hours);
  const text = until.toISOString();
  if (!Number.isNaN(readTime(text))) return toSecond(text);
  throw new Misuse(`--keep ${keep} reaches past the year 9999; use less, or --hold with a reason`);
};
