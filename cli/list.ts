import { type Command, Option } from "commander";
import { takeInventory } from "../lib/core/inventory.ts";
import { planIn } from "../lib/core/plan.ts";
import { type Account, type AccountOptions, accountCommand, openAccount } from "./account.ts";
import { exitStatus } from "./exit.ts";
import { type ListDocument, listDocument } from "./list-document.ts";
import { type FilterOptions, type Filters, readFilters, refuseUnknownPlan } from "./list-filters.ts";
import { renderList } from "./list-table.ts";
import { lookEverywhere, lookHere } from "./look.ts";
import { announce } from "./progress.ts";
import { columns } from "./table.ts";

interface ListOptions extends AccountOptions, FilterOptions {}

export const listCommand = (): Command =>
  accountCommand("list", "Show recovery points by cluster: where they are, what keeps them, how much longer")
    .option("--plan <name>", "only those of a plan, also of one that is gone from holdfast.yml")
    .option("--cluster <id>", "only those of a cluster, by identifier or ARN, also of one that is gone")
    .option("--engine <engine>", "only those of an engine, in AWS's word such as aurora-postgresql")
    .option("--in <region>", "only those that lie in a region (--region is the home region)")
    .option("--since <age>", "only those taken within an age such as 7d, 36h or 1y6m")
    .option("--until <age>", "only those older than an age")
    .option("--orphans", "only orphans: their cluster, plan or copy region is gone")
    .option("--newest", "only the newest that is available of each cluster in each region, in one table")
    .addOption(
      new Option("--foreign", "the snapshots that are not ours instead, with why not").conflicts([
        "plan",
        "orphans",
        "newest",
      ]),
    )
    .addOption(
      new Option(
        "--from-here",
        "ask only one region, --in or else the home region, and go by what its snapshots' own tags say",
      ).conflicts("orphans"),
    )
    .addHelpText(
      "after",
      `
Examples:
  holdfast list --cluster orders --since 7d
  holdfast list --newest --until 5h                 before the harm, of each cluster and region
  holdfast list --region eu-west-1 --from-here      while the source region is down

Exit status: 0 all regions were listed, 3 one was not, 1 none was, 2 misuse.`,
    )
    .action(list);

const list = async (options: ListOptions): Promise<void> => {
  const account = openAccount(options, options.fromHere ? "helpful" : "needed");
  const filters = readFilters(options, account, Date.now());
  announce(options, `looking at ${filters.only ?? account.config.regions.join(", ")}`);
  const document = await lookAndList(account, filters);
  const width = columns();
  console.log(options.json ? JSON.stringify(document, null, 2) : renderList(document, { filters, width }));
  process.exitCode = document.unlisted.length === 0 ? exitStatus.done : exitStatus.partly;
};

/** Looks, and lists what passes the filters. */
export const lookAndList = async (account: Account, filters: Filters): Promise<ListDocument> => {
  const cluster = nameIn(filters, account);
  const look = filters.only
    ? await lookHere(account, filters.only, cluster)
    : await lookEverywhere(account, cluster);
  refuseUnknownPlan(filters, account.config, look.owned);
  const { config, service } = account;
  const { now } = look.context;
  const sets = filters.foreign ? [] : takeInventory({ ...look, config, now });
  return listDocument({ config, service, look, sets, filters });
};

/**
 * The cluster's name where AWS can be asked for its snapshots alone. An ARN is another thing: ours are known by their tag,
 * which keeps it. And whether there is a plan that is gone its points tell, whosever they are.
 */
const nameIn = ({ cluster, plan }: Filters, { config }: Account): string | undefined =>
  cluster?.startsWith("arn:") || (plan !== undefined && planIn(config, plan) === undefined)
    ? undefined
    : cluster;
