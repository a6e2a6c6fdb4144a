import { type Batch, membersOf } from "../core/batch.ts";
import { type Cluster, type Family, families } from "../core/cluster.ts";
import { inTurns, prunesAtOnce } from "../core/lanes.ts";
import { joinsNothing, overridesIn } from "../core/override.ts";
import { batchesOf, isInPart, type Part, type PartBatches, partsOf, weightOf } from "../core/part.ts";
import type { Config, Plan } from "../core/plan.ts";
import { capProblems, type Problem } from "../core/problem.ts";
import { mistimed, type Request, type Run, runId } from "../core/run.ts";
import { hasPrimaryIn, nameOf, readersOf, selectClusters } from "../core/selection.ts";
import { toSecond } from "../core/time.ts";
import { FleetTooLargeError, HoldfastError, InvalidEventError, mayPass } from "../errors.ts";
import { type Context, planNamed } from "./context.ts";
import { inPrecedence } from "./precedence.ts";

/** What an execution was started with. */
export interface RunRequest {
  readonly plan: string;
  /** The scheduled time. Absent: a person asked, and the execution's start counts. */
  readonly at?: string;
  /** Only these clusters, by identifier or ARN. */
  readonly clusters?: readonly string[];
  readonly reason?: string;
  readonly hold?: string;
  readonly until?: string;
  /** A part of a run, as an execution of the whole asks for it. */
  readonly part?: PartRequest;
}

export interface PartRequest extends Part {
  /** When the execution of the whole began, ISO 8601: its deadline is the part's. */
  readonly since: string;
  /** A person asked for the run, also where no other word says so. */
  readonly asked?: true;
}

/** The input of a part's execution. The console links it to the execution that AWS's own word names. */
export interface PartInput extends RunRequest {
  readonly AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID?: string;
}

export interface DiscoverInput {
  readonly request: RunRequest;
  /** When the execution began, ISO 8601. */
  readonly startedAt: string;
  /** Its ARN. */
  readonly execution?: string;
  /** Go on without the regions that cannot be reached, instead of failing for another try. */
  readonly tolerant?: boolean;
}

export interface Discovery {
  readonly run: Run;
  /** `Parts`: the run does not fit into one execution, has no batches of its own, and is done by its parts. */
  readonly next: "Work" | "Parts";
  readonly batches: readonly Batch[];
  readonly destinations: readonly { readonly region: string }[];
  readonly parts: readonly PartInput[];
  readonly prunesAtOnce: number;
  readonly unlisted: readonly Problem[];
}

/**
 * Fixes the run's time and identity and finds the plan's clusters, in batches; where those are more than a payload
 * carries, it names the parts that the run is done in. Of a part it finds the part's clusters.
 * Reads every region of the plan, or of the part, once; a region that refuses is a problem of the run, not its end, unless
 * no region can be read at all.
 */
export const discover = async (input: DiscoverInput, context: Context<"engines">): Promise<Discovery> => {
  const plan = planNamed(context.config, input.request.plan);
  refuseMistimed(input);
  const run = runOf(input, plan);
  const listings = await listEverywhere(plan, run.part, { context, tolerant: input.tolerant ?? false });
  const meant = listings.map(({ family, clusters }) => ({
    family,
    clusters: choose(clusters, plan, input.request, context),
  }));
  const batches = batchesOf(meant);
  const destinations = plan.copies.map(({ region }) => ({ region }));
  const weight = weightOf(batches, destinations.length);
  const whole = weight <= context.payloadBytesMax;
  const ordered = await Promise.all(whole ? meant.map((one) => inPrecedence(one, run, context)) : []);
  const { payloadBytesMax } = context;
  const parts = whole
    ? []
    : (partsOf({ meant, destinations: destinations.length, payloadBytesMax, within: run.part }) ??
      tooLarge(weight, payloadBytesMax));
  const clusters = batches.reduce((sum, { members }) => sum + members.length, 0);
  if (run.part === undefined)
    context.journal({ kind: "run.started", run: run.id, plan: plan.name, clusters });
  // What concerns single clusters, each part says of its own.
  const single = whole ? [...untold(listings), ...misjoined(listings, context.config)] : [];
  const told = [
    ...listings.flatMap(({ problems }) => problems),
    ...capProblems([
      ...single,
      ...(run.part ? [] : leftAlone(listings, plan, input.request, context.config)),
      ...unmet(input.request, batches),
    ]),
  ];
  return {
    run,
    next: whole ? "Work" : "Parts",
    batches: whole ? inTurns(batchesOf(ordered), run, context.config) : [],
    destinations: whole ? destinations : [],
    parts: parts.map((part) => partInput(part, run, input)),
    prunesAtOnce: prunesAtOnce(run.part),
    unlisted: run.part || clusters + told.length > 0 ? told : nothingMeant(plan),
  };
};

