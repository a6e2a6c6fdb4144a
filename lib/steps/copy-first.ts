import { type Batch, type Member, membersOf } from "../core/batch.ts";
import { traitsOf } from "../core/cluster.ts";
import { lastFirings } from "../core/firings.ts";
import { baseName, snapshotName } from "../core/naming.ts";
import { ownedBy } from "../core/ownership.ts";
import { scheduleOf } from "../core/plan.ts";
import { type Run, scheduledRun } from "../core/run.ts";
import { arnOf, type Snapshot } from "../core/snapshot.ts";
import { mayBeTaken } from "../core/taking.ts";
import { findAttempts, livesAsOurs } from "../engines/attempts.ts";
import type { Engine, SnapshotPick } from "../engines/engine.ts";
import type { Context } from "./context.ts";
import type { CopyPass } from "./copy-pass.ts";
import { type Place, reach } from "./reach.ts";

export interface FirstLook {
  readonly sources: readonly Snapshot[];
  /** Regions that did not answer: this run's snapshots there are awaited by their names. */
  readonly unreached: ReadonlySet<string>;
  /** What there is in the destination that concerns the pump; to a part of a run, of its own clusters. */
  readonly present: readonly Snapshot[];
}

/**
 * What a queue is made from: the destination whole, or what concerns a part's clusters; of the sources this run's snapshots by
 * their names, and every one of the clusters of which nothing new can come. Listing a source whole would be a page for
 * each three clusters.
 */
export const firstLook = async (
  pass: CopyPass,
  batches: readonly Batch[],
  context: Context<"engines">,
): Promise<FirstLook> => {
  const unreached = new Set<string>();
  const ask = async (place: Place, list: () => Promise<readonly Snapshot[]>) => {
    const answer = await reach(place, list, context);
    if (answer === undefined) unreached.add(place.region);
    return answer ?? [];
  };
  const { engines } = context;
  const { region } = pass.input.destination;
  const families = [...Map.groupBy(batches, ({ family }) => family)];
  // Side by side: what this run takes meanwhile need not be in it.
  const [named, listed] = await Promise.all([
    Promise.all(batches.map((batch) => ask(batch, () => namedIn(batch, pass, context)))),
    Promise.all(families.map(([family, some]) => presentIn({ region, family }, some, { pass, context }))),
  ]);
  const present = listed.flat();
  const untold = placesOf(batches).filter((place) =>
    present.some((copy) => isUntagged(copy, place, context)),
  );
  const whole = await Promise.all(
    untold.map((place) =>
      ask(place, () => engines[place.family].pickSnapshots(place.region, sourceOf(pass, context))),
    ),
  );
  const sources = new Map([...named.flat(), ...whole.flat()].map((one) => [arnOf(one), one]));
  return { sources: [...sources.values()], unreached, present };
};

interface Around {
  readonly pass: CopyPass;
  readonly context: Context<"engines">;
}

/**
 * What there is of a family in the destination. Where AWS copies by itself, nothing has to be known of it to copy the other
 * family's snapshots: what does not answer now is looked at with the arrivals, later.
 */
const presentIn = async (
  place: Place,
  batches: readonly Batch[],
  { pass, context }: Around,
): Promise<readonly Snapshot[]> => {
  const engine = context.engines[place.family];
  const list = () =>
    pass.input.run.part
      ? ofPart(place, batches, { pass, context })
      : engine.pickSnapshots(place.region, presentOf(pass, context));
  return engine.copies === "by-cluster-setting" ? ((await reach(place, list, context)) ?? []) : list();
};

const placesOf = (batches: readonly Batch[]): readonly Place[] => [
  ...new Map(batches.map(({ region, family }) => [`${region} ${family}`, { region, family }])).values(),
];

const namedIn = async (
  batch: Batch,
  pass: CopyPass,
  { engines, service }: Context<"engines">,
): Promise<readonly Snapshot[]> => {
  const { region, family } = batch;
  const engine = engines[family];
  const [hopeful, hopeless] = [membersOf(batch).filter(isExpectable), batch.members.filter(isHopeless)];
  const ofThisRun = await findNamed(engine, { service, region, run: pass.input.run, clusters: hopeful });
  if (hopeless.length === 0) return ofThisRun;
  const clusters = hopeless.map(({ id }) => id);
  return [...ofThisRun, ...(await engine.snapshotsOf({ region, clusters }))];
};

