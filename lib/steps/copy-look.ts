import { type Batch, membersOf } from "../core/batch.ts";
import { type Cluster, type CopyCapability, families, traitsOf } from "../core/cluster.ts";
import {
  type CopyCandidate,
  type CopyStep,
  type CopyTask,
  copyProblem,
  judgeCopy,
  judgeSource,
  judgeUnreached,
  queueCopies,
} from "../core/copying.ts";
import { snapshotName } from "../core/naming.ts";
import { termsOf } from "../core/override.ts";
import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import type { Problem, ProblemCode } from "../core/problem.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { tagEachArrival } from "./arrivals.ts";
import type { Context } from "./context.ts";
import { findArrivals, recognition } from "./copy-arrivals.ts";
import type { CopyPass } from "./copy-pass.ts";
import { findSources, type Place, reach } from "./copy-sources.ts";

/** What a pass sees before it starts anything. */
export interface Look {
  readonly tasks: readonly CopyTask[];
  readonly problems: readonly Problem[];
  readonly done: number;
  /** Copies that this look found done, for the event bus. */
  readonly copied: readonly Snapshot[];
  /** Copies that run into the destination, as far as this look can tell. */
  readonly inFlight: number;
  /** Those among them that are no task of this pump, by identifier. */
  readonly others: readonly string[];
  /** Source snapshots that were seen, by identifier. */
  readonly sources: ReadonlyMap<string, OwnedSnapshot>;
  /** Source regions that did not answer, and since which minute of the pump they do not. */
  readonly unreached: Readonly<Record<string, number>>;
}

/** The first look: both sides listed whole, the queue made from them. */
export const openQueue = async (pass: CopyPass, context: Context<"engines">): Promise<Look> => {
  const { region } = pass.input.destination;
  const batches = pass.input.batches.filter((batch) => batch.region !== region);
  const { sources, unreached } = await listSources(batches, context);
  const familiesHere = [...new Set(batches.map(({ family }) => family))];
  const present = (
    await Promise.all(familiesHere.map((family) => listAt({ region, family }, context)))
  ).flat();
  // A source region may be another one's copy region too: a copy there has the name of what it was made from.
  const owned = sources
    .flatMap((one) => ownedBy(context.service, one) ?? [])
    .filter(({ source }) => source === undefined);
  const arrivals = await tagEachArrival(recognition(pass, { owned, present }), context);
  const recognised = [...arrivals.values()].filter((copy) => !present.includes(copy));
  const copies = [...present, ...recognised].flatMap((one) => ownedBy(context.service, one) ?? []);
  const queue = queueCopies(
    batches.flatMap((batch) => candidatesOf(batch, { pass, owned, copies }, context)),
  );
  const settings = await clusterSettings(batches, context);
  const sifted = sift(queue.tasks, { owned, settings, region }, context);
  const running = present.filter((one) => one.status === "copying" && one.sourceArn !== undefined);
  const own = new Set(sifted.tasks.map(({ copy }) => copy));
  return {
    ...sifted,
    done: queue.done,
    copied: [...recognised, ...copiedBy(pass.input.run.id, copies)],
    inFlight: running.length,
    others: running.flatMap(({ id }) => (own.has(id) ? [] : [id])).slice(0, othersMax),
    sources: new Map(owned.map((one) => [one.snapshot.id, one])),
    unreached: sinceWhen(unreached, pass),
  };
};

/** More than AWS lets run into a region, by any limit that was ever heard of. */
const othersMax = 100;

/** What a first look shows as done by this run itself: an earlier try of it died before it could tell. */
const copiedBy = (run: string, copies: readonly OwnedSnapshot[]): readonly Snapshot[] =>
  copies
    .filter(({ runId, snapshot }) => runId === run && snapshot.status === "available")
    .map(({ snapshot }) => snapshot);

/** All snapshots of the source regions. Of a region that does not answer, this run's are awaited by their names. */
const listSources = async (batches: readonly Batch[], context: Context<"engines">) => {
  const unreached = new Set<string>();
  const listed = await Promise.all(
    placesOf(batches).map(async (place) => {
      const answer = await reach(place, () => listAt(place, context), context);
      if (answer === undefined) unreached.add(place.region);
      return answer ?? [];
    }),
  );
  return { sources: listed.flat(), unreached };
};