const slips = {
  ahead: "an hour after the execution's start; name a time that has come",
  ago: "a week before the execution's start; leave it out, since what is taken is of today",
} as const;

/** Times that somebody wrote by hand, and did not mean. */
const refuseMistimed = ({ request: { at, until }, startedAt }: DiscoverInput): void => {
  const slip = at && mistimed(Date.parse(at), Date.parse(startedAt));
  if (slip) throw new InvalidEventError(`request.at is ${at}, more than ${slips[slip]}`);
  // It would go with the next prune.
  if (until !== undefined && Date.parse(until) <= Date.parse(at ?? startedAt))
    throw new InvalidEventError(`request.until is ${until}, before what would be taken; name a later time`);
};

const runOf = ({ request, startedAt }: DiscoverInput, plan: Plan): Run => {
  const { part } = request;
  const at = toSecond(request.at ?? startedAt);
  const asked = requestOf(request);
  const since = Date.parse(part?.since ?? startedAt);
  const deadline = new Date(since + plan.deadlineSeconds * 1000).toISOString();
  return {
    ...{ plan: plan.name, at, id: runId(plan.name, at, asked), deadline },
    ...(asked && { request: asked }),
    ...(part && { part: partOf(part) }),
  };
};

/** What a request says of its part, without what it says of the run. */
const partOf = ({ since: _, asked: _asked, ...part }: PartRequest): Part => part;

/** A run is the schedule's if it has a time and nothing else; anything more, a person asked for. */
const requestOf = ({ at, clusters, reason, hold, until, part }: RunRequest): Request | undefined => {
  const words = [clusters, reason, hold, until, part?.asked];
  if (at !== undefined && words.every((word) => word === undefined)) return undefined;
  return { ...(reason && { reason }), ...(hold && { hold }), ...(until && { until: toSecond(until) }) };
};

/** All that the whole was asked for, with the time that it has come to, and of the named clusters those of the part. */
const partInput = (
  { batches, ...part }: PartBatches,
  run: Run,
  { request, startedAt, execution }: DiscoverInput,
): PartInput => {
  const clusters = request.clusters?.filter(nameOf(batches.flatMap(membersOf)));
  const since = request.part?.since ?? startedAt;
  return {
    ...request,
    ...(clusters && { clusters }),
    at: run.at,
    part: { ...part, since, ...(run.request && { asked: true }) },
    ...(execution && { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: execution }),
  };
};

const tooLarge = (bytes: number, most: number): never => {
  throw new FleetTooLargeError(
    `the plan selects more clusters than one run can carry in all its parts (${bytes} bytes, ${most} in each); split it by tag or region`,
  );
};

interface Listing {
  readonly family: Family;
  readonly clusters: readonly Cluster[];
  readonly problems: readonly Problem[];
  readonly error?: HoldfastError;
}

/** What there is of the part, or of all. Of a part a silent region is a problem row like any other, not its end. */
const listEverywhere = async (
  plan: Plan,
  part: Part | undefined,
  { context, tolerant }: { readonly context: Context<"engines">; readonly tolerant: boolean },
): Promise<readonly Listing[]> => {
  const places = plan.select.regions
    .filter((region) => part?.regions.includes(region) ?? true)
    .flatMap((region) => (part ? [part.family] : families).map((family) => ({ region, family })));
  const listings = await Promise.all(places.map((place) => listOne(place, context, tolerant)));
  const [first] = listings;
  if (!part && first?.error && listings.every(({ error }) => error)) throw first.error;
  return listings.map((listing) => ({
    ...listing,
    clusters: listing.clusters.filter((cluster) => isInPart(cluster, part)),
  }));
};

