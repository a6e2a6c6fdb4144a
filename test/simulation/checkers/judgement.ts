import { keptBy, type Rules } from "./keeping.ts";
import {
  isAvailable,
  isFailed,
  isHeld,
  isOurs,
  isPointOf,
  isRecognisedBy,
  planOf,
  readsFrom,
  resourceOf,
  stampOf,
  takenAt,
  untilOf,
  wordFor,
} from "./ownership.ts";
import type { PlanFacts, SeenSnapshot } from "./records.ts";

/** The checkers' own verdict: what may go of one plan's recovery points of one cluster in one region. */

export interface Case {
  readonly service: string;
  readonly plan: Pick<PlanFacts, "name" | "timeZone" | "floor" | "brake" | "copyObjectiveHours">;
  readonly resource: string;
  /** Each of these may keep a point; `undefined` keeps all. */
  readonly policies: readonly (Rules | undefined)[];
  /** Everything in the region. */
  readonly here: readonly SeenSnapshot[];
  /** Everything in every region that was looked at. */
  readonly everywhere: readonly SeenSnapshot[];
  /** In a region that is copied from: the copy regions, each with everything there. */
  readonly copies: readonly (readonly SeenSnapshot[])[];
  /** Whether it is judged by what its points were promised: then the last bearer of each stamp stays. */
  readonly bearersStay: boolean;
  readonly now: number;
}

export interface Judgement {
  readonly remove: readonly string[];
  readonly braked: boolean;
  /** Whether a copy region has had no newer copy for three days beyond what the plan says. */
  readonly late: boolean;
}

export const judge = (input: Case): Judgement => {
  const { service, plan, resource, here, everywhere, now } = input;
  const all = here.filter((one) => isOurs(one, service) && resourceOf(one) === resource);
  const mine = all.filter((one) => planOf(one) === plan.name);
  const overdue = uncopied(input, mine);
  const waiting = new Set(overdue.map(({ newest }) => newest.id));
  const late = overdue.some(({ since }) => now - since > lateMs);
  const free = mine.filter(
    (one) =>
      isUnwanted(one, mine, input) &&
      !waiting.has(one.id) &&
      !everywhere.some((copy) => readsFrom(copy, one) || isRecognisedBy(copy, one, now)),
  );
  const available = mine.filter(isAvailable).length;
  const going = free.filter(isAvailable).toSorted(newestFirst);
  const spared = new Set(going.slice(0, Math.max(0, plan.floor - (available - going.length))));
  // The brake is for what can be restored from.
  const braked = going.length - spared.size > plan.brake;
  const remove = free.filter((one) => !spared.has(one) && !(braked && isAvailable(one))).map(({ id }) => id);
  return { remove: input.bearersStay ? withoutLastBearers(remove, mine) : remove, braked, late };

  function isUnwanted(one: SeenSnapshot, set: readonly SeenSnapshot[], { policies }: Case): boolean {
    if (isHeld(one)) return false;
    const until = untilOf(one);
    if (until !== undefined) return until <= now && (isAvailable(one) || isFailed(one));
    if (isFailed(one)) return true;
    if (!isAvailable(one)) return false;
    const points = set.filter(
      (point) => isAvailable(point) && !isHeld(point) && untilOf(point) === undefined,
    );
    const times = points.map((point) => ({ id: point.id, takenAt: takenAt(point) }));
    return policies.every(
      (rules) => rules !== undefined && !keptBy(times, rules, { timeZone: plan.timeZone, now }).has(one.id),
    );
  }
};

/** Of the plans that have points of a cluster the most careful speaks for all. */
export const floorOver = (
  points: readonly SeenSnapshot[],
  { floor }: PlanFacts,
  plans: readonly PlanFacts[],
): number =>
  Math.max(
    floor,
    ...plans.filter(({ name }) => points.some((one) => planOf(one) === name)).map((plan) => plan.floor),
  );

const newestFirst = (a: SeenSnapshot, b: SeenSnapshot): number =>
  takenAt(b) - takenAt(a) || (a.id < b.id ? -1 : 1);

const lateMs = 3 * 86_400_000;

/**
 * While a copy region's newest copy is overdue, the newest point that it lacks waits for it; and since when it has been
 * overdue, or where there was none ever, waited for.
 */
const uncopied = (
  { service, plan, resource, copies, now }: Case,
  mine: readonly SeenSnapshot[],
): readonly { readonly newest: SeenSnapshot; readonly since: number }[] =>
  copies.flatMap((there) => {
    const copied = there.filter(
      (one) => isAvailable(one) && isPointOf(one, { service, plan: plan.name, resource }),
    );
    const newestCopy = Math.max(...copied.map(takenAt));
    const overdueAt = newestCopy + plan.copyObjectiveHours * 3_600_000;
    if (now <= overdueAt) return [];
    const sources = new Set(copied.map(({ tags }) => tags.get("holdfast:source")));
    const lacking = mine
      .filter((one) => isAvailable(one) && !sources.has(one.arn) && takenAt(one) > newestCopy)
      .toSorted(newestFirst);
    const [newest, oldest] = [lacking[0], lacking.at(-1)];
    if (newest === undefined || oldest === undefined) return [];
    return [{ newest, since: copied.length > 0 ? overdueAt : takenAt(oldest) }];
  });

const withoutLastBearers = (remove: readonly string[], set: readonly SeenSnapshot[]): readonly string[] => {
  if (remove.length === set.length) return remove;
  const going = new Set(remove);
  for (const bearers of Map.groupBy(set, (one) => wordFor(stampOf(one))).values()) {
    const last = bearers.toSorted(newestFirst)[0];
    if (last !== undefined && bearers.every(({ id }) => going.has(id))) going.delete(last.id);
  }
  return remove.filter((id) => going.has(id));
};