const sinceWhen = (unreached: ReadonlySet<string>, { work, minutesElapsed }: CopyPass): Look["unreached"] =>
  Object.fromEntries(
    [...unreached].map((region) => [region, work.unreached?.[region] ?? Math.floor(minutesElapsed)]),
  );

const placesOf = (batches: readonly Batch[]): readonly Place[] => [
  ...new Map(batches.map(({ region, family }) => [`${region} ${family}`, { region, family }])).values(),
];

const listAt = ({ region, family }: Place, { engines }: Context<"engines">): Promise<readonly Snapshot[]> =>
  engines[family].listSnapshots(region);

interface Sides {
  readonly pass: CopyPass;
  readonly owned: readonly OwnedSnapshot[];
  readonly copies: readonly OwnedSnapshot[];
}

const candidatesOf = (
  batch: Batch,
  { pass, owned, copies }: Sides,
  { service }: Context<"engines">,
): readonly CopyCandidate[] => {
  const { run, destination } = pass.input;
  const wanting = membersOf(batch).filter(({ overrides }) =>
    termsOf(pass.plan, overrides).plan.copies.some(({ region }) => region === destination.region),
  );
  return wanting.map((member) => {
    const isMembers = (one: OwnedSnapshot): boolean =>
      one.plan === run.plan && one.resource === member.resource;
    return {
      cluster: member.id,
      region: batch.region,
      family: batch.family,
      expected: snapshotName({ service, run, cluster: member }),
      expectable: member.status === undefined,
      points: owned.filter((one) => isMembers(one) && one.snapshot.region === batch.region),
      copies: copies.filter(isMembers),
    };
  });
};

/** Clusters whose copies are a setting of theirs, by region: only their own listing tells it. */
const clusterSettings = async (
  batches: readonly Batch[],
  context: Context<"engines">,
): Promise<ReadonlyMap<string, readonly Cluster[]>> => {
  const { engines } = context;
  const withSetting = batches.filter(({ family }) => engines[family].copies === "by-cluster-setting");
  const listed = await Promise.all(
    withSetting.map(async ({ region, family, members }) => {
      const query = { region, ids: members.map(({ id }) => id) };
      const answer = await reach({ region, family }, () => engines[family].findClusters(query), context);
      return answer === undefined ? [] : [{ region, clusters: answer }];
    }),
  );
  const byRegion = Map.groupBy(listed.flat(), ({ region }) => region);
  return new Map([...byRegion].map(([region, some]) => [region, some.flatMap(({ clusters }) => clusters)]));
};

interface Known {
  readonly owned: readonly OwnedSnapshot[];
  readonly settings: ReadonlyMap<string, readonly Cluster[]>;
  readonly region: string;
}

/** What cannot be copied leaves the queue with its reason; what AWS copies by itself is waited for. */
const sift = (
  tasks: readonly CopyTask[],
  known: Known,
  { engines }: Context<"engines">,
): Pick<Look, "tasks" | "problems"> =>
  unzip(tasks.map((task) => ({ task, step: siftOne(task, engines[task.family].copies, known) })));

const siftOne = (task: CopyTask, copies: CopyCapability, { owned, settings, region }: Known): CopyStep => {
  const source = owned.find(({ snapshot }) => snapshot.id === task.source && snapshot.region === task.region);
  if (source && traitsOf(source.snapshot.engine).copies === "none") return { problem: "copy-unsupported" };
  if (copies !== "by-cluster-setting") return task;
  const told = settings.get(task.region);
  // The region did not answer, which says nothing about the setting.
  if (told === undefined) return byItself(task);
  const cluster = told.find(({ id }) => id === task.cluster);
  const problem = settingProblem(cluster, region);
  return problem ? { problem } : byItself(task);
};

/** Nobody asks for a copy that AWS makes by itself: once the snapshot is there, the copy is on its way. */
const byItself = (task: CopyTask): CopyTask => (task.phase === "due" ? { ...task, phase: "arriving" } : task);

const settingProblem = (cluster: Cluster | undefined, region: string): ProblemCode | undefined => {
  if (cluster?.copySetting === undefined) return "setting-absent";
  if (cluster.copySetting.region !== region) return "setting-elsewhere";
  return cluster.copySetting.manualRetentionDays === -1 ? undefined : "setting-expires";
};

