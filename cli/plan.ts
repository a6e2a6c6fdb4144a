import { statSync } from "node:fs";
import type { Command } from "commander";
import { nextFirings } from "../lib/core/firings.ts";
import { type Plan, scheduleOf } from "../lib/core/plan.ts";
import { planWarnings } from "../lib/core/plan-warnings.ts";
import { defaultQuotas } from "../lib/core/quota.ts";
import { toSecond } from "../lib/core/time.ts";
import { ConfigError, type HoldfastError } from "../lib/errors.ts";
import { planNamed } from "../lib/steps/context.ts";
import { type Account, type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { isSilence, unjudged } from "./aws-words.ts";
import { exitStatus, Misuse } from "./exit.ts";
import { renderUnlisted } from "./list-table.ts";
import { type Look, lookEverywhere } from "./look.ts";
import { changes, isBlind, type PlanChanges } from "./plan-changes.ts";
import { renderChanges } from "./plan-changes-table.ts";
import { planCost } from "./plan-cost.ts";
import { foretellSweep, lookForBoth } from "./plan-sweep.ts";
import { type Preview, previewRun } from "./preview.ts";
import { type ForetoldRun, type PreviewDocument, previewDocument, unforetold } from "./preview-document.ts";
import { renderPreview } from "./preview-table.ts";
import { announce } from "./progress.ts";
import { quotaOutlooks } from "./quota-outlooks.ts";
import { columns } from "./table.ts";
import { timeOf } from "./time-option.ts";

interface PlanOptions extends AccountOptions {
  readonly at?: string;
  readonly reasons?: boolean;
  readonly against?: string;
  readonly redshiftQuota?: string;
  readonly assumeGib?: string;
}

export const planCommand = (): Command =>
  accountCommand("plan", "Show what the next runs would do, with reasons, and change nothing")
    .argument("[plan]", "the plan's name in holdfast.yml (default: every plan that is switched on)")
    .option("--at <time>", "another moment than the next scheduled one, ISO 8601")
    .option(
      "--reasons",
      "also why each cluster is meant, names and keys, and which rule keeps what would stay",
    )
    .option("--against <file>", "what a changed holdfast.yml would delete, take and copy differently")
    .option("--redshift-quota <count>", "manual Redshift snapshots that a region may have (default: 20)")
    .option("--assume-gib <count>", "the size of clusters of which AWS tells none, as of Aurora's")
    .addHelpText(
      "after",
      `
Examples:
  holdfast plan daily --reasons
  holdfast plan --against holdfast.new.yml     for a gate: exit status 3 above a brake,
                                               where not all was seen, or where no plan is left on`,
    )
    .action(plan);

const plan = async (name: string | undefined, options: PlanOptions): Promise<void> => {
  const redshiftQuota = wholeNumber("redshift-quota", options.redshiftQuota) ?? defaultQuotas.redshift;
  const assumedGib = wholeNumber("assume-gib", options.assumeGib);
  const account = openAccount(options);
  if (options.against !== undefined) {
    await compare(account, { name, options: { ...options, against: options.against } });
    return;
  }
  const foretold = await foretellAll(account, { name, options });
  const look = await lookEverywhere(account);
  const previews: PreviewDocument[] = [];
  for (const one of foretold) previews.push(await surround(one, { look, redshiftQuota, assumedGib }));
  const text = () =>
    previews.length === 0
      ? "no plan is switched on: no schedule starts a run\n\nnothing was changed"
      : previews
          .map((one) => renderPreview(one, { width: columns(), reasons: options.reasons === true }))
          .join("\n\n");
  const { unlisted } = look;
  print(options, { version: 1, plans: previews, unlisted }, () =>
    [renderUnlisted(unlisted, columns()), text()].filter((part) => part !== "").join("\n\n"),
  );
  const isWell =
    previews.length > 0 && unlisted.length === 0 && previews.every(({ outcome }) => outcome === "complete");
  process.exitCode = isWell ? exitStatus.done : exitStatus.partly;
};

/** The file is named by another option than the messages of reading it know. */
const openChanged = (options: Comparison["options"]): Account => {
  try {
    return openAccount({ ...options, config: options.against });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.message.replace(/ with --config$/, " with --against"), { cause: error });
  }
};

/** A file is no change of itself, however both are spelt: compared with it, every gate would pass. */
const refuseSame = ({ config, against }: Comparison["options"]): void => {
  const [present, changed] = [statSync(config), statSync(against)];
  if (present.dev !== changed.dev || present.ino !== changed.ino) return;
  throw new Misuse(
    `--against ${against} is the same file as --config; name the present one with --config, as from \`git show main:holdfast.yml\``,
  );
};

interface Comparison extends Which {
  readonly options: PlanOptions & { readonly against: string };
}

