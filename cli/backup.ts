import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Command } from "commander";
import { toSecond } from "../lib/core/run.ts";
import { translateFault } from "../lib/engines/faults.ts";
import { planNamed } from "../lib/steps/context.ts";
import type { RunRequest } from "../lib/steps/discover.ts";
import { type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { exitStatus, Misuse } from "./exit.ts";
import { makeLedger } from "./ledger.ts";
import { makeProgress } from "./progress.ts";
import { resultDocument } from "./result-document.ts";
import { renderResult } from "./result-table.ts";
import { wallTime } from "./virtual-time.ts";
import { inProcess, runWorkflow } from "./workflow.ts";

interface BackupOptions extends AccountOptions {
  readonly local?: boolean;
  readonly at?: string;
  readonly cluster?: readonly string[];
  readonly reason?: string;
  readonly hold?: string;
}

export const backupCommand = (): Command =>
  accountCommand("backup", "Take the backups of a plan now")
    .argument("<plan>", "the plan's name in holdfast.yml")
    .option("--local", "run the workflow in this process, with your own credentials")
    .option("--at <time>", "the scheduled time to run as, ISO 8601; a run of the same time is the same run")
    .option("--cluster <id...>", "only these clusters, by identifier or ARN")
    .option("--reason <text>", "why, kept in the snapshots' names")
    .option("--hold <reason>", "never prune what this run takes while the hold stands")
    .addHelpText(
      "after",
      "\nExample:\n  AWS_REGION=us-east-1 holdfast backup daily --local --config holdfast.yml",
    )
    .action(backup);

const backup = async (plan: string, options: BackupOptions): Promise<void> => {
  if (!options.local) throw new Misuse("backup runs in this process only so far; add --local");
  const account = openAccount(options);
  const { home, config } = account;
  planNamed(config, plan);
  const request = requestOf(plan, options);
  await checkCredentials(home);
  const ledger = makeLedger();
  const progress = makeProgress({ stream: process.stderr, quiet: options.json === true, ledger });
  const runtime = account.runtime((entry) => {
    ledger.write(entry);
    progress.show();
  });
  const interrupted = (): void => {
    progress.end();
    console.error(`interrupted; go on with: ${resumption(request, options)}`);
    process.exit(interruptedStatus);
  };
  process.once("SIGINT", interrupted);
  const result = await runWorkflow({ request, time: wallTime, ...inProcess(runtime) });
  process.off("SIGINT", interrupted);
  progress.end();
  const document = resultDocument(ledger, result);
  console.log(options.json ? JSON.stringify(document, null, 2) : renderResult(document));
  process.exitCode = document.outcome === "complete" ? exitStatus.done : exitStatus.partly;
};

/** Without `--at` it is not the schedule's run but a person's: it has a reason, and prunes nothing. */
const requestOf = (
  plan: string,
  { at, cluster, reason, hold }: BackupOptions,
): RunRequest & { readonly at: string } => {
  if (at !== undefined && Number.isNaN(Date.parse(at))) {
    throw new Misuse(`--at ${at} is not a time; use ISO 8601 such as 2026-11-21T03:00:00Z`);
  }
  const why = reason ?? (at === undefined ? "on demand" : undefined);
  return {
    plan,
    at: toSecond(at ?? new Date().toISOString()),
    ...(cluster && { clusters: cluster }),
    ...(why && { reason: why }),
    ...(hold && { hold }),
  };
};

/**
 * The command that goes on with an interrupted run. Nothing is half done: AWS goes on with what was asked for,
 * and the same run finds it. All of the request is repeated: without its hold it would be another run, that
 * takes everything once more, and without its clusters it would take all of the plan.
 */
export const resumption = (
  { plan, at, clusters = [], reason, hold }: RunRequest,
  { config, region, profile, stage }: Pick<BackupOptions, "config" | "region" | "profile" | "stage">,
): string => {
  const words = Object.entries({ at, reason, hold, config, region, profile, stage });
  const flags = words.flatMap(([name, value]) => (value ? [`--${name} ${quoted(value)}`] : []));
  const only = clusters.length > 0 ? [`--cluster ${clusters.map(quoted).join(" ")}`] : [];
  return ["holdfast backup", plan, "--local", ...flags, ...only].join(" ");
};

/** As a shell takes it for one word. */
const quoted = (word: string): string =>
  /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** What a shell gives to a command that SIGINT ended. */
const interruptedStatus = 130;

/** Refused credentials and an unreachable endpoint show here, before anything has begun. */
const checkCredentials = async (region: string): Promise<void> => {
  try {
    const { Account } = await new STSClient({ region, maxAttempts: 2 }).send(
      new GetCallerIdentityCommand({}),
    );
    console.error(`account ${Account}, home region ${region}`);
  } catch (error) {
    throw translateFault({ service: "sts", operation: "GetCallerIdentity", region }, error);
  }
};
