import { type Cluster, type Family, traitsOf } from "./cluster.ts";
import { type ClusterCoverage, type CoverageRow, clusterCoverageOf, visibleCoverageOf } from "./coverage.ts";
import { formatAge } from "./duration.ts";
import type { JudgedSet } from "./inventory.ts";
import { joinsNothing, overridesIn, termsOf } from "./override.ts";
import { homeOf, type OwnedSnapshot } from "./ownership.ts";
import { type Config, type Plan, planIn } from "./plan.ts";
import { type ProblemCode, sentenceOf } from "./problem.ts";
import { hasPrimaryIn, selectClusters } from "./selection.ts";
import { isStopped } from "./taking.ts";

export interface ProtectionInput {
  readonly config: Config;
  readonly clusters: readonly Cluster[];
  readonly owned: readonly OwnedSnapshot[];
  /** The inventory: what holds prunes back stands in it. */
  readonly sets: readonly JudgedSet[];
  /** Keys that recovery points need, and that cannot be used. */
  readonly unusable: readonly BrokenKey[];
  readonly unseen: (family: Family, region: string) => boolean;
  readonly now: number;
}

export interface BrokenKey {
  readonly region: string;
  readonly key: string;
  readonly points: readonly Pick<OwnedSnapshot, "resource">[];
  readonly reason: string;
}

/** Why a cluster, or a plan, is at risk: a closed list. */
export type RiskCode =
  | "objective"
  | "run"
  | "unseen"
  | "brake"
  | "copy-gate"
  | "key"
  | "tags-unknown"
  | "primary-elsewhere";

export interface Risk {
  readonly code: RiskCode;
  /** Where what is wrong is. */
  readonly region: string;
  readonly sentence: string;
}

export interface Protection {
  readonly cluster: Cluster;
  readonly verdict: "protected" | "at risk" | "unprotected";
  /** The plans that mean it and are switched on. */
  readonly plans: readonly string[];
  readonly coverage: readonly ClusterCoverage[];
  readonly risks: readonly Risk[];
  /** Why it is unprotected; or what is to be known of one that is not. */
  readonly because: readonly string[];
}

/** A cluster that is not there any more, and whose recovery points are. */
export interface GoneCluster {
  readonly cluster: string;
  readonly arn: string;
  readonly resource: string;
  readonly region: string;
  readonly points: number;
  /** Epoch milliseconds. */
  readonly newest: number;
}

/** Of regions that answered. A cluster that was made again under its name is there. */
export const goneOf = ({
  owned,
  clusters,
  unseen,
}: Pick<ProtectionInput, "owned" | "clusters" | "unseen">): readonly GoneCluster[] => {
  const there = new Set(clusters.flatMap(({ arn, resource }) => [arn, resource]));
  const left = owned.filter(
    (point) =>
      point.snapshot.status === "available" &&
      !there.has(point.resource) &&
      !there.has(point.clusterArn) &&
      !unseen(traitsOf(point.snapshot.engine).family, homeOf(point)),
  );
  return [...Map.groupBy(left, ({ resource }) => resource)].flatMap(([resource, points]) => {
    const [newest] = points.toSorted((a, b) => b.takenAt - a.takenAt);
    if (newest === undefined) return [];
    const { clusterArn: arn, snapshot, takenAt } = newest;
    const found = { cluster: snapshot.cluster, arn, resource, region: homeOf(newest) };
    return [{ ...found, points: points.length, newest: takenAt }];
  });
};

/** The verdict for every cluster that was seen, whether a plan means it or not. */
export const protectionOf = (input: ProtectionInput): readonly Protection[] =>
  input.clusters.map((cluster) => judge(cluster, input));

/** What is at risk of a whole plan: that its last complete run is older than its objective. */
export const plansAtRisk = (
  rows: readonly CoverageRow[],
): readonly (Risk & { readonly plan: string; readonly kind: CoverageRow["kind"] })[] =>
  rows
    .filter(({ runAge, objective }) => runAge > objective)
    .map(({ plan, region, kind, runAge, objective }) => ({
      ...{ code: "run", plan, region, kind },
      sentence:
        `no ${kind === "copy" ? "run with all its copies" : "complete run"} in ${region} ` +
        `for ${formatAge(runAge)}, ${beyond(runAge, objective)}`,
    }));

