import type { Complain, MakeChecker } from "./checker.ts";
import { isAvailable, isPointOf } from "./ownership.ts";
import {
  type EndedRun,
  keyOf,
  type PlanFacts,
  type Report,
  type Scene,
  type SeenCluster,
  type SeenSnapshot,
} from "./records.ts";
import { isMeant, joinsNothing, placesOf, termsOf } from "./terms.ts";

/** A run reported as complete is complete in the world; every other one says what is missing, and what nobody can read. */
export const honesty: MakeChecker = (scene, complain, count) => {
  const pruned: Pruned[] = [];
  return {
    deleted: ({ snapshot, invocation: { execution, whole = execution } }) =>
      void pruned.push({ snapshot, execution: whole }),
    runEnded: (run) => judge(run, pruned, { scene, complain, count }),
  };
};

/** Without what the region held before, which a season would not have room for. */
interface Pruned {
  readonly snapshot: SeenSnapshot;
  readonly execution: number | undefined;
}

interface Judging {
  readonly scene: Scene;
  readonly complain: Complain;
  readonly count: () => void;
}

const judge = (run: EndedRun, pruned: readonly Pruned[], { scene, complain, count }: Judging): void => {
  count();
  const missing = missingOf(run, supersededOf(run, pruned, scene), scene);
  if (run.report === undefined) {
    if (run.succeeded) complain(`the run of ${run.plan.name} at ${run.at} succeeded without a report`);
    return;
  }
  const { outcome, problems } = run.report;
  if (run.succeeded !== (outcome === "complete"))
    complain(`the run of ${run.plan.name} at ${run.at} is reported ${outcome}, and ended otherwise`);
  if (outcome === "incomplete" && problems.length === 0)
    complain(`the run of ${run.plan.name} at ${run.at} is incomplete and does not say why`);
  const unsaid = missing.filter(
    ({ cluster, region }) =>
      !problems.some(
        (problem) =>
          (problem.cluster === cluster.id && [cluster.region, region, "*"].includes(problem.region)) ||
          (problem.cluster === "*" && [cluster.region, region, "*"].includes(problem.region)),
      ),
  );
  for (const { cluster, region } of unsaid)
    complain(
      `the run of ${run.plan.name} at ${run.at} is reported ${outcome} and does not say that ${cluster.id} lacks its point in ${region}`,
    );
  for (const sentence of misread(run, run.report, scene))
    complain(`the run of ${run.plan.name} at ${run.at} ${sentence}`);
};

/**
 * A part reports when it is done, and others may go on for hours: what a later run of the plan has pruned of the part's
 * points meanwhile was there when it reported.
 */
const supersededOf = (
  { at, execution }: EndedRun,
  pruned: readonly Pruned[],
  scene: Scene,
): readonly SeenSnapshot[] =>
  scene.views(execution).length > 1
    ? pruned
        .filter((one) => one.execution !== execution && one.snapshot.tags.get("holdfast:taken-at") === at)
        .map(({ snapshot }) => snapshot)
    : [];

interface Missing {
  readonly cluster: SeenCluster;
  readonly region: string;
}

/** A cluster as a run was shown it when it began, once for each way in which its parts saw it: only one of them takes it. */
type Versions = readonly [SeenCluster, ...SeenCluster[]];

const isSame = (one: SeenCluster, other: SeenCluster): boolean =>
  one.arn === other.arn && one.resource === other.resource;

const isOther = (one: SeenCluster, first: SeenCluster): boolean =>
  one.tags !== first.tags || one.status !== first.status || one.reads !== first.reads;

/** Where a cluster's region was not listed, it is what there was. */
const asDiscovered = (run: EndedRun, scene: Scene): readonly Versions[] => {
  const views = scene.views(run.execution);
  return run.clustersAtStart.map((cluster): Versions => {
    const [first = cluster, ...others] = views.map(
      (view) => view.find((one) => isSame(one, cluster)) ?? cluster,
    );
    return [first, ...others.filter((one) => isOther(one, first))];
  });
};

const isStopped = (cluster: SeenCluster | undefined): boolean =>
  cluster?.status === "stopped" || cluster?.status === "paused";

/**
 * Each wish that cannot be read is said, of its cluster, and of no other. Parts that were shown a cluster may be others than
 * the one that it belongs to: where one of them could not list the region, or was lost, nothing need be said.
 */
const misread = ({ plan, execution }: EndedRun, { problems }: Report, scene: Scene): readonly string[] => {
  const views = scene.views(execution);
  const silent = (cluster: SeenCluster): boolean =>
    views.length > 1 &&
    problems.some(
      ({ cluster: id, region, code }) =>
        id === "*" && region === cluster.region && (code === "unlisted" || code === "lost"),
    );
  const shown = views.flat().filter(({ region }) => plan.regions.includes(region));
  return [...Map.groupBy(shown, keyOf).values()].flatMap(([cluster, ...others]) => {
    if (cluster === undefined) return [];
    const said = problems
      .filter(({ cluster: id, region }) => id === cluster.id && region === cluster.region)
      .map(({ code }) => code)
      .filter((code) => code.startsWith("override-"));
    if (said.length === 0 && silent(cluster)) return [];
    const right = [cluster, ...others].map((one) => slipsOf(one, plan, scene));
    return right.some((slips) => slips.toSorted().join() === said.toSorted().join())
      ? []
      : [`says [${said}] of the tags of ${cluster.id}; by the checker it is [${right[0]}]`];
  });
};

const slipsOf = (cluster: SeenCluster, plan: PlanFacts, scene: Scene): readonly string[] => [
  ...(isMeant(cluster, plan) ? termsOf(plan, cluster.tags).slips : []),
  ...(joinsNothing(cluster, scene.plans()) ? ["override-plan"] : []),
];

const missingOf = (run: EndedRun, superseded: readonly SeenSnapshot[], scene: Scene): readonly Missing[] => {
  const snapshots = scene.snapshots();
  const removed = scene
    .plans()
    .flatMap(({ regions, copies }) =>
      [...regions, ...copies.map(({ region }) => region)].flatMap((region) =>
        scene.removedByOthers(region, run.startedAt),
      ),
    );
  const now = new Map(scene.clusters().map((cluster) => [cluster.resource, cluster]));
  const meant = asDiscovered(run, scene).filter((versions) => {
    const last = now.get(versions[0].resource);
    return (
      versions.every((one) => isMeant(one, run.plan)) &&
      last?.id === versions[0].id &&
      !(run.plan.stopped === "skip" && [...versions, last].some(isStopped))
    );
  });
  return meant.flatMap(([cluster, ...others]) => {
    const places = placesOf(cluster, run.plan);
    return places
      .filter((region) => others.every((one) => placesOf(one, run.plan).includes(region)))
      .filter((region) => {
        const isIt = (one: (typeof snapshots)[number]): boolean =>
          one.region === region &&
          isPointOf(one, { service: scene.service, plan: run.plan.name, resource: cluster.resource }) &&
          one.tags.get("holdfast:taken-at") === run.at;
        if (removed.some(isIt) || superseded.some(isIt)) return false;
        const found = snapshots.filter(isIt);
        return (
          !found.some(isAvailable) &&
          !snapshots.some((one) => scene.touched.has(keyOf(one)) && one.cluster === cluster.id)
        );
      })
      .map((region) => ({ cluster, region }));
  });
};
