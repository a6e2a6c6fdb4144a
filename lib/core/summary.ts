import type { ChildResult, Member } from "./batch.ts";
import { type Cluster, type Engine, isDoubtful, traitsOf } from "./cluster.ts";
import { type ClusterCoverage, clusterCoverageOf } from "./coverage.ts";
import type { Terms } from "./override.ts";
import type { Part } from "./part.ts";
import { objectiveOf } from "./plan.ts";
import { distinctProblems, type Problem, type ProblemCode, problemKey } from "./problem.ts";
import type { Sighting } from "./sighting.ts";
import { isInProgress, type Snapshot, type SnapshotStatus } from "./snapshot.ts";
import { isStopped } from "./taking.ts";

/** A cluster's copy in one region, by name; `absent` where AWS shows none of this run. */
export interface CopyRow {
  readonly region: string;
  readonly id?: string;
  readonly status: SnapshotStatus | "absent";
}

/** What a run did for one cluster, as AWS shows it at the end. */
export interface ClusterRow {
  readonly cluster: string;
  readonly arn: string;
  readonly region: string;
  /** Absent where neither the cluster nor a snapshot of it is there to tell. */
  readonly engine?: Engine;
  readonly snapshot?: string;
  readonly status: SnapshotStatus | "absent";
  readonly copies: readonly CopyRow[];
  /** How old its newest recovery points are, as far as can be told. */
  readonly coverage: readonly PlaceCoverage[];
  readonly problems: readonly Problem[];
}

/** How old the plan's newest recovery point of a cluster is in a region, and may be at most: in seconds. */
export interface PlaceCoverage extends Pick<ClusterCoverage, "region" | "kind" | "age" | "objective"> {
  /** When it was taken, ISO 8601; `null` where there is none: then the cluster's own age counts. */
  readonly newest: string | null;
}

export interface RowInput {
  readonly member: Member & { readonly arn: string };
  readonly region: string;
  /** As AWS shows it now; told only for clusters of which something of this run is missing, or of a run that is old. */
  readonly cluster: Cluster | undefined;
  /** All of its recovery points that were seen, of those clusters. */
  readonly owned: readonly Sighting[];
  /** Regions of which nothing was seen. */
  readonly unseen: readonly string[];
  /** The run's time, and the present: epoch milliseconds. */
  readonly at: number;
  readonly now: number;
  readonly snapshot: Snapshot | undefined;
  /** The region did not answer: that is a problem of its own, and nothing is known to be missing there. */
  readonly silent?: boolean;
  readonly copies: readonly SeenCopy[];
  /** The plan as it holds for the cluster. */
  readonly terms: Terms;
  /** What the run's children met, of every cluster. */
  readonly known: readonly Met[];
}

/** A problem as a child of the run met it. */
export interface Met extends Problem {
  /** The destination, where a pump met it: then it says nothing of what is missing elsewhere. */
  readonly to?: string;
}

export interface SeenCopy {
  readonly region: string;
  readonly snapshot: Snapshot | undefined;
  /** The region's pump left copies to the next run: more of them than it could name. */
  readonly unfinished?: boolean;
  readonly silent?: boolean;
}

/** A cluster's row: what AWS shows, and for everything that is missing a problem, met by a child or inferred. */
export const rowOf = (input: RowInput): ClusterRow => {
  const { member, region, cluster, snapshot, terms } = input;
  const engine = snapshot?.engine ?? cluster?.engine;
  const asked = terms.problems.map((code) => problem(member.id, region, code));
  const told = input.known.filter((one) => one.cluster === member.id && one.region === region);
  const gone = isReplaced(input) ? [problem(member.id, region, "missing")] : [];
  const met: readonly Met[] = [...told, ...gone];
  const words = withoutEchoes(met).map(({ code }) => problem(member.id, region, code));
  const reasons = met.filter(({ code }) => !beside.has(code));
  return {
    cluster: member.id,
    arn: member.arn,
    region,
    ...(engine && { engine }),
    ...(snapshot && { snapshot: snapshot.id }),
    status: snapshot?.status ?? "absent",
    copies: input.copies.map((copy) => copyRow(copy)),
    coverage: coverageIn(input),
    problems: distinctProblems([...asked, ...words, ...inferred(input, reasons)]),
  };
};

/**
 * Whether another cluster has the name by now. Snapshot takes that one, under a name of its own, so that it has a first
 * recovery point; of the cluster that the run found nothing can come any more. Where AWS told the immutable id at one of
 * the two looks only, the ids differ, and tell nothing.
 */