/** Watch's figures, at this moment. */
export const planCoverageOf = (
  input: Pick<ProtectionInput, "config" | "clusters" | "owned" | "now">,
  unlisted: ReadonlySet<string>,
): readonly CoverageRow[] =>
  Object.values(input.config.plans)
    .filter(({ enabled }) => enabled)
    .flatMap((plan) => visibleCoverageOf({ ...input, plan, unlisted }));

const judge = (cluster: Cluster, input: ProtectionInput): Protection => {
  const plans = Object.values(input.config.plans);
  const meaning = plans.filter((plan) => plan.enabled && means(plan, cluster));
  const found = { cluster, plans: meaning.map(({ name }) => name) };
  if (cluster.tags === undefined && meaning.length === 0) return { ...found, ...untold(cluster) };
  const notes = slips(cluster, meaning, input.config);
  if (meaning.length === 0) {
    const because = [...notes, ...whyNot(cluster, plans)];
    return { ...found, verdict: "unprotected", coverage: [], risks: [], because };
  }
  const weighed = weigh(cluster, meaning, input);
  return { ...found, ...weighed, because: [...notes, ...weighed.because] };
};

/** A member of a global cluster that only reads is meant as well: its data is backed up where it is written. */
const means = (plan: Plan, cluster: Cluster): boolean =>
  plan.select.regions.includes(cluster.region) &&
  selectClusters([{ ...cluster, readOnlyReplica: false }], plan).taken.length > 0;

const untold = (cluster: Cluster): Omit<Protection, "cluster" | "plans"> => atRisk(cluster, "tags-unknown");

/** Of all regions that were looked at none has the primary whose verdict would count. */
const aloneOf = (cluster: Cluster): Omit<Protection, "cluster" | "plans"> =>
  atRisk(cluster, "primary-elsewhere");

const atRisk = (
  { id, region }: Cluster,
  code: RiskCode & ProblemCode,
): Omit<Protection, "cluster" | "plans"> => ({
  ...{ verdict: "at risk", coverage: [], because: [] },
  risks: [{ code, region, sentence: sentenceOf({ cluster: id, region, code }) }],
});

/** The words of the selection, by plan where there are several. */
const whyNot = (cluster: Cluster, plans: readonly Plan[]): readonly string[] => {
  if (plans.length === 0) return ["there is no plan"];
  const said = plans.map((plan) => ({ name: plan.name, words: objectionOf(plan, cluster) }));
  return said.map(({ name, words }) => (said.length > 1 ? `plan ${name}: ${words}` : words));
};

/** What its own tags ask for in vain: its plans' values hold, and it may be without the plan that was meant. */
const slips = (cluster: Cluster, plans: readonly Plan[], config: Config): readonly string[] => {
  const codes: readonly ProblemCode[] = [
    ...(joinsNothing(cluster.tags ?? {}, config) ? (["override-plan"] as const) : []),
    ...plans.flatMap((plan) => termsOf(plan, overridesIn(cluster.tags)).problems),
  ];
  return [...new Set(codes)].map((code) => sentenceOf({ cluster: cluster.id, region: cluster.region, code }));
};

const objectionOf = (plan: Plan, cluster: Cluster): string => {
  if (!plan.select.regions.includes(cluster.region)) return `${cluster.region} is not selected`;
  const [skipped] = selectClusters([{ ...cluster, readOnlyReplica: false }], plan).skipped;
  return skipped?.because ?? "it is meant, and the plan is switched off";
};

/** What a cluster's plans come to: any risk of any of them makes it one at risk. */
const weigh = (
  cluster: Cluster,
  plans: readonly Plan[],
  input: ProtectionInput,
): Omit<Protection, "cluster" | "plans"> => {
  const isWholeSeen = !input.config.regions.some((region) => input.unseen("rds", region));
  if (cluster.readOnlyReplica && isWholeSeen && !hasPrimaryIn(cluster, input.clusters))
    return aloneOf(cluster);
  if (cluster.readOnlyReplica)
    return {
      ...{ verdict: "protected", coverage: [], risks: [] },
      because: ["it only reads in its global cluster: the verdict of the primary counts"],
    };
  const { owned, now } = input;
  const coverage = plans.flatMap((plan) => clusterCoverageOf({ plan, clusters: [cluster], owned, now }));
  const risks = [
    ...coverage.flatMap((row) => coverageRisks(row, input)),
    ...heldBack(cluster, input),
    ...keyRisks(cluster, input.unusable),
  ];
  if (risks.length > 0) return { verdict: "at risk", coverage, risks, because: [] };
  const { verdict, because } = excused(cluster, plans, coverage, input);
  return {
    coverage,
    risks,
    verdict,
    because: [...because, ...(because.length > 0 ? [] : noneYet(coverage))],
  };
};

