import pMap from "p-map";
import { isSettled, membersOf, type Task } from "../core/batch.ts";
import type { Cluster } from "../core/cluster.ts";
import { callsIn } from "../core/lanes.ts";
import { baseName, snapshotName } from "../core/naming.ts";
import { termsOf } from "../core/override.ts";
import { stampSnapshot } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { decideTake, type Take } from "../core/taking.ts";
import { looksOfSnapshot } from "../core/turns.ts";
import { findAttempts } from "../engines/attempts.ts";
import {
  BrokenInvariantError,
  ClusterBusyError,
  DeniedError,
  HoldfastError,
  MissingError,
  QuotaFullError,
  SnapshotExistsError,
  SnapshotStateError,
  TransientError,
} from "../errors.ts";
import { announceCreated, type BatchInput, type BatchWork, minutesSince, settleBatch } from "./batch-work.ts";
import { type Context, planNamed } from "./context.ts";
import { settleCopySetting } from "./copy-setting.ts";

/** Creates that run at once: enough for a batch in seconds, few enough not to be throttled. */
const createsAtOnce = 5;

/** So long one call may last by the batch's share of the budget: what is more comes with the next. */
const secondsMax = 60;

/**
 * Takes what is due of a batch: looks at the clusters and at what this run has taken already, decides about
 * each, and creates the missing snapshots. Called again it finds its own snapshots and takes none twice.
 * Where many share the region's calls it creates some, and asks to be called again at once.
 */
export const snapshot = async (
  input: BatchInput,
  context: Context<"engines" | "events">,
): Promise<BatchWork> => {
  const since = input.work?.since ?? new Date(context.now).toISOString();
  const call = { name: "Snapshot" as const, event: input, region: input.batch.region };
  const createsMax = Math.max(1, callsIn(secondsMax, call, context.config) - looksOfSnapshot);
  const { settled, members, left, tried } = shareOut(input, createsMax);
  const seen = await gather(input, members, context);
  const minutesElapsed = minutesSince(since, context.now);
  const orders = members.map((member) => decideOne(input, member, { ...seen, minutesElapsed }, context));
  const deeds = await act(input, orders, { createsMax, context });
  const points = deeds.flatMap(({ point }) => point ?? []);
  const untold = await announceCreated(input, points, context);
  const tasksOf = (some: readonly Deed[]): readonly Task[] => some.map(({ task }) => task);
  // What nobody has tried yet comes first, in the next call as well.
  const untried = [...tasksOf(deeds.filter((deed) => deed.untried)), ...left];
  const tasks = [...settled, ...untried, ...tried, ...tasksOf(deeds.filter((deed) => !deed.untried))];
  const work = settleBatch({ ...input, since, tasks, seen: [], untold }, context);
  if (work.next !== "Wait" || untried.length === 0) return work;
  return { ...work, next: "Snapshot", untried: untried.length };
};

type Member = ReturnType<typeof membersOf>[number];

const isSettledOrAwaited = (task: Task): boolean => isSettled(task) || task.phase === "awaited";

/** What a call is for, and what it leaves as it is. */
interface Share {
  /** Settled or awaited. */
  readonly settled: readonly Task[];
  readonly members: readonly Member[];
  /** Due, and left untried to a later call. */
  readonly left: readonly Task[];
  /** Due once more, and left until all have been tried. */
  readonly tried: readonly Task[];
}

/** Where some are untried, as many of these as the call may create; else everything that is due. */
const shareOut = ({ batch, work }: BatchInput, createsMax: number): Share => {
  const members = membersOf(batch);
  if (work === undefined) return { settled: [], members, left: [], tried: [] };
  const byId = new Map(members.map((member) => [member.id, member]));
  const due = work.tasks.filter((task) => !isSettledOrAwaited(task) && byId.has(task.id));
  const { untried = 0 } = work;
  const most = untried > 0 ? Math.min(untried, createsMax) : due.length;
  return {
    settled: work.tasks.filter(isSettledOrAwaited),
    members: due.slice(0, most).flatMap(({ id }) => byId.get(id) ?? []),
    left: due.slice(most, Math.max(most, untried)),
    tried: due.slice(Math.max(most, untried)),
  };
};

interface Seen {
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** By the attempts' common name. */
  readonly attempts: ReadonlyMap<string, readonly Snapshot[]>;
}

const gather = async (
  { run, batch, work }: BatchInput,
  members: readonly Member[],
  { engines, service }: Context<"engines" | "events">,
): Promise<Seen> => {
  const engine = engines[batch.family];
  const { region } = batch;
  const clusters = new Map(
    (await engine.findClusters({ region, ids: members.map(({ id }) => id) })).map((one) => [one.id, one]),
  );
  const names = members.map((member) =>
    snapshotName({ service, run, cluster: clusters.get(member.id) ?? member }),
  );
  // What was seen there once must be there: a filter that does not show it is in doubt.
  const held = new Set(work?.tasks.flatMap(({ name }) => (name === undefined ? [] : baseName(name))));
  const expected = names.filter((name) => held.has(name));
  const mayBeFresh = expected.length === 0;
  const query = { service, region, names, runId: run.id, expected, mayBeFresh };
  const attempts = await findAttempts(engine, query);
  return { clusters, attempts: Map.groupBy(attempts, ({ id }) => baseName(id)) };
};

