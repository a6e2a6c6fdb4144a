import type { MakeChecker } from "./checker.ts";
import { readRules } from "./keeping.ts";
import { stampOf, wordFor } from "./ownership.ts";
import { keyOf, type Scene, type SeenCall, type SeenCluster } from "./records.ts";
import { termsOf } from "./terms.ts";

/** Every snapshot is stamped with what its cluster's terms promise it, and with the tags that its plan carries. */
export const promises: MakeChecker = (scene, complain, count) => ({
  answered: (call) => {
    const { operation, parameters, status } = call;
    const name = operation === "CopyDBClusterSnapshot" ? copied(call) : taken(call);
    if (name === undefined || status !== 200) return;
    const made = operation === "CopyDBClusterSnapshot" ? promiseOfCopy(call, scene) : promiseOf(call, scene);
    if (made === undefined) return;
    count();
    const tags = tagsIn(parameters);
    const keep = wordFor(readRules(tags.get("holdfast:keep") ?? ""));
    if (keep !== made.keep)
      complain(`${name} in ${call.region} is promised ${keep}; by its cluster's terms it is ${made.keep}`);
    const lacking = made.carried.filter((key) => !tags.has(key));
    if (lacking.length > 0) complain(`${name} in ${call.region} does not carry ${lacking.join(", ")}`);
  },
});

interface Promised {
  /** In one word. */
  readonly keep: string;
  /** Keys of others' tags. */
  readonly carried: readonly string[];
}

const copied = ({ parameters }: SeenCall): string | undefined =>
  parameters.get("TargetDBClusterSnapshotIdentifier");

const taken = ({ operation, parameters }: SeenCall): string | undefined => {
  if (operation === "CreateDBClusterSnapshot") return parameters.get("DBClusterSnapshotIdentifier");
  return operation === "CreateClusterSnapshot" ? parameters.get("SnapshotIdentifier") : undefined;
};

const promiseOf = ({ invocation, parameters, region }: SeenCall, scene: Scene): Promised | undefined => {
  const id = parameters.get("DBClusterIdentifier") ?? parameters.get("ClusterIdentifier");
  const plan = scene.plans().find(({ name }) => name === invocation.plan);
  const cluster = scene
    .discovered(invocation.execution ?? 0)
    .find((one) => one.id === id && one.region === region);
  if (plan === undefined || cluster === undefined) return undefined;
  const { retention } = termsOf(plan, cluster.tags);
  // A tag that was taken off since may have been carried or not.
  const now = scene.clusters().find(({ arn }) => arn === cluster.arn)?.tags ?? new Map();
  return {
    keep: wordFor(retention),
    carried: keysOf(cluster.tags, plan.carryTags).filter((key) => now.has(key)),
  };
};

/** A copy that goes by the plan's retention is promised what its source was. */
const promiseOfCopy = ({ invocation, parameters, region }: SeenCall, scene: Scene): Promised | undefined => {
  const plan = scene.plans().find(({ name }) => name === invocation.plan);
  const to = plan?.copies.find((one) => one.region === region);
  const arn = parameters.get("SourceDBClusterSnapshotIdentifier");
  const source = scene.snapshots().find((one) => one.arn === arn);
  if (plan === undefined || to === undefined || source === undefined) return undefined;
  if (scene.touched.has(keyOf(source))) return undefined;
  const rules = to.retention ?? stampOf(source) ?? plan.retention;
  return { keep: wordFor(rules), carried: keysOf(source.tags, plan.carryTags) };
};

const keysOf = (tags: SeenCluster["tags"], carry: readonly string[]): readonly string[] =>
  [...tags.keys()].filter(
    (key) => !/^(aws|rds|holdfast):/.test(key) && (carry.includes(key) || carry.includes("*")),
  );

/** As the query protocol numbers them: a key, and under the same number its value. */
const tagsIn = (parameters: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    [...parameters].flatMap(([name, key]) =>
      /^Tags\..*\.Key$/.test(name) ? [[key, parameters.get(name.replace(/Key$/, "Value")) ?? ""]] : [],
    ),
  );
