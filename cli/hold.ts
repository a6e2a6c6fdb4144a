import type { Command } from "commander";
import { traitsOf } from "../lib/core/cluster.ts";
import { type HoldStep, holdStep, pointsNamed, releaseStep } from "../lib/core/holding.ts";
import { cleanTagValue, type OwnedSnapshot } from "../lib/core/ownership.ts";
import type { Engines } from "../lib/engines/engine.ts";
import { HoldfastError, MissingError } from "../lib/errors.ts";
import { type Account, type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { exitStatus, Misuse } from "./exit.ts";
import { type HoldDocument, type HoldOutcome, holdDocument, renderHolds } from "./hold-document.ts";
import { regionOf } from "./region-option.ts";

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
    .action((name: string, options: HoldOptions) => work("hold", name, options));

export const releaseCommand = (): Command =>
  pointCommand("release", "Take the hold off a recovery point: retention decides on it again")
    .addHelpText(
      "after",
      "\nExample:\n  holdfast release holdfast-daily-orders-abcdefgh-20261120t030000z --copies",
    )
    .action((name: string, options: HoldOptions) => work("release", name, options));

const pointCommand = (name: string, description: string): Command =>
  accountCommand(name, description)
    .argument("<id>", "the snapshot's identifier or ARN")
    .option("--in <region>", "where it is (default: looked for in every region of holdfast.yml)")
    .option("--copies", "its copies in other regions too");

const work = async (action: HoldDocument["action"], name: string, options: HoldOptions): Promise<void> => {
  const account = openAccount(options);
  const { engines } = account.runtime(() => {});
  const points = await findPoints(account, engines, { name, options });
  const outcomes: HoldOutcome[] = [];
  for (const point of points) outcomes.push(await actOn(point, { action, account, engines, options }));
  const document = holdDocument({ action, service: account.service, outcomes });
  if (options.json) console.log(JSON.stringify(document, null, 2));
  else for (const line of renderHolds(document)) console.log(line);
  for (const { error } of document.points) if (error !== null) console.error(`holdfast: ${error}`);
  process.exitCode = statusOf(document);
};

interface Naming {
  readonly name: string;
  readonly options: HoldOptions;
}

const findPoints = async (
  { config, service }: Account,
  engines: Engines,
  { name, options }: Naming,
): Promise<readonly OwnedSnapshot[]> => {
  const { copies = false } = options;
  if (name.trim() === "")
    throw new Misuse("name the snapshot by its identifier or ARN, as `holdfast list` shows it");
  const only = regionIn(name, options.in, config.regions);
  const regions = only ? [only] : config.regions;
  const looked = copies ? [...new Set([...regions, ...config.regions])] : regions;
  const listings = looked.flatMap((region) =>
    Object.values(engines).map((engine) => engine.pickSnapshots(region, (one) => one)),
  );
  const verdict = pointsNamed((await Promise.all(listings)).flat(), { service, name, regions, copies });
  if ("misuse" in verdict) throw new Misuse(verdict.misuse);
  if ("missing" in verdict) throw new MissingError(verdict.missing);
  return verdict.points;
};

/** The one region to look in, where the caller says so: an ARN names a region of its own, listed or not. */
const regionIn = (
  name: string,
  place: string | undefined,
  regions: readonly string[],
): string | undefined => {
  const own = /^arn:[^:]+:[^:]+:([a-z0-9-]+):/.exec(name)?.[1];
  if (place === undefined || place === own) return own;
  if (own) throw new Misuse(`${name} is in ${own}, not in ${place}; leave --in out beside an ARN`);
  return regionOf(place, { regions, otherwise: "name the snapshot by its ARN" });
};

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
const statusOf = ({ points }: HoldDocument): number => {
  const wrong = points.filter(({ error }) => error !== null);
  if (wrong.length === 0) return exitStatus.done;
  if (wrong.length < points.length) return exitStatus.partly;
  return wrong.every(({ did }) => did === "refused") ? exitStatus.misuse : exitStatus.failed;
};
