import type { MakeChecker } from "./checker.ts";
import { readRules } from "./keeping.ts";
import { planOf, resourceOf, stampOf, wordFor } from "./ownership.ts";
import { keyOf, type Scene, type SeenCall } from "./records.ts";
import { carriedKeys, tagsIn } from "./tags.ts";
import { isMeant, termsOf } from "./terms.ts";

/**
 * Snapshots and copies are made of what a plan means and where its cluster wants them, and each is stamped with what the
 * cluster's terms promise it, and bears the tags that the plan carries.
 */
export const promises: MakeChecker = (scene, complain, count) => ({
  answered: (call) => {
    if (call.status !== 200) return;
    const { region, parameters } = call;
    const copy = parameters.get("TargetDBClusterSnapshotIdentifier");
    const name = copy ?? taken(call);
    const promised = copy === undefined ? ofCluster(call, scene) : ofSource(call, scene);
    if (name === undefined || promised === undefined) return;
    count();
    const { unwanted, rules, carried } = promised;
    if (unwanted !== undefined) complain(`${name} is made in ${region}, and ${unwanted}`);
    const tags = tagsIn(parameters);
    const [stamp, right] = [wordFor(readRules(tags.get("holdfast:keep") ?? "")), wordFor(rules)];
    if (stamp !== right)
      complain(`${name} in ${region} is promised ${stamp}; by its cluster's terms it is ${right}`);
    const lacking = carried.filter((key) => !tags.has(key));
    if (lacking.length > 0) complain(`${name} in ${region} does not carry ${lacking.join(", ")}`);
  },
});

interface Promised {
  /** Why there should be none. */
  readonly unwanted: string | undefined;
  readonly rules: ReturnType<typeof stampOf>;
  /** Keys of others' tags. */
  readonly carried: readonly string[];
}

const taken = ({ operation, parameters }: SeenCall): string | undefined => {
  if (operation === "CreateDBClusterSnapshot") return parameters.get("DBClusterSnapshotIdentifier");
  return operation === "CreateClusterSnapshot" ? parameters.get("SnapshotIdentifier") : undefined;
};

const ofCluster = ({ invocation, parameters, region }: SeenCall, scene: Scene): Promised | undefined => {
  const id = parameters.get("DBClusterIdentifier") ?? parameters.get("ClusterIdentifier");
  const plan = scene.plans().find(({ name }) => name === invocation.plan);
  const cluster = scene
    .discovered(invocation.execution ?? 0)
    .find((one) => one.id === id && one.region === region);
  if (plan === undefined || cluster === undefined) return undefined;
  const { retention: rules } = termsOf(plan, cluster.tags);
  // A tag that was taken off since may have been carried or not.
  const now = scene.clusters().find(({ arn }) => arn === cluster.arn)?.tags ?? new Map();
  const carried = carriedKeys(cluster.tags, plan).filter((key) => now.has(key));
  const unwanted = isMeant(cluster, plan) ? undefined : `${plan.name} does not mean ${cluster.id}`;
  return { unwanted, rules, carried };
};

/** A copy that goes by the plan's retention is promised what its source was. */
const ofSource = ({ invocation, parameters, region }: SeenCall, scene: Scene): Promised | undefined => {
  const { execution = 0, plan: named } = invocation;
  const plan = scene.plans().find(({ name }) => name === named);
  const arn = parameters.get("SourceDBClusterSnapshotIdentifier");
  const source = scene.snapshots(arn?.split(":")[3]).find((one) => one.arn === arn);
  const to = plan?.copies.find((one) => one.region === region);
  if (plan === undefined || source === undefined || scene.touched.has(keyOf(source))) return undefined;
  const cluster = scene.discovered(execution).find(({ resource }) => resource === resourceOf(source));
  const isWanted =
    planOf(source) === plan.name &&
    cluster !== undefined &&
    termsOf(plan, cluster.tags).copies.some((one) => one.region === region);
  return {
    unwanted: isWanted ? undefined : `${cluster?.id} wants no copies by ${plan.name} there`,
    rules: to?.retention ?? stampOf(source) ?? plan.retention,
    carried: carriedKeys(source.tags, plan),
  };
};
