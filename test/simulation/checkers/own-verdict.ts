import type { MakeChecker } from "./checker.ts";
import { type Case, floorOver, type Judgement, judge } from "./judgement.ts";
import { isOurs, isPointOf, planOf, resourceOf, stampOf } from "./ownership.ts";
import type { Invocation, Listing, Scene, SeenSnapshot, Verdict } from "./records.ts";
import { isCopied, isUnread, policiesIn, termsOf } from "./terms.ts";

/** What an invocation was shown last of a region; `steady` where the world stood still from page to page. */
interface Shown {
  readonly snapshots: readonly SeenSnapshot[];
  readonly steady: boolean;
}

/** The verdict and what it says of brake and gate equal the checker's own computation over what the same listings were answered with. */
export const ownVerdict: MakeChecker = (scene, complain, count) => {
  const shown = new Map<number, Map<string, Shown>>();
  return {
    listed: (listing) => {
      if (listing.named) return;
      const own = shown.get(listing.invocation.number) ?? new Map<string, Shown>();
      shown.set(listing.invocation.number, own);
      const key = `${listing.family} ${listing.region}`;
      own.set(key, merge(own.get(key), listing));
    },
    judged: (verdict) => {
      const own = shown.get(verdict.invocation.number) ?? new Map<string, Shown>();
      if ([...own.values()].some(({ steady }) => !steady)) return;
      count();
      const wanted = expected(verdict, own, scene);
      if (wanted === undefined) return;
      const [ours, theirs] = [wanted.remove.toSorted().join(" "), verdict.remove.toSorted().join(" ")];
      if (ours !== theirs)
        complain(
          `${verdict.invocation.function} would remove [${theirs}] of ${verdict.clusterArn} in ${verdict.region}; by the checker it is [${ours}]`,
        );
      const right = [...(wanted.braked ? ["brake"] : []), ...(wanted.late ? ["copy-gate"] : [])].join(" ");
      const said = verdict.problems.toSorted().join(" ");
      if (right !== said)
        complain(
          `${verdict.invocation.function} says [${said}] of ${verdict.clusterArn} in ${verdict.region}; by the checker it is [${right}]`,
        );
    },
    invocationEnded: ({ number }) => void shown.delete(number),
  };
};

const areSame = (some: readonly SeenSnapshot[], others: readonly SeenSnapshot[]): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index]);

const merge = (before: Shown | undefined, { first, snapshots }: Listing): Shown => {
  if (first || before === undefined) return { snapshots, steady: true };
  return { snapshots, steady: before.steady && areSame(before.snapshots, snapshots) };
};

const nothing: Judgement = { remove: [], braked: false, late: false };

const expected = (verdict: Verdict, own: ReadonlyMap<string, Shown>, scene: Scene): Judgement | undefined => {
  const family = verdict.clusterArn.includes(":redshift:") ? "redshift" : "rds";
  const cluster = verdict.clusterArn.split(":").at(-1) ?? "";
  const of = (region: string) => own.get(`${family} ${region}`)?.snapshots ?? [];
  // A run lists its clusters' snapshots by their name; Sweep lists everything.
  const sweeps = verdict.invocation.function === "sweep";
  const here = of(verdict.region).filter((one) => sweeps || one.cluster === cluster);
  const named = here.filter(
    (one) => isOurs(one, scene.service) && [...verdict.remove, ...verdict.keep].includes(one.id),
  );
  const first = named.find(
    (one) => verdict.invocation.plan === undefined || planOf(one) === verdict.invocation.plan,
  );
  if (first === undefined) return verdict.remove.length === 0 ? undefined : nothing;
  const looked = { of, here, first, everywhere: [...own].flatMap(([, one]) => one.snapshots) };
  return sweeps ? sweptCase(verdict, looked, scene) : prunedCase(verdict, looked, scene);
};

interface Looked {
  readonly here: readonly SeenSnapshot[];
  readonly everywhere: readonly SeenSnapshot[];
  readonly of: (region: string) => readonly SeenSnapshot[];
  readonly first: SeenSnapshot;
}

const judged = (input: Omit<Case, "service" | "now">, { service }: Scene, { startedAt }: Invocation) =>
  judge({ ...input, service, now: startedAt });

const prunedCase = (verdict: Verdict, looked: Looked, scene: Scene): Judgement | undefined => {
  const plan = scene.plans().find(({ name }) => name === verdict.invocation.plan);
  const cluster = scene
    .discovered(verdict.invocation.execution ?? 0)
    .find(({ arn }) => arn === verdict.clusterArn);
  if (plan === undefined) return undefined;
  if (cluster === undefined) return nothing;
  const resource = resourceOf(looked.first);
  const points = looked.here.filter((one) => isOurs(one, scene.service) && resourceOf(one) === resource);
  const terms = termsOf(plan, cluster.tags);
  const mine = points.filter((one) => planOf(one) === plan.name);
  const policies = policiesIn(verdict.region, { cluster, terms }, mine);
  if (policies === undefined) return nothing;
  const isCopiedFrom = cluster.region === verdict.region && points.some(isCopied);
  const copies = terms.copies
    .filter(({ region }) => isCopiedFrom && region !== cluster.region)
    .map(({ region }) => looked.of(region).filter((one) => one.cluster === looked.first.cluster));
  const floor = floorOver(points, plan, scene.plans());
  const rest = { resource, policies, copies, bearersStay: isUnread(terms) };
  return judged({ ...rest, ...looked, plan: { ...plan, floor } }, scene, verdict.invocation);
};

const sweptCase = (verdict: Verdict, looked: Looked, scene: Scene): Judgement => {
  const name = planOf(looked.first);
  const resource = resourceOf(looked.first);
  const plans = scene.plans();
  const known = plans.find((plan) => plan.name === name);
  const plan = {
    name,
    timeZone: known?.timeZone ?? "UTC",
    brake: known?.brake ?? 10,
    copyObjectiveHours: known?.copyObjectiveHours ?? 0,
    floor: Math.max(known?.floor ?? 2, ...plans.map((one) => one.floor)),
  };
  const set = looked.here.filter(
    (one) =>
      isPointOf(one, { service: scene.service, plan: name, resource }) &&
      one.cluster === looked.first.cluster,
  );
  const policies = set.map(stampOf);
  const rest = { resource, policies, copies: [], bearersStay: true };
  return judged({ ...rest, ...looked, here: set, plan }, scene, verdict.invocation);
};
