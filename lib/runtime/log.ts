import { Logger } from "@aws-lambda-powertools/logger";
import type { Journal } from "../core/journal.ts";

/** One JSON line for each event, with the run and the plan of the call at hand. Never a pre-signed URL. */
export const log = new Logger({ serviceName: "holdfast" });

/** In a deployed function the journal is the log: every decision with its reasons. */
export const logJournal: Journal = ({ kind, ...entry }) => log.info(kind, { entry });
