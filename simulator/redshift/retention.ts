import type { RedshiftSnapshot } from "../redshift-records.ts";
import { redshiftFault } from "./errors.ts";

const forEver = -1;

const dayMilliseconds = 86_400_000;

/** Refuses a period for manual snapshots other than -1 and 1 to 3653 days. */
export const assertManualRetention = (days: number): void => {
  if (days === forEver || (days >= 1 && days <= 3653)) return;
  throw invalidRetention("The retention period of manual snapshots must be -1 or between 1 and 3653 days.");
};

/** Refuses a period for automated copies in the destination region other than 1 to 35 days. */
export const assertAutomatedCopyRetention = (days: number): void => {
  if (days >= 1 && days <= 35) return;
  throw invalidRetention("The retention period of copied automated snapshots must be from 1 to 35 days.");
};

export const invalidRetention = (message: string) => redshiftFault("InvalidRetentionPeriodFault", message);

/** Recorded answers count the period from the end of a snapshot's making, not from its beginning. */
export const retentionStart = ({ finishedAt, startedAt }: RedshiftSnapshot): Date => finishedAt ?? startedAt;

/** When a snapshot disappears by itself; undefined where it never does. */
export const expiryOf = (snapshot: RedshiftSnapshot, days = snapshot.retentionPeriod): Date | undefined =>
  days === forEver ? undefined : new Date(retentionStart(snapshot).getTime() + days * dayMilliseconds);

/** Whole days left before a snapshot disappears; undefined where it never does. */
export const remainingDays = (snapshot: RedshiftSnapshot, now: Date): number | undefined => {
  const due = expiryOf(snapshot);
  return due && Math.max(0, Math.floor((due.getTime() - now.getTime()) / dayMilliseconds));
};
