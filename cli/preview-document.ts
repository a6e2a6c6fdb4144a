import type { Cost } from "../lib/core/cost.ts";
import type { QuotaOutlook } from "../lib/core/outlook.ts";
import type { Deed } from "../lib/engines/dry-run.ts";
import { type ToldProblem, tellInWords } from "./aws-words.ts";
import type { Ledger } from "./ledger.ts";
import type { Preview } from "./preview.ts";
import { type ClusterResult, type ResultDocument, resultDocument } from "./result-document.ts";
import { type ReasonedPoint, type ToldVerdict, verdictsIn } from "./verdicts.ts";

/** A recovery point with the rules that keep it, or the reasons why it goes. */
export interface JudgedPoint extends ReasonedPoint {
  readonly region: string;
}

export interface PreviewedCopy {
  readonly region: string;
  /** `start`: asked for by the run; `arrives`: AWS makes it by itself; `there` already; `none`: see the problems. */
  readonly action: "start" | "arrives" | "there" | "none";
  readonly id: string | null;
  readonly kmsKey: string | null;
}

export interface PreviewedCluster extends Pick<ClusterResult, "cluster" | "arn" | "engine" | "region"> {
  /** Why the plan means it. */
  readonly because: string;
  /** `take`: asked for by the run; `there` already; `none`: see the problems. */
  readonly action: "take" | "there" | "none";
  readonly snapshot: string | null;
  readonly copies: readonly PreviewedCopy[];
  readonly prune: readonly JudgedPoint[];
  readonly keep: readonly JudgedPoint[];
  readonly problems: readonly ToldProblem[];
}

/** The next run of a plan before it happens: `--json` prints it, the table shows it. */
export interface PreviewDocument {
  readonly version: 1;
  readonly plan: string;
  readonly run: string | null;
  /** The scheduled time, ISO 8601. */
  readonly at: string;
  readonly timeZone: string;
  /** What the run would come to, as far as can be foretold. */
  readonly outcome: "complete" | "incomplete" | "failed";
  readonly totals: {
    readonly take: number;
    /** Also of points that earlier runs took, and of which there is no copy: the clusters' rows have the run's own only. */
    readonly copy: number;
    readonly prune: number;
    readonly keep: number;
  };
  readonly clusters: readonly PreviewedCluster[];
  /** Clusters whose snapshots AWS would copy by itself from then on, automated ones too, and where to. */
  readonly enables: readonly { readonly cluster: string; readonly arn: string; readonly region: string }[];
  readonly skipped: readonly { readonly cluster: string; readonly because: string }[];
  readonly problems: readonly ToldProblem[];
  readonly quotas: readonly QuotaOutlook[];
  readonly cost: Cost;
  /** What is right in form in the plan and may not be meant, such as a schedule that summer time leaves out. */
  readonly warnings: readonly { readonly code: string; readonly sentence: string }[];
}

/** What the run itself would do; what surrounds it is told apart. */
export type ForetoldRun = Omit<PreviewDocument, "quotas" | "cost" | "warnings">;

export interface PreviewedPlan {
  readonly plan: string;
  readonly at: string;
  readonly timeZone: string;
}

export const previewDocument = (plan: PreviewedPlan, preview: Preview): ForetoldRun => {
  const { ledger } = preview;
  const result = inSight(resultDocument(ledger, preview.execution, tellInWords(ledger)), ledger);
  const verdicts = verdictsIn(ledger);
  const clusters = result.clusters.map((row) => previewed(row, { ...preview, verdicts }));
  const count = (of: (cluster: PreviewedCluster) => number) =>
    clusters.reduce((sum, one) => sum + of(one), 0);
  return {
    version: 1,
    ...{ plan: plan.plan, run: result.run, at: plan.at, timeZone: plan.timeZone, outcome: result.outcome },
    totals: {
      take: clusters.filter(({ action }) => action === "take").length,
      copy: preview.deeds.filter((deed) => deed.do === "copy").length,
      prune: count(({ prune }) => prune.length),
      keep: count(({ keep }) => keep.length),
    },
    clusters,
    enables: preview.ledger
      .of("copying.enabled")
      .map(({ cluster, source, to }) => ({ cluster, arn: source, region: to })),
    skipped: result.skipped,
    problems: result.problems,
  };
};

/** Of a run that nobody can foretell. */
export const unforetold = (plan: PreviewedPlan, problems: readonly ToldProblem[]): ForetoldRun => ({
  ...{ version: 1, plan: plan.plan, run: null, at: plan.at, timeZone: plan.timeZone, outcome: "failed" },
  ...{ totals: { take: 0, copy: 0, prune: 0, keep: 0 }, clusters: [], enables: [], skipped: [], problems },
});

/**
 * A preview is never cut off: where a copy region could not be listed, nobody knows what there is of a cluster's copies, and that
 * is told of each.
 */
const inSight = (result: ResultDocument, ledger: Ledger): ResultDocument => {
  const silent = new Set(ledger.of("region.unlisted").map(({ region }) => region));
  const isBlind = ({ snapshot, copies, problems }: ClusterResult): boolean =>
    snapshot !== null &&
    copies.some((copy) => copy.id === null && silent.has(copy.region)) &&
    !problems.some(({ code }) => code === "copy-unsupported" || code === "unlisted");
  const blindness = (row: ClusterResult): readonly ToldProblem[] =>
    isBlind(row) ? [{ cluster: row.cluster, region: row.region, ...uncopied }] : [];
  // The region's own row says it.
  const seen = (problems: readonly ToldProblem[]): readonly ToldProblem[] =>
    problems.filter(
      ({ code, cluster, region }) => !(code === "lost" && cluster === "*" && silent.has(region)),
    );
  return {
    ...result,
    problems: [...result.clusters.flatMap(blindness), ...seen(result.problems)],
    clusters: result.clusters.map((row) => ({ ...row, problems: [...row.problems, ...blindness(row)] })),
  };
};

const uncopied = {
  code: "unlisted",
  sentence: "a copy region could not be listed, and nobody can say what there is of it",
} as const;

const previewed = (
  row: ClusterResult,
  { ledger, deeds, verdicts: all }: Preview & { readonly verdicts: readonly ToldVerdict[] },
): PreviewedCluster => {
  const { cluster, arn, engine, region, problems } = row;
  const verdicts = all.filter((one) => one.arn === arn);
  const created = deeds.some((deed) => deed.do === "create" && deed.cluster === arn);
  return {
    ...{ cluster, arn, engine, region, problems },
    because: ledger.of("cluster.taken").find((one) => one.cluster === arn)?.because ?? "",
    action: created ? "take" : row.snapshot === null ? "none" : "there",
    snapshot: row.snapshot,
    copies: row.copies.map((copy) => previewedCopy(copy, deeds)),
    prune: verdicts.flatMap(({ region: place, remove }) => remove.map((one) => ({ region: place, ...one }))),
    keep: verdicts.flatMap(({ region: place, keep }) => keep.map((one) => ({ region: place, ...one }))),
  };
};

const previewedCopy = (
  { region, id }: ClusterResult["copies"][number],
  deeds: readonly Deed[],
): PreviewedCopy => {
  const started = deeds.find((deed) => deed.do === "copy" && deed.region === region && deed.id === id);
  const tagged = deeds.some((deed) => deed.do === "tag" && deed.region === region && deed.id === id);
  const kmsKey = started?.do === "copy" ? (started.kmsKey ?? null) : null;
  if (id === null) return { region, action: "none", id, kmsKey };
  return { region, action: started ? "start" : tagged ? "arrives" : "there", id, kmsKey };
};
