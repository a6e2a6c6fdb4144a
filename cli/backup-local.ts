import type { Journal } from "../lib/core/journal.ts";
import type { Account } from "./account.ts";
import { tellInWords } from "./aws-words.ts";
import type { BackupOptions, BackupRequest } from "./backup.ts";
import { whoCalls } from "./caller.ts";
import { onInterruption } from "./exit.ts";
import { makeLedger } from "./ledger.ts";
import { makeProgress } from "./progress.ts";
import { exitStatusOf, resultDocument } from "./result-document.ts";
import { renderResult } from "./result-table.ts";
import { wallTime } from "./virtual-time.ts";
import { inProcess, runWorkflow } from "./workflow.ts";

export interface BackupOrder {
  readonly account: Account;
  readonly request: BackupRequest;
  readonly options: BackupOptions;
}

/** More than of a look: what is given up here is not backed up. Some two minutes of attempts, each later than the last. */
const unansweredMax = 4;

/** The deployed definition and the same steps, in this process and with the caller's own credentials. */
export const backupLocal = async ({ account, request, options }: BackupOrder): Promise<void> => {
  const caller = await whoCalls(account.home);
  console.error(`account ${caller.account}, home region ${account.home}`);
  const ledger = makeLedger();
  const progress = makeProgress({ stream: process.stderr, quiet: options.json === true, ledger });
  const journal: Journal = (entry) => {
    ledger.write(entry);
    progress.show();
  };
  const runtime = account.runtime(journal, { unansweredMax });
  const undisturbed = onInterruption(() => {
    progress.end();
    console.error(`interrupted; go on with: ${resumption(request, options)}`);
  });
  const result = await runWorkflow({ request, time: wallTime, ...inProcess(runtime) });
  undisturbed();
  progress.end();
  const document = resultDocument(ledger, result, tellInWords(ledger));
  console.log(options.json ? JSON.stringify(document, null, 2) : renderResult(document));
  process.exitCode = exitStatusOf(document);
};

/**
 * The command that goes on with an interrupted run. Nothing is half done: AWS goes on with what was asked for,
 * and the same run finds it. All of the request is repeated: without its hold it would be another run, that
 * takes everything once more, and without its clusters it would take all of the plan.
 */
export const resumption = (
  { plan, at, clusters = [], reason, hold, until }: BackupRequest,
  { config, region, profile, stage, keep }: AccountWords,
): string => {
  const words = Object.entries({ at, reason, hold, keep: until && keep, config, region, profile, stage });
  const flags = words.flatMap(([name, value]) => (value ? [`--${name} ${quoted(value)}`] : []));
  const only = clusters.length > 0 ? [`--cluster ${clusters.map(quoted).join(" ")}`] : [];
  return ["holdfast backup", plan, "--local", ...flags, ...only].join(" ");
};

type AccountWords = Pick<BackupOptions, "config" | "region" | "profile" | "stage" | "keep">;

/** As a shell takes it for one word. */
export const quoted = (word: string): string =>
  /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