interface Order {
  readonly take: Take;
  readonly member: Member;
  readonly cluster: Cluster | undefined;
  /** The attempts that were there. */
  readonly held: readonly Snapshot[];
}

interface Deed {
  readonly task: Task;
  /** The recovery point, where this look shows it available. */
  readonly point?: Snapshot;
  /** Due, and left to the next call. */
  readonly untried?: true;
}

const decideOne = (
  { run, work }: BatchInput,
  member: Member,
  { clusters, attempts, minutesElapsed }: Seen & { readonly minutesElapsed: number },
  { service, config }: Context<"engines" | "events">,
): Order => {
  const cluster = clusters.get(member.id);
  const name = snapshotName({ service, run, cluster: cluster ?? member });
  const { stopped } = planNamed(config, run.plan);
  const held = attempts.get(name) ?? [];
  const busySince = work?.tasks.find(({ id }) => id === member.id)?.busySince;
  const times = { minutesElapsed, busySince };
  return {
    take: decideTake({ service, id: member.id, cluster, name, attempts: held, stopped, ...times }),
    member,
    cluster,
    held,
  };
};

const act = async (
  input: BatchInput,
  orders: readonly Order[],
  { createsMax, context }: { readonly createsMax: number; readonly context: Context<"engines" | "events"> },
): Promise<readonly Deed[]> => {
  let quotaFull = false;
  const now = new Set(orders.filter(({ take }) => take.do === "create").slice(0, createsMax));
  return pMap(
    orders,
    async (order): Promise<Deed> => {
      const { take, member, cluster, held } = order;
      if (take.do === "keep") return kept(take.task, held);
      if (!now.has(order)) return { task: { id: member.id, phase: "due" }, untried: true };
      if (cluster === undefined) throw new BrokenInvariantError(`${take.name}: there is no cluster to take`);
      // Every further create of the region would be refused as well: one answer is enough.
      if (quotaFull) return { task: { id: cluster.id, phase: "failed", problem: "quota-full" } };
      const deed = await create(input, { cluster, member, name: take.name }, context);
      quotaFull ||= deed.task.problem === "quota-full";
      return deed;
    },
    { concurrency: createsAtOnce },
  );
};

const kept = (task: Task, held: readonly Snapshot[]): Deed => {
  const point = task.phase === "available" ? held.find(({ id }) => id === task.name) : undefined;
  return { task, ...(point && { point }) };
};

interface Creation {
  readonly cluster: Cluster;
  readonly member: Member;
  readonly name: string;
}

const create = async (
  { run, batch }: BatchInput,
  { cluster, member, name }: Creation,
  context: Context<"engines" | "events">,
): Promise<Deed> => {
  const { engines, service, config, journal } = context;
  const { plan } = termsOf(planNamed(config, run.plan), member.overrides);
  const { retention, carryTags } = plan;
  const tags = stampSnapshot({ service, run, cluster, retention, carry: carryTags });
  const place = { region: batch.region, cluster: cluster.id };
  try {
    const ready = await settleCopySetting({ cluster, plan }, context);
    const made = await engines[batch.family].createSnapshot({ cluster: ready, id: name, tags });
    journal({ kind: "snapshot.created", ...place, snapshot: name });
    if (made.status !== "available") return { task: { id: cluster.id, phase: "awaited", name } };
    return { task: { id: cluster.id, phase: "available", name }, point: { ...made, tags } };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    journal({ kind: "snapshot.refused", ...place, error: error.message });
    return { task: refused(cluster.id, name, error) };
  }
};

/** What passes by itself. AWS documents of a create that a snapshot may be in the wrong state too, and not which. */
const passing = [ClusterBusyError, SnapshotStateError, TransientError];

/** A refused create as data: one cluster's failure is its own. */
const refused = (id: string, name: string, error: HoldfastError): Task => {
  // Ours after a lost answer, or someone else's: Check looks at whose it is once the listing shows it.
  if (error instanceof SnapshotExistsError) return { id, phase: "awaited", name };
  if (passing.some((one) => error instanceof one)) return { id, phase: "due" };
  // It may have been taken all the same: then Check finds it, and else it is asked for again.
  if (error.unanswered) return { id, phase: "awaited", name };
  if (error instanceof MissingError) return { id, phase: "failed", problem: "missing" };
  if (error instanceof QuotaFullError) return { id, phase: "failed", problem: "quota-full" };
  return { id, phase: "failed", problem: error instanceof DeniedError ? "denied" : "refused" };
};