/** What the changed file would do differently: in the plans' runs, and in what it leaves to Sweep. */
const compare = async (account: Account, { name, options }: Comparison): Promise<void> => {
  const changed = openChanged(options);
  refuseSame(options);
  const foretold = await foretellAll(account, { name, options });
  const others = await foretellAll(changed, { name: undefined, options });
  const runs = [foretold, others].map((some) => some.map(({ document }) => document));
  const [now = [], then = []] = runs;
  const off = Object.values(changed.config.plans).filter((one) => !isOn(one));
  const [look, lookThen] = await lookForBoth(account, changed);
  const which = { name, now: options.at === undefined ? undefined : Date.parse(timeOf(options.at)) };
  const differences = changes(
    { runs: now, sweep: foretellSweep(look, account, which) },
    {
      runs: then.filter((one) => one.plan === (name ?? one.plan)),
      sweep: foretellSweep(lookThen, changed, which),
    },
    off.map((one) => one.name),
  );
  print(options, { version: 1, ...differences }, () => renderChanges(differences, columns()));
  const isLast = now.length > 0 && then.length === 0;
  process.exitCode = brakes(differences) || isLast ? exitStatus.partly : exitStatus.done;
};

const print = ({ json }: PlanOptions, document: object, text: () => string): void =>
  console.log(json ? JSON.stringify(document, null, 2) : text());

/** More would go at once than a plan's brake allows: the run itself would stop there. Or nobody has seen what would go. */
const brakes = ({ problems }: PlanChanges): boolean =>
  problems.some((one) => one.code === "brake" || isBlind(one));

interface Which {
  readonly name: string | undefined;
  readonly options: PlanOptions;
}

/** A plan with its next run as it would be. */
interface Foretold {
  readonly plan: Plan;
  /** Absent where nothing of it could be foretold. */
  readonly preview?: Preview;
  readonly document: ForetoldRun;
}

const foretellAll = async (account: Account, { name, options }: Which): Promise<readonly Foretold[]> => {
  const { config } = account;
  const plans = name === undefined ? Object.values(config.plans).filter(isOn) : [planNamed(config, name)];
  const foretold: Foretold[] = [];
  const unseen: HoldfastError[] = [];
  for (const one of plans) {
    announce(options, `looking at what ${one.name} would do`);
    try {
      foretold.push(await foretell(account, one, options.at));
    } catch (error) {
      if (!isSilence(error)) throw error;
      unseen.push(error);
      const words = { plan: one.name, at: momentOf(one, options.at), timeZone: one.timeZone };
      const problems = unjudged(`nothing of plan ${one.name}`, one.select.regions, error);
      foretold.push({ plan: one, document: unforetold(words, problems) });
    }
  }
  const [first] = unseen;
  if (first && unseen.length === plans.length) throw first;
  return foretold;
};

const isOn = ({ enabled }: Plan): boolean => enabled;

const foretell = async (account: Account, one: Plan, given: string | undefined): Promise<Foretold> => {
  const at = momentOf(one, given);
  const request = { plan: one.name, at };
  const preview = await previewRun(account, { request, begins: Date.parse(at) });
  const document = previewDocument({ plan: one.name, at, timeZone: one.timeZone }, preview);
  return { plan: one, preview, document };
};

const momentOf = (one: Plan, given: string | undefined): string =>
  given === undefined ? toSecond(nextRun(one)) : timeOf(given);

interface Surroundings {
  readonly look: Look;
  readonly redshiftQuota: number;
  readonly assumedGib: number | undefined;
}

/** What a run means for quotas and the bill, and what may not be meant in its plan. */
const surround = async (
  { plan: one, preview, document }: Foretold,
  { look, redshiftQuota, assumedGib }: Surroundings,
): Promise<PreviewDocument> => ({
  ...document,
  quotas: preview ? await quotaOutlooks({ plan: one, document, preview, look, redshiftQuota }) : [],
  cost: planCost({ plan: one, document, look, assumedGib }),
  warnings: [...switchedOff(one), ...warningsOf(one, Date.now())],
});

/** What concerns the runs. Of keys and quotas the preview knows more than the file does. */
const warningsOf = (one: Plan, now: number): PreviewDocument["warnings"] =>
  planWarnings({ regions: [], plans: { [one.name]: one } }, now)
    .filter(({ code }) => ["daylight-saving", "schedule-over", "objective"].includes(code))
    .map(({ code, path, message }) => ({ code, sentence: `${path.slice(2).join(".")} ${message}` }));

const switchedOff = ({ enabled }: Plan): PreviewDocument["warnings"] =>
  enabled
    ? []
    : [{ code: "switched-off", sentence: "enabled is false, so that no schedule starts this run" }];

const wholeNumber = (option: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Misuse(`--${option} ${text} is not a count; use a whole number such as 50`);
};

/** When the schedule fires next; a schedule of past years fires no more, and then now is as good a time as any. */
const nextRun = (one: Plan): string => {
  const now = Date.now();
  const [next = now] = nextFirings(scheduleOf(one), one.timeZone, now, 1);
  return new Date(next).toISOString();
};
