import type { MakeChecker } from "./checker.ts";
import { isAvailable, isPointOf } from "./ownership.ts";
import { type EndedRun, keyOf, type Report, type Scene, type SeenCluster } from "./records.ts";
import { isMeant, joinsNothing, termsOf } from "./terms.ts";

/** A run reported as complete is complete in the world; every other one says what is missing, and what nobody can read. */
export const honesty: MakeChecker = (scene, complain, count) => ({
  runEnded: (run) => {
    count();
    const missing = missingOf(run, scene);
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
  },
});

interface Missing {
  readonly cluster: SeenCluster;
  readonly region: string;
}

/** What a run was shown of a cluster when it began; where its region was not listed, what there was. */
const asDiscovered = (run: EndedRun, scene: Scene): readonly SeenCluster[] => {
  const shown = scene.discovered(run.execution);
  return run.clustersAtStart.map(
    (cluster) =>
      shown.find(({ arn, resource }) => arn === cluster.arn && resource === cluster.resource) ?? cluster,
  );
};

const isStopped = (cluster: SeenCluster | undefined): boolean =>
  cluster?.status === "stopped" || cluster?.status === "paused";

/** Each wish that cannot be read is said, of its cluster, and of no other. */
const misread = ({ plan, execution }: EndedRun, { problems }: Report, scene: Scene): readonly string[] =>
  scene
    .discovered(execution)
    .filter(({ region }) => plan.regions.includes(region))
    .flatMap((cluster) => {
      const slips = [
        ...(isMeant(cluster, plan) ? termsOf(plan, cluster.tags).slips : []),
        ...(joinsNothing(cluster, scene.plans()) ? ["override-plan"] : []),
      ];
      const said = problems
        .filter(({ cluster: id, region }) => id === cluster.id && region === cluster.region)
        .map(({ code }) => code)
        .filter((code) => code.startsWith("override-"));
      return slips.toSorted().join() === said.toSorted().join()
        ? []
        : [`says [${said}] of the tags of ${cluster.id}; by the checker it is [${slips}]`];
    });

const missingOf = (run: EndedRun, scene: Scene): readonly Missing[] => {
  const snapshots = scene.snapshots();
  const removed = scene
    .plans()
    .flatMap(({ regions, copies }) =>
      [...regions, ...copies.map(({ region }) => region)].flatMap((region) =>
        scene.removedByOthers(region, run.startedAt),
      ),
    );
  const now = new Map(scene.clusters().map((cluster) => [cluster.resource, cluster]));
  const meant = asDiscovered(run, scene).filter(
    (cluster) =>
      isMeant(cluster, run.plan) &&
      now.get(cluster.resource)?.id === cluster.id &&
      !(run.plan.stopped === "skip" && [cluster, now.get(cluster.resource)].some(isStopped)),
  );
  return meant.flatMap((cluster) => {
    const { copies } = termsOf(run.plan, cluster.tags);
    const places = [cluster.region, ...copies.map(({ region }) => region)];
    return [...new Set(places)]
      .filter((region) => {
        const isIt = (one: (typeof snapshots)[number]): boolean =>
          one.region === region &&
          isPointOf(one, { service: scene.service, plan: run.plan.name, resource: cluster.resource }) &&
          one.tags.get("holdfast:taken-at") === run.at;
        if (removed.some(isIt)) return false;
        const found = snapshots.filter(isIt);
        return (
          !found.some(isAvailable) &&
          !snapshots.some((one) => scene.touched.has(keyOf(one)) && one.cluster === cluster.id)
        );
      })
      .map((region) => ({ cluster, region }));
  });
};
