import { type Family, families, traitsOf } from "../lib/core/cluster.ts";
import { growthUntil } from "../lib/core/longevity.ts";
import { type QuotaOutlook, quotaOutlook } from "../lib/core/outlook.ts";
import { termsOf } from "../lib/core/override.ts";
import { madeAt, type OwnedSnapshot } from "../lib/core/ownership.ts";
import { type Plan, scheduleOf } from "../lib/core/plan.ts";
import { defaultQuotas } from "../lib/core/quota.ts";
import type { RetentionPolicy } from "../lib/core/retention.ts";
import { shortestGapSeconds } from "../lib/core/schedule.ts";
import { arnOf } from "../lib/core/snapshot.ts";
import type { Deed } from "../lib/engines/dry-run.ts";
import { HoldfastError } from "../lib/errors.ts";
import type { Look } from "./look.ts";
import type { Preview } from "./preview.ts";
import type { ForetoldRun, PreviewedCluster } from "./preview-document.ts";

export interface OutlooksInput {
  readonly plan: Plan;
  readonly document: ForetoldRun;
  readonly preview: Preview;
  readonly look: Look;
  /** Redshift tells no quota by an API that every account may call. */
  readonly redshiftQuota: number;
}

/** The quotas of every region and family that a plan's next run touches, as far as AWS tells them. */
export const quotaOutlooks = async (input: OutlooksInput): Promise<readonly QuotaOutlook[]> => {
  const outlooks: QuotaOutlook[] = [];
  for (const place of placesOf(input)) {
    const quota = await quotaOf(place, input);
    if (quota) outlooks.push(quotaOutlook({ ...place, ...quota, ...shareOf(place, input) }));
  }
  return outlooks;
};

/** A region and family, with the policies of the plan's clusters there. */
interface Place {
  readonly region: string;
  readonly family: Family;
  readonly members: readonly Member[];
  readonly policies: readonly RetentionPolicy[];
}

interface Member {
  readonly resource: string;
  readonly policy: RetentionPolicy;
  /** Whether the next run adds to its points here: of one that is stopped nothing comes. */
  readonly fed: boolean;
}

const familyOf = ({ arn }: PreviewedCluster): Family =>
  arn.split(":")[2] === "redshift" ? "redshift" : "rds";

const placesOf = ({ plan, document, preview, look }: OutlooksInput): readonly Place[] => {
  const taken = new Map(preview.ledger.of("cluster.taken").map((entry) => [entry.cluster, entry.overrides]));
  const clusters = new Map(look.clusters.map((cluster) => [cluster.arn, cluster]));
  const regions = [...new Set([...plan.select.regions, ...plan.copies.map(({ region }) => region)])];
  return families.flatMap((family) =>
    regions.flatMap((region) => {
      const members = document.clusters
        .filter((one) => familyOf(one) === family)
        .flatMap((one): readonly Member[] => {
          const { retention, copies } = termsOf(plan, taken.get(one.arn)).plan;
          const copy = one.copies.find((to) => to.region === region);
          const cluster = clusters.get(one.arn);
          const never = cluster !== undefined && traitsOf(cluster.engine).copies === "none";
          const there = never ? undefined : copy && copies.find((to) => to.region === region);
          const policy = one.region === region ? retention : there?.retention;
          const fed = (one.region === region ? one : copy)?.action !== "none";
          return policy === undefined ? [] : [{ resource: cluster?.resource ?? "", policy, fed }];
        });
      const policies = members.map(({ policy }) => policy);
      return members.length === 0 ? [] : [{ region, family, members, policies }];
    }),
  );
};

/** What a quota cannot be told of is left out: a preview must not fail for it. */
const quotaOf = async (
  { region, family }: Place,
  { look, redshiftQuota }: OutlooksInput,
): Promise<{ readonly used: number; readonly max: number } | undefined> => {
  if (look.unseen(family, region)) return undefined;
  try {
    const told = await look.context.engines[family].manualQuota(region);
    if (told) return told;
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return undefined;
  }
  const max = family === "redshift" ? redshiftQuota : defaultQuotas[family];
  return { used: look.snapshots.filter(isIn({ region, family })).length, max };
};

