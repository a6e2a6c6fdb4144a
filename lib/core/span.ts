/** A length of calendar time in restic's words: never all zero when it comes from `parseSpan`. */
export interface Span {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
}

/** The units in the only order that is read and written. `m` is months; there are no minutes. */
const units = [
  ["years", "y"],
  ["months", "m"],
  ["days", "d"],
  ["hours", "h"],
] as const;

/** Five digits are more than any policy needs and keep every date that is counted back to within JavaScript's. */
const form = /^(?:(\d{1,5})y)?(?:(\d{1,5})m)?(?:(\d{1,5})d)?(?:(\d{1,5})h)?$/;

/** Reads `1y6m`, `14d` or `36h`: each unit at most once, in this order; `undefined` when malformed or zero. */
export const parseSpan = (text: string): Span | undefined => {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [years = 0, months = 0, days = 0, hours = 0] = match.slice(1).map((digits) => Number(digits ?? 0));
  const span = { years, months, days, hours };
  return isZeroSpan(span) ? undefined : span;
};

/** The canonical text, without units that are zero; `parseSpan` reads it back as the same span. */
export const formatSpan = (span: Span): string =>
  units.map(([unit, letter]) => (span[unit] === 0 ? "" : `${span[unit]}${letter}`)).join("");

export const isZeroSpan = (span: Span): boolean => units.every(([unit]) => span[unit] === 0);
