import { Logger } from "@aws-lambda-powertools/logger";
import type { Journal, JournalEntry } from "../core/journal.ts";

/** One JSON line for each event, with the run, the plan and the region of the call at hand. Never a pre-signed URL. */
export const log = new Logger({ serviceName: "holdfast" });

/** In a deployed function the journal is the log: every decision with its reasons. */
export const logJournal: Journal = (entry) => log.info(entry.kind, fieldsOf(entry));

/**
 * What a line holds: a row's own fields at its top, where a search finds `cluster` and `region`. A table has a row
 * for each cluster and is written at every look: the log gets the count of each phase.
 */
const fieldsOf = (entry: JournalEntry): Record<string, unknown> => {
  // A row may have a `kind` of its own, which is not the entry's.
  if ("row" in entry) return { ...entry.row };
  const { kind: _, ...fields } = entry;
  if (!("tasks" in fields)) return fields;
  const phases = Object.groupBy(fields.tasks as readonly { readonly phase: string }[], ({ phase }) => phase);
  const counts = Object.entries(phases).map(([phase, some]) => [phase, some?.length ?? 0]);
  return { ...fields, tasks: Object.fromEntries(counts) };
};
