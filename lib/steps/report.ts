import { type Batch, type ChildResult, chunk, membersOf } from "../core/batch.ts";
import type { Cluster, Family } from "../core/cluster.ts";
import { isOld } from "../core/coverage.ts";
import { runEvent } from "../core/event.ts";
import { metricNames } from "../core/measure.ts";
import { attemptOf, baseName, plainName, snapshotName } from "../core/naming.ts";
import { termsOf } from "../core/override.ts";
import { ownedBy } from "../core/ownership.ts";
import { partName } from "../core/part.ts";
import type { Plan } from "../core/plan.ts";
import { capProblems, type Problem } from "../core/problem.ts";
import type { Run } from "../core/run.ts";
import { sightingsOf } from "../core/sighting.ts";
import type { Snapshot } from "../core/snapshot.ts";
import {
  type ClusterRow,
  childProblems,
  isWhole,
  type Met,
  mergeParts,
  type PartResult,
  type RowInput,
  rowOf,
  type Summary,
  summarise,
} from "../core/summary.ts";
import { findAttempts } from "../engines/attempts.ts";
import { HoldfastError } from "../errors.ts";
import { type Context, planNamed } from "./context.ts";
import { copiesIn } from "./copies-in.ts";

/** On a bad night all points of each batch's clusters are listed: of so many batches there is room at once. */
const batchesAtOnce = 3;

export interface ReportInput {
  readonly run: Run;
  readonly batches: readonly Batch[];
  readonly unlisted: readonly Problem[];
  readonly snapshots: readonly ChildResult[];
  readonly copies: readonly ChildResult[];
  readonly pruned: readonly ChildResult[];
  /** What the parts came to, of a run that was done in parts. */
  readonly parts?: readonly PartResult[];
}

/** Of a part, with its name: whatever it came to, the outcome is told by the execution of the whole. */
export interface Reported extends Summary {
  readonly part?: string;
}

/**
 * Says what the run came to: a row for each cluster from what AWS shows now, with the problems that the
 * children met, and one event on EventBridge. What it hands back is small; the rows go to the journal.
 * A part's is for the report of the whole only, which sums the parts up and looks at nothing again.
 */
export const report = async (
  input: ReportInput,
  context: Context<"engines" | "events">,
): Promise<Reported> => {
  const plan = planNamed(context.config, input.run.plan);
  const children = childrenOf(input, plan);
  // A cluster of the other family may have the same name in the same region; a pump serves both.
  const known = (family: Family): readonly Met[] => {
    const own = children.filter((child) => child.family === undefined || child.family === family);
    return [...own.flatMap((child) => metBy(child, input)), ...input.unlisted];
  };
  const unfinished = input.copies.flatMap(({ region, counts }) => (counts.unfinished ? [region] : []));
  const told = { plan, known, unfinished, run: input.run };
  const looks = await lookEverywhere(input.batches, told, context);
  const rows: ClusterRow[] = [];
  for (const some of chunk(input.batches, batchesAtOnce))
    rows.push(...(await Promise.all(some.map((batch) => rowsOf(batch, { ...told, looks }, context)))).flat());
  const own = summarise({
    rows,
    children,
    others: [...input.unlisted, ...[...looks.values()].flatMap(({ problems }) => problems)],
  });
  const summary = mergeParts(own, input.parts ?? []);
  for (const row of rows) context.journal({ kind: "report.row", row });
  const problems = capProblems(summary.problems);
  if (input.run.part) {
    const part = partName(input.run.part);
    context.journal({ kind: "part.ended", part, summary });
    return { ...summary, problems, part };
  }
  context.journal({ kind: "run.ended", summary });
  measureRun(input.run, summary, context);
  await context.events.publish([runEvent({ service: context.service, run: input.run, summary, problems })]);
  return { ...summary, problems };
};

/**
 * What the Maps' children answered. A Map over nothing has lost nothing: AWS does not document that a Distributed Map of no
 * items succeeds, and there is one in every run of a plan without copies.
 */
const childrenOf = (
  { batches, snapshots, copies, pruned }: ReportInput,
  { copies: destinations }: Plan,
): readonly ChildResult[] => {
  if (batches.length === 0) return [];
  const isNothing = ({ lost }: ChildResult): boolean => destinations.length === 0 && lost !== undefined;
  return [...snapshots, ...copies.filter((child) => !isNothing(child)), ...pruned];
};

/** A pump's child is of its destination. */
const metBy = (child: ChildResult, { copies }: ReportInput): readonly Met[] => {
  const problems = childProblems([child]);
  return copies.includes(child) ? problems.map((one) => ({ ...one, to: child.region })) : problems;
};

interface Known {
  readonly plan: Plan;
  readonly run: Run;
  /** What concerns a family's clusters of what was met. */
  readonly known: (family: Family) => readonly Met[];
  /** Destinations whose pumps left copies to the next run. */
  readonly unfinished: readonly string[];
}

/** What AWS shows of the run, by family and region. */
type Looks = ReadonlyMap<string, Look>;

/** One look at each family in each region, however many batches have clusters or copies there. */
const lookEverywhere = async (
  batches: readonly Batch[],
  { plan, run }: Known,
  context: Context<"engines" | "events">,
): Promise<Looks> => {
  const wanted = batches.flatMap((batch) =>
    [batch.region, ...destinationsOf(batch, plan)].map((region) => ({
      ...{ region, family: batch.family },
      names: membersOf(batch).map((cluster) => snapshotName({ service: context.service, run, cluster })),
    })),
  );
  const places = [...Map.groupBy(wanted, placeKey).values()].flatMap(([first, ...rest]) =>
    first ? [{ ...first, names: [first, ...rest].flatMap(({ names }) => names) }] : [],
  );
  const looks = places.map(async (place) => {
    const { family, region, names } = place;
    return [placeKey(place), await look({ family, region, names, runId: run.id }, context)] as const;
  });
  return new Map(await Promise.all(looks));
};

