import { readTime, toSecond } from "../lib/core/time.ts";
import { Misuse } from "./exit.ts";

/** The moment that `--at` names, to the second. */
export const timeOf = (text: string): string => {
  if (!Number.isNaN(readTime(text))) return toSecond(text);
  throw new Misuse(`--at ${text} is not a time; use ISO 8601 such as 2026-11-21T03:00:00Z`);
};