/** A copy that AWS has brought by itself and nobody has recognised: of which snapshot, only a whole listing tells. */
const isUntagged = (copy: Snapshot, { region, family }: Place, { service }: Context<"engines">): boolean =>
  copy.status === "available" &&
  copy.sourceRegion === region &&
  traitsOf(copy.engine).family === family &&
  ownedBy(service, copy) === undefined;

const isExpectable = ({ status }: Member): boolean => mayBeTaken(status);
const isHopeless = (member: Member): boolean => !isExpectable(member);

/** The plan's own copies, what AWS has brought and nobody has recognised, and every copy that holds a place. */
const presentOf =
  ({ plan }: CopyPass, { service }: Context<"engines">): SnapshotPick<Snapshot> =>
  (copy) => {
    const owned = ownedBy(service, copy);
    const wanted = owned ? owned.plan === plan.name : copy.sourceRegion !== undefined;
    return wanted || isRunningCopy(copy) ? copy : undefined;
  };

/** A copy of whoever's that AWS counts. */
export const isRunningCopy = ({ status, sourceArn }: Snapshot): boolean =>
  status === "copying" && sourceArn !== undefined;

/** The plan's own recovery points: no other is copied. */
const sourceOf =
  ({ plan }: CopyPass, { service }: Context<"engines">): SnapshotPick<Snapshot> =>
  (source) =>
    ownedBy(service, source)?.plan === plan.name ? source : undefined;

/**
 * What a part has to know of its clusters' copies. Were each part of a run to list the place whole, it would be listed once
 * for each part; what others copy there, only AWS's refusal tells a part. Of most clusters the last run's copy is enough,
 * asked for by its name: it tells whose turn it is. A page for each dozen clusters lists what there is of the others.
 */
const ofPart = async (
  { region, family }: Place,
  batches: readonly Batch[],
  { pass, context }: Around,
): Promise<readonly Snapshot[]> => {
  const { service, now } = context;
  const engine = context.engines[family];
  const members = batches.flatMap(membersOf);
  const list = (some: readonly Member[]) =>
    engine.snapshotsOf({ region, clusters: some.map(({ id }) => id) });
  const last = runBefore(pass, now);
  if (last === undefined || engine.copies !== "per-snapshot") return list(members);
  const hopeful = members.filter(isExpectable);
  const query = { service, region, clusters: hopeful };
  const [own, before] = await Promise.all([
    findNamed(engine, { ...query, run: pass.input.run }),
    findNamed(engine, { ...query, run: last }),
  ]);
  const told = new Set(before.filter((copy) => livesAsOurs(service, copy)).map(({ id }) => baseName(id)));
  const untold = members.filter((cluster) => !told.has(snapshotName({ service, run: last, cluster })));
  const listed = await list(untold);
  return [...new Map([...own, ...before, ...listed].map((one) => [arnOf(one), one])).values()];
};

type NamedRun = Pick<Run, "plan" | "at" | "id" | "request">;

interface Named {
  readonly service: string;
  readonly region: string;
  readonly run: NamedRun;
  readonly clusters: readonly (Member & { readonly arn: string })[];
}

/** What there is in a region of a run's snapshots of some clusters, or of the copies of these, by their names. */
const findNamed = async (
  engine: Engine,
  { service, region, run, clusters }: Named,
): Promise<readonly Snapshot[]> => {
  const names = clusters.map((cluster) => snapshotName({ service, run, cluster }));
  return names.length === 0
    ? []
    : findAttempts(engine, { service, region, names, runId: run.id, mayBeFresh: true });
};

/** The newest run that the schedule has begun beside this one; of a rate only Scheduler knows. */
const runBefore = ({ plan, input }: CopyPass, now: number): NamedRun | undefined => {
  const own = Date.parse(input.run.at);
  const time = lastFirings(scheduleOf(plan), plan.timeZone, now, 2).find((firing) => firing !== own);
  return time === undefined ? undefined : scheduledRun(plan.name, time);
};
