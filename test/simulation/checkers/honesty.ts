import type { MakeChecker } from "./checker.ts";
import { isAvailable, isOurs, planOf, resourceOf } from "./ownership.ts";
import { type EndedRun, keyOf, type Scene, type SeenCluster } from "./records.ts";

/** A run reported as complete is complete in the world; every other one says what is missing. */
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
  },
});

interface Missing {
  readonly cluster: SeenCluster;
  readonly region: string;
}

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
  const meant = run.clustersAtStart.filter(
    (cluster) => isMeant(cluster, run) && now.get(cluster.resource)?.id === cluster.id,
  );
  return meant.flatMap((cluster) => {
    const places = [cluster.region, ...run.plan.copies.map(({ region }) => region)];
    return [...new Set(places)]
      .filter((region) => {
        const isIt = (one: (typeof snapshots)[number]): boolean =>
          one.region === region &&
          isOurs(one, scene.service) &&
          resourceOf(one) === cluster.resource &&
          planOf(one) === run.plan.name &&
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

const isMeant = ({ region, tags }: SeenCluster, { plan }: EndedRun): boolean =>
  plan.regions.includes(region) && (tags.get("backup") ?? "").split(" ").includes(plan.name);
