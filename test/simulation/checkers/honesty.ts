import type { Complain, MakeChecker } from "./checker.ts";
import { lookOut, type Seen } from "./looks.ts";
import { isAvailable, isFailed, planOf, resourceOf } from "./ownership.ts";
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
import { firstOf, isPointIn, isScheduledPoint, meantBy, pointsIn, timeIn } from "./run-members.ts";
import { isMeant, joinsNothing, placesOf, termsOf } from "./terms.ts";
import { miscounted, overcounted, type Pruned, undercounted } from "./totals.ts";

/** A run reported as complete is complete in the world; every other one says what is missing, and what nobody can read. */
export const honesty: MakeChecker = (scene, complain, count) => {
  const pruned: Pruned[] = [];
  const verdicts = new Map<number | undefined, Map<string, Judged>>();
  const looks = lookOut(scene);
  /** Prunes that answered nothing: their next attempt judges anew, and less where a region is silent by then. */
  const unheard = new Set<number>();
  return {
    departed: looks.departed,
    answered: looks.answered,
    found: looks.found,
    invocationEnded: looks.invocationEnded,
    deleted: ({ snapshot, at, invocation: { execution, whole = execution } }) =>
      void pruned.push({ snapshot, at, execution: whole }),
    judged: (verdict) => {
      const { execution, whole = execution } = verdict.invocation;
      const own = verdicts.get(whole) ?? new Map<string, Judged>();
      const judged = { ...verdict, when: scene.now() };
      verdicts.set(whole, own.set(`${verdict.region} ${verdict.clusterArn}`, judged));
    },
    unanswered: (invocation) => {
      looks.unanswered(invocation);
      unheard.add(invocation.number);
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
        ...undercounted(run, seen, scene),
        ...unsaidOf(
          run,
          [...own.values()].filter(({ invocation }) => !unheard.has(invocation.number)),
        ),
        ...hasty(run, { ...seen, pruned }, scene),
      ])
        complain(`the run of ${run.plan.name} at ${run.at} ${sentence}`);
      const deletions = pruned.filter(({ execution }) => execution === run.execution).length;
      if (!run.calm || run.report === undefined) return;
      for (const sentence of [...miscounted(run, deletions, scene), ...untrue(run, run.report, scene)])
        complain(`the run of ${run.plan.name} at ${run.at} ${sentence}`);
    },
  };
};

interface Judged extends Verdict {
  /** Milliseconds since the epoch. */
  readonly when: number;
}

/** A run has judged every cluster in each of its places, and what its verdicts name is gone; or it says why not. */
const unprunedBy = (
  run: EndedRun,
  verdicts: ReadonlyMap<string, Judged>,
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
  const leftBy = ({ region, remove, clusterArn, when }: Judged): readonly SeenSnapshot[] =>
    isWide([region, clusterArn.split(":")[3] ?? ""])
      ? []
      : scene
          .snapshots(region)
          .filter((one) => remove.includes(one.id) && one.status !== "deleting")
          // Another execution may have made anew, under the same name, what had failed.
          .filter((one) => one.startedAt <= when && !scene.touched.has(keyOf(one)));
  const left = [...Map.groupBy(verdicts.values(), childOf).values()].flatMap((child) => {
    const unsaid = child.flatMap(leftBy).filter((one) => !isSaid(one));
    const beside = besideIn(child, run);
    const rows = child.flatMap(({ problems }) => problems).length + beside.length + unsaid.length;
    // Of each kind a child says some, however much there is of another.
    return rows > rowsMax && beside.some(({ code }) => code === "undeletable")
      ? []
      : unsaid.map((one) => `${keyOf(one)} is still there, which its verdict removes`);
  });
  return [...unjudged, ...left];
};

/** Whose answer a verdict is in: the child's of its cluster's service and region. */
const childOf = ({ clusterArn }: Verdict): string => clusterArn.split(":").slice(2, 4).join(" ");

