import type { MakeChecker, Night } from "./checker.ts";
import { floorOver, judge } from "./judgement.ts";
import {
  isArriving,
  isAvailable,
  isFailed,
  isOurs,
  isPointOf,
  planOf,
  resourceOf,
  stampOf,
  takenAt,
} from "./ownership.ts";
import { keyOf, type PlanFacts, type Scene, type SeenCluster, type SeenSnapshot } from "./records.ts";
import { isCopied, isMeant, isUnread, isVisited, placesOf, policiesIn, termsOf } from "./terms.ts";

/** Longer than a snapshot takes. */
const takingMs = 6 * 3_600_000;

/** Longer than from a plan's run to the night's end. */
const rememberedMs = 3 * 86_400_000;

/** By the plans of the estate: then a run waits no longer, and what is left is the next one's. */
const deadlineHours = 8;

/** So many runs after the faults have stopped everything must have caught up. */
const runsMax = 2;

/** Every run comes to its end. Once faults stop: recovery points, copies, prune and sweep have caught up, and nothing of ours is untracked. */
export const liveness: MakeChecker = (scene, complain, count) => {
  /** What we have deleted, and when: a run that came before saw it. */
  const deleted: Deleted[] = [];
  return {
    deleted: ({ snapshot }) => void deleted.push({ snapshot, at: scene.now() }),
    runEnded: ({ plan, at, startedAt }) => {
      const hours = (scene.now() - startedAt) / 3_600_000;
      if (hours > deadlineHours + 1)
        complain(`the run of ${plan.name} at ${at} has gone on for ${Math.floor(hours)} hours`);
    },
    nightEnded: (night) => {
      const old = deleted.findIndex(({ at }) => at > scene.now() - rememberedMs);
      deleted.splice(0, old < 0 ? deleted.length : old);
      if (night.calm < runsMax) return;
      const snapshots = scene.snapshots();
      for (const plan of scene.plans()) {
        const since = night.calmRuns.get(plan.name)?.at(-runsMax);
        if (since === undefined) continue;
        count();
        for (const sentence of [
          ...lagging(plan, Date.parse(since), snapshots, scene),
          ...unpruned(plan, { snapshots, deleted }, scene, night),
        ])
          complain(sentence);
      }
      // A copy whose source is gone, or ours no more, cannot be recognised: only the source tells what it is.
      const sources = new Set(
        snapshots
          .filter((one) => one.sourceRegion === undefined && isOurs(one, scene.service))
          .map(({ createdAt, cluster }) => `${cluster} ${createdAt}`),
      );
      const strays = snapshots.filter(
        (one) => isArriving(one) && isAvailable(one) && one.sourceRegion !== undefined,
      );
      for (const one of strays.filter(({ cluster, createdAt }) => sources.has(`${cluster} ${createdAt}`)))
        complain(`${keyOf(one)} is a copy of ours that nobody has tagged`);
      for (const sentence of unswept(snapshots, scene)) complain(sentence);
    },
  };
};

interface Deleted {
  readonly snapshot: SeenSnapshot;
  readonly at: number;
}

const isDue = (cluster: SeenCluster, plan: PlanFacts): boolean =>
  cluster.status === "available" && isMeant(cluster, plan);

/** AWS copies it, and the plan has a key for what is encrypted. */
const canBeCopied = (cluster: SeenCluster, plan: PlanFacts, to: string, scene: Scene): boolean =>
  isCopied(cluster) &&
  !(
    (cluster.encrypted || (cluster.awsOwned && scene.awsOwnedCopies === "with-key")) &&
    plan.copies.some(({ region, keyless }) => keyless && region === to)
  );

const lagging = (
  plan: PlanFacts,
  since: number,
  snapshots: readonly SeenSnapshot[],
  scene: Scene,
): readonly string[] =>
  scene
    .clusters()
    .filter((cluster) => isDue(cluster, plan))
    .flatMap((cluster) =>
      placesOf(cluster, plan)
        .filter((region) => region === cluster.region || canBeCopied(cluster, plan, region, scene))
        .filter(
          (region) =>
            !snapshots.some(
              (one) =>
                one.region === region &&
                isAvailable(one) &&
                isPointOf(one, { service: scene.service, plan: plan.name, resource: cluster.resource }) &&
                takenAt(one) >= since,
            ),
        )
        .map(
          (region) =>
            `${cluster.id} has no recovery point of ${plan.name} in ${region} from the last ${runsMax} runs`,
        ),
    );

/**
 * What a plan's run would still remove, in a cluster's own region or where it has copies, is left only where the brake says
 * so, or AWS refuses: it does what failed.
 */
