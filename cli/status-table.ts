import pc from "picocolors";
import { type Family, isEngine, traitsOf } from "../lib/core/cluster.ts";
import { formatAge } from "../lib/core/duration.ts";
import { renderUnlisted } from "./list-table.ts";
import type { ClusterStatus, StatusDocument } from "./status-document.ts";
import type { UnseenCluster } from "./status-unseen.ts";
import { table, wrap } from "./table.ts";

const columns = ["CLUSTER", "ENGINE", "REGION", "VERDICT", "HERE", "COPY", "NOTE"] as const;

/** The verdicts for people: what could not be seen, a row for each cluster, then the reasons in whole sentences. */
export const renderStatus = (document: StatusDocument, width: number): string => {
  const remarks = remarksOn(document);
  const parts = [
    renderUnlisted(document.unlisted, width),
    clusterTable(document, remarks, width),
    remarks.map((remark, at) => renderRemark(remark, at + 1, width)).join("\n"),
    planLines(document, width),
    goneLines(document, width),
    wrap(summary(document), width, ""),
    wrap(hint(document), width, ""),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
};

interface Remark {
  readonly of: ClusterStatus;
  readonly sentence: string;
}

/** Every reason of every cluster: these are numbered. */
const remarksOn = ({ clusters }: StatusDocument): readonly Remark[] =>
  clusters.flatMap((of) =>
    [...of.risks.map(({ sentence }) => sentence), ...of.because].map((sentence) => ({ of, sentence })),
  );

const clusterTable = (document: StatusDocument, remarks: readonly Remark[], width: number): string => {
  const { clusters, unseen, unlisted } = document;
  if (clusters.length + unseen.length === 0) return "";
  const seen = clusters.map((one) => [
    ...[one.cluster, one.label, one.region, one.verdict],
    ...[ageOf(one, "source", unlisted), ageOf(one, "copy", unlisted)],
    remarks.flatMap(({ of }, at) => (of === one ? [String(at + 1)] : [])).join(" "),
  ]);
  return table({ columns, rows: [...unseen.map(unseenCells), ...seen], width });
};

/** `?` where no point was seen: there may be none, or any. */
const unseenCells = ({ cluster, label, region, places }: UnseenCluster): readonly string[] => {
  const ageIn = (kind: "source" | "copy"): string => {
    const ages = places.filter((place) => place.kind === kind).map(({ ageSeconds }) => ageSeconds);
    return ages.length === 0 ? "?" : formatAge(Math.max(...ages));
  };
  return [cluster, label, region, "unknown", ageIn("source"), ageIn("copy"), ""];
};

/** The age of the newest recovery point over all plans; of copies, in the region that is worst off. */
const ageOf = (
  { coverage, engine }: ClusterStatus,
  kind: "source" | "copy",
  unlisted: StatusDocument["unlisted"],
): string => {
  const rows = coverage.filter((row) => row.kind === kind);
  if (rows.length === 0) return "-";
  const isUnseen = (region: string): boolean =>
    unlisted.some((one) => one.region === region && one.family === familyOf(engine));
  if (rows.some(({ region }) => isUnseen(region))) return "?";
  const newest = [...Map.groupBy(rows, ({ region }) => region).values()].map((some) =>
    Math.min(...some.map((row) => (row.newest === null ? Number.POSITIVE_INFINITY : row.ageSeconds))),
  );
  const age = Math.max(...newest);
  return Number.isFinite(age) ? formatAge(age) : "none";
};

const familyOf = (engine: string): Family | undefined =>
  isEngine(engine) ? traitsOf(engine).family : undefined;

const renderRemark = ({ of, sentence }: Remark, number: number, width: number): string =>
  wrap(`${pc.yellow(`${number}`)}  ${of.cluster} (${of.region}): ${sentence}.`, width, "   ");

const planLines = ({ risks }: StatusDocument, width: number): string =>
  risks
    .map(({ plan, sentence }) => wrap(`${pc.yellow("at risk")}  plan ${plan}: ${sentence}.`, width, "   "))
    .join("\n");

const goneLines = ({ gone }: StatusDocument, width: number): string =>
  gone
    .map(({ cluster, region, points, newest }) =>
      wrap(
        `${pc.yellow("gone")}  ${cluster} (${region}): ${points} recovery ${points === 1 ? "point is" : "points are"} left, ` +
          `the newest of ${newest.slice(0, 10)}; see holdfast list --cluster ${cluster}.`,
        width,
        "   ",
      ),
    )
    .join("\n");

/** What somebody would want to know who looks at the wrong stage, or whose plans are all off. */
const hint = ({ service, clusters, unseen, others, unlisted }: StatusDocument): string => {
  const isNew =
    unseen.length === 0 && clusters.every(({ coverage }) => coverage.every(({ newest }) => newest === null));
  if (isNew && others.length > 0)
    return `no recovery point of ${service} was seen; there are some of ${others.join(", ")} (--stage)`;
  const isBare = clusters.every(({ verdict }) => verdict === "unprotected");
  return isBare && clusters.length > 0 && unlisted.length === 0
    ? "no plan that is switched on means any of them: nothing is backed up"
    : "";
};

const summary = (document: StatusDocument): string => {
  const { service, clusters, unseen, totals, regions, unlisted, risks } = document;
  const seen = `${service}: ${unlisted.length === 0 ? "" : "as far as regions answered, "}`;
  if (clusters.length + unseen.length === 0)
    return unlisted.length === 0
      ? `${seen}no cluster of an engine that Holdfast knows in ${regions.join(", ")}`
      : `${seen}no cluster and no recovery point; nobody can say what there is in ${silentIn(document)}`;
  const plans = new Set(risks.map(({ plan }) => plan)).size;
  const late = plans === 0 ? "" : `; ${plans === 1 ? "a plan is" : `${plans} plans are`} at risk`;
  const { protected: well, atRisk, unprotected } = totals;
  const hidden =
    unseen.length === 0
      ? ""
      : `, ${unseen.length} unknown: ${silentIn(document)} could not be listed, ` +
        "and holdfast list --newest shows what there is elsewhere";
  return `${seen}${well} protected, ${atRisk} at risk, ${unprotected} unprotected${hidden}${late}`;
};

const silentIn = ({ unlisted }: StatusDocument): string =>
  [...new Set(unlisted.map(({ region }) => region))].join(" and ");
