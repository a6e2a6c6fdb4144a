import type { Checker } from "./checker.ts";
import { isAvailable } from "./ownership.ts";
import type { EndedRun, Scene, SeenSnapshot } from "./records.ts";

/** What the functions of a run were shown while they worked. */
export interface Seen {
  /** When its report began to look: what others delete before, it has to miss. */
  readonly reportedAt: number;
  /** What there was then, and available, of the run's time. */
  readonly before: readonly SeenSnapshot[];
  /** Whether the event bus refused what its report told last, or nobody heard (yet) that it took it, the report's caller included. */
  readonly untold: boolean;
  /** Clusters that Snapshot was shown busy, by region and name, and when first and last. */
  readonly busy: ReadonlyMap<string, { readonly first: number; readonly last: number }>;
  /** How often a copy was answered that its source is not there, by destination and source, and not begun since. */
  readonly unfound: ReadonlyMap<string, number>;
}

interface ReportLook {
  readonly number: number;
  readonly at: number;
  readonly there: readonly SeenSnapshot[];
}

interface Look {
  /** Of the report of each of a run's executions the last that began. */
  readonly reports: Map<number, ReportLook>;
  untold: boolean;
  /** The bus has taken it: once the report has ended, its caller knows. */
  taken: boolean;
  readonly busy: Map<string, { readonly first: number; readonly last: number }>;
  readonly unfound: Map<string, number>;
}

const wantsSource = new Set(["DBClusterSnapshotNotFoundFault", "InvalidDBClusterSnapshotStateFault"]);

/** Looks over the shoulders of runs, until each has ended. */
export const lookOut = (
  scene: Scene,
): Required<Pick<Checker, "departed" | "answered" | "found" | "unanswered" | "invocationEnded">> & {
  of(run: EndedRun): Seen;
} => {
  const looks = new Map<number, Look>();
  /** What is forgotten of sources whose copies an invocation has begun, once it has answered so. */
  const begun = new Map<number, (() => void)[]>();
  const lookOf = (whole: number): Look => {
    const known = looks.get(whole) ?? {
      ...{ reports: new Map(), untold: false, taken: false, busy: new Map(), unfound: new Map() },
    };
    looks.set(whole, known);
    return known;
  };
  return {
    departed: ({ invocation, operation, at }) => {
      const { function: name, number, execution, whole = execution, at: time } = invocation;
      if (name !== "report" || execution === undefined || whole === undefined) return;
      const look = lookOf(whole);
      if (operation === "PutEvents") look.untold = true;
      if (look.reports.get(execution)?.number === number) return;
      const there = scene
        .snapshots()
        .filter((one) => isAvailable(one) && one.tags.get("holdfast:taken-at") === time);
      look.reports.set(execution, { number, at, there });
    },
    answered: ({ invocation, operation, region, parameters, status, code, unheard }) => {
      const { execution, whole = execution, function: name, number } = invocation;
      if (whole === undefined) return;
      if (operation === "PutEvents" && name === "report")
        Object.assign(lookOf(whole), { untold: true, taken: status === 200 && !unheard });
      if (operation !== "CopyDBClusterSnapshot") return;
      const key = `${region} ${parameters.get("SourceDBClusterSnapshotIdentifier")}`;
      const { unfound } = lookOf(whole);
      if (wantsSource.has(code)) unfound.set(key, (unfound.get(key) ?? 0) + 1);
      if (status === 200 && !unheard)
        begun.set(number, [...(begun.get(number) ?? []), () => unfound.delete(key)]);
    },
    unanswered: ({ function: name, execution, whole = execution }) => {
      if (name === "report" && whole !== undefined) lookOf(whole).untold = true;
    },
    invocationEnded: ({ number, function: name, execution, whole = execution, died }) => {
      const look = name === "report" && !died ? looks.get(whole ?? Number.NaN) : undefined;
      if (look?.taken) look.untold = false;
      if (!died) for (const forget of begun.get(number) ?? []) forget();
      begun.delete(number);
    },
    found: ({ invocation: { function: name, execution, whole = execution }, clusters }) => {
      if (name !== "snapshot" || whole === undefined) return;
      const { busy } = lookOf(whole);
      const now = scene.now();
      for (const { id, region, status } of clusters) {
        if (status === "available") continue;
        const key = `${region} ${id}`;
        busy.set(key, { first: busy.get(key)?.first ?? now, last: now });
      }
    },
    of: ({ execution, startedAt }) => {
      const { reports, ...seen } = lookOf(execution);
      looks.delete(execution);
      const [first] = [...reports.values()].toSorted((a, b) => a.at - b.at);
      return { ...seen, reportedAt: first?.at ?? startedAt, before: first?.there ?? [] };
    },
  };
};
