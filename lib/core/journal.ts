import type { Task } from "./batch.ts";
import type { Family } from "./cluster.ts";
import type { CopyTask } from "./copying.ts";
import type { CoverageRow } from "./coverage.ts";
import type { Overrides } from "./override.ts";
import type { Problem } from "./problem.ts";
import type { PruneVerdict } from "./pruning.ts";
import type { ClusterRow, Summary } from "./summary.ts";

/** Every decision and deed of a run, in words that log, report and command line share: a closed union. */
export type JournalEntry =
  | { readonly kind: "run.started"; readonly run: string; readonly plan: string; readonly clusters: number }
  | {
      readonly kind: "cluster.taken";
      readonly cluster: string;
      readonly because: string;
      readonly overrides?: Overrides;
    }
  | { readonly kind: "cluster.skipped"; readonly cluster: string; readonly because: string }
  | {
      readonly kind: "region.unlisted";
      readonly region: string;
      readonly family: Family;
      readonly error: string;
    }
  | {
      readonly kind: "quota.untold";
      readonly region: string;
      readonly family: Family;
      readonly error: string;
    }
  | {
      readonly kind: "batch.progress";
      readonly region: string;
      readonly family: Family;
      readonly tasks: readonly Task[];
    }
  | {
      readonly kind: "snapshot.created";
      readonly region: string;
      readonly cluster: string;
      readonly snapshot: string;
    }
  | {
      readonly kind: "snapshot.refused";
      readonly region: string;
      readonly cluster: string;
      readonly error: string;
    }
  | {
      readonly kind: "copying.enabled";
      readonly region: string;
      readonly cluster: string;
      /** The ARN of the cluster. */
      readonly source: string;
      /** The copy region that its snapshots go to from now on. */
      readonly to: string;
    }
  | {
      readonly kind: "copying.refused";
      readonly region: string;
      readonly cluster: string;
      readonly to: string;
      readonly error: string;
    }
  | {
      readonly kind: "queue.progress";
      readonly region: string;
      /** The part's name, of a run in parts: each has a pump of its own. */
      readonly part?: string;
      readonly tasks: readonly CopyTask[];
      readonly done: number;
    }
  | { readonly kind: "copy.started"; readonly region: string; readonly source: string; readonly copy: string }
  | {
      readonly kind: "copy.recognised";
      readonly region: string;
      readonly source: string;
      readonly copy: string;
    }
  | {
      readonly kind: "copy.refused";
      readonly region: string;
      readonly source: string;
      readonly error: string;
    }
  | {
      readonly kind: "prune.verdict";
      readonly region: string;
      readonly cluster: string;
      /** The ARN of the cluster: in a copy region its name alone could be another's. */
      readonly source: string;
      readonly verdict: PruneVerdict;
    }
  | {
      readonly kind: "snapshot.deleted";
      readonly region: string;
      readonly cluster: string;
      readonly snapshot: string;
    }
  | {
      readonly kind: "snapshot.undeleted";
      readonly region: string;
      readonly cluster: string;
      readonly snapshot: string;
      readonly error: string;
    }
  | {
      readonly kind: "events.untold";
      readonly region: string;
      readonly ids: readonly string[];
      readonly error: string;
    }
  | {
      readonly kind: "key.unusable";
      readonly region: string;
      readonly key: string;
      /** Recovery points that cannot be restored or copied without it. */
      readonly points: number;
      readonly reason: string;
    }
  | { readonly kind: "coverage.row"; readonly row: CoverageRow }
  | {
      readonly kind: "sweep.ended";
      readonly family: Family;
      readonly sets: number;
      readonly pruned: number;
      readonly problems: readonly Problem[];
    }
  | { readonly kind: "report.row"; readonly row: ClusterRow }
  /** All of a part's problems: to the whole it hands on the first of them. */
  | { readonly kind: "part.ended"; readonly part: string; readonly summary: Summary }
  | { readonly kind: "run.ended"; readonly summary: Summary };

/** Where steps write what they decided and did. */
export type Journal = (entry: JournalEntry) => void;
