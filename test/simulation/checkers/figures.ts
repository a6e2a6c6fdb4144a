import type { MakeChecker } from "./checker.ts";
import { isAvailable, isOurs, isPointOf } from "./ownership.ts";
import type { CoverageTold, Listing, Measured, Scene, Verdict } from "./records.ts";
import { isMeant, placesOf } from "./terms.ts";

/**
 * What alarms are made of says what was found: each row of Watch's and each run's totals are measured as they are told, and
 * while a key cannot be used without which points of ours cannot be restored, a sweep that has seen everything measures it;
 * Watch does where a cluster has no others.
 */
export const figures: MakeChecker = (scene, complain, count) => {
  const sweeps = sweepLook(scene);
  /** Of each invocation. */
  const measured = new Map<number, Measured[]>();
  const told = new Map<number, CoverageTold[]>();
  const ofRuns = new Map<number, Measured[]>();
  /** Of each Watch and Sweep the keys that could not be used as it began; of a Watch that AWS refused anything, or answered too late, nothing. */
  const began = new Map<number, ReadonlySet<string>>();
  return {
    departed: ({ invocation: { number, function: name } }) => {
      if ((name === "watch" || name === "sweep") && !began.has(number)) began.set(number, scene.brokenKeys());
    },
    answered: ({ invocation: { number, function: name }, status, unheard }) => {
      if ((status !== 200 || unheard) && name === "watch") began.set(number, new Set());
    },
    judged: sweeps.judged,
    listed: sweeps.listed,
    measured: (figure) => {
      const { number, execution, whole = execution } = figure.invocation;
      measured.set(number, [...(measured.get(number) ?? []), figure]);
      if (whole !== undefined) ofRuns.set(whole, [...(ofRuns.get(whole) ?? []), figure]);
    },
    watched: (row) => {
      const { invocation } = row;
      if (invocation) told.set(invocation.number, [...(told.get(invocation.number) ?? []), row]);
    },
    invocationEnded: ({ number, function: name, died }) => {
      const [own, rows] = [measured.get(number) ?? [], told.get(number) ?? []];
      const before = began.get(number);
      const stillBroken = new Set([...scene.brokenKeys()].filter((arn) => before?.has(arn)));
      began.delete(number);
      measured.delete(number);
      told.delete(number);
      // It may have told one thing and not come to the other; the state machine, or the next hour, begins it again.
      if (died) return;
      for (const { plan, region, kind, recoveryPointAge, runAge, atRisk } of rows) {
        count();
        const right = { RecoveryPointAge: recoveryPointAge, RunAge: runAge, ClustersAtRisk: atRisk.length };
        for (const [what, value] of Object.entries(right))
          if (!own.some((one) => isFigure(one, what, { plan, region, kind }) && one.value === value))
            complain(`Watch finds ${what} ${value} of ${plan} in ${region} (${kind}), and measures it not`);
      }
      for (const region of name === "watch" ? regionsInNeed(stillBroken, scene) : []) {
        count();
        if (!own.some((one) => isFigure(one, "KeysUnusable", { region }) && one.value > 0))
          complain(
            `a key cannot be used in ${region} that all points of a cluster need; Watch measures it not`,
          );
      }
      const problems = own.find((one) => isFigure(one, "SweepProblems", {}))?.value;
      if (name === "sweep") for (const sentence of sweeps.ended(number, problems)) complain(sentence);
      // It is the last pass that measures, and only where none met a problem was everything seen.
      if (name !== "sweep" || !own.some((one) => isFigure(one, "SweepProblems", {}) && one.value === 0))
        return;
      for (const [region, keys] of needyKeys(stillBroken, scene)) {
        count();
        const value = own.find((one) => isFigure(one, "KeysUnusable", { region }))?.value ?? 0;
        if (value < keys.size)
          complain(`${[...keys].join(", ")} cannot be used in ${region}; Sweep measures ${value} of that`);
      }
    },
    unanswered: ({ number }) => sweeps.unanswered(number),
    nightEnded: sweeps.over,
    runEnded: ({ execution, plan: { name: plan }, report }) => {
      const own = ofRuns.get(execution) ?? [];
      ofRuns.delete(execution);
      if (report?.totals === undefined) return;
      count();
      const { snapshots, copies, pruned } = report.totals;
      const right = { SnapshotsAvailable: snapshots, CopiesAvailable: copies, RecoveryPointsPruned: pruned };
      for (const [what, value] of Object.entries(right))
        if (!own.some((one) => isFigure(one, what, { plan }) && one.value === value))
          complain(`the run of ${plan} tells ${what} ${value}, and measures it not`);
    },
  };
};