const listOne = async (
  { region, family }: { readonly region: string; readonly family: Family },
  { engines, journal }: Context<"engines">,
  tolerant: boolean,
): Promise<Listing> => {
  try {
    return { family, clusters: await engines[family].listClusters(region), problems: [] };
  } catch (error) {
    if (!(error instanceof HoldfastError) || (mayPass(error) && !tolerant)) throw error;
    journal({ kind: "region.unlisted", region, family, error: error.message });
    return { family, clusters: [], problems: [{ cluster: "*", region, code: "unlisted" }], error };
  }
};

const choose = (
  clusters: readonly Cluster[],
  plan: Plan,
  { clusters: only, part }: RunRequest,
  { journal }: Context<"engines">,
): readonly Cluster[] => {
  const { taken, skipped } = selectClusters(clusters, plan, only);
  // The whole has said it of every cluster.
  if (part) return taken.map(({ cluster }) => cluster);
  for (const { cluster, because } of taken) {
    const overrides = overridesIn(cluster.tags);
    journal({ kind: "cluster.taken", cluster: cluster.arn, because, ...(overrides && { overrides }) });
  }
  for (const { cluster, because } of skipped)
    journal({ kind: "cluster.skipped", cluster: cluster.arn, because });
  return taken.map(({ cluster }) => cluster);
};

/** A plan that means nothing is a mistyped tag more often than a wish: it must not look green for ever. */
const nothingMeant = ({ select }: Plan): readonly Problem[] =>
  select.regions.map((region) => ({ cluster: "*", region, code: "no-clusters" }));

/**
 * What only reads is left to its primary. Where that is in no region of any plan nobody takes it, after a failover say. Of a
 * region that this run does not look at, or could not list, nothing is known.
 */
const leftAlone = (
  listings: readonly Listing[],
  plan: Plan,
  { clusters: only }: RunRequest,
  { plans }: Config,
): readonly Problem[] => {
  const isElsewhere = (region: string): boolean => !plan.select.regions.includes(region);
  if (
    listings.some(({ error }) => error) ||
    Object.values(plans).some(({ select }) => select.regions.some(isElsewhere))
  )
    return [];
  const clusters = listings.flatMap((listing) => listing.clusters);
  return readersOf(clusters, plan, only)
    .filter((reader) => !hasPrimaryIn(reader, clusters))
    .map(({ id, region }) => ({ cluster: id, region, code: "primary-elsewhere" }));
};

/** Nobody can say whether a plan means a cluster whose tags AWS did not tell: a problem, never a silent skip. */
const untold = (listings: readonly Listing[]): readonly Problem[] =>
  listings
    .flatMap(({ clusters }) => clusters)
    .filter(({ tags }) => tags === undefined)
    .map(({ id, region }) => ({ cluster: id, region, code: "tags-unknown" }));

/** A mistyped plan would leave its cluster without one, and any plan that looks may be the one that was meant. */
const misjoined = (listings: readonly Listing[], config: Config): readonly Problem[] =>
  listings
    .flatMap(({ clusters }) => clusters)
    .filter(({ tags }) => tags !== undefined && joinsNothing(tags, config))
    .map(({ id, region }) => ({ cluster: id, region, code: "override-plan" }));

/** A request names what it wants: a name that no cluster of the plan has is a mistake, and not done. */
const unmet = ({ clusters }: RunRequest, batches: readonly Batch[]): readonly Problem[] => {
  const isTaken = nameOf(batches.flatMap(membersOf));
  const strays = (clusters ?? []).filter((name) => !isTaken(name));
  return strays.map((name) => ({ cluster: name, region: "*", code: "not-selected" }));
};
