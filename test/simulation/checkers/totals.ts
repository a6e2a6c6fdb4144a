import type { Seen } from "./looks.ts";
import { isAvailable } from "./ownership.ts";
import { type EndedRun, keyOf, type Scene, type SeenCluster, type SeenSnapshot } from "./records.ts";
import { firstOf, isPointIn, isScheduledPoint, meantBy, plainOf, pointsIn, timeIn } from "./run-members.ts";
import { placesOf } from "./terms.ts";

/** What a run's report counts, beside what there is. */

/** A deletion of ours, without what the region held before, which a season would not have room for. */
export interface Pruned {
  readonly snapshot: SeenSnapshot;
  readonly at: number;
  readonly execution: number | undefined;
}

/** One for each source in a region, whatever attempts there were: `name`, `name-2`, or `copy:name`. */
const countOf = (some: readonly SeenSnapshot[]): number =>
  new Set(some.map(({ region, id }) => `${region} ${firstOf(plainOf(id))}`)).size;

/** The region of its cluster; what others have written on may tell none. */
const homeOf = ({ tags }: SeenSnapshot): string | undefined => tags.get("holdfast:cluster")?.split(":")[3];

/** No run counts more than it has brought; what was deleted or changed since its report began may have been there to be counted. */
export const overcounted = (
  { plan, at, report }: EndedRun,
  pruned: readonly Pruned[],
  { reportedAt }: Seen,
  scene: Scene,
): readonly string[] => {
  if (report?.totals === undefined) return [];
  const time = timeIn(at);
  // Of what others have written on since, its name still tells the run's time.
  const isRuns = (one: SeenSnapshot): boolean =>
    /^(copy:)?holdfast-/.test(one.id) &&
    ((one.tags.get("holdfast:taken-at") === at && one.tags.get("holdfast:plan") === plan.name) ||
      (scene.touched.has(keyOf(one)) && one.id.includes(time)));
  const places = [...plan.regions, ...[...plan.copies, ...scene.snapshots()].map(({ region }) => region)];
  const gone = [
    ...pruned.filter((one) => one.at >= reportedAt).map(({ snapshot }) => snapshot),
    ...[...new Set(places)].flatMap((region) => scene.removedByOthers(region, reportedAt)),
  ];
  const there = scene.snapshots().filter((one) => isAvailable(one) || scene.touched.has(keyOf(one)));
  const some = [...there, ...gone].filter(isRuns);
  const right = {
    snapshots: countOf(some.filter((one) => (homeOf(one) ?? one.region) === one.region)),
    copies: countOf(some.filter((one) => homeOf(one) !== one.region)),
  };
  return (Object.keys(right) as (keyof typeof right)[])
    .filter((what) => (report.totals?.[what] ?? 0) > right[what])
    .map((what) => `counts ${report.totals?.[what]} ${what}; there are ${right[what]}`);
};

/** Longer than any listing lags. */
const lagMs = 300_000;

/**
 * No run counts less than what was there when its report began and still is, of the clusters that it took for its own. Where
 * it says that something is not known, or lost, nothing need be counted.
 */
export const undercounted = (
  run: EndedRun,
  { before, reportedAt }: Seen,
  scene: Scene,
): readonly string[] => {
  const { report, plan, asked } = run;
  if (report?.totals === undefined || asked) return [];
  if (report.problems.some(({ cluster, code }) => cluster === "*" && code !== "untold")) return [];
  const now = new Set(scene.snapshots());
  const steady = before.filter(
    (one) =>
      now.has(one) &&
      isScheduledPoint(one, run) &&
      !scene.touched.has(keyOf(one)) &&
      one.startedAt < reportedAt - lagMs,
  );
  const points = meantBy(run, scene, true).flatMap(([cluster, ...others]) =>
    placesOf(cluster, plan)
      .filter((region) => others.every((one) => placesOf(one, plan).includes(region)))
      .flatMap((region) =>
        steady
          // One from before a renaming bears the former name, by which a run that begins anew does not look.
          .filter((one) => one.cluster === cluster.id && isPointIn(region, one, cluster, run, scene))
          .slice(0, 1),
      ),
  );
  const isCopy = ({ tags }: SeenSnapshot): boolean => tags.has("holdfast:source");
  const least = {
    snapshots: points.filter((one) => !isCopy(one)).length,
    copies: points.filter(isCopy).length,
  };
  return (Object.keys(least) as (keyof typeof least)[])
    .filter((what) => (report.totals?.[what] ?? 0) < least[what])
    .map((what) => `counts ${report.totals?.[what]} ${what}; there were ${least[what]}`);
};

/** On a night without faults a run's totals are those of the world. */
export const miscounted = (run: EndedRun, pruned: number, scene: Scene): readonly string[] => {
  const totals = run.report?.totals;
  if (totals === undefined) return [];
  const meant = meantBy(run, scene, true).map(([cluster]) => cluster);
  const pointsOf = (cluster: SeenCluster): readonly SeenSnapshot[] =>
    placesOf(cluster, run.plan).flatMap((region) => pointsIn(region, cluster, run, scene).slice(0, 1));
  const points = meant.flatMap(pointsOf);
  const isCopy = ({ tags }: SeenSnapshot): boolean => tags.has("holdfast:source");
  const right = {
    clusters: meant.length,
    snapshots: points.filter((one) => !isCopy(one)).length,
    copies: points.filter(isCopy).length,
    pruned,
  };
  const rows = run.report?.problems.length ?? 0;
  // What two parts tell alike beyond their first rows is counted twice.
  const isParted = scene.views(run.execution).length > 1;
  return [
    ...(Object.keys(right) as (keyof typeof right)[])
      .filter((what) => totals[what] !== right[what])
      .map((what) => `counts ${totals[what]} ${what}; there are ${right[what]}`),
    ...(totals.problems < rows || (totals.problems > rows && !isParted)
      ? [`counts ${totals.problems} problems; there are ${rows}`]
      : []),
  ];
};
