/**
 * Epoch milliseconds of an ISO 8601 day, or time with its zone, in a year of four digits; `NaN` for the rest.
 * `Date.parse` alone reads a hand-written `until` such as "ask Bob 7" as a day of 2001, long passed, and the
 * promise would be broken at once; a time without a zone it reads by the clock of whatever machine it runs on.
 */
export const readTime = (text: string): number => (timeForm.test(text) ? Date.parse(text) : Number.NaN);

const timeForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Cuts a time to the second: the grain of names, and so the grain of a run's identity. */
export const toSecond = (iso: string): string => `${new Date(iso).toISOString().slice(0, 19)}Z`;

/** `20261121t030000z`: a time as names carry it. */
export const compactTime = (iso: string): string =>
  `${new Date(iso).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").toLowerCase()}z`;
