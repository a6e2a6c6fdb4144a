import { formatAge } from "../lib/core/duration.ts";
import type { ListedPoint } from "./list-document.ts";
import { counted, table, withIds } from "./table.ts";

const columns = ["CLUSTER", "OF", "WHERE", "TAKEN (UTC)", "AGE"] as const;

/** One table of all clusters, by one clock: the zones of their plans may differ. */
export const newestTable = (points: readonly ListedPoint[], now: number, width: number): string =>
  withIds(table({ columns, rows: points.map((point) => cellsOf(point, now)), width }), points);

const cellsOf = ({ cluster, home, region, kind, takenAt }: ListedPoint, now: number): readonly string[] => [
  cluster,
  home,
  kind === "copy" ? `${region} copy` : region,
  takenAt.slice(0, 16).replace("T", " "),
  formatAge(Math.max(0, (now - Date.parse(takenAt)) / 1000)),
];

export const newestTotals = (points: readonly ListedPoint[]): string => {
  const clusters = new Set(points.map(({ resource }) => resource)).size;
  return `the newest available recovery points of ${counted(clusters, "cluster")}: ${points.length}`;
};
