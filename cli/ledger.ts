import type { JournalEntry } from "../lib/core/journal.ts";

/** What a run's journal said, kept for the screen and the result document. */
export interface Ledger {
  write(entry: JournalEntry): void;
  /** Every entry of a kind, in order. */
  of<Kind extends JournalEntry["kind"]>(kind: Kind): readonly EntryOf<Kind>[];
  /** Clusters by phase, and copies: what is shown while the run goes on. */
  progress(): RunProgress;
}

export type EntryOf<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { readonly kind: Kind }>;

export interface RunProgress {
  readonly clusters: number;
  /** Clusters by the phase of their snapshot's task. */
  readonly phases: Readonly<Record<string, number>>;
  readonly copiesDone: number;
  readonly copiesRunning: number;
  readonly copiesLeft: number;
  readonly deleted: number;
}

export const makeLedger = (): Ledger => {
  const entries: JournalEntry[] = [];
  const of = <Kind extends JournalEntry["kind"]>(kind: Kind) =>
    entries.filter((entry): entry is EntryOf<Kind> => entry.kind === kind);
  return {
    write: (entry) => {
      entries.push(entry);
    },
    of,
    progress: () => ({
      clusters: of("run.started").at(-1)?.clusters ?? 0,
      phases: phasesIn(of("batch.progress")),
      ...copiesIn(of("queue.progress")),
      deleted: of("snapshot.deleted").length,
    }),
  };
};

/** Each batch reports itself whole, so its last word counts. Batches are told apart by their first member. */
const phasesIn = (reports: readonly EntryOf<"batch.progress">[]): Readonly<Record<string, number>> => {
  const phaseOf = new Map(
    reports.flatMap(({ region, family, tasks }) =>
      tasks.map(({ id, phase }) => [`${region} ${family} ${id}`, phase] as const),
    ),
  );
  const groups = Object.groupBy(phaseOf.values(), (phase) => phase);
  return Object.fromEntries(Object.entries(groups).map(([phase, some]) => [phase, some.length]));
};

const copiesIn = (reports: readonly EntryOf<"queue.progress">[]) => {
  const pumps = reports.map((report) => [`${report.region} ${report.part ?? ""}`, report] as const);
  const latest = [...new Map(pumps).values()];
  const tasks = latest.flatMap((report) => report.tasks);
  return {
    copiesDone: latest.reduce((sum, { done }) => sum + done, 0),
    copiesRunning: tasks.filter(({ phase }) => phase === "copying" || phase === "arriving").length,
    copiesLeft: tasks.length,
  };
};
