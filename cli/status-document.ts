import { traitsOf } from "../lib/core/cluster.ts";
import type { ClusterCoverage, CoverageRow } from "../lib/core/coverage.ts";
import type { Config } from "../lib/core/plan.ts";
import { type GoneCluster, type Protection, plansAtRisk, type Risk } from "../lib/core/protection.ts";
import type { Unlisted } from "./look.ts";
import type { UnseenCluster } from "./status-unseen.ts";

interface CoverageEntry {
  readonly plan: string;
  readonly region: string;
  readonly kind: "source" | "copy";
  readonly newest: string | null;
  readonly ageSeconds: number;
  readonly objectiveSeconds: number;
}

export interface ClusterStatus {
  readonly cluster: string;
  readonly arn: string;
  readonly resource: string;
  readonly engine: string;
  readonly label: string;
  readonly region: string;
  readonly status: string;
  readonly verdict: Protection["verdict"];
  readonly plans: readonly string[];
  readonly coverage: readonly CoverageEntry[];
  readonly risks: readonly Risk[];
  readonly because: readonly string[];
}

interface PlanStatus {
  readonly plan: string;
  readonly region: string;
  readonly kind: "source" | "copy";
  readonly clusters: number;
  readonly recoveryPointAgeSeconds: number;
  readonly runAgeSeconds: number;
  readonly objectiveSeconds: number;
}

/** What `holdfast status --json` prints, and the table shows. */
export interface StatusDocument {
  readonly version: 1;
  readonly service: string;
  readonly at: string;
  readonly regions: readonly string[];
  readonly strict: boolean;
  /** Whether it ends with exit status 0. */
  readonly well: boolean;
  readonly totals: { readonly protected: number; readonly atRisk: number; readonly unprotected: number };
  /** What is at risk first, then what is unprotected. */
  readonly clusters: readonly ClusterStatus[];
  /** As Watch measures them. */
  readonly plans: readonly PlanStatus[];
  /** What is at risk of whole plans. */
  readonly risks: ReturnType<typeof plansAtRisk>;
  /** Clusters that are not there any more, and whose recovery points are. */
  readonly gone: readonly GoneStatus[];
  /** Clusters whose region did not answer, by their recovery points. */
  readonly unseen: readonly UnseenCluster[];
  /** Other stages' names that recovery points were seen of, such as `holdfast/prod`. */
  readonly others: readonly string[];
  readonly unlisted: readonly Unlisted[];
}

interface GoneStatus extends Omit<GoneCluster, "newest"> {
  /** The newest recovery point's time, ISO 8601. */
  readonly newest: string;
}

interface StatusInput {
  readonly service: string;
  readonly config: Config;
  readonly now: number;
  readonly strict: boolean;
  readonly protections: readonly Protection[];
  readonly coverage: readonly CoverageRow[];
  readonly gone: readonly GoneCluster[];
  readonly unseen: readonly UnseenCluster[];
  readonly others: readonly string[];
  readonly unlisted: readonly Unlisted[];
}

export const statusDocument = ({ service, config, now, strict, ...found }: StatusInput): StatusDocument => {
  const { protections, coverage, gone, unseen, others, unlisted } = found;
  const count = (verdict: Protection["verdict"]): number =>
    protections.filter((one) => one.verdict === verdict).length;
  const totals = {
    protected: count("protected"),
    atRisk: count("at risk"),
    unprotected: count("unprotected"),
  };
  const risks = plansAtRisk(coverage);
  const wrong = totals.atRisk + risks.length + unlisted.length + (strict ? totals.unprotected : 0);
  const isAnyOn = Object.values(config.plans).some(({ enabled }) => enabled);
  return {
    ...{ version: 1, service, at: new Date(now).toISOString(), regions: config.regions, strict },
    ...{ well: wrong === 0 && isAnyOn, totals },
    clusters: protections.map(clusterOf).toSorted(inOrder),
    plans: coverage.map(planOf),
    gone: gone.map((one) => ({ ...one, newest: new Date(one.newest).toISOString() })),
    ...{ unseen, risks, others, unlisted },
  };
};

const clusterOf = ({ cluster, verdict, plans, coverage, risks, because }: Protection): ClusterStatus => {
  const { id, arn, resource, engine, region, status } = cluster;
  return {
    ...{ cluster: id, arn, resource, engine, label: traitsOf(engine).label, region, status },
    ...{ verdict, plans, coverage: coverage.map(entryOf), risks, because },
  };
};

const entryOf = ({ plan, region, kind, newest, age, objective }: ClusterCoverage): CoverageEntry => ({
  ...{ plan, region, kind, ageSeconds: age, objectiveSeconds: objective },
  newest: newest === undefined ? null : new Date(newest).toISOString(),
});

const planOf = ({ plan, region, kind, clusters, ...figures }: CoverageRow): PlanStatus => ({
  ...{ plan, region, kind, clusters },
  recoveryPointAgeSeconds: figures.recoveryPointAge,
  runAgeSeconds: figures.runAge,
  objectiveSeconds: figures.objective,
});

const urgency: readonly Protection["verdict"][] = ["at risk", "unprotected", "protected"];

const inOrder = (a: ClusterStatus, b: ClusterStatus): number =>
  urgency.indexOf(a.verdict) - urgency.indexOf(b.verdict) ||
  (`${a.region} ${a.cluster}` < `${b.region} ${b.cluster}` ? -1 : 1);
