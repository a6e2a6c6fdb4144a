import type { MakeChecker } from "./checker.ts";
import { readRules } from "./keeping.ts";
import { isOurs, planOf, stampOf, wordFor } from "./ownership.ts";
import {
  keyOf,
  type PlanFacts,
  type Scene,
  type SeenCall,
  type SeenCluster,
  type SeenSnapshot,
} from "./records.ts";
import { carriedKeys, tagsIn } from "./tags.ts";

/**
 * What is made says what it is: each tag of ours on a snapshot and on a copy is right, a person's hold and until among
 * them, and of others' there are those that the plan carries, each with its value, and no more. What is encrypted, and what
 * is under a key that AWS owns where it takes another, is copied under the plan's key. AWS deletes none of it by itself. What AWS has copied by itself is tagged as other copies are where
 * it is a copy of one of ours, and nothing else is tagged at all.
 */
export const stamps: MakeChecker = (scene, complain, count) => {
  /** What was held as it was made: so are the copies of it. */
  const holds = new Map<string, string>();
  /** What we have deleted tonight: a look from before may have shown it. */
  const deleted: SeenSnapshot[] = [];
  return {
    deleted: ({ snapshot }) => void deleted.push(snapshot),
    nightEnded: () => void deleted.splice(0),
    answered: (call) => {
      // What nothing may be written on nobody may even ask for; a role that forbids it is the second fence.
      const isOver = call.status === 200 || call.operation === "CreateTags";
      const made = isOver ? madeBy(call, { scene, holds, deleted }) : undefined;
      if (made === undefined) return;
      count();
      const name = `${made.name} in ${call.region}`;
      const tags = tagsIn(call.parameters);
      const hold = tags.get("holdfast:hold");
      if (hold !== undefined) holds.set(`${call.region} ${made.name}`, hold);
      for (const sentence of made.wrong) complain(`${name} ${sentence}`);
      for (const [key, isRight] of Object.entries(made.rules))
        if (!isRight(tags.get(key))) complain(`${name} bears ${key}=${tags.get(key)}`);
      for (const key of tags.keys())
        if (made.rules[key] === undefined) complain(`${name} bears ${key}, which nobody asked for`);
    },
  };
};

type Rule = (value: string | undefined) => boolean;

interface Made {
  readonly name: string;
  /** What the value of each tag has to be, one that is not there included. */
  readonly rules: Readonly<Record<string, Rule>>;
  readonly wrong: readonly string[];
}

interface Known {
  readonly scene: Scene;
  readonly holds: ReadonlyMap<string, string>;
  readonly deleted: readonly SeenSnapshot[];
}

const is =
  (...right: readonly (string | undefined)[]): Rule =>
  (value) =>
    right.includes(value);

const madeBy = (call: SeenCall, known: Known): Made | undefined => {
  switch (call.operation) {
    case "CreateDBClusterSnapshot":
    case "CreateClusterSnapshot":
      return taken(call, known);
    case "CopyDBClusterSnapshot":
      return copied(call, known);
    case "CreateTags":
      return recognised(call, known);
    default:
      return undefined;
  }
};

const taken = (
  { invocation, operation, region, parameters }: SeenCall,
  { scene }: Known,
): Made | undefined => {
  const family = operation === "CreateClusterSnapshot" ? "redshift" : "rds";
  const id = parameters.get("DBClusterIdentifier") ?? parameters.get("ClusterIdentifier");
  const isIt = (one: SeenCluster): boolean => one.id === id && one.region === region && one.family === family;
  const plan = scene.plans().find(({ name }) => name === invocation.plan);
  const then = scene.discovered(invocation.execution ?? 0).find(isIt);
  const cluster = scene.clusters().find(isIt);
  if (plan === undefined || cluster === undefined) return undefined;
  const { wish = {}, at = "", asked, startedAt } = invocation;
  const run = `${plan.name}-${at.replaceAll(/[-:]/g, "").toLowerCase()}`;
  // One that was made anew since the call began was shown as it had been.
  const isAnew = (cluster.createdAt ?? 0) > startedAt;
  const days = parameters.get("ManualSnapshotRetentionPeriod");
  const isLasting = family === "rds" || days === "-1";
  return {
    name: parameters.get("DBClusterSnapshotIdentifier") ?? parameters.get("SnapshotIdentifier") ?? "",
    rules: {
      "holdfast:service": is(scene.service),
      "holdfast:plan": is(plan.name),
      "holdfast:cluster": is(cluster.arn),
      "holdfast:resource": is(cluster.resource, ...(isAnew ? [then?.resource] : [])),
      "holdfast:taken-at": is(at),
      "holdfast:run": (value = "") => (asked ? value.startsWith(`${run}-`) : value === run),
      // By another checker.
      "holdfast:keep": () => true,
      "holdfast:hold": is(wish.hold),
      "holdfast:until": is(wish.until),
      "holdfast:reason": is(wish.reason),
      ...carried(then ? [cluster.tags, then.tags] : [cluster.tags], plan),
    },
    wrong: isLasting ? [] : [`is kept by AWS for ${days ?? "its cluster's"} days, and not for ever`],
  };
};

