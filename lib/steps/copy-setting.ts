import { type Cluster, traitsOf } from "../core/cluster.ts";
import { copyToManage, settingProblem } from "../core/copy-setting.ts";
import type { CopyTask } from "../core/copying.ts";
import type { OwnedSnapshot } from "../core/ownership.ts";
import type { Plan } from "../core/plan.ts";
import type { ProblemCode } from "../core/problem.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";
import type { CopyPass } from "./copy-pass.ts";
import { type Place, reach } from "./reach.ts";

/**
 * Makes a cluster's copy setting what its plan manages, and answers the cluster as it then is. A refusal costs no
 * backup: the pump finds the setting as it is, and reports it.
 */
export const settleCopySetting = async (
  { cluster, plan }: { readonly cluster: Cluster; readonly plan: Plan },
  { engines, journal, service }: Context<"engines">,
): Promise<Cluster> => {
  const to = copyToManage(cluster, plan.copies);
  if (to === undefined) return cluster;
  const place = { region: cluster.region, cluster: cluster.id, to: to.region };
  try {
    const order = { service, cluster, region: to.region, ...(to.kmsKey && { kmsKey: to.kmsKey }) };
    const copySetting = await engines[traitsOf(cluster.engine).family].enableCopies(order);
    journal({ kind: "copying.enabled", ...place, source: cluster.arn });
    return { ...cluster, copySetting };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    journal({ kind: "copying.refused", ...place, error: error.message });
    return cluster;
  }
};

/** Clusters with their settings, by region; a region that did not answer is not in it. */
export type Settings = ReadonlyMap<string, readonly Cluster[]>;

/** Clusters whose copies are a setting of theirs, by region: only their own listing tells it. */
export const clusterSettings = async (
  places: readonly (Place & { readonly ids: readonly string[] })[],
  context: Context<"engines">,
): Promise<Settings> => {
  const { engines } = context;
  const withSetting = places.filter(({ family }) => engines[family].copies === "by-cluster-setting");
  const listed = await Promise.all(
    withSetting.map(async ({ region, family, ids }) => {
      const query = { region, ids };
      const answer = await reach({ region, family }, () => engines[family].findClusters(query), context);
      return answer === undefined ? [] : [{ region, clusters: answer }];
    }),
  );
  const byRegion = Map.groupBy(listed.flat(), ({ region }) => region);
  return new Map([...byRegion].map(([region, some]) => [region, some.flatMap(({ clusters }) => clusters)]));
};

/** The settings that a plan manages, of clusters whose snapshots have come: now they must be right. */
export const managedSettings = async (
  { copyPlan, work }: CopyPass,
  sources: ReadonlyMap<string, OwnedSnapshot>,
  context: Context<"engines">,
): Promise<Settings> => {
  if (!copyPlan.manage) return new Map();
  // Of what is not awaited no source is looked for.
  const come = work.tasks.filter(({ source }) => sources.get(source)?.snapshot.status === "available");
  const groups = Map.groupBy(come, ({ region, family }) => `${region} ${family}`);
  const places = [...groups.values()].flatMap((some) =>
    some
      .slice(0, 1)
      .map(({ region, family }) => ({ region, family, ids: some.map(({ cluster }) => cluster) })),
  );
  return clusterSettings(places, context);
};

/** What keeps a task's copy from coming by itself, as far as its region told. */
export const settingProblemOf = (
  task: CopyTask,
  settings: Settings,
  { input }: CopyPass,
): ProblemCode | undefined => {
  const told = settings.get(task.region);
  // The region did not answer, which says nothing about the setting.
  if (told === undefined) return undefined;
  return settingProblem(
    told.find(({ id }) => id === task.cluster),
    input.destination.region,
  );
};