const unpruned = (
  plan: PlanFacts,
  rest: { readonly snapshots: readonly SeenSnapshot[]; readonly deleted: readonly Deleted[] },
  scene: Scene,
  night: Night,
): readonly string[] =>
  scene
    .clusters()
    .filter((cluster) => isDue(cluster, plan))
    .flatMap((cluster) =>
      placesOf(cluster, plan).flatMap((region) =>
        unprunedIn(region, { plan, cluster, ...rest }, scene, night),
      ),
    );

interface Pruning {
  readonly plan: PlanFacts;
  readonly cluster: SeenCluster;
  readonly snapshots: readonly SeenSnapshot[];
  readonly deleted: readonly Deleted[];
}

const unprunedIn = (
  place: string,
  { plan, cluster, snapshots, deleted }: Pruning,
  scene: Scene,
  { told, calmRuns }: Night,
): readonly string[] => {
  const { service } = scene;
  // An until that has passed since is the next run's.
  const now = Date.parse(calmRuns.get(plan.name)?.at(-1) ?? "");
  const near = snapshots.filter((one) => one.region === place && one.cluster === cluster.id);
  const isOwn = (one: SeenSnapshot): boolean => isOurs(one, service) && resourceOf(one) === cluster.resource;
  // Another plan that has points raises the floor; those of its runs beside this plan's may have been there for it or not.
  const here = near.filter((one) => planOf(one) === plan.name || !(takenAt(one) > now - takingMs));
  const terms = termsOf(plan, cluster.tags);
  const isOfPlan = (one: SeenSnapshot): boolean => planOf(one) === plan.name;
  const points = here.filter((one) => isOwn(one) && isOfPlan(one));
  // What is gone since was there when the run judged: it may have raised the floor, and its stamp was a policy.
  const ours = deleted.filter(({ at }) => at > now).map(({ snapshot }) => snapshot);
  const since = [
    ...ours.filter(({ region }) => region === place),
    ...scene.removedByOthers(place, now),
  ].filter((one) => resourceOf(one) === cluster.resource);
  const copies = isCopied(cluster) && place === cluster.region ? terms.copies : [];
  const floors = new Set(
    [here, near].map((some) => floorOver([...some.filter(isOwn), ...since], plan, scene.plans())),
  );
  const verdicts = [...floors].map((floor) =>
    judge({
      ...{ service, plan: { ...plan, floor } },
      ...{ resource: cluster.resource, here, everywhere: snapshots },
      policies: policiesIn(place, { cluster, terms }, [...points, ...since.filter(isOfPlan)]) ?? [],
      copies: copies.map(({ region }) => snapshots.filter((one) => one.region === region)),
      ...{ bearersStay: isUnread(terms), now },
    }),
  );
  const isBraked = verdicts.some(({ braked }) => braked);
  const isTold = (word: string): boolean =>
    (told.get(plan.name) ?? []).some(
      ({ cluster: id, region, code }) => code === word && id === cluster.id && region === place,
    );
  if (isBraked && isTold("brake")) return [];
  const free = verdicts.filter(({ braked }) => !braked);
  if (free.length === 0)
    return [`the brake holds the prune of ${cluster.id} in ${place}, and no run says so`];
  const due = here.filter(({ id }) => free.every(({ remove }) => remove.includes(id)));
  const left = due.filter((one) => !isFailed(one) || !isTold("undeletable"));
  return left.length === 0 ? [] : [`${left.map(keyOf).join(", ")} of ${cluster.id} should have been pruned`];
};

/** Sets of clusters, plans and names that no run visits are pruned by what their points were promised. */
const unswept = (snapshots: readonly SeenSnapshot[], scene: Scene): readonly string[] => {
  const ours = snapshots.filter((one) => isOurs(one, scene.service));
  const clusters = scene.clusters();
  const sets = Map.groupBy(ours, (one) => [planOf(one), resourceOf(one), one.region, one.cluster].join(" "));
  return [...sets.values()].flatMap((set) => {
    const [first] = set;
    if (first === undefined) return [];
    const isComeBy = scene.plans().some((one) => clusters.some((cluster) => isVisited(first, cluster, one)));
    if (isComeBy) return [];
    const plan = scene.plans().find(({ name }) => name === planOf(first));
    const floor = Math.max(2, ...scene.plans().map((one) => one.floor));
    const { remove } = judge({
      plan: {
        ...(plan ?? { name: planOf(first), timeZone: "UTC", brake: 10, copyObjectiveHours: 0 }),
        floor,
      },
      ...{
        service: scene.service,
        resource: resourceOf(first),
        here: set,
        everywhere: snapshots,
        copies: [],
      },
      ...{ policies: set.map(stampOf), bearersStay: true, now: scene.now() },
    });
    const due = set.filter((one) => remove.includes(one.id) && !(isFailed(one) && one.family === "rds"));
    return due.length === 0 ? [] : [`${due.map(keyOf).join(", ")} should have been swept`];
  });
};
