import { isAvailable, isPointOf } from "./ownership.ts";
import type { EndedRun, Scene, SeenCluster, SeenSnapshot } from "./records.ts";
import { isMeant } from "./terms.ts";

/** The clusters that a run meant, and what there is of its points of them. */

/** A cluster as a run was shown it when it began, once for each way in which its parts saw it: only one of them takes it. */
export type Versions = readonly [SeenCluster, ...SeenCluster[]];

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

/** The clusters that a run meant when it began, however its parts saw them. */
export const meantAtStart = (run: EndedRun, scene: Scene): readonly Versions[] =>
  asDiscovered(run, scene).filter((versions) => versions.every((one) => isMeant(one, run.plan)));

/** Of these, those that are there under their name; all of them, or those of which the run expects a point. */
export const meantBy = (run: EndedRun, scene: Scene, all = false): readonly Versions[] => {
  const now = new Map(scene.clusters().map((cluster) => [cluster.resource, cluster]));
  return meantAtStart(run, scene).filter((versions) => {
    const last = now.get(versions[0].resource);
    return (
      last?.id === versions[0].id &&
      (all || !(run.plan.stopped === "skip" && [...versions, last].some(isStopped)))
    );
  });
};

export const isPointIn = (
  region: string,
  one: SeenSnapshot,
  { resource }: SeenCluster,
  { plan, at }: EndedRun,
  { service }: Scene,
): boolean =>
  one.region === region &&
  isPointOf(one, { service, plan: plan.name, resource }) &&
  one.tags.get("holdfast:taken-at") === at;

/** Those that are available of a run's points of a cluster. */
export const pointsIn = (
  region: string,
  cluster: SeenCluster,
  run: EndedRun,
  scene: Scene,
): readonly SeenSnapshot[] =>
  scene.snapshots(region).filter((one) => isAvailable(one) && isPointIn(region, one, cluster, run, scene));

/** A time as names have it. */
export const timeIn = (at: string): string => at.replaceAll(/[-:]/g, "").toLowerCase();

/** A name without the number of its attempt. */
export const firstOf = (id: string): string => id.replace(/(z)-\d$/, "$1");

/** A name without what AWS puts before it where it copies by itself. */
export const plainOf = (id: string): string => id.replace(/^copy:/, "");

/** Of a run of the schedule's: what a person asked for at the same second is another run's. */
export const isScheduledPoint = ({ tags }: SeenSnapshot, { plan, at }: EndedRun): boolean =>
  tags.get("holdfast:run") === `${plan.name}-${timeIn(at)}`;