const isReplaced = ({ member, cluster, snapshot }: RowInput): boolean =>
  snapshot === undefined &&
  cluster !== undefined &&
  cluster.resource !== member.resource &&
  isDoubtful(cluster) === isDoubtful(member);

/** Of a cluster with all that the run should bring, the run's own or what was seen of later ones; of another, the newest. */
const coverageIn = (input: RowInput): readonly PlaceCoverage[] => {
  const { cluster, terms, owned, unseen, now } = input;
  if (isWhole(input)) return ownCoverage(input);
  if (cluster === undefined) return [];
  return clusterCoverageOf({ plan: terms.plan, clusters: [cluster], owned, now })
    .filter((row) => !unseen.includes(row.region))
    .map(({ region: place, kind, age, objective, newest }) => ({
      ...{ region: place, kind, age, objective },
      newest: newest === undefined ? null : new Date(newest).toISOString(),
    }));
};

const ownCoverage = ({
  region,
  copies,
  terms,
  owned,
  unseen,
  at,
  now,
}: RowInput): readonly PlaceCoverage[] => {
  const { sourceSeconds, copySeconds } = objectiveOf(terms.plan);
  const places = [
    { region, kind: "source" as const, objective: sourceSeconds },
    ...copies
      .filter(({ snapshot }) => snapshot !== undefined)
      .map((copy) => ({ region: copy.region, kind: "copy" as const, objective: copySeconds })),
  ];
  return places
    .filter((place) => !unseen.includes(place.region))
    .map((place) => {
      const here = owned.filter(
        ({ plan, snapshot }) => plan === terms.plan.name && snapshot.region === place.region,
      );
      const newest = Math.max(at, ...here.map(({ takenAt }) => takenAt).filter((time) => time <= now));
      const age = Math.max(0, Math.floor((now - newest) / 1000));
      return { ...place, age, newest: new Date(newest).toISOString() };
    });
};

/** Whether a run brought a cluster everything that it can have. */
export const isWhole = ({ snapshot, copies }: Pick<RowInput, "snapshot" | "copies">): boolean =>
  snapshot?.status === "available" &&
  (traitsOf(snapshot.engine).copies === "none" ||
    copies.every((copy) => copy.snapshot?.status === "available"));

/** What is wrong beside the taking and copying, and is no reason for anything that is missing. */
const beside: ReadonlySet<ProblemCode> = new Set([
  "override-retention",
  "override-copies",
  "override-plan",
  "brake",
  "copy-gate",
  "undeletable",
] as const);

const copyRow = ({ region, snapshot }: SeenCopy): CopyRow => ({
  region,
  ...(snapshot && { id: snapshot.id }),
  status: snapshot?.status ?? "absent",
});

/** Where nobody has met a reason, what is missing now was cut off or is superseded, unless the plan says to expect it. */
const inferred = (input: RowInput, reasons: readonly Met[]): readonly Problem[] => {
  const { member, region, cluster, snapshot, copies, terms } = input;
  const isToldOf = (place: string): boolean => reasons.some(({ to = place }) => to === place);
  const isAwaited = reasons.some(({ code }) => code === "no-snapshot");
  if (snapshot?.status !== "available" && (input.silent || isToldOf(region) || isAwaited)) return [];
  if (snapshot === undefined) {
    const expected = terms.plan.stopped === "skip" && isStopped(cluster?.status ?? member.status);
    return expected ? [] : [problem(member.id, region, isSuperseded(region, input) ? "superseded" : "lost")];
  }
  if (snapshot.status !== "available") return [problem(member.id, region, codeFor(snapshot))];
  const lacking = copies.filter(
    (copy) => copy.snapshot?.status !== "available" && !copy.silent && !isToldOf(copy.region),
  );
  if (traitsOf(snapshot.engine).copies === "none")
    return lacking.length > 0 ? [problem(member.id, region, "copy-unsupported")] : [];
  return lacking.map((copy) => problem(member.id, region, codeForCopy(copy, input)));
};

const codeForCopy = ({ region, snapshot, unfinished }: SeenCopy, input: RowInput): ProblemCode => {
  if (snapshot !== undefined) return codeFor(snapshot);
  if (isSuperseded(region, input)) return "superseded";
  return unfinished ? "deadline" : "lost";
};

