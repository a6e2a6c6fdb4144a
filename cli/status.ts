import type { Command } from "commander";
import { takeInventory } from "../lib/core/inventory.ts";
import { goneOf, planCoverageOf, protectionOf } from "../lib/core/protection.ts";
import { unusableKeys } from "../lib/steps/key-survey.ts";
import { type Account, type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { exitStatus } from "./exit.ts";
import { lookEverywhere, otherServices } from "./look.ts";
import { announce } from "./progress.ts";
import { type StatusDocument, statusDocument } from "./status-document.ts";
import { renderStatus } from "./status-table.ts";
import { unseenClusters } from "./status-unseen.ts";
import { columns } from "./table.ts";

interface StatusOptions extends AccountOptions {
  readonly strict?: boolean;
}

export const statusCommand = (): Command =>
  accountCommand("status", "Give the verdict for every cluster: protected, at risk and why, or unprotected")
    .option("--strict", "also exit 3 where a cluster is unprotected")
    .addHelpText(
      "after",
      `
Examples:
  holdfast status
  holdfast status --strict --json > status.json     for a cron job or a gate

Exit status: 0 all is well, 3 something is at risk, a region could not be seen or no
plan is switched on, 1 no region could be seen, 2 misuse.`,
    )
    .action(status);

const status = async (options: StatusOptions): Promise<void> => {
  const account = openAccount(options);
  announce(options, `looking at ${account.config.regions.join(", ")}`);
  const document = await lookAndJudge(account, options);
  const width = columns();
  console.log(options.json ? JSON.stringify(document, null, 2) : renderStatus(document, width));
  process.exitCode = document.well ? exitStatus.done : exitStatus.partly;
};

/** Looks at everything that the verdicts need; asks, and changes nothing. */
export const lookAndJudge = async (
  account: Account,
  { strict = false }: Pick<StatusOptions, "strict">,
): Promise<StatusDocument> => {
  const look = await lookEverywhere(account);
  const { config, service } = account;
  const { now } = look.context;
  const keys = await Promise.all(
    config.regions.map((region) => unusableKeys(region, look.owned, look.context)),
  );
  const seen = { ...look, config, now };
  const unlisted = new Set(look.unlisted.map(({ region }) => region));
  return statusDocument({
    ...{ service, now, strict, config, unlisted: look.unlisted },
    ...{ gone: goneOf(look), unseen: unseenClusters(look), others: otherServices(look, service) },
    protections: protectionOf({ ...seen, sets: takeInventory(seen), unusable: keys.flat() }),
    coverage: planCoverageOf(seen, unlisted),
  });
};
