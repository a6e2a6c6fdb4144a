import { sourcesInUse } from "../core/arrival.ts";
import { type Batch, type ChildResult, membersOf } from "../core/batch.ts";
import { type Family, traitsOf } from "../core/cluster.ts";
import { callsIn } from "../core/lanes.ts";
import { policiesUnder, termsOf } from "../core/override.ts";
import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import { type CopyPlan, objectiveOf, type Plan } from "../core/plan.ts";
import { capProblems, distinctProblems, type Problem } from "../core/problem.ts";
import { decidePrune, highestFloor } from "../core/pruning.ts";
import type { Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { HoldfastError } from "../errors.ts";
import { type Context, planNamed } from "./context.ts";
import { copiesIn } from "./copies-in.ts";
import { carryOut, type RegionVerdict } from "./removal.ts";

/** So long one call of this step may last by its share of the budget: what is more comes with the next. */
const secondsMax = 58;

/** Deletions of one call where there is time: what is more comes after a fresh look. Redshift's go several to a call to AWS. */
const deletionsMax: Readonly<Record<Family, number>> = { rds: 200, redshift: 1000 };

/**
 * What a cluster costs with some thirty points and few copies: two fifths of a page, one region after the other, and a
 * deletion in each region, side by side.
 */
const callsOfMember = 1.45;

export interface PruneInput {
  readonly run: Run;
  readonly batch: Batch;
  /** So many of its members, the first of them, earlier calls have dealt with. */
  readonly from?: number;
  /** What earlier calls for this batch have pruned, and met. */
  readonly pruned?: number;
  readonly problems?: readonly Problem[];
}

export interface PruneOutput {
  readonly next: "Prune" | "Done";
  /** Where the next call begins. */
  readonly from: number;
  readonly result: ChildResult;
}

/**
 * Prunes the recovery points of a batch's clusters, in their own region and in every copy region: as many clusters'
 * as there is time for, the others' with the next call.
 *
 * Gathers everything first: a verdict over a source needs to know its copies, and a copy in progress shows
 * only in its destination. A copy region that cannot be listed suspends the prune of the sources.
 */
export const prune = async (
  input: PruneInput,
  context: Context<"engines" | "events">,
): Promise<PruneOutput> => {
  const plan = planNamed(context.config, input.run.plan);
  const { region, family, members } = input.batch;
  const { from = 0 } = input;
  const { lookedAt, deleted } = limitsOf(input, plan, context);
  const batch = { ...input.batch, members: members.slice(from, from + lookedAt) };
  const world = await gather({ batch, plan, run: input.run }, context);
  const verdicts = membersOf(batch).flatMap((member) => decide(batch, member, { plan, ...world }, context));
  const order = { family, run: input.run.id, verdicts, deletionsMax: deleted };
  const { pruned, problems, more } = await carryOut(order, context);
  const suspended: readonly Problem[] = world.suspended
    ? [{ cluster: "*", region, code: "prune-suspended" }]
    : [];
  const judged = verdicts.flatMap(({ verdict }) => verdict.problems);
  const all = distinctProblems([...(input.problems ?? []), ...suspended, ...judged, ...problems]);
  const begin = more ? from : from + batch.members.length;
  return {
    next: begin < members.length ? "Prune" : "Done",
    from: begin,
    result: { region, family, counts: { pruned: (input.pruned ?? 0) + pruned }, problems: capProblems(all) },
  };
};

/**
 * How many clusters a call looks at, each call of a batch at about as many, and how much it deletes in all regions.
 * Redshift's listings are whole regions', so it looks at all.
 */
const limitsOf = (input: PruneInput, { copies }: Plan, { config }: Context<"engines" | "events">) => {
  const { batch, from = 0 } = input;
  const { region, family, members } = batch;
  const most = deletionsMax[family];
  if (family === "redshift") return { lookedAt: members.length, deleted: most };
  const calls = callsIn(secondsMax, { name: "Prune", event: input, region }, config);
  const left = members.length - from;
  const rounds = Math.max(1, Math.ceil(left / Math.max(1, Math.floor(calls / callsOfMember))));
  return { lookedAt: Math.ceil(left / rounds), deleted: Math.min(most, calls * (1 + copies.length)) };
};

/** Recovery points of a region by their resource: what each member's verdict is made from. */
type ByResource = ReadonlyMap<string, readonly OwnedSnapshot[]>;

interface Destination {
  readonly copyPlan: CopyPlan;
  readonly points: ByResource;
}

interface World {
  readonly sources: ByResource;
  readonly destinations: readonly Destination[];
  /** ARNs of the sources that a copy in progress reads from. */
  readonly copying: ReadonlySet<string>;
  readonly suspended: boolean;
}

interface Gathering {
  readonly batch: Batch;
  readonly plan: Plan;
  readonly run: Run;
}

const gather = async (
  { batch: { region, family, members }, plan, run }: Gathering,
  { engines, journal, service, now }: Context<"engines" | "events">,
): Promise<World> => {
  const engine = engines[family];
  const clusters = members.map(({ id }) => id);
  // A cluster that was available when the run began has at least the snapshot of this run.
  const expected = members.filter(({ status }) => status === undefined).map(({ id }) => id);
  const sources = await engine.snapshotsOf({ region, clusters, expected });
  const listed: { readonly copyPlan: CopyPlan; readonly snapshots: readonly Snapshot[] }[] = [];
  const copyPlans = plan.copies.filter((copy) => copy.region !== region);
  const ownedIn = (snapshots: readonly Snapshot[]) => snapshots.flatMap((one) => ownedBy(service, one) ?? []);
  const owned = ownedIn(sources);
  for (const copyPlan of copyPlans) {
    try {
      listed.push({
        copyPlan,
        snapshots: await copiesIn(engine, { region: copyPlan.region, clusters, owned, run }),
      });
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      journal({ kind: "region.unlisted", region: copyPlan.region, family, error: error.message });
    }
  }
  return {
    sources: byResource(owned),
    destinations: listed.map(({ copyPlan, snapshots }) => ({
      ...{ copyPlan, points: byResource(ownedIn(snapshots)) },
    })),
    copying: sourcesInUse({
      destination: [...sources, ...listed.flatMap(({ snapshots }) => snapshots)],
      ...{ sources, now },
    }),
    suspended: listed.length < copyPlans.length,
  };
};

const byResource = (owned: readonly OwnedSnapshot[]): ByResource =>
  Map.groupBy(owned, ({ resource }) => resource);

const decide = (
  batch: Batch,
  member: ReturnType<typeof membersOf>[number],
  { sources, destinations: everywhere, copying, suspended, ...rest }: World & { readonly plan: Plan },
  { now, config }: Context<"engines" | "events">,
): readonly RegionVerdict[] => {
  const terms = termsOf(rest.plan, member.overrides);
  const { plan } = terms;
  // Copies in a region that the cluster does not want any more are Sweep's.
  const destinations = everywhere.flatMap(({ copyPlan: { region }, points }) =>
    plan.copies
      .filter((to) => to.region === region)
      .map((copyPlan) => ({ copyPlan, there: points.get(member.resource) ?? [] })),
  );
  const verdictIn = (
    region: string,
    owned: readonly OwnedSnapshot[],
    rest: Pick<Parameters<typeof decidePrune>[0], "policies" | "stamped" | "copying" | "copies">,
  ): RegionVerdict => ({
    region,
    cluster: member.id,
    arn: member.arn,
    owned,
    verdict: decidePrune({
      plan: { ...plan, floor: highestFloor(plan, owned, config) },
      ...{ cluster: member.id, region, owned, now, ...rest },
      copyObjectiveSeconds: objectiveOf(plan).copySeconds,
    }),
  });
  const here = sources.get(member.resource) ?? [];
  const copyable = here.some(({ snapshot }) => traitsOf(snapshot.engine).copies !== "none");
  const copies = destinations.map(({ copyPlan, there }) => ({ region: copyPlan.region, points: there }));
  const source = verdictIn(batch.region, here, {
    ...policiesUnder(terms, plan.retention, here),
    copying,
    copies: copyable ? copies : [],
  });
  const elsewhere = destinations.map(({ copyPlan: { region, retention }, there }) => {
    const rules = policiesUnder(terms, retention, there);
    return verdictIn(region, there, { ...rules, copying, copies: [] });
  });
  return suspended ? elsewhere : [source, ...elsewhere];
};