/** What a report has of a prune that is in no verdict; some of it may be another child's. */
const besideIn = (child: readonly Verdict[], { report, plan }: EndedRun): Report["problems"] => {
  const places = [child[0]?.clusterArn.split(":")[3] ?? "", ...plan.copies.map(({ region }) => region)];
  return (report?.problems ?? []).filter(
    ({ region, code }) => besideVerdicts.has(code) && places.includes(region),
  );
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
      case "lost":
        return false;
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

/** A child of the state machine hands on so many rows at least. */
const rowsMax = 15;

/** What a prune says beside its verdicts, in the same answer. */
const besideVerdicts: ReadonlySet<string> = new Set(["undeletable", "untold", "prune-suspended"]);

/**
 * What verdicts say of brake and gate reaches the report: of each child's as many rows as it hands on. One that was cut off
 * is lost with its rows, which is said of its region.
 */
const unsaidOf = (run: EndedRun, verdicts: readonly Verdict[]): readonly string[] => {
  if (run.asked || run.report === undefined) return [];
  const { problems } = run.report;
  const isSaid = (arn: string, region: string, code: string): boolean =>
    problems.some((one) => one.code === code && one.region === region && arn.endsWith(`:${one.cluster}`));
  const isLost = (home: string): boolean =>
    problems.some(
      ({ cluster, region, code }) => cluster === "*" && code === "lost" && [home, "*"].includes(region),
    );
  return [...Map.groupBy(verdicts, childOf).values()].flatMap((child) => {
    const home = child[0]?.clusterArn.split(":")[3] ?? "";
    if (isLost(home)) return [];
    const rows = child.flatMap(({ region, clusterArn, problems: codes }) =>
      codes.map((code) => ({ region, clusterArn, code })),
    );
    const cut = Math.max(0, rows.length + besideIn(child, run).length - rowsMax);
    const unsaid = rows.filter(({ region, clusterArn, code }) => !isSaid(clusterArn, region, code));
    return unsaid.length <= cut
      ? []
      : unsaid.map(({ region, clusterArn, code }) => `does not say ${code} of ${clusterArn} in ${region}`);
  });
};

/** A cluster that is only busy is given half an hour, and a source that is not found three times, before a run says so. */
const busyMsMin = 25 * 60_000;
const asksMin = 3;

/** A pump waits longer for a snapshot that nobody has seen. */
const comingMsMax = 30 * 60_000;

/** It came soon after the run began, and is of the cluster that the run was shown. */
const isInTime = (source: SeenSnapshot, run: EndedRun, scene: Scene): boolean =>
  source.startedAt - run.startedAt < comingMsMax &&
  isScheduledPoint(source, run) &&
  !scene.touched.has(keyOf(source)) &&
  scene
    .views(run.execution)
    .flat()
    .every(
      ({ id, region, resource }) =>
        id !== source.cluster || region !== source.region || resource === resourceOf(source),
    );

/**
 * What others have deleted is truly not there for a pump that looks: an execution beside it may take it, or the next
 * attempt, anew.
 */
const isTakenAway = (source: SeenSnapshot, { startedAt }: EndedRun, scene: Scene): boolean =>
  scene.removedByOthers(source.region, startedAt).some(({ id }) => firstOf(id) === firstOf(source.id));

interface SeenAndPruned extends Seen {
  readonly pruned: readonly Pruned[];
}

/** What had failed of the run's attempts, and was pruned since: then a later execution takes the point anew. */
const isMadeAnew = (source: SeenSnapshot, run: EndedRun, pruned: readonly Pruned[]): boolean =>
  pruned.some(
    ({ snapshot, at }) =>
      isFailed(snapshot) && snapshot.arn === source.arn && at >= run.startedAt && at <= source.startedAt,
  );

const hasty = (run: EndedRun, { busy, unfound, pruned }: SeenAndPruned, scene: Scene): readonly string[] => {
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
    if (source && (isMadeAnew(source, run, pruned) || isTakenAway(source, run, scene))) return [];
    if (source && !run.asked && times.every((count) => count === 0) && isInTime(source, run, scene))
      return [`gives up the copies of ${id}, whose snapshot came in time`];
    return times.some((count) => count > 0) && times.every((count) => count < asksMin)
      ? [`gives up the copies of ${id}, whose source was not found ${Math.max(...times)} times only`]
      : [];
  });
};

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
  const missing = missingOf(run, reportedAt, supersededOf(run, pruned, reportedAt, scene), scene);
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
        .filter(({ code }) => !beside.has(code) && (code !== "key-missing" || isWithoutKey(region, run)))
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

const isWithoutKey = (region: string, { plan }: EndedRun): boolean =>
  plan.copies.some((to) => to.region === region && to.key === undefined);

/** What is wrong beside the taking and the copying: it says of nothing that it is missing. */
const beside: ReadonlySet<string> = new Set([
  ...["override-retention", "override-copies", "override-plan", "primary-elsewhere"],
  ...["brake", "copy-gate", "undeletable", "untold", "prune-suspended"],
]);

/**
 * What another run of the plan has pruned since this one's report began to look was there then. A part reports when it is
 * done, and others may go on for hours: of its points it may be whatever another has pruned.
 */
const supersededOf = (
  { at, execution }: EndedRun,
  pruned: readonly Pruned[],
  reportedAt: number,
  scene: Scene,
): readonly SeenSnapshot[] => {
  const isOfParts = scene.views(execution).length > 1;
  return pruned
    .filter((one) => one.execution !== execution && one.snapshot.tags.get("holdfast:taken-at") === at)
    .filter((one) => isOfParts || one.at >= reportedAt)
    .map(({ snapshot }) => snapshot);
};

interface Missing {
  readonly cluster: SeenCluster;
  readonly region: string;
}

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
