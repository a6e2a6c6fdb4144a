import { sourcesInUse } from "../core/arrival.ts";
import { type Batch, type ChildResult, membersOf } from "../core/batch.ts";
import { traitsOf } from "../core/cluster.ts";
import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import type { CopyPlan, Plan } from "../core/plan.ts";
import { capProblems, type Problem } from "../core/problem.ts";
import { decidePrune, type PruneVerdict } from "../core/pruning.ts";
import type { Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { HoldfastError } from "../errors.ts";
import { type Context, planNamed } from "./context.ts";

/** Deletions of one call of this step: what is more comes with the next, after a fresh look. */
const deletionsMax = 200;

export interface PruneInput {
  readonly run: Run;
  readonly batch: Batch;
  /** What earlier calls for this batch have pruned. */
  readonly pruned?: number;
}

export interface PruneOutput {
  readonly next: "Prune" | "Done";
  readonly result: ChildResult;
}

/**
 * Prunes the recovery points of a batch's clusters, in their own region and in every copy region.
 *
 * Gathers everything first: a verdict over a source needs to know its copies, and a copy in progress shows
 * only in its destination. A copy region that cannot be listed suspends the prune of the sources.
 */
export const prune = async (input: PruneInput, context: Context): Promise<PruneOutput> => {
  const plan = planNamed(context.config, input.run.plan);
  const world = await gather(input, plan, context);
  const verdicts = membersOf(input.batch).flatMap((member) =>
    decide(input, member, { plan, ...world }, context),
  );
  const { pruned, problems, more } = await act(input, verdicts, context);
  const suspended: readonly Problem[] = world.suspended
    ? [{ cluster: "*", region: input.batch.region, code: "prune-suspended" }]
    : [];
  const all = [...suspended, ...verdicts.flatMap(({ verdict }) => verdict.problems), ...problems];
  const { region, family } = input.batch;
  return {
    next: more ? "Prune" : "Done",
    result: { region, family, counts: { pruned: (input.pruned ?? 0) + pruned }, problems: capProblems(all) },
  };
};

interface Destination {
  readonly copyPlan: CopyPlan;
  readonly snapshots: readonly Snapshot[];
}

interface World {
  readonly sources: readonly Snapshot[];
  readonly destinations: readonly Destination[];
  readonly suspended: boolean;
}

const gather = async ({ batch }: PruneInput, plan: Plan, { engines, journal }: Context): Promise<World> => {
  const { region, family, members } = batch;
  const engine = engines[family];
  const clusters = members.map(({ id }) => id);
  // A cluster that was available when the run began has at least the snapshot of this run.
  const expected = members.filter(({ status }) => status === undefined).map(({ id }) => id);
  const sources = await engine.snapshotsOf({ region, clusters, expected });
  const destinations: Destination[] = [];
  const copyPlans = plan.copies.filter((copy) => copy.region !== region);
  for (const copyPlan of copyPlans) {
    try {
      destinations.push({
        copyPlan,
        snapshots: await engine.snapshotsOf({ region: copyPlan.region, clusters }),
      });
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      journal({ kind: "region.unlisted", region: copyPlan.region, family, error: error.message });
    }
  }
  return { sources, destinations, suspended: destinations.length < copyPlans.length };
};

interface RegionVerdict {
  readonly region: string;
  readonly cluster: string;
  readonly arn: string;
  readonly verdict: PruneVerdict;
  readonly owned: readonly OwnedSnapshot[];
}

const decide = (
  { batch }: PruneInput,
  member: ReturnType<typeof membersOf>[number],
  { plan, sources, destinations, suspended }: World & { readonly plan: Plan },
  { service, now }: Context,
): readonly RegionVerdict[] => {
  const ownedIn = (snapshots: readonly Snapshot[]): readonly OwnedSnapshot[] =>
    snapshots
      .flatMap((one) => ownedBy(service, one) ?? [])
      .filter(({ resource }) => resource === member.resource);
  const verdictIn = (
    region: string,
    owned: readonly OwnedSnapshot[],
    rest: Pick<Parameters<typeof decidePrune>[0], "policy" | "copying" | "copies">,
  ): RegionVerdict => ({
    region,
    cluster: member.id,
    arn: member.arn,
    owned,
    verdict: decidePrune({ plan, cluster: member.id, region, owned, now, ...rest }),
  });
  const here = ownedIn(sources);
  const copyable = here.some(({ snapshot }) => traitsOf(snapshot.engine).copies !== "none");
  const copies = destinations.map(({ copyPlan, snapshots }) => ({
    region: copyPlan.region,
    points: ownedIn(snapshots),
  }));
  const copying = sourcesInUse([...sources, ...destinations.flatMap(({ snapshots }) => snapshots)], sources);
  const source = verdictIn(batch.region, here, {
    policy: plan.retention,
    copying,
    copies: copyable ? copies : [],
  });
  const elsewhere = destinations.map(({ copyPlan, snapshots }) =>
    verdictIn(copyPlan.region, ownedIn(snapshots), { policy: copyPlan.retention, copying, copies: [] }),
  );
  return suspended ? elsewhere : [source, ...elsewhere];
};

/** Deletes what the verdicts name, region by region, and nothing else. */
const act = async ({ batch }: PruneInput, verdicts: readonly RegionVerdict[], context: Context) => {
  const { engines, service, journal } = context;
  for (const { region, cluster, arn, verdict } of verdicts) {
    journal({ kind: "prune.verdict", region, cluster, source: arn, verdict });
  }
  const doomed = verdicts.flatMap(({ owned, verdict }) => {
    const remove = new Set(verdict.remove.map(({ id }) => id));
    return owned.filter(({ snapshot }) => remove.has(snapshot.id));
  });
  // What failed goes last: AWS mostly refuses to delete it, and it must not stand before what can be deleted.
  const now = doomed.toSorted((a, b) => Number(isFailed(a)) - Number(isFailed(b))).slice(0, deletionsMax);
  const problems: Problem[] = [];
  for (const [region, snapshots] of Map.groupBy(now, ({ snapshot }) => snapshot.region)) {
    const clusterOf = new Map(snapshots.map(({ snapshot }) => [snapshot.id, snapshot.cluster]));
    for (const { id, error } of await engines[batch.family].deleteSnapshots({ service, region, snapshots })) {
      const place = { region, cluster: clusterOf.get(id) ?? "*", snapshot: id };
      if (error === undefined) journal({ kind: "snapshot.deleted", ...place });
      else {
        journal({ kind: "snapshot.undeleted", ...place, error: error.message });
        problems.push({ cluster: place.cluster, region, code: "undeletable" });
      }
    }
  }
  // What was refused would be refused again, and come first again: a call that deletes nothing is the last.
  const pruned = now.length - problems.length;
  return { pruned, problems, more: pruned > 0 && doomed.length > deletionsMax };
};

const isFailed = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "failed";
