import { type OwnedSnapshot, stampOf } from "./ownership.ts";
import { type Config, type Plan, planIn } from "./plan.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { decideByAny, type Reasoned, type RetentionPolicy } from "./retention.ts";
import { arnOf } from "./snapshot.ts";

/** Where no plan says otherwise. */
export const defaultFloor = 2;
export const defaultBrake = 10;

/** The floor that a prune of a plan keeps to for a cluster: the highest of all plans that have recovery points of it. */
export const highestFloor = (
  { floor }: Pick<Plan, "floor">,
  owned: readonly OwnedSnapshot[],
  config: Config,
): number => Math.max(floor, ...owned.map(({ plan }) => planIn(config, plan)?.floor ?? 0));

const copyGateDaysMax = 3;
const dayMs = 86_400_000;

/** One cluster's recovery points in one region, over all plans, as a fresh and complete listing shows them. */
export interface PruneInput {
  readonly plan: Pick<Plan, "name" | "timeZone" | "floor" | "brake" | "objective">;
  readonly cluster: string;
  readonly region: string;
  /**
   * The policies in force here, each of which may keep a point: the plan's for the source region, the copy's
   * own in a copy region, the stamped ones where no plan's run visits.
   */
  readonly policies: readonly RetentionPolicy[];
  /** Whether these are the stamped ones: then the last point that carries one stays. */
  readonly stamped?: boolean;
  /** Everything of ours of this resource in this region, whatever its plan or status. */
  readonly owned: readonly OwnedSnapshot[];
  /** ARNs that a copy in progress reads from, anywhere. */
  readonly copying: ReadonlySet<string>;
  /** In a region that is copied from: what the copies hold, region by region. */
  readonly copies: readonly { readonly region: string; readonly points: readonly OwnedSnapshot[] }[];
  /** How old the newest copy may be, in seconds, whether the plan says it or its schedule: beyond that, copies are late. */
  readonly copyObjectiveSeconds?: number;
  readonly now: number;
}

export interface PruneVerdict {
  readonly keep: readonly Reasoned[];
  readonly remove: readonly Reasoned[];
  readonly problems: readonly Problem[];
}

/** Why a snapshot may not go, or `undefined`. */
type Gate = (point: OwnedSnapshot) => string | undefined;

/**
 * What goes and what stays of one cluster in one region, each with its reasons.
 *
 * Nothing goes unless retention (or a passed `until`, or a failed status) says so *and* no gate holds it:
 * hold, until, the source of a running copy, the newest uncopied point while copies are overdue, the floor
 * of the plan's own available recovery points, the brake on these, being the last that carries a stamp. Only the plan's own points are
 * ever removed, and only these are counted: another plan's run may remove the others at the same moment.
 */
export const decidePrune = (input: PruneInput): PruneVerdict => {
  const mine = input.owned.filter(({ plan }) => plan === input.plan.name);
  const { keep, wanted } = wishes(input, mine);
  const gates: readonly Gate[] = [holdGate, untilGate(input.now), sourceGate(input), copyGate(input, mine)];
  const gated = wanted.map((wish) => ({ ...wish, gate: firstGate(gates, wish.point) }));
  const held = gated.filter(({ gate }) => gate !== undefined);
  const free = gated.filter(({ gate }) => gate === undefined);
  const { spared, gone } = applyFloor(input, mine, free);
  const { braked, going } = applyBrake(input, gone);
  const stays = [
    ...keep,
    ...held.map(({ point, gate }) => reasoned(point, gate ?? "")),
    ...spared.map(({ point }) => reasoned(point, `floor of ${input.plan.floor}`)),
    ...braked.map(({ point }) =>
      reasoned(point, `brake: ${braked.length} removals, the plan allows ${input.plan.brake}`),
    ),
  ];
  const removals = going.map(({ point, because }) => ({ id: point.snapshot.id, because }));
  const problems = [...gateProblems(input, mine), ...(braked.length > 0 ? [problem(input, "brake")] : [])];
  const verdict = { keep: stays, remove: removals, problems };
  return input.stamped ? keepingStamps(verdict, mine) : verdict;
};

interface Wish {
  readonly point: OwnedSnapshot;
  readonly because: readonly string[];
}

/** What the plan would keep and remove, before any gate. */
const wishes = (input: PruneInput, mine: readonly OwnedSnapshot[]) => {
  const byId = new Map(mine.map((point) => [point.snapshot.id, point]));
  const apart = mine.filter((point) => point.until !== undefined || point.hold !== undefined);
  const scheduled = mine.filter((point) => !apart.includes(point));
  const points = scheduled.filter(isAvailable).map(({ snapshot, takenAt }) => ({ id: snapshot.id, takenAt }));
  const { plan, policies, now } = input;
  const retention = decideByAny({ points, policies, timeZone: plan.timeZone, now });
  const keep = [
    ...retention.keep,
    ...mine.filter(isUnfinished).map((point) => reasoned(point, `still ${point.snapshot.status}`)),
  ];
  const wanted: readonly Wish[] = [
    ...retention.remove.flatMap(({ id, because }) => {
      const point = byId.get(id);
      return point ? [{ point, because }] : [];
    }),
    ...scheduled.filter(isFailed).map((point) => ({ point, because: ["failed: never a recovery point"] })),
    ...apart
      .filter((point) => !isUnfinished(point))
      .map((point) => ({ point, because: ["its until has passed"] })),
  ];
  return { keep, wanted };
};

const isAvailable = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "available";
const isFailed = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "failed";
const isUnfinished = (point: OwnedSnapshot): boolean => !isAvailable(point) && !isFailed(point);

