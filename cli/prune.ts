import type { Command } from "commander";
import type { Plan } from "../lib/core/plan.ts";
import { distinctProblems, type Problem } from "../lib/core/problem.ts";
import type { HoldfastError } from "../lib/errors.ts";
import type { Runtime } from "../lib/runtime/runtime.ts";
import { type FullContext, planNamed } from "../lib/steps/context.ts";
import { discover } from "../lib/steps/discover.ts";
import { prune as pruneBatch } from "../lib/steps/prune.ts";
import { sweepThrough } from "../lib/steps/sweep.ts";
import { type Account, type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { isSilence, unjudged } from "./aws-words.ts";
import { exitStatus, Misuse, onInterruption } from "./exit.ts";
import { type Ledger, makeLedger } from "./ledger.ts";
import { imagined } from "./preview.ts";
import { announce } from "./progress.ts";
import { pruneDocument } from "./prune-document.ts";
import { renderPrune } from "./prune-table.ts";
import { columns } from "./table.ts";

interface PruneOptions extends AccountOptions {
  readonly apply?: boolean;
}

export const pruneCommand = (): Command =>
  accountCommand("prune", "Show what the policies would remove, with reasons; remove it with --apply")
    .argument(
      "[plan]",
      "the plan's name in holdfast.yml (default: every plan that is switched on, and what no plan means any more)",
    )
    .option("--apply", "delete what is shown; the same floor, brake and holds stand as in a scheduled run")
    .addHelpText("after", "\nExamples:\n  holdfast prune daily\n  holdfast prune daily --apply")
    .action(prune);

const prune = async (name: string | undefined, options: PruneOptions): Promise<void> => {
  const account = openAccount(options);
  const ledger = makeLedger();
  const own = account.runtime(ledger.write);
  const clock = { now: () => new Date(), advance: () => {} };
  const runtime = options.apply ? own : imagined(own, clock).runtime;
  // What was deleted last nobody knows then: the answer may have been on its way.
  const undisturbed = options.apply
    ? onInterruption(() =>
        console.error("interrupted; without --apply the same command shows what is left to remove"),
      )
    : () => {};
  const problems = await pruneAll(account, { name, runtime, ledger, options });
  undisturbed();
  const document = pruneDocument(ledger, { applied: options.apply === true, problems });
  console.log(options.json ? JSON.stringify(document, null, 2) : renderPrune(document, columns()));
  process.exitCode = problems.length === 0 ? exitStatus.done : exitStatus.partly;
};

interface PruneAll {
  readonly name: string | undefined;
  readonly runtime: Runtime;
  /** What the runtime's journal writes into. */
  readonly ledger: Ledger;
  readonly options: PruneOptions;
}

/**
 * A plan's own, or everything: then also the orphans, which a named plan does not speak for. What is switched off is left
 * alone here as well: that may be meant to stop deletions.
 */
const pruneAll = async (
  { config }: Account,
  { name, runtime, ledger, options }: PruneAll,
): Promise<readonly Problem[]> => {
  const meant = name === undefined ? Object.values(config.plans) : [planNamed(config, name)];
  const plans = meant.filter(({ enabled }) => enabled);
  if (name !== undefined && plans.length === 0)
    throw new Misuse(`plan ${name} is switched off, and prunes nothing; take \`enabled: false\` out first`);
  const problems: Problem[] = [];
  // Each plan's own, though the region be one.
  const told: Problem[] = [];
  const unseen: HoldfastError[] = [];
  const judged = (): number => ledger.of("prune.verdict").length;
  for (const plan of plans) {
    const before = judged();
    announce(options, `${doing(options)} plan ${plan.name}`);
    try {
      problems.push(...(await prunePlan(plan, runtime)));
    } catch (error) {
      // What was not seen of one plan is left alone, and takes nothing from the others.
      if (!isSilence(error)) throw error;
      unseen.push(error);
      const much = judged() > before ? "not all" : "nothing";
      told.push(...unjudged(`${much} of plan ${plan.name}`, plan.select.regions, error));
    }
  }
  const [first] = unseen;
  if (first && isIdle(ledger) && unseen.length === plans.length) throw first;
  if (name === undefined) announce(options, `${doing(options)} what no plan means any more`);
  const swept = name === undefined ? await sweepAll(config.regions, { runtime, ledger }) : [];
  return [...distinctProblems(problems), ...told, ...distinctProblems(swept)];
};

const doing = ({ apply }: PruneOptions): string => (apply ? "pruning" : "judging");

/** Whether nothing was deleted: else what was has to be told, though AWS has stopped answering. */
const isIdle = (ledger: Ledger): boolean => ledger.of("snapshot.deleted").length === 0;

/** What no plan means any more. */
const sweepAll = async (
  regions: readonly string[],
  { runtime, ledger }: Pick<PruneAll, "runtime" | "ledger">,
): Promise<readonly Problem[]> => {
  const context = contextOf(runtime);
  try {
    return (await sweepThrough({ at: new Date(context.now).toISOString() }, context)).problems;
  } catch (error) {
    if (!isSilence(error) || isIdle(ledger)) throw error;
    return unjudged("not all that no plan means", regions, error);
  }
};

/** As the run does it: the plan's clusters, batch by batch, until a batch has no more to remove. */
const prunePlan = async ({ name }: Plan, runtime: Runtime): Promise<readonly Problem[]> => {
  const startedAt = new Date(runtime.clock()).toISOString();
  const request = { plan: name, at: startedAt };
  // Nothing travels between states here, so no fleet is too large to be done whole.
  const roomy = { ...contextOf(runtime), payloadBytesMax: Number.POSITIVE_INFINITY };
  const { run, batches, unlisted } = await discover({ request, startedAt }, roomy);
  const problems: Problem[] = [...unlisted];
  for (const batch of batches) {
    let output = await pruneBatch({ run, batch }, contextOf(runtime));
    while (output.next === "Prune") {
      const { from, result } = output;
      const { counts, problems: met } = result;
      output = await pruneBatch(
        { run, batch, from, pruned: counts.pruned ?? 0, problems: met },
        contextOf(runtime),
      );
    }
    problems.push(...output.result.problems);
  }
  return problems;
};

const contextOf = ({ clock, ...rest }: Runtime): FullContext => ({ ...rest, now: clock() });