const isIn =
  ({ region, family }: Pick<Place, "region" | "family">) =>
  (one: Look["snapshots"][number]): boolean =>
    one.region === region && traitsOf(one.engine).family === family;

const shareOf = (place: Place, { plan, document, preview, look }: OutlooksInput) => {
  const subject = { plan, look, now: Date.parse(document.at) };
  const { region, family } = place;
  const mine = document.clusters.filter((one) => familyOf(one) === family);
  const here = <T extends { readonly region: string }>(some: readonly T[]) =>
    some.filter((one) => one.region === region).length;
  const creates = createdIn(region, mine, preview.deeds);
  const judged = mine.flatMap(({ prune, keep }) => [...prune, ...keep]);
  const ids = new Set(judged.filter((one) => one.region === region).map(({ id }) => id));
  const apart = look.owned.filter(
    ({ snapshot, hold, until }) =>
      snapshot.region === region && ids.has(snapshot.id) && (hold !== undefined || until !== undefined),
  );
  return {
    creates,
    prunes: here(mine.flatMap(({ prune }) => prune)),
    own: Math.max(0, here(judged) - creates - apart.length),
    floor: plan.floor,
    gapSeconds: shortestGapSeconds(scheduleOf(plan)),
    ownGrowth: plannedGrowth(place, subject),
    othersGrowth: othersGrowth(place, subject),
  };
};

const createdIn = (region: string, mine: readonly PreviewedCluster[], deeds: readonly Deed[]): number => {
  const ids = new Set(mine.flatMap(({ prune, keep }) => [...prune, ...keep]).map(({ id }) => id));
  const asked = deeds.filter(
    (deed) => (deed.do === "create" || deed.do === "copy") && deed.region === region && ids.has(deed.id),
  );
  const arriving = mine
    .flatMap(({ copies }) => copies)
    .filter((one) => one.region === region && one.action === "arrives");
  return asked.length + arriving.length;
};

const weekMs = 7 * 86_400_000;

interface Subject {
  readonly plan: Plan;
  readonly look: Look;
  /** When the run is imagined to begin. */
  readonly now: number;
}

/** Of the plan's own points: by its runs of the next week. */
const plannedGrowth = ({ region, members }: Place, { plan, look, now }: Subject): number => {
  const schedule = scheduleOf(plan);
  const isHere = ({ snapshot, plan: name }: OwnedSnapshot): boolean =>
    snapshot.region === region && name === plan.name;
  const byResource = Map.groupBy(look.owned.filter(isHere), ({ resource }) => resource);
  const growing = members.filter(({ fed }) => fed);
  return growing.reduce((sum, { resource, policy }) => {
    const points = (byResource.get(resource) ?? [])
      .filter(({ hold, until, snapshot }) => !hold && until === undefined && snapshot.status !== "failed")
      .map(({ snapshot, takenAt }) => ({ id: snapshot.id, takenAt }));
    const set = { points, policies: [policy], floor: plan.floor, others: 0 };
    const ahead = { ...set, timeZone: plan.timeZone, schedule, now };
    return sum + growthUntil(now + weekMs, ahead);
  }, 0);
};

/**
 * Of everybody else's, other plans' among them: what was made in the last week and is still there. It is a week back from the
 * look: nobody has seen yet what is made in the week before a run that is imagined.
 */
const othersGrowth = (place: Place, { plan, look }: Subject): number => {
  const { now } = look.context;
  const ours = new Set(
    look.owned.filter((one) => one.plan === plan.name).map(({ snapshot }) => arnOf(snapshot)),
  );
  return look.snapshots
    .filter(isIn(place))
    .filter((one) => !ours.has(arnOf(one)))
    .filter((one) => now - (madeAt(one) ?? 0) < weekMs).length;
};
