import type { SimulationOptions } from "./months.ts";

/**
 * A seed under which something once went wrong, and what it was. CI runs each; none is ever taken out. Those from before
 * the estate had Multi-AZ clusters, terms of clusters and keep-within are kept as they are, as other seasons.
 */
export interface Regression extends Pick<SimulationOptions, "seed" | "days" | "clusters"> {
  /** Kinds of fault; default: all. */
  readonly faults?: readonly string[];
  readonly was: string;
}

export const regressions: readonly Regression[] = [
  {
    ...{ seed: 1, days: 3, clusters: 6 },
    was: "the checker took a refusal that was asked for again, after an answer that came too late, for a second one",
  },
  {
    ...{ seed: 105, days: 18, clusters: 6 },
    was: "the checker wanted pruned what had an until that passed after the last run",
  },
  {
    ...{ seed: 115, days: 10, clusters: 6 },
    was: "a deletion that a killed function had sent took effect after the checkers had forgotten its verdict",
  },
  {
    ...{ seed: 3, days: 18, clusters: 8 },
    was: "while a tag could not be read, a prune took the last bearer of a promise along with what it had kept",
  },
  {
    ...{ seed: 5021, days: 2, clusters: 10 },
    was: "a copy that AWS refused for the limit gave the pump all of the account's places, above the plan's copies-in-flight",
  },
  {
    ...{ seed: 1, days: 3, clusters: 10 },
    was: "the checker counted a refusal that the pass never heard, and whose copy was then begun",
  },
  {
    ...{ seed: 97085, days: 9, clusters: 14 },
    was: "two pumps of a run each counted their own lost copies, and one copied under a name that the other had left behind",
  },
  {
    ...{ seed: 97099, days: 9, clusters: 14 },
    was: "the checker did not know that two executions of a run may both copy an earlier run's point",
  },
  {
    ...{ seed: 98003, days: 3, clusters: 20 },
    was: "a run in parts named its parts' first twenty problems each; the checker did not hear those that the log names",
  },
  {
    ...{ seed: 98045, days: 4, clusters: 20 },
    was: "the log of a part did not name either what it had met beside its clusters' rows",
  },
  {
    ...{ seed: 100001, days: 3, clusters: 30 },
    was: "the checker wanted a part to say that a later run had pruned its points, hours after it had reported",
  },
  {
    ...{ seed: 122014, days: 1, clusters: 30 },
    was: "the checker wanted a cluster's unreadable tag told by a part that could not list the cluster's region",
  },
  {
    ...{ seed: 127006, days: 12, clusters: 24 },
    was: "of two runs that took a Redshift cluster's snapshots at one moment, one tagged the other's copy as its own",
  },
  {
    ...{ seed: 207_186_204, days: 18, clusters: 6 },
    was: "the checker did not know that a run kept to the floor of a plan whose points another run has pruned since",
  },
  {
    ...{ seed: 171007, days: 3, clusters: 30 },
    was: "the checker did not know that a scheduled run and one on demand may both copy a stopped cluster's last point",
  },
  {
    ...{ seed: 31, days: 1, clusters: 12, faults: ["source-unseen"] },
    was: "that a copy's source was not found was left out of the report, for a row that was no reason for it",
  },
  {
    ...{ seed: 6000, days: 1, clusters: 14 },
    was: "a copy that a pump had given up, since nobody could look at it, left its place to another while it ran",
  },
  {
    ...{ seed: 944, days: 2, clusters: 14 },
    was: "the checker did not know the copy of a source that another execution of its run had made anew",
  },
  {
    ...{ seed: 201_044, days: 11, clusters: 6 },
    was: "a person's copy that ran under the first attempt's name hid the third attempt, which was available, from the report",
  },
  {
    ...{ seed: 212_000, days: 15, clusters: 40 },
    was: "two dozen brakes left no room for a snapshot that AWS refused to delete in what Prune handed on",
  },
  {
    ...{ seed: 208_588, days: 10, clusters: 6 },
    was: "a copy that another execution made again, still running, hid the third attempt, which was available, from the report",
  },
  {
    ...{ seed: 211_902, days: 5, clusters: 6 },
    was: "the checkers held a part to what a killed attempt of its Discover was shown, though a later one was shown nothing",
  },
  {
    ...{ seed: 212_563, days: 1, clusters: 6 },
    was: "a pump waited in vain for a first attempt that had failed and been pruned by another execution, with the second there",
  },
  {
    ...{ seed: 219_918, days: 1, clusters: 6 },
    was: "that one pump did not find its source was left out of the report, for a key that was missing to another",
  },
  {
    ...{ seed: 221_621, days: 2, clusters: 6 },
    was: "somebody's copy under the name of one that had vanished was counted among the run's own",
  },
  {
    ...{ seed: 222_801, days: 10, clusters: 6 },
    was: "a snapshot that had failed was kept for an untagged copy of the one that somebody had deleted under its name",
  },
];
