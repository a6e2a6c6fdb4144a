import pMap from "p-map";
import { families } from "../core/cluster.ts";
import { copiedEvent } from "../core/event.ts";
import { metricNames } from "../core/measure.ts";
import { type OwnedSnapshot, ownedBy, promiseOf } from "../core/ownership.ts";
import { type Config, planIn } from "../core/plan.ts";
import { distinctProblems, type Problem } from "../core/problem.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { compactTime } from "../core/time.ts";
import { HoldfastError } from "../errors.ts";
import { announce } from "./announce.ts";
import { type Recognition, tagArrivals, tagsAtOnce } from "./arrivals.ts";
import type { Context } from "./context.ts";
import { type Scheduled, surveySnapshots } from "./survey.ts";

export interface RecogniseOutput {
  readonly recognised: number;
  readonly problems: readonly Problem[];
}

/**
 * Tags copies that AWS made by itself and brought after their plan's pump had ended, or after the plan was
 * gone: without tags they would be nobody's, and never be pruned. Apart from Sweep, because the role that
 * deletes must not be able to tag.
 */
export const recognise = async (
  { at }: Scheduled,
  context: Context<"engines" | "events">,
): Promise<RecogniseOutput> => {
  const outcomes: RecogniseOutput[] = [];
  for (const family of families.filter((one) => context.engines[one].copies === "by-cluster-setting")) {
    const { items, unlisted } = await surveySnapshots(family, concernOf(context.service), context);
    outcomes.push({ recognised: 0, problems: unlisted.map(unlistedProblem) });
    for (const region of context.config.regions)
      outcomes.push(...(await recogniseIn({ region, at, seen: items }, context)));
  }
  const recognised = outcomes.reduce((sum, one) => sum + one.recognised, 0);
  const problems = distinctProblems(outcomes.flatMap((one) => one.problems));
  context.measure({ name: metricNames.sweepProblems, unit: "Count", value: problems.length, dimensions: {} });
  return { recognised, problems };
};

/** A copy that nobody has recognised yet, or a recovery point that it may be of. */
type Concern = { readonly copy: Snapshot } | { readonly source: OwnedSnapshot };

/** What is neither is not held: mostly copies that were recognised on their own night. */
const concernOf =
  (service: string) =>
  (snapshot: Snapshot): Concern | undefined => {
    const owned = ownedBy(service, snapshot);
    if (owned === undefined) return snapshot.sourceRegion === undefined ? undefined : { copy: snapshot };
    return owned.source === undefined ? { source: owned } : undefined;
  };

interface Place {
  readonly region: string;
  readonly at: string;
  readonly seen: readonly Concern[];
}

/** Each is told as soon as it is tagged, and what AWS refuses for one takes nothing from the others. */
const recogniseIn = async (
  { region, at, seen }: Place,
  context: Context<"engines" | "events">,
): Promise<readonly RecogniseOutput[]> => {
  const promise = (source: OwnedSnapshot) => promiseFor(source, region, context.config);
  const owned = seen.flatMap((one) =>
    "source" in one && one.source.snapshot.region !== region ? one.source : [],
  );
  const copies = seen.flatMap((one) => ("copy" in one && one.copy.region === region ? one.copy : []));
  return pMap(copies, (copy) => recogniseOne(copy, { region, owned, promise, at }, context), {
    concurrency: tagsAtOnce,
  });
};

const recogniseOne = async (
  copy: Snapshot,
  recognition: Omit<Recognition, "present"> & { readonly at: string },
  context: Context<"engines" | "events">,
): Promise<RecogniseOutput> => {
  const { service, now, journal } = context;
  const { region, at } = recognition;
  try {
    const arrivals = await tagArrivals({ ...recognition, present: [copy] }, context);
    const fresh = [...arrivals.values()].filter((one) => one !== copy);
    const points = fresh.flatMap((one) => ownedBy(service, one) ?? []);
    const run = `recognise-${compactTime(at)}`;
    const events = points.map((point) => copiedEvent({ service, run, point, now }));
    return { recognised: fresh.length, problems: await announce({ events, region }, context) };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    journal({ kind: "copy.refused", region, source: copy.id, error: error.message });
    return { recognised: 0, problems: [{ cluster: copy.cluster, region, code: "refused" }] };
  }
};

const unlistedProblem = (region: string): Problem => ({ cluster: "*", region, code: "unlisted" });

/** What the plan promises its copies there; where it is gone, or copies there no more, what the source was promised. */
const promiseFor = (
  source: OwnedSnapshot,
  region: string,
  config: Config,
): ReturnType<Recognition["promise"]> => {
  const plan = planIn(config, source.plan);
  const copyPlan = plan?.copies.find((to) => to.region === region);
  const retention = copyPlan ? promiseOf(copyPlan, source) : (source.keep ?? {});
  return { retention, carry: plan?.carryTags ?? [] };
};
