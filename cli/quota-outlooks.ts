import type { Family } from "../lib/core/cluster.ts";
import { type QuotaOutlook, quotaOutlook } from "../lib/core/outlook.ts";
import type { Plan } from "../lib/core/plan.ts";
import { defaultQuotas } from "../lib/core/quota.ts";
import type { RetentionPolicy } from "../lib/core/retention.ts";
import { parseSchedule, shortestGapSeconds } from "../lib/core/schedule.ts";
import type { Deed } from "../lib/engines/dry-run.ts";
import { HoldfastError } from "../lib/errors.ts";
import type { Runtime } from "../lib/runtime/runtime.ts";
import type { PreviewDocument, PreviewedCluster } from "./preview-document.ts";

export interface OutlooksInput {
  readonly plan: Plan;
  readonly document: Omit<PreviewDocument, "quotas">;
  readonly deeds: readonly Deed[];
  readonly runtime: Runtime;
  /** Redshift tells no quota by an API that every account may call. */
  readonly redshiftQuota: number;
}

/** The quotas of every region and family that a plan's next run touches, as far as AWS tells them. */
export const quotaOutlooks = async (input: OutlooksInput): Promise<readonly QuotaOutlook[]> => {
  const outlooks: QuotaOutlook[] = [];
  for (const place of placesOf(input.plan, input.document.clusters)) {
    const quota = await quotaOf(place, input);
    if (quota) outlooks.push(quotaOutlook({ ...place, ...quota, ...shareOf(place, input) }));
  }
  return outlooks;
};

interface Place {
  readonly region: string;
  readonly family: Family;
  readonly policy: RetentionPolicy;
  readonly clusters: number;
}

const familyOf = ({ arn }: PreviewedCluster): Family =>
  arn.split(":")[2] === "redshift" ? "redshift" : "rds";

const placesOf = (plan: Plan, clusters: readonly PreviewedCluster[]): readonly Place[] =>
  (["rds", "redshift"] as const).flatMap((family) => {
    const some = clusters.filter((one) => familyOf(one) === family);
    const sources = plan.select.regions.map((region) => ({
      ...{ region, family, policy: plan.retention },
      clusters: some.filter((one) => one.region === region).length,
    }));
    const copies = plan.copies.map(({ region, retention }) => ({
      ...{ region, family, policy: retention },
      clusters: some.filter((one) => one.region !== region && one.copies.length > 0).length,
    }));
    return [...sources, ...copies].filter((place) => place.clusters > 0);
  });

/** What a quota cannot be told of is left out: a preview must not fail for it. */
const quotaOf = async (
  { region, family }: Place,
  { runtime, redshiftQuota }: OutlooksInput,
): Promise<{ readonly used: number; readonly max: number } | undefined> => {
  const engine = runtime.engines[family];
  try {
    const told = await engine.manualQuota(region);
    if (told) return told;
    const max = family === "redshift" ? redshiftQuota : defaultQuotas[family];
    return { used: (await engine.listSnapshots(region)).length, max };
  } catch (error) {
    if (error instanceof HoldfastError) return undefined;
    throw error;
  }
};

const shareOf = ({ region, family }: Place, { plan, document, deeds }: OutlooksInput) => {
  const mine = document.clusters.filter((one) => familyOf(one) === family);
  const here = <T extends { readonly region: string }>(some: readonly T[]) =>
    some.filter((one) => one.region === region).length;
  const ids = new Set(mine.flatMap(({ prune, keep }) => [...prune, ...keep]).map(({ id }) => id));
  const created = deeds.filter(
    (deed) => (deed.do === "create" || deed.do === "copy") && deed.region === region && ids.has(deed.id),
  ).length;
  const arrives = mine
    .flatMap(({ copies }) => copies)
    .filter((one) => one.region === region && one.action === "arrives");
  const creates = created + arrives.length;
  const verdict = parseSchedule(plan.schedule);
  return {
    creates,
    prunes: here(mine.flatMap(({ prune }) => prune)),
    own: Math.max(0, here(mine.flatMap(({ prune, keep }) => [...prune, ...keep])) - creates),
    gapSeconds: "schedule" in verdict ? shortestGapSeconds(verdict.schedule) : 86_400,
  };
};
