import type { MakeChecker } from "./checker.ts";
import { isAvailable, isPointOf, takenAt } from "./ownership.ts";
import type { CoverageTold, PlanFacts, Scene, SeenCluster, SeenSnapshot } from "./records.ts";
import { isCopied, isMeant, termsOf } from "./terms.ts";

/** By the plans of the estate, in which only the copies' differs. */
const sourceObjectiveHours = 30;
const hourMs = 3_600_000;

/** A run may be told by the one before where somebody had one taken in between: the longest gap of a plan, daylight saving in it. */
const gapSeconds = 25 * 3600;

/**
 * What Watch tells is so in the world: exactly which clusters are at risk, and ages that are right or a gap between runs too
 * old, never too young. On a quiet night it tells of each place where a plan has clusters. Where others change the truth
 * while it looks, nothing is asked of it.
 */
export const coverage: MakeChecker = (scene, complain, count) => {
  let told: { readonly row: CoverageTold; readonly truth: Truth | undefined }[] = [];
  let looking: { readonly number: number; readonly world: World } | undefined;
  return {
    departed: ({ invocation }) => {
      if (invocation.function !== "watch" || invocation.number === looking?.number) return;
      looking = { number: invocation.number, world: worldOf(scene) };
    },
    watched: (row) => {
      const truth = truthOf(row, worldOf(scene), scene);
      const before = looking === undefined ? truth : truthOf(row, looking.world, scene);
      const stood = JSON.stringify(truth) === JSON.stringify(before);
      told.push({ row, truth: stood ? truth : undefined });
    },
    nightEnded: ({ calm }) => {
      const tonight = told;
      told = [];
      for (const { row, truth } of tonight) {
        if (truth === undefined) continue;
        count();
        const where = `Watch tells of ${row.plan} in ${row.region} (${row.kind})`;
        const [risks, real] = [row.atRisk, truth.atRisk].map((ids) => ids.toSorted().join(" ") || "none");
        if (risks !== real) complain(`${where} that at risk are ${risks}; at risk are ${real}`);
        for (const [what, age, right] of [
          ["newest point", row.recoveryPointAge, truth.recoveryPointAge],
          ["last complete run", row.runAge, truth.runAge],
        ] as const)
          if (age < right || age > right + gapSeconds)
            complain(`${where} that its ${what} is ${age} s old; it is ${right} s old`);
      }
      if (calm === 0) return;
      for (const place of placesIn(scene))
        if (!tonight.some(({ row }) => `${row.plan} ${row.kind} ${row.region}` === place))
          complain(`Watch tells nothing of ${place}`);
    },
  };
};

interface Truth {
  readonly atRisk: readonly string[];
  readonly recoveryPointAge: number;
  readonly runAge: number;
}

interface World {
  readonly clusters: readonly SeenCluster[];
  readonly snapshots: readonly SeenSnapshot[];
}

/** As it is now, whatever is done to tags later. */
const worldOf = (scene: Scene): World => ({
  clusters: scene.clusters().map((one) => ({ ...one, tags: new Map(one.tags) })),
  snapshots: scene.snapshots(),
});

/** What is backed up of the clusters that a plan has in a place. */
const truthOf = (
  { plan: name, region, kind, at }: CoverageTold,
  { clusters, snapshots: all }: World,
  scene: Scene,
): Truth => {
  const plan = scene.plans().find((one) => one.name === name);
  const snapshots = all.filter((one) => one.region === region && isAvailable(one));
  const seconds = (since: number): number => Math.max(0, Math.floor((at - since) / 1000));
  const covered = clusters
    .filter((cluster) => plan && isExpected(cluster, plan, { region, kind }))
    .map((cluster) => {
      const times = snapshots
        .filter((one) => isPointOf(one, { service: scene.service, plan: name, resource: cluster.resource }))
        .filter(({ tags }) => tags.has("holdfast:source") === (kind === "copy"))
        .map(takenAt)
        .filter((time) => time <= at);
      const born = cluster.createdAt ?? 0;
      return { id: cluster.id, born, times: new Set(times), age: seconds(Math.max(born, ...times)) };
    });
  const hours = kind === "copy" ? (plan?.copyObjectiveHours ?? 0) : sourceObjectiveHours;
  const runs = [...new Set(covered.flatMap(({ times }) => [...times]))].toSorted((a, b) => b - a);
  const whole = runs.find((run) => covered.every(({ born, times }) => born > run || times.has(run)));
  const first = Math.min(...covered.map(({ born }) => born));
  return {
    atRisk: covered.filter(({ age }) => age * 1000 > hours * hourMs).map(({ id }) => id),
    recoveryPointAge: Math.max(0, ...covered.map(({ age }) => age)),
    // No longer than there has been a cluster: a late run takes what was made after its time.
    runAge: covered.length === 0 ? 0 : seconds(Math.max(first, whole ?? first)),
  };
};

type Place = Pick<CoverageTold, "region" | "kind">;

/** Whether a plan is to have points of a cluster in a place: one that is made has none yet, and one that is stopped needs none. */
const isExpected = (cluster: SeenCluster, plan: PlanFacts, { region, kind }: Place): boolean => {
  const rests = cluster.status === "creating" || (plan.stopped === "skip" && isStopped(cluster));
  if (rests || !isMeant(cluster, plan)) return false;
  if (kind === "source") return cluster.region === region;
  const copies = termsOf(plan, cluster.tags).copies.some((to) => to.region === region);
  return copies && cluster.region !== region && isCopied(cluster);
};

const isStopped = ({ status }: SeenCluster): boolean => ["stopped", "stopping", "paused"].includes(status);

/** Where plans that run have clusters. */
const placesIn = (scene: Scene): readonly string[] =>
  scene
    .plans()
    .filter(({ enabled }) => enabled)
    .flatMap((plan) =>
      [
        ...plan.regions.map((region) => ({ region, kind: "source" as const })),
        ...plan.copies.map(({ region }) => ({ region, kind: "copy" as const })),
      ]
        .filter((place) => scene.clusters().some((cluster) => isExpected(cluster, plan, place)))
        .map(({ region, kind }) => `${plan.name} ${kind} ${region}`),
    );
