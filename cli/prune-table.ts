import pc from "picocolors";
import { renderUnlisted } from "./list-table.ts";
import type { PruneDocument, PrunedSet } from "./prune-document.ts";
import { pointLine, renderProblems, wrap } from "./table.ts";

/** Every recovery point with its reason, by cluster and region, and what was or would be done. */
export const renderPrune = (document: PruneDocument, width: number): string =>
  [
    renderUnlisted(document.unlisted, width),
    ...document.sets.map((set) => setLines(set, document.applied, width)),
    renderProblems(document.problems, width),
    wrap(totals(document), width, ""),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

const setLines = (
  { cluster, region, keep, remove, deleted }: PrunedSet,
  applied: boolean,
  width: number,
): string => {
  const gone = new Set(deleted);
  const word = (id: string): string => {
    if (!applied) return "remove";
    return gone.has(id) ? "removed" : "refused";
  };
  const heading = `${pc.bold(cluster)} in ${region}: ${keep.length} kept, ${remove.length} to remove`;
  return [
    wrap(heading, width, "  "),
    ...remove.map(({ id, because }) => pointLine({ head: headOf(word(id)), id, because, width })),
    ...keep.map(({ id, because }) => pointLine({ head: headOf("keep"), id, because, width })),
  ].join("\n");
};

const headOf = (word: string): string => `  ${word === "keep" ? word.padEnd(8) : pc.yellow(word.padEnd(8))} `;

const totals = ({ applied, totals: { keep, remove, deleted }, sets, problems }: PruneDocument): string => {
  if (sets.length === 0)
    return problems.length > 0
      ? "no recovery point was judged, and none was deleted"
      : "no recovery points of ours";
  return applied
    ? `kept ${keep}, removed ${deleted} of ${remove}`
    : `would keep ${keep} and remove ${remove}; nothing was deleted (--apply does it)`;
};
