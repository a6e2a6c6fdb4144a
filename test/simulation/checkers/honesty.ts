import type { Complain, MakeChecker } from "./checker.ts";
import { lookOut, type Seen } from "./looks.ts";
import { isAvailable, isFailed, isPointOf, planOf } from "./ownership.ts";
import {
  type EndedRun,
  keyOf,
  type PlanFacts,
  type Report,
  type Scene,
  type SeenCluster,
  type SeenSnapshot,
  type Verdict,
} from "./records.ts";
import { isMeant, joinsNothing, placesOf, termsOf } from "./terms.ts";

/** A run reported as complete is complete in the world; every other one says what is missing, and what nobody can read. */
export const honesty: MakeChecker = (scene, complain, count) => {
  const pruned: Pruned[] = [];
  const verdicts = new Map<number | undefined, Map<string, Verdict>>();
  const looks = lookOut(scene);
  return {
    departed: looks.departed,
    answered: looks.answered,
    found: looks.found,
    deleted: ({ snapshot, invocation: { execution, whole = execution } }) =>
      void pruned.push({ snapshot, execution: whole }),
    judged: (verdict) => {
      const { execution, whole = execution } = verdict.invocation;
      const own = verdicts.get(whole) ?? new Map<string, Verdict>();
      verdicts.set(whole, own.set(`${verdict.region} ${verdict.clusterArn}`, verdict));
    },
    runEnded: (run) => {
      const seen = looks.of(run);
      judge(run, pruned, seen, { scene, complain, count });
      const own = verdicts.get(run.execution) ?? new Map();
      verdicts.delete(run.execution);
      for (const sentence of unprunedBy(run, own, scene))
        complain(
          `the run of ${run.plan.name} at ${run.at} is reported ${run.report?.outcome}, and ${sentence}`,
        );
      for (const sentence of [
        ...overcounted(run, pruned, seen, scene),
        ...unsaidOf(run, own),
        ...hasty(run, seen, scene),
      ])
        complain(`the run of ${run.plan.name} at ${run.at} ${sentence}`);
      const deletions = pruned.filter(({ execution }) => execution === run.execution).length;
      if (!run.calm || run.report === undefined) return;
      for (const sentence of [
        ...miscounted(run, run.report, deletions, scene),
        ...untrue(run, run.report, scene),
      ])
        complain(`the run of ${run.plan.name} at ${run.at} ${sentence}`);
    },
  };
};

/** A run has judged every cluster in each of its places, and what its verdicts name is gone; or it says why not. */
const unprunedBy = (
  run: EndedRun,
  verdicts: ReadonlyMap<string, Verdict>,
  scene: Scene,
): readonly string[] => {
  const { report, plan } = run;
  if (run.asked || report === undefined) return [];
  const isWide = (regions: readonly string[]): boolean =>
    report.problems.some(({ cluster, region }) => cluster === "*" && [...regions, "*"].includes(region));
  const unjudged = meantBy(run, scene, true).flatMap(([cluster, ...others]) =>
    placesOf(cluster, plan)
      .filter((region) => others.every((one) => placesOf(one, plan).includes(region)))
      .filter((region) => !verdicts.has(`${region} ${cluster.arn}`) && !isWide([region, cluster.region]))
      .map((region) => `nothing was judged of ${cluster.id} in ${region}`),
  );
  const isSaid = ({ cluster: id, region: place }: SeenSnapshot): boolean =>
    report.problems.some(
      ({ cluster, region, code }) => code === "undeletable" && cluster === id && region === place,
    );
  const left = [...verdicts.values()].flatMap(({ region, remove, clusterArn }) =>
    isWide([region, clusterArn.split(":")[3] ?? ""])
      ? []
      : scene
          .snapshots(region)
          .filter((one) => remove.includes(one.id) && one.status !== "deleting")
          .filter((one) => !scene.touched.has(keyOf(one)) && !isSaid(one))
          .map((one) => `${keyOf(one)} is still there, which its verdict removes`),
  );
  return [...unjudged, ...left];
};

