import { type CronField, cronFields, notAValue, type Reading, readValue, readValues } from "./cron-field.ts";

/** On which days of a month a schedule fires. Weekdays are EventBridge's: 1 is Sunday, 7 is Saturday. */
export type DayRule =
  | { readonly on: "days"; readonly days: readonly number[] }
  | { readonly on: "weekdays"; readonly weekdays: readonly number[] }
  | { readonly on: "last-day" }
  | { readonly on: "last-workday" }
  | { readonly on: "nearest-workday"; readonly day: number }
  | { readonly on: "nth-weekday"; readonly weekday: number; readonly nth: number }
  | { readonly on: "last-weekday"; readonly weekday: number };

/** Reads the two day fields, of which exactly one says something. */
export const readDays = (fields: { monthDay: string; weekday: string }): Reading<DayRule> => {
  const { monthDay, weekday } = fields;
  if (monthDay === "?" && weekday === "?")
    return { problem: "has ? in day-of-month and in day-of-week; put * into one of the two" };
  if (monthDay !== "?" && weekday !== "?") return doubled(fields);
  return monthDay === "?" ? readDay(cronFields.weekday, weekday) : readDay(cronFields.monthDay, monthDay);
};

/** Unix takes a value in both, EventBridge in one only: where one is `*`, the other was meant. */
const doubled = ({ monthDay, weekday }: { monthDay: string; weekday: string }): Reading<DayRule> => {
  const said = `has ${monthDay} in day-of-month and ${weekday} in day-of-week`;
  if ((monthDay === "*") === (weekday === "*")) return { problem: `${said}; put ? into one of the two` };
  return { problem: `${said}; put ? into ${monthDay === "*" ? "day-of-month" : "day-of-week"}` };
};

const readDay = (field: CronField, text: string): Reading<DayRule> => {
  const items = text.split(",");
  const special = specials.find(({ of, form }) => of === field && items.some((item) => form.test(item)));
  if (special === undefined) return plainDays(field, text);
  if (items.length > 1)
    return { problem: `has L, W or # in a list in ${field.name}; let it stand alone there` };
  return special.read(special.form.exec(text) ?? []);
};

const plainDays = (field: CronField, text: string): Reading<DayRule> => {
  const read = readValues(field, text);
  if ("problem" in read) return read;
  const ofMonth = field === cronFields.monthDay;
  return {
    value: ofMonth ? { on: "days", days: read.value } : { on: "weekdays", weekdays: read.value },
  };
};

interface Special {
  readonly of: CronField;
  readonly form: RegExp;
  readonly read: (match: readonly (string | undefined)[]) => Reading<DayRule>;
}

/** LW is in no table of AWS's, but EventBridge takes it, as Quartz does, from which the whole form comes. */
const specials: readonly Special[] = [
  { of: cronFields.monthDay, form: /^L$/i, read: () => ({ value: { on: "last-day" } }) },
  { of: cronFields.monthDay, form: /^LW$/i, read: () => ({ value: { on: "last-workday" } }) },
  { of: cronFields.monthDay, form: /^(\w+)W$/i, read: ([, day]) => nearestTo(day) },
  { of: cronFields.weekday, form: /^L$/i, read: () => ({ value: { on: "weekdays", weekdays: [7] } }) },
  { of: cronFields.weekday, form: /^(\w+)L$/i, read: ([, day]) => lastOf(day) },
  { of: cronFields.weekday, form: /^(\w+)#(\w+)$/, read: ([, day, nth]) => nthOf(day, nth) },
];

const nearestTo = (text = ""): Reading<DayRule> => {
  const day = readValue(cronFields.monthDay, text);
  return day === undefined ? notAValue(cronFields.monthDay, text) : { value: { on: "nearest-workday", day } };
};

const lastOf = (text = ""): Reading<DayRule> => {
  const weekday = readValue(cronFields.weekday, text);
  return weekday === undefined
    ? notAValue(cronFields.weekday, text)
    : { value: { on: "last-weekday", weekday } };
};

const nthOf = (text = "", nth = ""): Reading<DayRule> => {
  const weekday = readValue(cronFields.weekday, text);
  if (weekday === undefined) return notAValue(cronFields.weekday, text);
  return /^[1-5]$/.test(nth)
    ? { value: { on: "nth-weekday", weekday, nth: Number(nth) } }
    : { problem: `has #${nth} in day-of-week; use #1 to #5` };
};

const dayMs = 86_400_000;

/** The days of a month (1 is January) on which a rule fires, in days since 1970, in order. */
export const daysOf = (
  rule: DayRule,
  { year, month }: { year: number; month: number },
): readonly number[] => {
  const start = Date.UTC(year, month - 1) / dayMs;
  const length = Date.UTC(year, month) / dayMs - start;
  // 1970 began on a Thursday, which is 5.
  const weekdayOf = (day: number): number => ((start + day + 3) % 7) + 1;
  return daysIn(rule, { length, weekdayOf }).map((day) => start + day - 1);
};

interface Month {
  readonly length: number;
  readonly weekdayOf: (day: number) => number;
}

const daysIn = (rule: DayRule, month: Month): readonly number[] => {
  const { length, weekdayOf } = month;
  switch (rule.on) {
    case "days":
      return rule.days.filter((day) => day <= length);
    case "weekdays":
      return allDays(month).filter((day) => rule.weekdays.includes(weekdayOf(day)));
    case "last-day":
      return [length];
    case "last-workday":
      return [workdayNear(length, month)];
    case "nearest-workday":
      return rule.day <= length ? [workdayNear(rule.day, month)] : [];
    case "nth-weekday":
      return weekdaysIn(rule.weekday, month).slice(rule.nth - 1, rule.nth);
    case "last-weekday":
      return weekdaysIn(rule.weekday, month).slice(-1);
    default:
      return rule satisfies never;
  }
};

const allDays = ({ length }: Month): readonly number[] => Array.from({ length }, (_, index) => index + 1);

const weekdaysIn = (weekday: number, month: Month): readonly number[] =>
  allDays(month).filter((day) => month.weekdayOf(day) === weekday);

/** Saturday gives way to the Friday before, Sunday to the Monday after, but never into another month. */
const workdayNear = (day: number, { length, weekdayOf }: Month): number => {
  if (weekdayOf(day) === 7) return day === 1 ? 3 : day - 1;
  if (weekdayOf(day) === 1) return day === length ? day - 2 : day + 1;
  return day;
};