const destinationsOf = ({ region: home }: Batch, { copies }: Plan): readonly string[] =>
  copies.map(({ region }) => region).filter((region) => region !== home);

const placeKey = ({ region, family }: Pick<Batch, "region" | "family">): string => `${region} ${family}`;

const rowsOf = async (
  batch: Batch,
  { plan, run, known, unfinished, looks }: Known & { readonly looks: Looks },
  context: Context<"engines" | "events">,
): Promise<readonly ClusterRow[]> => {
  const { service } = context;
  const { family } = batch;
  const met = known(family);
  const members = membersOf(batch).map((member) => ({
    ...member,
    name: snapshotName({ service, run, cluster: member }),
    terms: termsOf(plan, member.overrides),
  }));
  const lookIn = (region: string) => looks.get(placeKey({ region, family }));
  const bestIn = (region: string): Look["best"] => lookIn(region)?.best ?? new Map();
  const isSilent = (region: string): boolean => (lookIn(region)?.problems.length ?? 0) > 0;
  const destinations = destinationsOf(batch, plan);
  const here = bestIn(batch.region);
  const seen = members.map((member) => ({
    ...{ member, terms: member.terms, region: batch.region, snapshot: here.get(member.name) },
    silent: isSilent(batch.region),
    copies: destinations
      .filter((region) => member.terms.plan.copies.some((to) => to.region === region))
      .map((region) => ({
        region,
        snapshot: bestIn(region).get(member.name),
        unfinished: unfinished.includes(region),
        silent: isSilent(region),
      })),
  }));
  const moments = { at: Date.parse(run.at), now: context.now };
  const old = isOld(plan, moments);
  const behind = seen.filter((one) => old || !isWhole(one)).map(({ member }) => member.id);
  const { clusters, owned, unseen } = await lookBehind(batch, { ids: behind, destinations, run }, context);
  return seen.map((one) => {
    const cluster = clusters.find(({ id }) => id === one.member.id);
    const points = owned.filter(({ resource }) => resource === one.member.resource);
    return rowOf({ ...one, ...moments, cluster, owned: points, unseen, known: met });
  });
};

interface Look {
  /** The attempt that counts, by the attempts' common name. */
  readonly best: ReadonlyMap<string, Snapshot>;
  readonly problems: readonly Problem[];
}

const look = async (
  { family, ...query }: Pick<Batch, "family" | "region"> & { names: readonly string[]; runId: string },
  context: Context<"engines" | "events">,
): Promise<Look> => {
  const { engines, service } = context;
  try {
    const over = { ...query, service, expected: query.names, mayBeDone: true };
    const found = await findAttempts(engines[family], over);
    const ours = found.filter((one) => ownedBy(service, one) !== undefined).toSorted(worstFirst);
    return { best: new Map(ours.map((one) => [baseName(plainName(one.id)), one])), problems: [] };
  } catch (error) {
    // Whatever AWS says, what the other regions show must be told.
    if (!(error instanceof HoldfastError)) throw error;
    context.journal({ kind: "region.unlisted", region: query.region, family, error: error.message });
    return { best: new Map(), problems: [{ cluster: "*", region: query.region, code: "unlisted" }] };
  }
};

/** Later attempts count, and an available one above all: the last of a name wins in a map. */
const worstFirst = (a: Snapshot, b: Snapshot): number =>
  Number(a.status === "available") - Number(b.status === "available") || attemptOf(a.id) - attemptOf(b.id);

interface Behind {
  readonly ids: readonly string[];
  readonly destinations: readonly string[];
  readonly run: Run;
}

/**
 * The clusters of which something is missing, or all of an old run, and all their recovery points: a status says why, and
 * what there was before says how bad it is. What AWS does not tell now is left out.
 */
const lookBehind = async (
  { region, family }: Batch,
  { ids, destinations, run }: Behind,
  { engines, service }: Context<"engines" | "events">,
): Promise<Pick<RowInput, "owned" | "unseen"> & { readonly clusters: readonly Cluster[] }> => {
  if (ids.length === 0) return { clusters: [], owned: [], unseen: [] };
  const engine = engines[family];
  const clusters = (await whatIsTold(engine.findClusters({ region, ids }))) ?? [];
  const here = await whatIsTold(engine.snapshotsOf({ region, clusters: ids }));
  const query = { clusters: ids, owned: here?.flatMap((one) => ownedBy(service, one) ?? []) ?? [], run };
  const elsewhere = destinations.map(async (place) => ({
    place,
    snapshots: await whatIsTold(copiesIn(engine, { ...query, region: place })),
  }));
  const found = [{ place: region, snapshots: here }, ...(await Promise.all(elsewhere))];
  const sighting = sightingsOf(service);
  const owned = found.flatMap(({ snapshots = [] }) => snapshots.flatMap((one) => sighting(one) ?? []));
  const unseen = found.flatMap(({ place, snapshots }) => (snapshots === undefined ? [place] : []));
  return { clusters, owned, unseen };
};

const whatIsTold = async <T>(asked: Promise<readonly T[]>): Promise<readonly T[] | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HoldfastError) return undefined;
    throw error;
  }
};

const measureRun = ({ plan }: Run, { totals }: Summary, { measure }: Context): void => {
  const figures = [
    [metricNames.snapshotsAvailable, totals.snapshots],
    [metricNames.copiesAvailable, totals.copies],
    [metricNames.pruned, totals.pruned],
    [metricNames.problems, totals.problems],
  ] as const;
  for (const [name, value] of figures) measure({ name, unit: "Count", value, dimensions: { plan } });
};
