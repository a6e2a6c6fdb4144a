import pc from "picocolors";
import { engineNames } from "../lib/core/cluster.ts";
import { noReason } from "../lib/core/run.ts";
import type { ForeignSnapshot, ListDocument, ListedPoint } from "./list-document.ts";
import { groupOf } from "./list-document.ts";
import type { Filters } from "./list-filters.ts";
import type { Unlisted } from "./look.ts";
import { newestTable, newestTotals } from "./newest-table.ts";
import { counted, pointLine, table, withIds, wrap } from "./table.ts";

export interface ListView {
  readonly filters: Filters;
  /** Of the terminal. */
  readonly width: number;
}

/** The list for people: what could not be seen, then a table for each cluster and plan. */
export const renderList = (document: ListDocument, { filters, width }: ListView): string => {
  const isTable = filters.newest === true && document.points.length > 0;
  const groups = isTable ? [] : [...Map.groupBy(document.points, groupOf).values()];
  const parts = [
    renderUnlisted(document.unlisted, width),
    isTable ? newestTable(document.points, Date.parse(document.at), width) : "",
    ...groups.map((points) => renderGroup(points, width)),
    filters.foreign ? foreignLines(document.foreign, width) : "",
    wrap(asFarAs(document) + summary(document, filters), width, ""),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
};

/** What is not known stands first: a list that is short for want of an answer must not look whole. */
export const renderUnlisted = (unlisted: readonly Unlisted[], width: number): string =>
  unlisted
    .map(({ region, family, error }) =>
      wrap(`${pc.red(region)}  ${family} could not be listed: ${error}`, width, "  "),
    )
    .join("\n");

const columns = ["TAKEN", "WHERE", "STATUS", "ENC", "GIB", "KEPT BY", "MORE RUNS", "SNAPSHOT"] as const;

/** What all columns but that of the identifiers need. */
const restWidth = 80;

const renderGroup = (points: readonly ListedPoint[], width: number): string => {
  const rows = points.map(cellsOf);
  const wide = restWidth + 1 + Math.max(...points.map(({ id }) => id.length)) <= width;
  const sized = points.some(({ sizeGib }) => sizeGib !== null);
  const hidden = new Set<string>([...(sized ? [] : ["GIB"]), ...(wide ? [] : ["SNAPSHOT"])]);
  const shown = columns.flatMap((name, at) => (hidden.has(name) ? [] : [at]));
  const keptBy = shown.indexOf(columns.indexOf("KEPT BY"));
  const picked = rows.map((row) => shown.map((at) => row[at] ?? ""));
  const names = shown.map((at) => columns[at] ?? "");
  const others = names.reduce(
    (sum, name, at) =>
      at === keptBy ? sum : sum + Math.max(name.length, ...picked.map((row) => (row[at] ?? "").length)) + 1,
    0,
  );
  const room = Math.max("KEPT BY".length, width - others - 1);
  const fitted = picked.map((row, index) => row.with(keptBy, fitReasons(points[index]?.because ?? [], room)));
  const drawn = table({ columns: names, rows: fitted, width });
  return [...heading(points, width), wide ? drawn : withIds(drawn, points)].join("\n");
};

const heading = (points: readonly ListedPoint[], width: number): readonly string[] => {
  const [first] = points;
  if (first === undefined) return [];
  const words = `${pc.bold(first.cluster)}  ${first.label}, ${first.home}  plan ${first.plan}, ${first.timeZone}`;
  const notes = new Set(points.flatMap(noteOf));
  return [words, ...notes].map((line) => wrap(line, width, "  "));
};

/** What has no place in the rows: whatever holds for a whole set, and why somebody had a point taken. */
const noteOf = (point: ListedPoint): readonly string[] => {
  const { governor, orphan, region, policies, reason, takenAt, timeZone } = point;
  const stamps = `stamped policy ${policies.join(" or ")}`;
  return [
    ...(governor === "sweep" ? [`${pc.yellow("orphan")} in ${region}, ${stamps}: ${orphan}`] : []),
    ...(governor === "unknown" ? [`in ${region} judged by its tags alone, ${stamps}`] : []),
    ...(reason === null || reason === noReason
      ? []
      : [`asked for at ${localTime(takenAt, timeZone)}: ${reason}`]),
  ];
};

const cellsOf = (point: ListedPoint): readonly string[] => [
  localTime(point.takenAt, point.timeZone),
  point.kind === "copy" ? `${point.region} copy` : point.region,
  point.status,
  point.encrypted ? "yes" : "no",
  point.sizeGib === null ? "-" : String(Math.round(point.sizeGib)),
  "",
  longevityWord(point),
  point.id,
];

/** `2026-11-20 04:00` by the zone's clock. */
const localTime = (iso: string, timeZone: string): string => {
  const clock = clocks.get(timeZone) ?? clockOf(timeZone);
  clocks.set(timeZone, clock);
  return clock.format(new Date(iso));
};

/** To make one takes longer than to format a hundred times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

const clockOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });

const longevityWord = (point: ListedPoint): string => {
  const { longevity } = point;
  if (longevity === null) return "-";
  if (isDue(point) && point.waitsFor !== null) return "waits";
  switch (longevity.kind) {
    case "runs":
      return longevity.runs === 0 ? "goes next" : String(longevity.runs);
    case "over":
      return `over ${longevity.runs}`;
    case "until":
      return "till then";
    case "no-runs":
      return "no runs";
    case "held":
    case "always":
    case "gated":
    case "orphan":
      return longevity.kind;
    default:
      return longevity satisfies never;
  }
};

/** All reasons where there is room, else the last one: rules of longer periods come later. */
const fitReasons = (because: readonly string[], room: number): string => {
  const short = because.map((reason) => reason.replace(/T\d\d:\d\d:\d\d\.\d{3}Z$/, ""));
  const all = short.join(", ");
  if (all.length <= room || short.length === 0) return all || "-";
  const more = short.length > 1 ? ` +${short.length - 1}` : "";
  return cutEnd(short.at(-1) ?? "", room - more.length) + more;
};

const cutEnd = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;

const foreignLines = (foreign: readonly ForeignSnapshot[], width: number): string => {
  if (foreign.length === 0) return "";
  const room = Math.max(...foreign.map(({ region }) => region.length));
  return foreign
    .map(({ id, region, createdAt, cluster, because }) => {
      const head = `${region.padEnd(room)} ${createdAt?.slice(0, 10) ?? "-".padEnd(10)} `;
      return pointLine({ head, id, because: [`of ${cluster}: ${because}`], width });
    })
    .join("\n");
};

const asFarAs = ({ unlisted }: ListDocument): string =>
  unlisted.length === 0 ? "" : "as far as regions answered: ";

/** The last line, or the sentence that there is nothing. */
const summary = (document: ListDocument, filters: Filters): string => {
  const { points, foreign, regions, service } = document;
  const { foreign: others, narrow, orphans } = filters;
  const place = `in ${regions.join(", ")}`;
  if (others) {
    const seen = `${foreign.length} manual ${foreign.length === 1 ? "snapshot" : "snapshots"}`;
    return foreign.length === 0 ? `every manual snapshot ${place} is ours` : `${seen} ${place} not ours`;
  }
  if (points.length > 0) return filters.newest ? newestTotals(points) : totals(points);
  if (orphans) return `no orphan of ${service} ${place}: some plan's runs prune every recovery point`;
  const more = `${longer(filters)}${elsewhere(document)}`;
  if (narrow) return `no recovery point of ${service} ${place} fits; leave a filter out to see more${more}`;
  return (
    `no recovery point of ${service} ${place} yet: \`holdfast backup PLAN\` takes the first ones ` +
    `(--stage names another stage, --foreign shows what is not ours)${elsewhere(document)}`
  );
};

/** AWS's word for an engine may be the beginning of others. */
const longer = ({ engine }: Filters): string => {
  const names = engineNames.filter((name) => engine !== undefined && name.startsWith(`${engine}-`));
  return names.length === 0 ? "" : `, or say --engine ${names.join(" or ")}`;
};

/** Whoever forgot --stage looks at the wrong one. */
const elsewhere = ({ others }: ListDocument): string =>
  others.length === 0 ? "" : `; there are some of ${others.join(", ")} (--stage)`;

/** Whether the next prune would remove it. */
const isDue = ({ longevity }: ListedPoint): boolean => longevity?.kind === "runs" && longevity.runs === 0;

const totals = (points: readonly ListedPoint[]): string => {
  const clusters = new Set(points.map(({ resource }) => resource)).size;
  const available = points.filter(({ status }) => status === "available").length;
  const what = `${counted(available, "recovery point")} of ${counted(clusters, "cluster")}`;
  return [what, ...fates(points.filter(isDue))].join("; ");
};

/** What goes, and what would go but that a region has to answer first. */
const fates = (due: readonly ListedPoint[]): readonly string[] => {
  const waiting = due.filter(({ waitsFor }) => waitsFor !== null);
  const going = due.length - waiting.length;
  const regions = [...new Set(waiting.map(({ waitsFor }) => waitsFor))].join(" and ");
  const stays = waiting.length === 1 ? "stays" : "stay";
  return [
    ...(going > 0 ? [`${going} ${going === 1 ? "goes" : "go"} with the next run`] : []),
    ...(waiting.length > 0
      ? [`${waiting.length} that would go ${stays} until ${regions} can be listed`]
      : []),
  ];
};