/** No run counts more than it has brought; what was deleted or changed since may have been there to be counted. */
const overcounted = (
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
    ((one.tags.get("holdfast:taken-at") === at && planOf(one) === plan.name) ||
      (scene.touched.has(keyOf(one)) && one.id.includes(time)));
  const gone = [
    ...pruned.map(({ snapshot }) => snapshot),
    ...[...new Set(scene.snapshots().map(({ region }) => region))].flatMap((region) =>
      scene.removedByOthers(region, reportedAt),
    ),
  ];
  const there = scene.snapshots().filter((one) => isAvailable(one) || scene.touched.has(keyOf(one)));
  const some = [...there, ...gone].filter(isRuns);
  const copies = some.filter(({ tags }) => tags.has("holdfast:source")).length;
  return [
    ...(report.totals.snapshots > some.length - copies
      ? [`counts ${report.totals.snapshots} snapshots; there are ${some.length - copies}`]
      : []),
    // A copy that a person made under our tags does not say what it is of.
    ...(report.totals.copies > some.length
      ? [`counts ${report.totals.copies} copies; there are ${some.length}`]
      : []),
  ];
};

/** On a night without faults a run's totals are those of the world. */
const miscounted = (run: EndedRun, { totals }: Report, pruned: number, scene: Scene): readonly string[] => {
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
  return (Object.keys(right) as (keyof typeof right)[])
    .filter((what) => totals[what] !== right[what])
    .map((what) => `counts ${totals[what]} ${what}; there are ${right[what]}`);
};

/** On a night without faults nothing is called amiss that is not. */
const untrue = (run: EndedRun, { problems }: Report, scene: Scene): readonly string[] => {
  const clusters = scene.clusters();
  const meant = meantBy(run, scene, true).map(([cluster]) => cluster);
  const isTrue = ({ cluster: id, region, code }: Report["problems"][number]): boolean => {
    if (id === "*") return code === "no-clusters" && meant.length === 0;
    const here = clusters.filter((one) => one.id === id);
    switch (code) {
      // That these are said of whom they are true is asked of every night.
      case "override-retention":
      case "override-copies":
      case "override-plan":
        return true;
      case "primary-elsewhere":
        return here.some(({ reads }) => reads);
      case "brake":
        return countOf(region, id, run, scene) > run.plan.brake;
      case "undeletable":
        return scene.snapshots(region).some((one) => isFailed(one) && one.cluster === id);
      default:
        return meant.some(
          (one) =>
            one.id === id &&
            (one.status !== "available" ||
              placesOf(one, run.plan).some((place) => pointsIn(place, one, run, scene).length === 0)),
        );
    }
  };
  return problems
    .filter((problem) => !isTrue(problem))
    .map(({ cluster, region, code }) => `says ${code} of ${cluster} in ${region}, and that is not so`);
};

const countOf = (region: string, id: string, { plan }: EndedRun, scene: Scene): number =>
  scene.snapshots(region).filter((one) => one.cluster === id && planOf(one) === plan.name).length;

/** What verdicts say of brake and gate reaches the report: its children hand on so many of these rows. */
const rowsMax = 15;

const unsaidOf = ({ asked, report }: EndedRun, verdicts: ReadonlyMap<string, Verdict>): readonly string[] => {
  const said = [...verdicts.values()].flatMap(({ region, clusterArn, problems }) =>
    problems.map((code) => ({ region, home: clusterArn.split(":")[3], clusterArn, code })),
  );
  if (asked || report === undefined || said.length + report.problems.length > rowsMax) return [];
  return said
    .filter(
      ({ region, home, clusterArn, code }) =>
        !report.problems.some((one) =>
          one.cluster === "*"
            ? [region, home, "*"].includes(one.region)
            : one.code === code && one.region === region && clusterArn.endsWith(`:${one.cluster}`),
        ),
    )
    .map(({ region, clusterArn, code }) => `does not say ${code} of ${clusterArn} in ${region}`);
};

/** A cluster that is only busy is given half an hour, and a source that is not found three times, before a run says so. */
const busyMsMin = 25 * 60_000;
const asksMin = 3;

