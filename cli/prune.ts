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
import { isSilence, unseenPlan } from "./aws-words.ts";
import { exitStatus, Misuse } from "./exit.ts";
import { makeLedger } from "./ledger.ts";
import { imagined } from "./preview.ts";
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
      "the plan's name in holdfast.yml (default: every plan, and what no plan means any more)",
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
  const problems = await pruneAll(account, { name, runtime });
  const document = pruneDocument(ledger, { applied: options.apply === true, problems });
  console.log(options.json ? JSON.stringify(document, null, 2) : renderPrune(document, columns()));
  process.exitCode = problems.length === 0 ? exitStatus.done : exitStatus.partly;
};

interface PruneAll {
  readonly name: string | undefined;
  readonly runtime: Runtime;
}

/**
 * A plan's own, or everything: then also the orphans, which a named plan does not speak for. What is switched off is left
 * alone here as well: that may be meant to stop deletions.
 */
const pruneAll = async ({ config }: Account, { name, runtime }: PruneAll): Promise<readonly Problem[]> => {
  const meant = name ? [planNamed(config, name)] : Object.values(config.plans);
  const plans = meant.filter(({ enabled }) => enabled);
  if (name && plans.length === 0)
    throw new Misuse(`plan ${name} is switched off, and prunes nothing; take \`enabled: false\` out first`);
  const problems: Problem[] = [];
  const unseen: HoldfastError[] = [];
  for (const plan of plans) {
    try {
      problems.push(...(await prunePlan(plan, runtime)));
    } catch (error) {
      // What was not seen of one plan is left alone, and takes nothing from the others.
      if (!isSilence(error)) throw error;
      unseen.push(error);
      problems.push(...unseenPlan(plan, error));
    }
  }
  const [first] = unseen;
  if (first && unseen.length === plans.length) throw first;
  if (name === undefined) {
    const context = contextOf(runtime);
    problems.push(...(await sweepThrough({ at: new Date(context.now).toISOString() }, context)).problems);
  }
  return distinctProblems(problems);
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
