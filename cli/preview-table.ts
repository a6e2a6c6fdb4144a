import pc from "picocolors";
import type { QuotaOutlook } from "../lib/core/outlook.ts";
import type { JudgedPoint, PreviewDocument, PreviewedCluster, PreviewedCopy } from "./preview-document.ts";
import { counted, earlierWords, pointLine, renderProblems, table, wrap } from "./table.ts";

export interface PreviewView {
  readonly width: number;
  /** Also every recovery point that stays, with the rule that keeps it. */
  readonly reasons: boolean;
}

/** The preview for people: a row for each cluster, what would go and why, and that nothing was changed. */
export const renderPreview = (document: PreviewDocument, view: PreviewView): string =>
  [
    heading(document),
    clusterTable(document, view.width),
    renderProblems(document.problems, view.width),
    view.reasons ? takenLines(document, view.width) : "",
    judgedLines("would be pruned", document, ({ prune }) => prune, view.width),
    view.reasons ? judgedLines("would stay", document, ({ keep }) => keep, view.width) : "",
    skippedLines(document),
    enablesLines(document, view.width),
    quotaLines(document, view.width),
    costLine(document, view.width),
    document.warnings
      .map(({ sentence }) => pc.yellow(wrap(`warning  ${sentence}`, view.width, "  ")))
      .join("\n"),
    totals(document, view),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

const heading = ({ plan, at, timeZone }: PreviewDocument): string => {
  const local = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return `plan ${pc.bold(plan)}, the run of ${local.format(new Date(at))} ${timeZone}, before it happens`;
};

const columns = ["CLUSTER", "ENGINE", "REGION", "SNAPSHOT", "COPY", "PRUNE", "PROBLEM"] as const;

const clusterTable = ({ clusters, problems, run }: PreviewDocument, width: number): string =>
  clusters.length === 0
    ? run === null
      ? "nothing of it could be foretold"
      : "the plan means no cluster"
    : table({
        columns,
        width,
        rows: clusters.map((row) => [
          row.cluster,
          row.engine ?? "-",
          row.region,
          row.action,
          row.copies
            .map(({ region, action }) => (action === "none" ? "none" : `${action} ${region}`))
            .join(", ") || "-",
          row.prune.length === 0 ? "-" : String(row.prune.length),
          problems
            .flatMap(({ cluster, region }, at) =>
              cluster === row.cluster && region === row.region ? String(at + 1) : [],
            )
            .join(" "),
        ]),
      });

/** Why the plan means each cluster, under which name it would be taken, and how it would be copied. */
const takenLines = ({ clusters }: PreviewDocument, width: number): string =>
  clusters.length === 0 ? "" : ["means:", ...clusters.flatMap((one) => clusterLines(one, width))].join("\n");

const clusterLines = (one: PreviewedCluster, width: number): readonly string[] => [
  wrap(`  ${one.cluster} (${one.region}): ${one.because}`, width, "    "),
  ...(one.snapshot === null ? [] : [pc.dim(`    ${one.region.padEnd(13)} ${one.snapshot}`)]),
  ...one.copies.flatMap(({ region, id, action, kmsKey }) =>
    id === null
      ? []
      : [pc.dim(`    ${region.padEnd(13)} ${copyWords[action]}${kmsKey === null ? "" : `, with ${kmsKey}`}`)],
  ),
];

const copyWords: Readonly<Record<PreviewedCopy["action"], string>> = {
  start: "a copy of it",
  arrives: "AWS's own copy of it",
  there: "its copy, which is there",
  none: "no copy",
};

const judgedLines = (
  what: string,
  { clusters }: PreviewDocument,
  of: (cluster: PreviewedCluster) => readonly JudgedPoint[],
  width: number,
): string => {
  const points = clusters.flatMap(of);
  if (points.length === 0) return "";
  const room = Math.max(...points.map(({ region }) => region.length));
  const lines = points.map(({ region, id, because }) =>
    pointLine({ head: `  ${region.padEnd(room)} `, id, because, width }),
  );
  return [`${what}:`, ...lines].join("\n");
};

const skippedLines = ({ skipped }: PreviewDocument): string =>
  skipped.length === 0
    ? ""
    : [
        `left alone: ${skipped.length} ${skipped.length === 1 ? "cluster" : "clusters"} that the plan does not mean`,
        ...skipped.map(({ cluster, because }) => `  ${cluster.split(":").at(-1)}: ${because}`),
      ].join("\n");

const enablesLines = ({ enables, cost }: PreviewDocument, width: number): string => {
  if (enables.length === 0) return "";
  const whose = enables.map(({ cluster, region }) => `${cluster} to ${region}`).join(", ");
  const price =
    cost.automatedGibMonth > 0
      ? `, at most ${cost.automatedGibMonth} GiB and ${dollars(cost.automatedDollarsMonth)} a month more`
      : "";
  const words = `would enable snapshot copy of ${whose}: AWS then copies automated snapshots too, some three a day, kept for a day${price}`;
  return pc.yellow(wrap(words, width, "  "));
};

const products = { rds: "Aurora, Multi-AZ, Neptune and DocumentDB", redshift: "Redshift" } as const;

const quotaLines = ({ quotas }: PreviewDocument, width: number): string =>
  quotas.map((one) => wrap(quotaLine(one), width, "  ")).join("\n");

const quotaLine = ({
  region,
  family,
  used,
  max,
  afterRun,
  needed,
  weeklyGrowth,
  daysLeft,
  request,
}: QuotaOutlook): string => {
  const need = needed === null ? "the policy removes nothing" : `the plan can need ${needed}`;
  const end = daysLeft === null ? "" : `; ${weeklyGrowth} more a week, full in ${daysLeft} days`;
  const remedy = request === null ? "" : `; ask AWS for ${request}`;
  const words = `manual snapshots of ${products[family]} in ${region}: ${used} of ${max}, ${afterRun} after the run; ${need}${end}${remedy}`;
  return request === null ? words : pc.yellow(words);
};

const costLine = ({ cost, clusters }: PreviewDocument, width: number): string => {
  const { unknown, storageGib, transferGib, transferGibMonth } = cost;
  if (clusters.length === 0) return "";
  const counted =
    `at most ${storageGib} GiB of snapshots after the run, ${dollars(cost.storageDollarsMonth)} a month; copies ` +
    `send ${transferGib} GiB a run, ${transferGibMonth} GiB and ${dollars(cost.transferDollarsMonth)} a month ` +
    `(list prices of ${cost.prices.region}, ${cost.prices.date})`;
  const whose = `${unknown} ${unknown === 1 ? "cluster" : "clusters"}`;
  const rest =
    unknown === 0 ? [] : [`AWS tells no size of ${whose}: --assume-gib 100 counts 100 GiB for each`];
  return wrap([...(storageGib > 0 ? [counted] : []), ...rest].join("; "), width, "  ");
};

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

const totals = (
  { totals: { take, copy, prune, keep }, clusters, problems }: PreviewDocument,
  { reasons, width }: PreviewView,
): string => {
  const own = clusters.flatMap(({ copies }) => copies).filter(({ action }) => action === "start").length;
  const words =
    `would take ${counted(take, "snapshot")}, start ${counted(own, "copy", "copies")}${earlierWords(copy - own)}, ` +
    `prune ${counted(prune, "recovery point")} and ${keptWords(keep, problems)}` +
    `${reasons || keep === 0 ? "" : " (--reasons says why)"}; problems: ${problems.length}`;
  return `${wrap(words, width, "")}\nnothing was changed`;
};

/** Where a run removes nothing since it does not see all, it judges nothing either. */
const keptWords = (keep: number, problems: PreviewDocument["problems"]): string =>
  keep === 0 && problems.some(({ code }) => code === "prune-suspended" || code === "unlisted")
    ? "judge none, for want of what could not be listed"
    : `keep ${keep}`;
