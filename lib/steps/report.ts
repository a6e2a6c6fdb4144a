import { type Batch, type ChildResult, membersOf } from "../core/batch.ts";
import type { Cluster } from "../core/cluster.ts";
import { runEvent } from "../core/event.ts";
import { metricNames } from "../core/measure.ts";
import { attemptOf, baseName, snapshotName } from "../core/naming.ts";
import { termsOf } from "../core/override.ts";
import { ownedBy } from "../core/ownership.ts";
import type { Plan } from "../core/plan.ts";
import { capProblems, distinctProblems, type Problem } from "../core/problem.ts";
import type { Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import {
  type ClusterRow,
  childProblems,
  isWhole,
  type RowInput,
  rowOf,
  type Summary,
  summarise,
} from "../core/summary.ts";
import { findAttempts } from "../engines/attempts.ts";
import { HoldfastError } from "../errors.ts";
import { type Context, planNamed } from "./context.ts";

export interface ReportInput {
  readonly run: Run;
  readonly batches: readonly Batch[];
  readonly unlisted: readonly Problem[];
  readonly snapshots: readonly ChildResult[];
  readonly copies: readonly ChildResult[];
  readonly pruned: readonly ChildResult[];
}

/**
 * Says what the run came to: a row for each cluster from what AWS shows now, with the problems that the
 * children met, and one event on EventBridge. What it hands back is small; the rows go to the journal.
 */
export const report = async (
  input: ReportInput,
  context: Context<"engines" | "events">,
): Promise<Summary> => {
  const plan = planNamed(context.config, input.run.plan);
  const children = [...input.snapshots, ...input.copies, ...input.pruned];
  const known = distinctProblems([...childProblems(children), ...input.unlisted]);
  const unfinished = input.copies.flatMap(({ region, counts }) => (counts.unfinished ? [region] : []));
  const listed = await Promise.all(
    input.batches.map((batch) => rowsOf(batch, { plan, known, unfinished, run: input.run }, context)),
  );
  const rows = listed.flatMap((one) => one.rows);
  const summary = summarise({
    rows,
    children,
    others: [...input.unlisted, ...listed.flatMap((one) => one.problems)],
  });
  for (const row of rows) context.journal({ kind: "report.row", row });
  context.journal({ kind: "run.ended", summary });
  const problems = capProblems(summary.problems);
  measureRun(input.run, summary, context);
  await context.events.publish([runEvent({ service: context.service, run: input.run, summary, problems })]);
  return { ...summary, problems };
};

interface Known {
  readonly plan: Plan;
  readonly run: Run;
  readonly known: readonly Problem[];
  /** Destinations whose pumps left copies to the next run. */
  readonly unfinished: readonly string[];
}

interface Rows {
  readonly rows: readonly ClusterRow[];
  readonly problems: readonly Problem[];
}

const rowsOf = async (
  batch: Batch,
  { plan, run, known, unfinished }: Known,
  context: Context<"engines" | "events">,
): Promise<Rows> => {
  const { service } = context;
  const members = membersOf(batch).map((member) => ({
    ...member,
    name: snapshotName({ service, run, cluster: member }),
    terms: termsOf(plan, member.overrides),
  }));
  const names = members.map(({ name }) => name);
  const here = await look(batch, { region: batch.region, names, runId: run.id }, context);
  const destinations = plan.copies.map(({ region }) => region).filter((region) => region !== batch.region);
  const there = await Promise.all(
    destinations.map(async (region) => ({
      region,
      ...(await look(batch, { region, names, runId: run.id }, context)),
    })),
  );
  const seen = members.map((member) => ({
    ...{ member, terms: member.terms, region: batch.region, snapshot: here.best.get(member.name) },
    copies: there
      .filter(({ region }) => member.terms.plan.copies.some((to) => to.region === region))
      .map(({ region, best }) => ({
        region,
        snapshot: best.get(member.name),
        unfinished: unfinished.includes(region),
      })),
  }));
  const behind = seen.filter((one) => !isWhole(one)).map(({ member }) => member.id);
  const { clusters, owned, unseen } = await lookBehind(batch, { ids: behind, destinations }, context);
  const moments = { at: Date.parse(run.at), now: context.now };
  const rows = seen.map((one) => {
    const cluster = clusters.find(({ id }) => id === one.member.id);
    const points = owned.filter(({ resource }) => resource === one.member.resource);
    return rowOf({ ...one, ...moments, cluster, owned: points, unseen, known });
  });
  return { rows, problems: [here, ...there].flatMap(({ problems }) => problems) };
};

interface Look {
  /** The attempt that counts, by the attempts' common name. */
  readonly best: ReadonlyMap<string, Snapshot>;
  readonly problems: readonly Problem[];
}

const look = async (
  { family }: Batch,
  query: { region: string; names: readonly string[]; runId: string },
  context: Context<"engines" | "events">,
): Promise<Look> => {
  const { engines, service } = context;
  try {
    const found = await findAttempts(engines[family], { ...query, service, expected: true });
    const ours = found.filter((one) => ownedBy(service, one) !== undefined).toSorted(worstFirst);
    return { best: new Map(ours.map((one) => [baseName(one.id.replace(/^copy:/, "")), one])), problems: [] };
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
}

/**
 * The clusters of which something is missing, and all their recovery points: a status says why, and what there was
 * before says how bad it is. What AWS does not tell now is left out.
 */
const lookBehind = async (
  { region, family }: Batch,
  { ids, destinations }: Behind,
  { engines, service }: Context<"engines" | "events">,
): Promise<Pick<RowInput, "owned" | "unseen"> & { readonly clusters: readonly Cluster[] }> => {
  if (ids.length === 0) return { clusters: [], owned: [], unseen: [] };
  const clusters = (await whatIsTold(engines[family].findClusters({ region, ids }))) ?? [];
  const found = await Promise.all(
    [region, ...destinations].map(async (place) => ({
      place,
      snapshots: await whatIsTold(engines[family].snapshotsOf({ region: place, clusters: ids })),
    })),
  );
  const owned = found.flatMap(({ snapshots = [] }) =>
    snapshots.flatMap((one) => ownedBy(service, one) ?? []),
  );
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