/** A later look: what is awaited in the sources, what runs and what should arrive in the destination, by id. */
export const lookAgain = async (pass: CopyPass, context: Context<"engines">): Promise<Look> => {
  const { tasks } = pass.work;
  const inPhase = (phase: CopyTask["phase"]): readonly CopyTask[] =>
    tasks.filter((task) => task.phase === phase);
  const { sources, strangers, unreached: silent } = await findSources(pass, inPhase("awaited"), context);
  const unreached = sinceWhen(silent, pass);
  const copies = await findCopies(pass, inPhase("copying"), context);
  const others = await findOthers(pass, context);
  const arrived = await findArrivals(pass, inPhase("arriving"), context);
  const steps = tasks.map((task) => ({
    task,
    step: judge(task, { sources, strangers, copies, arrived, pass, unreached }, context),
  }));
  const done = steps.flatMap(({ task, step }) => ("done" in step ? [task] : []));
  return {
    ...unzip(steps),
    done: done.length,
    copied: done.flatMap((task) => arrived.get(task) ?? copies.get(task.copy ?? "") ?? []),
    inFlight: steps.filter(({ step }) => "phase" in step && step.phase === "copying").length + others.length,
    others,
    sources,
    unreached,
  };
};

interface Seen extends Pick<Look, "unreached"> {
  readonly pass: CopyPass;
  readonly strangers: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, OwnedSnapshot>;
  readonly copies: ReadonlyMap<string, Snapshot>;
  /** Tasks whose copy has arrived. */
  readonly arrived: ReadonlyMap<CopyTask, Snapshot>;
}

const judge = (
  task: CopyTask,
  { pass, sources, strangers, copies, arrived, unreached }: Seen,
  { engines }: Context<"engines">,
): CopyStep => {
  switch (task.phase) {
    case "awaited": {
      const source = sources.get(task.source)?.snapshot;
      // A name that a stranger holds is used up for Snapshot as well: ours comes under the next one.
      const status = strangers.has(task.source) ? "failed" : source?.status;
      const silentSince = unreached[task.region];
      if (status === undefined && silentSince !== undefined)
        return judgeUnreached(task, pass.minutesElapsed - silentSince);
      const step = judgeSource(task, status, pass.minutesElapsed);
      if (!("phase" in step) || step.phase !== "due") return step;
      if (source && traitsOf(source.engine).copies === "none") return { problem: "copy-unsupported" };
      return engines[task.family].copies === "by-cluster-setting" ? byItself(step) : step;
    }
    case "arriving":
      return arrived.has(task) ? { done: true } : task;
    case "copying":
      return judgeCopy(task, copies.get(task.copy ?? "")?.status, pass.minutesElapsed);
    case "due":
      return task;
    default:
      return task.phase satisfies never;
  }
};

const unzip = (
  steps: readonly { readonly task: CopyTask; readonly step: CopyStep }[],
): Pick<Look, "tasks" | "problems"> => ({
  tasks: steps.flatMap(({ step }) => ("phase" in step ? [step] : [])),
  problems: steps.flatMap(({ task, step }) => ("problem" in step ? [copyProblem(task, step.problem)] : [])),
});

/** Our running copies; a snapshot of that name that is not ours is none, so its task is due again. */
const findCopies = async (
  { input }: CopyPass,
  tasks: readonly CopyTask[],
  { engines, service }: Context<"engines">,
): Promise<ReadonlyMap<string, Snapshot>> => {
  const { region } = input.destination;
  const byFamily = [...Map.groupBy(tasks, ({ family }) => family)];
  const found = await Promise.all(
    byFamily.map(([family, some]) =>
      engines[family].findSnapshots({
        region,
        ids: some.flatMap(({ copy }) => copy ?? []),
        runId: input.run.id,
        expected: true,
      }),
    ),
  );
  const ours = found.flat().filter((one) => ownedBy(service, one) !== undefined);
  return new Map(ours.map((one) => [one.id, one]));
};

/** Others' copies that still run: they hold places as well. Of one that is not found any more nothing is expected. */
const findOthers = async (
  { input, work }: CopyPass,
  { engines }: Context<"engines">,
): Promise<readonly string[]> => {
  const { others: ids = [] } = work;
  if (ids.length === 0) return [];
  const query = { region: input.destination.region, ids, runId: input.run.id };
  const asked = families.filter((family) => engines[family].copies === "per-snapshot");
  const found = await Promise.all(asked.map((family) => engines[family].findSnapshots(query)));
  return found.flat().flatMap(({ id, status }) => (status === "copying" ? [id] : []));
};
