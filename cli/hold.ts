import type { Command } from "commander";
import { traitsOf } from "../lib/core/cluster.ts";
import { type HoldStep, holdStep, releaseStep } from "../lib/core/holding.ts";
import { cleanTagValue, type OwnedSnapshot } from "../lib/core/ownership.ts";
import type { Engines } from "../lib/engines/engine.ts";
import { HoldfastError } from "../lib/errors.ts";
import { type Account, type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { exitStatus, onInterruption } from "./exit.ts";
import { type HoldDocument, type HoldOutcome, holdDocument, renderHolds } from "./hold-document.ts";
import { areArns, type Found, findPoints } from "./hold-look.ts";
import { saying } from "./reason-option.ts";

interface HoldOptions extends AccountOptions {
  readonly reason?: string;
  readonly in?: string;
  readonly copies?: boolean;
}

export const holdCommand = (): Command =>
  pointCommand("hold", "Keep a recovery point from every prune, until it is released")
    .option("--reason <text>", "why, kept with it; what AWS takes in a tag is kept of it")
    .addHelpText(
      "after",
      '\nExample:\n  holdfast hold holdfast-daily-orders-abcdefgh-20261120t030000z --copies --reason "audit 2026"',
    )
    .action((names: readonly string[], options: HoldOptions) => work("hold", names, options));

export const releaseCommand = (): Command =>
  pointCommand("release", "Take the hold off a recovery point: retention decides on it again")
    .addHelpText(
      "after",
      "\nExample:\n  holdfast release holdfast-daily-orders-abcdefgh-20261120t030000z --copies",
    )
    .action((names: readonly string[], options: HoldOptions) => work("release", names, options));

const pointCommand = (name: string, description: string): Command =>
  accountCommand(name, description)
    .argument("<id...>", "the snapshots' identifiers or ARNs")
    .option("--in <region>", "where they are (default: looked for in every region of holdfast.yml)")
    .option("--copies", "their copies in other regions too")
    .addHelpText(
      "after",
      `
Exit status: 0 all is as asked, 3 of some only, 1 of none, 2 of none by misuse.`,
    );

const work = async (
  action: HoldDocument["action"],
  names: readonly string[],
  options: HoldOptions,
): Promise<void> => {
  saying("--reason", options.reason);
  const asked = {
    names,
    copies: options.copies === true,
    ...(options.in !== undefined && { in: options.in }),
  };
  const account = openAccount(options, areArns(asked) ? "helpful" : "needed");
  const { engines } = account.runtime(() => {});
  const found = await findPoints(account, engines, asked);
  if (found.points.length > 0 && (action === "hold" || found.unlisted.length === 0)) {
    const outcomes: HoldOutcome[] = [];
    const undisturbed = onInterruption(() =>
      console.error("interrupted; the same command goes on with what is left"),
    );
    for (const point of found.points)
      outcomes.push(await actOn(point, { action, account, engines, options }));
    undisturbed();
    const document = holdDocument({ action, service: account.service, outcomes, found });
    if (options.json) console.log(JSON.stringify(document, null, 2));
    else for (const line of renderHolds(document)) console.log(line);
    for (const { error } of document.points) if (error !== null) console.error(`holdfast: ${error}`);
    process.exitCode = statusOf(document, found);
  } else process.exitCode = statusWithout(found);
  for (const sentence of remarksOn(found)) console.error(`holdfast: ${sentence}`);
  if (action === "release" && found.unlisted.length > 0)
    console.error("holdfast: nothing was released; name what can be seen by its ARN");
};

const remarksOn = ({ notFound, unlisted }: Found): readonly string[] => [
  ...notFound.map(({ error }) => error),
  ...unlisted.map(({ region, family, error }) => `${region} (${family}) could not be listed: ${error}`),
];

/** Nothing was done: by the caller's mistake, or because it is not there or cannot be seen. */
const statusWithout = ({ notFound, unlisted }: Found): number =>
  unlisted.length === 0 && notFound.every(({ misuse }) => misuse) ? exitStatus.misuse : exitStatus.failed;

interface Acting {
  readonly action: HoldDocument["action"];
  readonly account: Account;
  readonly engines: Engines;
  readonly options: HoldOptions;
}

const actOn = async (point: OwnedSnapshot, acting: Acting): Promise<HoldOutcome> => {
  const { reason } = acting.options;
  const wanted = reason === undefined ? undefined : cleanTagValue(reason);
  const step = acting.action === "hold" ? holdStep(point, wanted, "on request") : releaseStep(point);
  try {
    await carryOut(step, point, acting);
    return { point, step };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return { point, step, error };
  }
};

const carryOut = async (step: HoldStep, owned: OwnedSnapshot, acting: Acting): Promise<void> => {
  const { service } = acting.account;
  const engine = acting.engines[traitsOf(owned.snapshot.engine).family];
  if (step.do === "hold") await engine.holdSnapshot({ service, owned, reason: step.reason });
  if (step.do === "release") await engine.releaseSnapshot({ service, owned });
};

/** A recovery point that was refused by its state is of the caller's choice; what AWS refused is a failure. */
const statusOf = ({ points }: HoldDocument, found: Found): number => {
  const wrong = points.filter(({ error }) => error !== null);
  const isAll = found.notFound.length + found.unlisted.length === 0;
  if (wrong.length === 0 && isAll) return exitStatus.done;
  if (wrong.length < points.length) return exitStatus.partly;
  return wrong.every(({ did }) => did === "refused") ? statusWithout(found) : exitStatus.failed;
};
