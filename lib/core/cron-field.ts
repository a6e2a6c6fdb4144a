/** What came of reading a text: its value, or what is wrong with it and what would be right, as a predicate. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };

/** One field of a cron expression: its values, and how a message puts them. */
export interface CronField {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** The names that values have, from `first` on. */
  readonly words: readonly string[];
  /** The widest step. AWS refuses wider ones, such as every 60th minute, and any on days of the week. */
  readonly stepMax: number;
  readonly values: string;
  readonly forms: string;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** EventBridge's six fields in their order. Its weekdays are numbered from Sunday, which is 1: not as in Unix. */
export const cronFields = {
  minutes: {
    ...{ name: "minutes", first: 0, last: 59, words: [], stepMax: 59 },
    ...{ values: "0 to 59", forms: "lists (0,30), ranges (0-10) or steps (*/15)" },
  },
  hours: {
    ...{ name: "hours", first: 0, last: 23, words: [], stepMax: 23 },
    ...{ values: "0 to 23", forms: "lists (2,14), ranges (1-5) or steps (*/6)" },
  },
  monthDay: {
    ...{ name: "day-of-month", first: 1, last: 31, words: [], stepMax: 31 },
    ...{ values: "1 to 31", forms: "lists (1,15), ranges (1-7), steps (*/10), L, LW or 15W" },
  },
  months: {
    ...{ name: "month", first: 1, last: 12, words: months, stepMax: 12 },
    ...{ values: "1 to 12 or JAN to DEC", forms: "lists (1,7), ranges (JAN-MAR) or steps (*/3)" },
  },
  weekday: {
    ...{ name: "day-of-week", first: 1, last: 7, words: weekdays, stepMax: 0 },
    ...{ values: "1 (SUN) to 7 (SAT)", forms: "lists (MON,THU), ranges (MON-FRI), L, 6L or 6#2" },
  },
  years: {
    ...{ name: "year", first: 1970, last: 2199, words: [], stepMax: 229 },
    ...{ values: "1970 to 2199", forms: "lists (2030,2032), ranges (2030-2040) or steps (*/2)" },
  },
} as const satisfies Record<string, CronField>;

/** Reads a field of values, ranges and steps; the values come out in order, each once. */
export const readValues = (field: CronField, text: string): Reading<readonly number[]> => {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const read = readItem(field, item);
    if ("problem" in read) return read;
    for (const value of read.value) values.add(value);
  }
  return { value: [...values].sort((a, b) => a - b) };
};

/** The value that a number or a name stands for. */
export const readValue = ({ first, last, words }: CronField, text: string): number | undefined => {
  const word = words.indexOf(text.toUpperCase());
  const value = word >= 0 ? first + word : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= first && value <= last ? value : undefined;
};

/** A number is told the numbers; for anything else the whole item is shown, and what forms there are. */
export const notAValue = (
  { name, values, forms }: CronField,
  text: string,
  item = text,
): { readonly problem: string } =>
  /^\d+$/.test(text)
    ? { problem: `has ${text} in ${name}; use ${values}` }
    : { problem: `has ${JSON.stringify(item)} in ${name}; use ${values}, ${forms}` };

/** `*`, `n` or `n-m`, each with a step behind a slash or without. */
const itemForm = /^(\*|\w+)(?:-(\w+))?(?:\/(\w+))?$/;

const readItem = (field: CronField, item: string): Reading<readonly number[]> => {
  const [, from, to, step] = itemForm.exec(item) ?? [];
  if (from === undefined || (from === "*" && to !== undefined)) return malformed(field, item);
  const range = readRange(field, { item, from, to, open: step !== undefined });
  if ("problem" in range || step === undefined) return range;
  const every = readStep(field, step);
  if ("problem" in every) return every;
  return { value: range.value.filter((_, index) => index % every.value === 0) };
};

/** A single value with a step behind it begins a range that is `open`: it runs to the field's last value. */
const readRange = (
  field: CronField,
  { item, from, to, open }: { item: string; from: string; to: string | undefined; open: boolean },
): Reading<readonly number[]> => {
  const start = from === "*" ? field.first : readValue(field, from);
  if (start === undefined) return notAValue(field, from, item);
  const end = to === undefined ? (open || from === "*" ? field.last : start) : readValue(field, to);
  if (end === undefined) return notAValue(field, to ?? "", item);
  if (end < start) return backwards(field, `${from}-${to}`);
  return { value: Array.from({ length: end - start + 1 }, (_, index) => start + index) };
};

const readStep = ({ name, stepMax }: CronField, step: string): Reading<number> => {
  if (stepMax === 0) return { problem: `has a step in ${name}; list its days instead, such as MON,WED,FRI` };
  const every = /^\d{1,3}$/.test(step) ? Number(step) : 0;
  if (every >= 1 && every <= stepMax) return { value: every };
  return { problem: `has the step /${step} in ${name}; use /1 to /${stepMax}` };
};

const malformed = (field: CronField, item: string): { readonly problem: string } =>
  item === "?"
    ? { problem: `has ? in ${field.name}, which only the two day fields take; use * there` }
    : notAValue(field, item);

/** What runs over the end of the day, week or year is two ranges; years do not come round. */
const backwards = (field: CronField, range: string): { readonly problem: string } => {
  const [from = "", to = ""] = range.split("-");
  const { name, first, last, words } = field;
  const [begin, end] = [words[0] ?? String(first), words.at(-1) ?? String(last)];
  const right = field.name === "year" ? `${to}-${from}` : `${from}-${end},${begin}-${to}`;
  return { problem: `has the range ${range} in ${name}, which runs backwards; use ${right}` };
};