/** Of each family a sweep's passes hand on so many rows at least. */
const rowsMax = 15;

/**
 * What the passes of a night's sweep say and see, for its figure: a brake that held is a problem, and without any problem
 * everything was looked at. What a pass said that has answered nothing, its successor says again, or less where a region is
 * silent by then.
 */
const sweepLook = (scene: Scene) => {
  const said = new Map<number, Set<string>>();
  const shown = new Set<string>();
  const familyOf = (row: string): string => row.split(" ")[0] ?? "";
  return {
    judged: ({ invocation: { number, function: name }, clusterArn, region, problems }: Verdict): void => {
      if (name !== "sweep") return;
      const own = said.get(number) ?? new Set();
      said.set(number, own);
      const [, , family, , , , cluster] = clusterArn.split(":");
      for (const code of problems) own.add(`${family} ${region} ${cluster} ${code}`);
    },
    listed: ({ invocation, family, region, first, named }: Listing): void => {
      if (invocation.function === "sweep" && first && !named) shown.add(`${family} ${region}`);
    },
    unanswered: (number: number): void => void said.delete(number),
    ended: (number: number, measured: number | undefined): readonly string[] => {
      if (measured === undefined) return [];
      const rows = new Set([...said.values()].flatMap((own) => [...own]));
      const handedOn = [...Map.groupBy(rows, familyOf).values()].map(({ length }) =>
        Math.min(length, rowsMax),
      );
      const least = handedOn.reduce((sum, some) => sum + some, 0);
      const regions = new Set(
        scene.plans().flatMap(({ regions: own, copies }) => [...own, ...copies.map((to) => to.region)]),
      );
      const unseen = ["rds", "redshift"].flatMap((family) =>
        [...regions].map((region) => `${family} ${region}`).filter((place) => !shown.has(place)),
      );
      return [
        ...(measured < least
          ? [`Sweep#${number} measures ${measured} problems, and has met ${[...rows].join(", ")}`]
          : []),
        ...(measured === 0 && unseen.length > 0
          ? [`Sweep#${number} measures no problems, and was not shown ${unseen.join(", ")}`]
          : []),
      ];
    },
    over: (): void => {
      said.clear();
      shown.clear();
    },
  };
};

const isFigure = ({ name, dimensions }: Measured, what: string, where: Measured["dimensions"]): boolean =>
  name === what && Object.entries(where).every(([key, value]) => dimensions[key] === value);

/** Of each region those of the broken keys without which points of ours cannot be restored. */
const needyKeys = (broken: ReadonlySet<string>, scene: Scene): ReadonlyMap<string, ReadonlySet<string>> => {
  const needy = scene
    .snapshots()
    .filter((one) => isAvailable(one) && isOurs(one, scene.service) && broken.has(one.kmsKey ?? ""));
  return new Map(
    [...Map.groupBy(needy, ({ region }) => region)].map(([region, points]) => [
      region,
      new Set(points.map(({ kmsKey = "" }) => kmsKey)),
    ]),
  );
};

/** Where a plan has nothing of one of its clusters but under such a key. */
const regionsInNeed = (broken: ReadonlySet<string>, scene: Scene): readonly string[] => {
  if (broken.size === 0) return [];
  const { service } = scene;
  const points = scene.snapshots().filter((one) => isAvailable(one) && isOurs(one, service));
  const places = scene
    .plans()
    .filter(({ enabled }) => enabled)
    .flatMap((plan) =>
      scene
        .clusters()
        .filter((cluster) => cluster.status === "available" && isMeant(cluster, plan))
        .flatMap((cluster) => placesOf(cluster, plan).map((region) => ({ plan, cluster, region }))),
    );
  const needy = places.filter(({ plan, cluster: { resource }, region }) => {
    const own = points.filter(
      (one) => one.region === region && isPointOf(one, { service, plan: plan.name, resource }),
    );
    return own.length > 0 && own.every(({ kmsKey = "" }) => broken.has(kmsKey));
  });
  return [...new Set(needy.map(({ region }) => region))];
};