const reasoned = ({ snapshot }: OwnedSnapshot, because: string): Reasoned => ({
  id: snapshot.id,
  because: [because],
});

const firstGate = (gates: readonly Gate[], point: OwnedSnapshot): string | undefined =>
  gates.map((gate) => gate(point)).find((reason) => reason !== undefined);

const holdGate: Gate = ({ hold }) => (hold === undefined ? undefined : `held: ${hold}`);

/** An `until` that cannot be read keeps: comparing with NaN is false, so the test is for having passed. */
const untilGate =
  (now: number): Gate =>
  ({ until }) => {
    if (until === undefined || until <= now) return undefined;
    return Number.isNaN(until) ? "its until cannot be read" : `until ${new Date(until).toISOString()}`;
  };

// Deleting the source of a copy in progress may fail the copy (Neptune and Aurora guides), and that copy may
// be the only one that the copy region ever gets of this night.
const sourceGate =
  ({ copying }: PruneInput): Gate =>
  ({ snapshot }) =>
    copying.has(arnOf(snapshot)) ? "source of a copy in progress" : undefined;

const copyGate = (input: PruneInput, mine: readonly OwnedSnapshot[]): Gate => {
  const waiting = new Map(overdueCopies(input, mine).map(({ point, region }) => [point.snapshot.id, region]));
  return ({ snapshot }) => {
    const region = waiting.get(snapshot.id);
    return region && `newest uncopied while copies to ${region} are overdue`;
  };
};

/**
 * For each copy region whose newest copy of this plan is overdue: the newest recovery point that is not
 * copied there, and since when copies are late. That point is a new one every night, so its own age does not
 * tell how long copies have been overdue; only where none was ever made, the oldest that waits has to. Where the
 * plan says no objective, the gate holds at once, and a copy is late by what its schedule can keep.
 */
const overdueCopies = (input: PruneInput, mine: readonly OwnedSnapshot[]) =>
  input.copies.flatMap(({ region, points }) => {
    const copied = points.filter((point) => isAvailable(point) && point.plan === input.plan.name);
    const newestCopy = Math.max(...copied.map(({ takenAt }) => takenAt));
    const { copySeconds = 0 } = input.plan.objective;
    const overdueAt = newestCopy + copySeconds * 1000;
    const lateAt = newestCopy + (input.copyObjectiveSeconds ?? copySeconds) * 1000;
    if (input.now <= overdueAt) return [];
    const sources = new Set(copied.map(({ source }) => source));
    const waiting = mine
      .filter(
        (point) => isAvailable(point) && !sources.has(arnOf(point.snapshot)) && point.takenAt > newestCopy,
      )
      .toSorted(newestFirst);
    const [newest, oldest] = [waiting[0], waiting.at(-1)];
    return newest && oldest
      ? [{ region, point: newest, since: copied.length > 0 ? lateAt : oldest.takenAt }]
      : [];
  });

/** Orders by the time taken, newest first; of the same moment, by id, so that the order never depends on the listing. */
const newestFirst = (a: OwnedSnapshot, b: OwnedSnapshot): number =>
  b.takenAt - a.takenAt || (a.snapshot.id < b.snapshot.id ? -1 : 1);

/** Spares the newest of what would go, so that the floor of the plan's available points of the resource stands. */
const applyFloor = (input: PruneInput, mine: readonly OwnedSnapshot[], free: readonly Wish[]) => {
  const going = free
    .filter(({ point }) => isAvailable(point))
    .toSorted((a, b) => newestFirst(a.point, b.point));
  const available = mine.filter(isAvailable).length;
  const missing = Math.max(0, input.plan.floor - (available - going.length));
  const spared = going.slice(0, missing);
  return { spared, gone: free.filter((wish) => !spared.includes(wish)) };
};

/**
 * Stops all recovery points that would go, where they are more than the plan allows. What failed holds no data and does
 * not count: a few bad nights leave a dozen, which AWS may not delete, and the brake would stay on for good.
 */
const applyBrake = ({ plan }: PruneInput, gone: readonly Wish[]) => {
  const points = gone.filter(({ point }) => isAvailable(point));
  if (points.length <= plan.brake) return { braked: [], going: gone };
  return { braked: points, going: gone.filter((wish) => !points.includes(wish)) };
};

/**
 * A stamp governs the whole set, and would fall silent with the last point that carries it: the next verdict would
 * remove what this one kept. So of those that carry a stamp the newest stays, as long as the set does.
 */
const keepingStamps = (verdict: PruneVerdict, mine: readonly OwnedSnapshot[]): PruneVerdict => {
  const going = new Set(verdict.remove.map(({ id }) => id));
  if (going.size === mine.length) return verdict;
  const bearers = [...Map.groupBy(mine, ({ keep }) => keep && stampOf(keep)).values()];
  const last = bearers
    .filter((some) => some.every(({ snapshot }) => going.has(snapshot.id)))
    .flatMap((some) =>
      some
        .toSorted(newestFirst)
        .slice(0, 1)
        .map(({ snapshot }) => snapshot.id),
    );
  const because = ["the last that carries its retention"];
  return {
    ...verdict,
    keep: [...verdict.keep, ...last.map((id) => ({ id, because }))],
    remove: verdict.remove.filter(({ id }) => !last.includes(id)),
  };
};

/** A dead key must not fill the quota unseen: copies that have been late for three days are a row. */
const gateProblems = (input: PruneInput, mine: readonly OwnedSnapshot[]): readonly Problem[] =>
  overdueCopies(input, mine).some(({ since }) => input.now - since > copyGateDaysMax * dayMs)
    ? [problem(input, "copy-gate")]
    : [];

const problem = ({ cluster, region }: PruneInput, code: ProblemCode): Problem => ({ cluster, region, code });