/** Each with a value that its cluster or source has, or had when it was looked at. */
const carried = (looks: readonly SeenCluster["tags"][], plan: PlanFacts): Made["rules"] => {
  const keys = new Set(looks.flatMap((tags) => carriedKeys(tags, plan)));
  return Object.fromEntries([...keys].map((key) => [key, is(...looks.map((tags) => tags.get(key)))]));
};

const copied = ({ invocation, region, parameters }: SeenCall, known: Known): Made | undefined => {
  const { scene } = known;
  const arn = parameters.get("SourceDBClusterSnapshotIdentifier");
  const source = scene.snapshots(arn?.split(":")[3]).find((one) => one.arn === arn);
  const plan = scene.plans().find(({ name }) => name === invocation.plan);
  const to = plan?.copies.find((one) => one.region === region);
  if (plan === undefined || source === undefined || scene.touched.has(keyOf(source))) return undefined;
  const isKeyed = source.encrypted || (source.awsOwned && scene.awsOwnedCopies !== "without-key");
  const [key, right] = [parameters.get("KmsKeyId"), isKeyed ? to?.key : undefined];
  return {
    name: parameters.get("TargetDBClusterSnapshotIdentifier") ?? "",
    // By another checker.
    rules: { ...copyRules(source, plan, known), "holdfast:keep": () => true },
    wrong: key === right ? [] : [`is copied under ${key ?? "no key"}; the plan's is ${right ?? "none"}`],
  };
};

/** What its source says of itself, and which that is. */
const copyRules = (source: SeenSnapshot, plan: PlanFacts | undefined, { holds }: Known): Made["rules"] => {
  const { tags } = source;
  const same = [...tags].filter(([key]) => key.startsWith("holdfast:"));
  return {
    ...Object.fromEntries(same.map(([key, value]) => [key, is(value)])),
    "holdfast:source": is(source.arn),
    // One that somebody holds since may have been looked at before.
    "holdfast:hold": is(tags.get("holdfast:hold"), holds.get(keyOf(source))),
    ...(plan ? carried([tags], plan) : {}),
  };
};

const recognised = ({ invocation, region, parameters }: SeenCall, known: Known): Made | undefined => {
  const { scene, deleted } = known;
  const arn = parameters.get("ResourceName") ?? "";
  const goneIn = (place: string) => scene.removedByOthers(place, invocation.startedAt);
  const copy = [...scene.snapshots(region), ...deleted, ...goneIn(region)].find((one) => one.arn === arn);
  const name = copy?.id ?? arn;
  const gone = goneIn(copy?.sourceRegion ?? "");
  const candidates = [...scene.snapshots(copy?.sourceRegion), ...deleted, ...gone].filter(
    (one) =>
      one.family === "redshift" &&
      one.region === copy?.sourceRegion &&
      one.cluster === copy.cluster &&
      one.sourceRegion === undefined,
  );
  // Where it was deleted and another execution of its run made it anew, that one has its name, and is the same point. Of a
  // cluster's snapshots of one moment the name says which it is.
  const source =
    candidates.find(({ id }) => copy?.id === `copy:${id}`) ??
    candidates.find(({ createdAt }) => createdAt === copy?.createdAt);
  if (source && scene.touched.has(keyOf(source))) return undefined;
  if (source === undefined || !isOurs(source, scene.service))
    return { name, rules: {}, wrong: ["is tagged, and is a copy of nothing of ours"] };
  const plan = scene.plans().find((one) => one.name === planOf(source));
  const to = plan?.copies.find((one) => one.region === region);
  const right = wordFor(to?.retention ?? stampOf(source));
  const isOthers = invocation.plan !== undefined && invocation.plan !== planOf(source);
  return {
    name,
    rules: {
      ...copyRules(source, plan, known),
      "holdfast:keep": (value = "") => wordFor(readRules(value)) === right,
    },
    wrong: isOthers ? [`is tagged by ${invocation.plan}, and is ${planOf(source)}'s`] : [],
  };
};
