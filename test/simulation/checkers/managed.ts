import type { MakeChecker } from "./checker.ts";
import type { CopyFacts, Invocation, Scene, SeenCall, SeenCluster } from "./records.ts";
import { isMeant, termsOf } from "./terms.ts";

const changing =
  /^(EnableSnapshotCopy|DisableSnapshotCopy|ModifySnapshotCopyRetentionPeriod|CreateSnapshotCopyGrant)$/;
/** What lets AWS use a key for the copies of an encrypted cluster is asked for before its setting. */
const granting = "CreateSnapshotCopyGrant";

/**
 * How AWS copies a cluster's snapshots is set right where its plan manages that: before its next snapshot, for as long as
 * retention keeps the copies, and nowhere else. A setting that points to another region is somebody's choice, and stays.
 */
export const managed: MakeChecker = (scene, complain, count) => {
  /** What each invocation has tried to set right. */
  const tried = new Map<number, Set<string>>();
  return {
    answered: (call) => {
      const { invocation, operation, region, parameters, status } = call;
      const name = `${region} ${parameters.get("ClusterIdentifier")}`;
      if (changing.test(operation)) {
        count();
        const own = tried.get(invocation.number) ?? new Set();
        tried.set(invocation.number, own.add(operation === granting ? granting : name));
        const wrong = operation === granting ? mistakeOfGrant(call, scene) : mistakeIn(call, scene);
        if (wrong) complain(`${operation} of ${name}: ${wrong}`);
      }
      if (operation !== "CreateClusterSnapshot" || status !== 200) return;
      count();
      const { to, cluster } = managedBy(call, scene);
      const own = tried.get(invocation.number);
      const isTried = own?.has(name) || (cluster?.encrypted && own?.has(granting));
      if (to && cluster && isAmiss(cluster, to) && !isUnsettled(cluster, invocation, scene) && !isTried)
        complain(`${name} is taken, and not copied to ${to.region}, which its plan manages`);
    },
    invocationEnded: ({ number }) => void tried.delete(number),
    nightEnded: ({ calm, calmRuns }) => {
      if (calm < 2) return;
      for (const plan of scene.plans().filter(({ name }) => (calmRuns.get(name)?.length ?? 0) > 1))
        for (const cluster of scene.clusters().filter((one) => one.status === "available")) {
          const to = copyOf(cluster, isMeant(cluster, plan) ? termsOf(plan, cluster.tags).copies : []);
          if (to && isAmiss(cluster, to))
            complain(`${cluster.id} is still not copied to ${to.region} for ever`);
        }
    },
  };
};

const copyOf = (cluster: SeenCluster, copies: readonly CopyFacts[]): CopyFacts | undefined =>
  cluster.family === "redshift"
    ? copies.find(({ region, manage }) => manage && region !== cluster.region)
    : undefined;

/** Not copied at all, or for some days only. */
const isAmiss = ({ copying }: SeenCluster, to: CopyFacts): boolean =>
  copying === undefined || (copying.region === to.region && copying.days !== -1);

/** Whether others have changed it since the call began, which may have been shown it as it was. */
const isUnsettled = ({ arn }: SeenCluster, { startedAt }: Invocation, { unsettled }: Scene): boolean =>
  (unsettled.get(arn) ?? Number.NEGATIVE_INFINITY) >= startedAt;

interface Managed {
  /** The copy that the plan manages for the cluster, by the terms of its run. */
  readonly to?: CopyFacts | undefined;
  /** As it is now. */
  readonly cluster?: SeenCluster | undefined;
}

const managedBy = (
  { invocation, region, parameters }: { invocation: Invocation } & Pick<SeenCall, "region" | "parameters">,
  scene: Scene,
): Managed => {
  const plan = scene.plans().find(({ name }) => name === invocation.plan);
  const isIt = (one: SeenCluster): boolean =>
    one.family === "redshift" && one.region === region && one.id === parameters.get("ClusterIdentifier");
  const then = scene.discovered(invocation.execution ?? 0).find(isIt);
  const cluster = scene.clusters().find(isIt);
  if (plan === undefined || then === undefined || !isMeant(then, plan)) return { cluster };
  return { cluster, to: copyOf(then, termsOf(plan, then.tags).copies) };
};

const mistakeIn = (call: SeenCall, scene: Scene): string | undefined => {
  const { operation, parameters } = call;
  const { to, cluster } = managedBy(call, scene);
  // Nobody may even ask; a role that forbids it is the second fence.
  if (to === undefined || operation === "DisableSnapshotCopy") return "no plan manages that";
  if (cluster === undefined || call.status !== 200) return undefined;
  if (isUnsettled(cluster, call.invocation, scene)) return undefined;
  if (cluster.copying?.region !== to.region)
    return `it is copied to ${cluster.copying?.region}, not to ${to.region}`;
  if (cluster.copying.days !== -1) return `its copies go after ${cluster.copying.days} days`;
  if (operation !== "EnableSnapshotCopy") return undefined;
  if (parameters.get("RetentionPeriod") !== "1")
    return "what it takes automatically is copied for more than a day";
  return cluster.encrypted && !parameters.has("SnapshotCopyGrantName")
    ? "no grant lets AWS use a key"
    : undefined;
};

const mistakeOfGrant = ({ invocation, region }: SeenCall, scene: Scene): string | undefined => {
  const plan = scene.plans().find(({ name }) => name === invocation.plan);
  const isNeeded = plan?.copies.some((to) => to.manage && to.region === region);
  return isNeeded ? undefined : "no plan manages copies into there";
};
