import { SFNClient } from "@aws-sdk/client-sfn";
import type { Problem } from "../lib/core/problem.ts";
import { type ExecutionState, type Executions, executionsIn } from "../lib/engines/executions.ts";
import { HoldfastError, MissingError } from "../lib/errors.ts";
import { discover } from "../lib/steps/discover.ts";
import { report } from "../lib/steps/report.ts";
import type { BackupOrder } from "./backup-local.ts";
import { whoCalls } from "./caller.ts";
import { Misuse, onInterruption } from "./exit.ts";
import { type Ledger, makeLedger } from "./ledger.ts";
import { imagined } from "./preview.ts";
import { exitStatusOf, type ResultDocument, resultDocument } from "./result-document.ts";
import { renderResult } from "./result-table.ts";

/** Seconds between looks at an execution that takes minutes or hours: the first soon, in case it fails at once. */
const lookSecondsMax = 10;

/** Starts the deployed state machine, follows it, and shows what AWS has at its end. */
export const backupDeployed = async ({ account, request, options }: BackupOrder): Promise<void> => {
  const { home } = account;
  const caller = await whoCalls(home);
  const name = `holdfast-${options.stage}-backup`;
  const machine = `arn:${caller.partition}:states:${home}:${caller.account}:stateMachine:${name}`;
  const executions = executionsIn(new SFNClient({ region: home }), home);
  const arn = await start(executions, { machine, request });
  if (!options.wait) {
    console.log(options.json ? JSON.stringify({ version: 1, execution: arn }, null, 2) : arn);
    return;
  }
  console.error(`started ${arn}`);
  const undisturbed = onInterruption(() =>
    console.error(
      `\nleft; the run goes on: aws stepfunctions describe-execution --region ${home} --execution-arn ${arn}`,
    ),
  );
  const ended = await follow(executions, arn, () => progressOf({ account, request, options }));
  undisturbed();
  const document = await outcome({ account, request, options }, ended);
  console.log(
    options.json ? JSON.stringify({ ...document, executionArn: arn }, null, 2) : renderResult(document),
  );
  process.exitCode = exitStatusOf(document);
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

/** Waits for its end; on a terminal a line shows how far AWS is with the run's snapshots and copies. */
const follow = async (
  executions: Executions,
  arn: string,
  look: () => Promise<string>,
): Promise<ExecutionState> => {
  for (let looks = 1; ; looks += 1) {
    const state = await executions.look(arn);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${state.status}  ${await look()}`);
    if (state.status !== "RUNNING") {
      if (process.stderr.isTTY) process.stderr.write("\n");
      return state;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(looks, lookSecondsMax) * 1000));
  }
};

/** How many of the run's snapshots and copies are there. */
const progressOf = async ({ account, request }: BackupOrder): Promise<string> => {
  const ledger = makeLedger();
  await lookAt({ account, request, ledger }, undefined);
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
  { status, error, cause, report: told }: ExecutionState,
): Promise<ResultDocument> => {
  const ledger = makeLedger();
  await lookAt({ account, request, ledger }, told);
  const failed = status !== "SUCCEEDED";
  return resultDocument(ledger, {
    ...{ status: failed ? "FAILED" : "SUCCEEDED", transitions: 0, largestPayloadBytes: 0 },
    ...(failed && { error: error ?? status, cause: cause ?? `the execution ended as ${status}` }),
  });
};

interface Looking {
  readonly account: BackupOrder["account"];
  readonly request: BackupOrder["request"];
  readonly ledger: Ledger;
}

const lookAt = async ({ account, request, ledger }: Looking, told: string | undefined): Promise<void> => {
  const clock = { now: () => new Date(), advance: () => {} };
  const { runtime } = imagined(account.runtime(ledger.write), clock);
  // Nothing of this look travels between states: however large the fleet, it is looked at whole.
  const context = { ...runtime, now: Date.now(), payloadBytesMax: Number.POSITIVE_INFINITY };
  const look = { request, startedAt: request.at, tolerant: true };
  try {
    const { run, batches, unlisted } = await discover(look, context);
    const snapshots = [{ region: "*", counts: {}, problems: problemsIn(told) }];
    await report({ run, batches, unlisted, snapshots, copies: [], pruned: [] }, context);
  } catch (error) {
    // The run has ended or goes on, whatever this look at it comes to.
    if (!(error instanceof HoldfastError)) throw error;
    console.error(`holdfast: the run's clusters cannot be looked at: ${error.message}`);
  }
};

const problemsIn = (told: string | undefined): readonly Problem[] =>
  told === undefined ? [] : ((JSON.parse(told) as { readonly problems?: readonly Problem[] }).problems ?? []);
