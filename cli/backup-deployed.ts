import type { Summary } from "../lib/core/summary.ts";
import { type ExecutionState, type Executions, executionsIn } from "../lib/engines/executions.ts";
import { HoldfastError, MissingError } from "../lib/errors.ts";
import { executionClient } from "../lib/runtime/clients.ts";
import { discover } from "../lib/steps/discover.ts";
import { report } from "../lib/steps/report.ts";
import { type BackupOrder, quoted } from "./backup-local.ts";
import { whoCalls } from "./caller.ts";
import { exitStatus, Misuse, onInterruption } from "./exit.ts";
import { follow } from "./follow.ts";
import { type Ledger, makeLedger } from "./ledger.ts";
import { imagined } from "./preview.ts";
import { exitStatusOf, type ResultDocument, resultDocument } from "./result-document.ts";
import { renderResult } from "./result-table.ts";

/** Starts the deployed state machine, follows it, and shows what AWS has at its end. */
export const backupDeployed = async ({ account, request, options }: BackupOrder): Promise<void> => {
  const { home } = account;
  const caller = await whoCalls(home);
  const name = `holdfast-${options.stage}-backup`;
  const machine = `arn:${caller.partition}:states:${home}:${caller.account}:stateMachine:${name}`;
  const executions = executionsIn(executionClient(home), home);
  const arn = await start(executions, { machine, request });
  const started = JSON.stringify({ version: 1, execution: arn }, null, 2);
  if (!options.wait) {
    console.log(options.json ? started : arn);
    return;
  }
  console.error(`started ${arn}`);
  const seen = `aws stepfunctions describe-execution --region ${home}${profileWords(options)} --execution-arn ${arn}`;
  const left = `left; the run goes on: ${seen}`;
  const undisturbed = onInterruption(() => console.error(`\n${left}`));
  const progress = () => progressOf({ account, request, options });
  const ended = await orUndefined(
    follow({ executions, arn, progress }),
    "the run cannot be followed any more",
  );
  undisturbed();
  if (ended === undefined) {
    console.error(left);
    if (options.json) console.log(started);
    process.exitCode = exitStatus.partly;
    return;
  }
  const told = await orUndefined(executions.report(arn), "the run's own report cannot be read");
  const document = await outcome({ account, request, options }, ended, told);
  console.log(
    options.json ? JSON.stringify({ ...document, executionArn: arn }, null, 2) : renderResult(document),
  );
  process.exitCode = exitStatusOf(document);
};

const profileWords = ({ profile }: BackupOrder["options"]): string =>
  profile ? ` --profile ${quoted(profile)}` : "";

/** What AWS tells, or nothing, with AWS's words said: the run has ended or goes on, whatever one can see of it. */
const orUndefined = async <T>(asked: Promise<T>, what: string): Promise<T | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    console.error(`holdfast: ${what}: ${error.message}`);
    return undefined;
  }
};

const start = async (
  executions: Executions,
  order: { readonly machine: string; readonly request: BackupOrder["request"] },
): Promise<string> => {
  try {
    return await executions.start({ machine: order.machine, input: order.request });
  } catch (error) {
    if (!(error instanceof MissingError)) throw error;
    const words = `there is no state machine ${order.machine}; deploy it (docs/deploy.md), name its --stage and --region, or add --local`;
    throw new Misuse(words);
  }
};

/** How many of the run's snapshots and copies are there. */
const progressOf = async ({ account, request }: BackupOrder): Promise<string> => {
  const ledger = makeLedger();
  await lookAt({ account, request, ledger }, {});
  const rows = ledger.of("report.row").map(({ row }) => row);
  const copies = rows.flatMap((row) => row.copies);
  const there = (some: readonly { readonly status: string }[]) =>
    `${some.filter(({ status }) => status === "available").length}/${some.length}`;
  return `snapshots ${there(rows)}  copies ${there(copies)}`;
};

/**
 * The table of what AWS has now, made by the run's own reading steps with hands tied; the words for what went
 * wrong are those of the run's report, where it came to write one.
 */
const outcome = async (
  { account, request }: BackupOrder,
  { status, error, cause }: ExecutionState,
  report: string | undefined,
): Promise<ResultDocument> => {
  const ledger = makeLedger();
  const told = report === undefined ? {} : (JSON.parse(report) as Partial<Summary>);
  await lookAt({ account, request, ledger }, told);
  const failed = status !== "SUCCEEDED";
  const document = resultDocument(ledger, {
    ...{ status: failed ? "FAILED" : "SUCCEEDED", transitions: 0, largestPayloadBytes: 0 },
    ...(failed && { error: error ?? status, cause: cause ?? `the execution ended as ${status}` }),
  });
  return withPruned(document, told.totals?.pruned ?? null);
};

/** AWS shows nothing of what is gone: the run's report tells how many points it pruned, and not of which clusters. */
const withPruned = (document: ResultDocument, pruned: number | null): ResultDocument => ({
  ...document,
  totals: document.totals && { ...document.totals, pruned },
  clusters: document.clusters.map((row) => ({ ...row, pruned: pruned === 0 ? 0 : null })),
});

interface Looking {
  readonly account: BackupOrder["account"];
  readonly request: BackupOrder["request"];
  readonly ledger: Ledger;
}

const lookAt = async (
  { account, request, ledger }: Looking,
  { problems = [] }: Partial<Summary>,
): Promise<void> => {
  const clock = { now: () => new Date(), advance: () => {} };
  const { runtime } = imagined(account.runtime(ledger.write), clock);
  // Nothing of this look travels between states: however large the fleet, it is looked at whole.
  const context = { ...runtime, now: Date.now(), payloadBytesMax: Number.POSITIVE_INFINITY };
  const look = { request, startedAt: request.at, tolerant: true };
  const looked = async (): Promise<void> => {
    const { run, batches, unlisted } = await discover(look, context);
    const snapshots = [{ region: "*", counts: {}, problems }];
    await report({ run, batches, unlisted, snapshots, copies: [], pruned: [] }, context);
  };
  await orUndefined(looked(), "the run's clusters cannot be looked at");
};
