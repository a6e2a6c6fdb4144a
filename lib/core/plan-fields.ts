import { closest, distance } from "fastest-levenshtein";
import * as z from "zod/mini";
import { allTags, carriedMax, isCarried } from "./ownership.ts";
import { keyMistake } from "./plan-key.ts";
import { partitionOf, regionNames, regionsByPartition } from "./region.ts";
import { parseSchedule } from "./schedule.ts";
import { parseSpan } from "./span.ts";

// The single values of holdfast.yml, each with the message about a wrong one.

/** What a plan's deadline may be: waiting must end 30 minutes before the state machine's own time-out of a day. */
const deadlineHoursMax = 23;

export const use = (what: string): { readonly error: string } => ({ error: `use ${what}` });

const wholeBetween = (least: number, most: number) => {
  const right = use(`a whole number from ${least} to ${most}`);
  return z.number(right).check(z.int(right), z.minimum(least, right), z.maximum(most, right));
};

export const count = wholeBetween(0, 3650);

/** EventBridge Scheduler's FlexibleTimeWindow; it has no window of 0, which is mode OFF. */
export const windowMinutes = wholeBetween(0, 1440);

export const wholeFrom1 = z
  .number(use("a whole number from 1 up"))
  .check(z.int(use("a whole number from 1 up")), z.minimum(1, use("a whole number from 1 up")));

export const within = z
  .string(use("a duration such as 14d or 1y6m"))
  .check(z.refine((text) => parseSpan(text) !== undefined, use("a duration such as 14d or 1y6m")));

/** Seconds in a time span of hours and days; months and years have no fixed length. */
export const secondsIn = (text: string): number | undefined => {
  const span = parseSpan(text);
  return span && span.years + span.months === 0 ? (span.days * 24 + span.hours) * 3600 : undefined;
};

export const hours = z
  .string(use("a duration in hours or days, such as 26h or 2d"))
  .check(
    z.refine((text) => secondsIn(text) !== undefined, use("a duration in hours or days, such as 26h or 2d")),
  );

export const deadline = hours.check(
  z.refine((text) => (secondsIn(text) ?? 0) <= deadlineHoursMax * 3600, use(`at most ${deadlineHoursMax}h`)),
);

/** A text that is wrong in the ways that `mistakesIn` tells. */
const textWithout = (right: { error: string }, mistakesIn: (text: string) => readonly string[]) =>
  z.string(right).check(
    z.superRefine((text, context) => {
      for (const message of mistakesIn(text)) context.addIssue({ code: "custom", message, input: text });
    }),
  );

/** A region of the same partition as `home`: snapshots cannot be copied from one partition to another. */
export const regionBeside = (home: string) =>
  textWithout(use("a region of AWS such as eu-west-1"), (name) => {
    const [partition, own] = [partitionOf(name), partitionOf(home)];
    if (partition === undefined) return [unknownRegion(name, regionsByPartition[own ?? ""] ?? regionNames)];
    if (own === undefined || partition === own) return [];
    return [`use a region of ${own} like ${home}; this one is of ${partition}, and no snapshot gets across`];
  });

const unknownRegion = (name: string, regions: readonly string[]): string => {
  const meant = closest(name.toLowerCase(), regions);
  const near = distance(name.toLowerCase(), meant) <= 2;
  return `use a region of AWS such as eu-west-1${near ? `; did you mean ${meant}?` : ""}`;
};

export const timeZone = textWithout(use("a time zone such as Europe/Berlin"), (name) => {
  const zone = zoneOf(name);
  if (zone === undefined) return ["use a time zone such as Europe/Berlin"];
  // Intl takes names in any case; nobody says that EventBridge Scheduler does.
  const isMisspelt = /(^|\/)[a-z]/.test(name) || (zone !== name && zone.toLowerCase() === name.toLowerCase());
  return isMisspelt ? [`use ${zone}`] : [];
});

function zoneOf(name: string): string | undefined {
  // An offset, which newer engines take and EventBridge Scheduler does not.
  if (/^[+-]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone || undefined;
  } catch {
    return undefined;
  }
}

export const schedule = z.pipe(
  z.string(use("EventBridge's cron(…) or rate(…)")),
  z.transform((text, payload) => {
    const verdict = parseSchedule(text);
    if ("schedule" in verdict) return verdict.schedule;
    for (const message of verdict.problems) payload.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  }),
);

export const kmsKey = textWithout(use("alias/NAME, a key's id or ARN, or none"), (text) => {
  const mistake = keyMistake(text);
  return mistake === undefined ? [] : [mistake];
});

/** What RDS takes as a tag's key. Keys of these prefixes belong to AWS or to Holdfast, and are never carried. */
const tagKey = z.string(use("a tag key")).check(
  z.refine((key) => key.length >= 1 && key.length <= 128, use("a tag key of 1 to 128 characters")),
  z.refine(isCarried, use("a key without the prefix aws:, rds: or holdfast:")),
  z.refine(
    (key) => key === allTags || /^[\p{L}\p{N} _.:/=+\-@]*$/u.test(key),
    use("letters, digits, spaces and _.:/=+-@ in a tag key"),
  ),
);

export const carryTags = z.array(tagKey, use("a list of tag keys")).check(
  z.maxLength(carriedMax, use(`at most ${carriedMax} tag keys`)),
  z.refine(
    (keys) => keys.length === 1 || !keys.includes(allTags),
    use('"*" alone, for all tags, or only tag keys'),
  ),
);

/** Identifiers of AWS are letters, digits and hyphens; `*` stands for any of them, `?` for one. */
export const identifiers = z
  .array(
    z
      .string(use("an identifier such as orders or shop-*"))
      .check(z.regex(/^[A-Za-z0-9*?-]+$/, use("an identifier such as orders or shop-*"))),
    use("a list of identifiers"),
  )
  .check(z.minLength(1, use("at least one identifier")));

export const tagPattern = z.record(
  z.string(),
  z
    .array(z.string(use("text; quote numbers and booleans")), use("a list of values"))
    .check(z.minLength(1, use("at least one value"))),
  use("tag keys, each with a list of values"),
);
