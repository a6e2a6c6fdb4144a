import { bytesOf } from "./payload.ts";

/** Why a cluster was not taken, copied or pruned as its plan asks: a closed list, each with its remedy. */
export const problemSentences = {
  stopped: "the cluster is stopped; start it, or say `stopped: skip` in the plan",
  unavailable: "the cluster was not available for a snapshot; look at its status",
  missing: "the cluster is gone since the run began",
  "quota-full": "the region's quota of manual snapshots is full; raise it or keep fewer",
  "name-taken": "a snapshot that is not ours holds the name; delete or rename it",
  "snapshot-failed": "AWS failed the snapshot three times; see the cluster's events",
  denied: "AWS refused the permission; see the function's role",
  refused: "AWS refused the request; see the log for its words",
  deadline: "it was not finished at the plan's deadline; the next run goes on",
  lost: "the work was cut off; the next run takes it up again",
  superseded: "a later run has a newer recovery point; there is nothing to do",
  unlisted: "the region could not be listed; see the log for AWS's words",
  "not-selected": "the plan selects no cluster of this name; look at its tags, engines and regions",
  "no-clusters": "the plan means no cluster at all; look at its tags and regions",
  "primary-elsewhere":
    "it only reads, and no plan looks where it is written; add the primary's region to the plan's `select.regions`",
  "tags-unknown": "AWS told no tags for the cluster; allow tag:GetResources",
  "override-retention":
    "its tag holdfast:retention cannot be read, so the plan's holds; write it like `daily=14 monthly=24`",
  "override-copies":
    "its tag holdfast:copies is neither `none` nor copy regions of the plan, so the plan's hold; mend the tag",
  "override-plan": "its tag holdfast:plan names a plan that there is not; name plans, separated by spaces",
  "copy-unsupported": "AWS does not copy snapshots of Multi-AZ DB clusters; take the plan's copies off it",
  "copy-failed": "AWS failed the copy three times; see the destination region's events",
  "copy-quota-full": "the copy region's quota of manual snapshots is full; raise it or keep fewer copies",
  "no-snapshot": "there is no snapshot of this run to copy",
  "key-missing": "the snapshot is encrypted and the plan names no kms-key for the copy region",
  "key-unusable": "the copy region's KMS key cannot be used; enable it or name another one",
  "setting-absent":
    "snapshot copy is not enabled on the cluster; run aws redshift enable-snapshot-copy, or let the plan manage it",
  "setting-elsewhere": "the cluster's snapshot copy points to another region; a cluster has only one",
  "setting-expires": "AWS would delete the cluster's copied snapshots by itself; set their retention to -1",
  brake: "more would be removed than the plan's brake allows; nothing was removed",
  "prune-suspended": "a copy region could not be listed, so nothing was removed in the clusters' own region",
  "copy-gate": "copies have been overdue for over three days; the newest uncopied point is kept for them",
  untold: "EventBridge did not take the events of this run; see the log for its words",
  "sweep-suspended": "a region could not be listed, so Sweep removed nothing of this kind anywhere",
  undeletable: "AWS refused to delete a snapshot of ours; delete it by hand",
} as const;

export type ProblemCode = keyof typeof problemSentences;

/** One row of what is wrong, small enough to travel in a state machine's payload. */
export interface Problem {
  /** The cluster's identifier; `*` where a whole region or batch is meant. */
  readonly cluster: string;
  readonly region: string;
  readonly code: ProblemCode;
}

export const sentenceOf = (problem: Problem): string => problemSentences[problem.code];

/** Children hand back at most this many problems, and at most this many bytes of them, to stay under 2 KB. */
const problemsMax = 20;
const problemBytesMax = 1600;

/**
 * The problems that fit into a child's answer, in their order: one of each kind before a second of any, so that what many
 * clusters have in common hides nothing. Of what is missing Report finds the rest in AWS's listings.
 */
export const capProblems = (problems: readonly Problem[]): readonly Problem[] => {
  const turns = [...Map.groupBy(problems, ({ code }) => code).values()].flatMap((kind) =>
    kind.map((problem, turn) => ({ problem, turn })),
  );
  let bytes = 0;
  const fitting = turns
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, problemsMax)
    .filter(({ problem }) => {
      bytes += bytesOf(problem) + 1;
      return bytes <= problemBytesMax;
    });
  const capped = new Set(fitting.map(({ problem }) => problem));
  return problems.filter((problem) => capped.has(problem));
};

/** The same problem once, in the order of first mention. */
export const distinctProblems = <P extends Problem>(problems: readonly P[]): readonly P[] => [
  ...new Map(problems.map((problem) => [problemKey(problem), problem])).values(),
];

/** What two mentions of one problem have in common. */
export const problemKey = ({ cluster, region, code }: Problem): string => `${region} ${cluster} ${code}`;