/** A later run's point is there: it was copied in place of this one's, or was the reason to prune that. */
const isSuperseded = (place: string, { owned, terms, at }: RowInput): boolean =>
  owned.some(
    ({ plan, takenAt, snapshot }) => plan === terms.plan.name && snapshot.region === place && takenAt > at,
  );

const codeFor = (snapshot: Snapshot): ProblemCode => (isInProgress(snapshot) ? "deadline" : "lost");

const problem = (cluster: string, region: string, code: ProblemCode): Problem => ({ cluster, region, code });

export interface Totals {
  readonly clusters: number;
  readonly snapshots: number;
  readonly copies: number;
  readonly pruned: number;
  readonly problems: number;
}

export interface Summary {
  /** `complete`: every selected cluster has its snapshot and copies and was pruned, or is expected not to. */
  readonly outcome: "complete" | "incomplete";
  readonly totals: Totals;
  readonly problems: readonly Problem[];
}

export interface SummaryInput {
  readonly rows: readonly ClusterRow[];
  /** What the children met; the same problem from two of them is one. */
  readonly children: readonly ChildResult[];
  /** Problems that belong to no child, such as a region that could not be listed. */
  readonly others: readonly Problem[];
}

/** The verdict over a run: rows from AWS's listings, words for what went wrong from those who met it. */
export const summarise = ({ rows, children, others }: SummaryInput): Summary => {
  // Whether it echoes what is told beside it, its row has judged.
  const judged = new Set(rows.map(({ region, cluster }) => `${region} ${cluster} no-snapshot`));
  const met = childProblems(children).filter((one) => !judged.has(problemKey(one)));
  const problems = distinctProblems([...rows.flatMap((row) => row.problems), ...met, ...others]);
  const available = ({ status }: { readonly status: string }): boolean => status === "available";
  return {
    outcome: problems.length === 0 ? "complete" : "incomplete",
    totals: {
      clusters: rows.length,
      snapshots: rows.filter(available).length,
      copies: rows.flatMap(({ copies }) => copies).filter(available).length,
      pruned: children.reduce((sum, { counts }) => sum + (counts.pruned ?? 0), 0),
      problems: problems.length,
    },
    problems,
  };
};

/** What a part of a run came to, or the name of the error that cut it off, with the part where that is known. */
export type PartResult = Summary | { readonly lost: string; readonly part?: Pick<Part, "regions"> };

/**
 * The verdict over a run in parts: what the parts came to, and what was met beside them. A part tells its first
 * problems only and counts all of them; what two parts tell alike is one.
 */
export const mergeParts = (whole: Summary, parts: readonly PartResult[]): Summary => {
  const told = parts.map(
    (one): Summary => ("lost" in one ? { ...nothing, problems: lostIn(one.part?.regions ?? ["*"]) } : one),
  );
  const all = [whole, ...told];
  const problems = distinctProblems(all.flatMap((one) => one.problems));
  const sum = (of: (one: Summary) => number): number => all.reduce((total, one) => total + of(one), 0);
  const untold = sum((one) => Math.max(0, one.totals.problems - one.problems.length));
  return {
    outcome: all.every(({ outcome }) => outcome === "complete") ? "complete" : "incomplete",
    totals: {
      clusters: sum(({ totals }) => totals.clusters),
      snapshots: sum(({ totals }) => totals.snapshots),
      copies: sum(({ totals }) => totals.copies),
      pruned: sum(({ totals }) => totals.pruned),
      problems: problems.length + untold,
    },
    problems,
  };
};

const lostIn = (regions: readonly string[]): readonly Problem[] =>
  regions.map((region) => ({ cluster: "*", region, code: "lost" }));

/** Of a part that told nothing. */
const nothing = {
  outcome: "incomplete" as const,
  totals: { clusters: 0, snapshots: 0, copies: 0, pruned: 0, problems: 0 },
};

/** That there was nothing to copy only echoes why there was no snapshot, where that is told; what another pump met tells it not. */
const withoutEchoes = (met: readonly Met[]): readonly Met[] =>
  met.filter((one) => one.code !== "no-snapshot" || !met.some((other) => explains(other, one)));

const explains = (other: Met, { code, to }: Met): boolean =>
  other.code !== code && !beside.has(other.code) && (other.to === undefined || other.to === to);

/** A child that was cut off is a problem of its whole batch or destination. */
export const childProblems = (children: readonly ChildResult[]): readonly Problem[] =>
  children.flatMap(({ region, problems, lost }) =>
    lost === undefined ? problems : [...problems, { cluster: "*", region, code: "lost" as const }],
  );
