import { type Batch, besideEachOther, membersOf, toBatches } from "../core/batch.ts";
import { type Cluster, type Family, families } from "../core/cluster.ts";
import { joinsNothing, overridesIn } from "../core/override.ts";
import type { Config, Plan } from "../core/plan.ts";
import { capProblems, type Problem } from "../core/problem.ts";
import { type Request, type Run, runId } from "../core/run.ts";
import { selectClusters } from "../core/selection.ts";
import { toSecond } from "../core/time.ts";
import { FleetTooLargeError, HoldfastError, IncompleteListingError, TransientError } from "../errors.ts";
import { type Context, planNamed } from "./context.ts";

/** AWS allows 256 KiB of payload in all; more ends an execution without Report. Some is left for the run itself. */
const payloadBytesMax = 250 * 1024;

/** Every child answers with less than this: a batch twice, a destination once. */
const answerBytesMax = 2048;

/** A pump's table has a row for each cluster: two names, and so much of keys and short words. */
const copyTaskBytesMax = 190;

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
}

export interface DiscoverInput {
  readonly request: RunRequest;
  /** When the execution began, ISO 8601. */
  readonly startedAt: string;
  /** Go on without the regions that cannot be reached, instead of failing for another try. */
  readonly tolerant?: boolean;
}

export interface Discovery {
  readonly run: Run;
  readonly batches: readonly Batch[];
  readonly destinations: readonly { readonly region: string }[];
  readonly unlisted: readonly Problem[];
}

/**
 * Fixes the run's time and identity and finds the plan's clusters, in batches.
 * Reads every region of the plan once; a region that refuses is a problem of the run, not its end, unless
 * no region can be read at all.
 */
export const discover = async (input: DiscoverInput, context: Context<"engines">): Promise<Discovery> => {
  const plan = planNamed(context.config, input.request.plan);
  const run = runOf(input, plan);
  const listings = await listEverywhere(plan, context, input.tolerant ?? false);
  const batches = besideEachOther(
    listings.flatMap(({ family, clusters }) =>
      toBatches(family, choose(clusters, plan, input.request, context)),
    ),
  );
  assertFits(batches, plan);
  const members = batches.reduce((sum, batch) => sum + batch.members.length, 0);
  context.journal({ kind: "run.started", run: run.id, plan: plan.name, clusters: members });
  const told = [
    ...listings.flatMap(({ problems }) => problems),
    ...capProblems([
      ...untold(listings),
      ...misjoined(listings, context.config),
      ...unmet(input.request, batches),
    ]),
  ];
  const unlisted = members + told.length > 0 ? told : nothingMeant(plan);
  return { run, batches, destinations: plan.copies.map(({ region }) => ({ region })), unlisted };
};

const runOf = ({ request, startedAt }: DiscoverInput, plan: Plan): Run => {
  const at = toSecond(request.at ?? startedAt);
  const asked = requestOf(request);
  const deadline = new Date(Date.parse(startedAt) + plan.deadlineSeconds * 1000).toISOString();
  return { plan: plan.name, at, id: runId(plan.name, at, asked), deadline, ...(asked && { request: asked }) };
};

/** A run is the schedule's if it has a time and nothing else; anything more, a person asked for. */
const requestOf = ({ at, clusters, reason, hold, until }: RunRequest): Request | undefined => {
  const scheduled = at !== undefined && [clusters, reason, hold, until].every((word) => word === undefined);
  if (scheduled) return undefined;
  return { ...(reason && { reason }), ...(hold && { hold }), ...(until && { until: toSecond(until) }) };
};

interface Listing {
  readonly family: Family;
  readonly clusters: readonly Cluster[];
  readonly problems: readonly Problem[];
  readonly error?: HoldfastError;
}

const listEverywhere = async (
  plan: Plan,
  context: Context<"engines">,
  tolerant: boolean,
): Promise<readonly Listing[]> => {
  const places = plan.select.regions.flatMap((region) => families.map((family) => ({ region, family })));
  const listings = await Promise.all(places.map((place) => listOne(place, context, tolerant)));
  const [first] = listings;
  if (first?.error && listings.every(({ error }) => error)) throw first.error;
  return listings;
};

const listOne = async (
  { region, family }: { readonly region: string; readonly family: Family },
  { engines, journal }: Context<"engines">,
  tolerant: boolean,
): Promise<Listing> => {
  try {
    return { family, clusters: await engines[family].listClusters(region), problems: [] };
  } catch (error) {
    const mayPass = error instanceof TransientError || error instanceof IncompleteListingError;
    if (!(error instanceof HoldfastError) || (mayPass && !tolerant)) throw error;
    journal({ kind: "region.unlisted", region, family, error: error.message });
    return { family, clusters: [], problems: [{ cluster: "*", region, code: "unlisted" }], error };
  }
};

const choose = (
  clusters: readonly Cluster[],
  plan: Plan,
  { clusters: only }: RunRequest,
  { journal }: Context<"engines">,
): readonly Cluster[] => {
  const { taken, skipped } = selectClusters(clusters, plan, only);
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
  const taken = new Set(batches.flatMap(membersOf).flatMap(({ id, arn }) => [id, arn]));
  const strays = (clusters ?? []).filter((name) => !taken.has(name));
  return strays.map((name) => ({ cluster: name, region: "*", code: "not-selected" }));
};

/** The fullest moments: the batches beside every child's answer, and a pump's table, which travels alone. */
const assertFits = (batches: readonly Batch[], { copies }: Plan): void => {
  const answers = (2 * batches.length + copies.length) * answerBytesMax;
  const rows = batches.flatMap(({ members }) => members.map(({ id }) => id.length + copyTaskBytesMax));
  const table = copies.length === 0 ? 0 : rows.reduce((sum, bytes) => sum + bytes, 0);
  const bytes = Math.max(JSON.stringify(batches).length + answers, table);
  if (bytes <= payloadBytesMax) return;
  throw new FleetTooLargeError(
    `the plan selects more clusters than one run can carry (${bytes} of ${payloadBytesMax} bytes); split it by tag or region`,
  );
};