const hasty = (run: EndedRun, { busy, unfound }: Seen, scene: Scene): readonly string[] => {
  const { report, plan, at } = run;
  return (report?.problems ?? []).flatMap(({ cluster: id, region, code }) => {
    if (code === "unavailable") {
      const long = [...busy].some(
        ([key, { first, last }]) => key === `${region} ${id}` && last - first >= busyMsMin,
      );
      return long ? [] : [`gives up ${id} in ${region}, which was busy for a while only`];
    }
    if (code !== "no-snapshot") return [];
    const time = timeIn(at);
    const source = scene
      .snapshots(region)
      .find(
        (one) => isAvailable(one) && one.cluster === id && one.id.includes(time) && planOf(one) === plan.name,
      );
    const asked = (to: string): number => unfound.get(`${to} ${source?.arn}`) ?? 0;
    const times = plan.copies.map((to) => asked(to.region));
    return times.some((count) => count > 0) && times.every((count) => count < asksMin)
      ? [`gives up the copies of ${id}, whose source was not found ${Math.max(...times)} times only`]
      : [];
  });
};

const timeIn = (at: string): string => at.replaceAll(/[-:]/g, "").toLowerCase();

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

const judge = (
  run: EndedRun,
  pruned: readonly Pruned[],
  { reportedAt, untold }: Seen,
  { scene, complain, count }: Judging,
): void => {
  count();
  const missing = missingOf(run, reportedAt, supersededOf(run, pruned, scene), scene);
  if (run.report === undefined) {
    if (run.succeeded) complain(`the run of ${run.plan.name} at ${run.at} succeeded without a report`);
    return;
  }
  const { outcome, problems } = run.report;
  // Where the event bus does not take even that it is complete, the execution has to fail.
  if (run.succeeded !== (outcome === "complete") && !(untold && outcome === "complete"))
    complain(`the run of ${run.plan.name} at ${run.at} is reported ${outcome}, and ended otherwise`);
  if (outcome === "incomplete" && problems.length === 0)
    complain(`the run of ${run.plan.name} at ${run.at} is incomplete and does not say why`);
  const unsaid = missing.filter(
    ({ cluster, region }) =>
      !problems
        .filter(({ code }) => !beside.has(code))
        .some(
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

/** What is wrong beside the taking and the copying: it says of nothing that it is missing. */
const beside: ReadonlySet<string> = new Set([
  ...["override-retention", "override-copies", "override-plan", "primary-elsewhere"],
  ...["brake", "copy-gate", "undeletable", "untold", "prune-suspended"],
]);

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

const missingOf = (
  run: EndedRun,
  reportedAt: number,
  superseded: readonly SeenSnapshot[],
  scene: Scene,
): readonly Missing[] => {
  const snapshots = scene.snapshots();
  const removed = scene
    .plans()
    .flatMap(({ regions, copies }) =>
      [...regions, ...copies.map(({ region }) => region)].flatMap((region) =>
        scene.removedByOthers(region, reportedAt),
      ),
    );
  const meant = meantBy(run, scene);
  return meant.flatMap(([cluster, ...others]) => {
    const places = placesOf(cluster, run.plan);
    return places
      .filter((region) => others.every((one) => placesOf(one, run.plan).includes(region)))
      .filter((region) => {
        const isIt = (one: SeenSnapshot): boolean => isPointIn(region, one, cluster, run, scene);
        if (removed.some(isIt) || superseded.some(isIt)) return false;
        // Whatever others have written on it since, its name still tells the run's time.
        const time = timeIn(run.at);
        const isTouched = (one: SeenSnapshot): boolean =>
          one.cluster === cluster.id && one.id.includes(time) && scene.touched.has(keyOf(one));
        return !snapshots.some((one) => (isIt(one) && isAvailable(one)) || isTouched(one));
      })
      .map((region) => ({ cluster, region }));
  });
};

/** The clusters that a run meant, however its parts saw them, and that are there under their name; all of these, or those of which it expects a point. */
const meantBy = (run: EndedRun, scene: Scene, all = false): readonly Versions[] => {
  const now = new Map(scene.clusters().map((cluster) => [cluster.resource, cluster]));
  return asDiscovered(run, scene).filter((versions) => {
    const last = now.get(versions[0].resource);
    return (
      versions.every((one) => isMeant(one, run.plan)) &&
      last?.id === versions[0].id &&
      (all || !(run.plan.stopped === "skip" && [...versions, last].some(isStopped)))
    );
  });
};

const isPointIn = (
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
const pointsIn = (
  region: string,
  cluster: SeenCluster,
  run: EndedRun,
  scene: Scene,
): readonly SeenSnapshot[] =>
  scene.snapshots(region).filter((one) => isAvailable(one) && isPointIn(region, one, cluster, run, scene));