/** What was restored an hour ago is protected by nothing but its youth. */
const noneYet = (coverage: readonly ClusterCoverage[]): readonly string[] =>
  coverage.length > 0 && coverage.every(({ newest }) => newest === undefined)
    ? ["it has no recovery point yet, and is too young for one to be overdue"]
    : [];

/** A region that was not seen may hold anything, or nothing. */
const coverageRisks = (row: ClusterCoverage, { unseen }: ProtectionInput): readonly Risk[] => {
  const { region, kind, plan, cluster, age, objective, newest } = row;
  const what = kind === "copy" ? "copy" : "recovery point";
  if (unseen(traitsOf(cluster.engine).family, region)) {
    const sentence = `${region} could not be listed: nobody can say how old its newest ${what} there is`;
    return [{ code: "unseen", region, sentence }];
  }
  if (age <= objective) return [];
  const sentence =
    newest === undefined
      ? `plan ${plan} has no ${what} of it in ${region}, and the cluster is ${excess(age, objective)}`
      : `plan ${plan}'s newest ${what} of it in ${region} is ${excess(age, objective)}`;
  return [{ code: "objective", region, sentence }];
};

const excess = (age: number, objective: number): string => `${formatAge(age)} old, ${beyond(age, objective)}`;

const beyond = (age: number, objective: number): string =>
  `${formatAge(age - objective)} over the objective of ${formatAge(objective)}`;

/** A plan that is switched off prunes nothing, so that nothing can hold it back. */
const heldBack = ({ resource }: Cluster, { sets, config }: ProtectionInput): readonly Risk[] =>
  sets
    .filter((set) => set.resource === resource && planIn(config, set.plan)?.enabled !== false)
    .flatMap(({ plan, region, problems }) =>
      problems.flatMap((problem): readonly Risk[] => {
        const { code } = problem;
        if (code !== "brake" && code !== "copy-gate") return [];
        return [{ code, region, sentence: `plan ${plan} in ${region}: ${sentenceOf(problem)}` }];
      }),
    );

const keyRisks = ({ resource }: Cluster, unusable: readonly BrokenKey[]): readonly Risk[] =>
  unusable.flatMap(({ region, key, points, reason }): readonly Risk[] => {
    const count = points.filter((point) => point.resource === resource).length;
    if (count === 0) return [];
    const need = count === 1 ? "a recovery point there needs" : `${count} recovery points there need`;
    return [{ code: "key", region, sentence: `${need} key ${key}: ${reason}` }];
  });

/** A plan may expect nothing new of a cluster; then what it has is all there is, and nothing is no protection. */
const excused = (
  cluster: Cluster,
  plans: readonly Plan[],
  coverage: readonly ClusterCoverage[],
  { owned }: ProtectionInput,
): Pick<Protection, "verdict" | "because"> => {
  const uncopied =
    plans.some((plan) => termsOf(plan, overridesIn(cluster.tags)).plan.copies.length > 0) &&
    traitsOf(cluster.engine).copies === "none";
  const notes = uncopied ? ["AWS does not copy snapshots of Multi-AZ DB clusters to another region"] : [];
  if (coverage.length > 0) return { verdict: "protected", because: notes };
  if (!isStopped(cluster.status)) return { verdict: "protected", because: ["it is only being made"] };
  const some = owned.some((one) => one.resource === cluster.resource && one.snapshot.status === "available");
  const because = "it is stopped, and its plan says to skip it then";
  return some
    ? { verdict: "protected", because: [because] }
    : { verdict: "unprotected", because: [`${because}; there is no recovery point of it`] };
};
