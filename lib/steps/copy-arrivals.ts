import { isArrivalOf } from "../core/arrival.ts";
import { traitsOf } from "../core/cluster.ts";
import type { CopyTask } from "../core/copying.ts";
import { type OwnedSnapshot, ownedBy, stampCopy } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Context } from "./context.ts";
import type { CopyPass } from "./copy-pass.ts";
import { findSources } from "./copy-sources.ts";

/**
 * Which of the tasks' copies AWS has brought into the destination by itself. One listing tells; the sources are
 * looked at only when something has come that could be a copy of theirs.
 */
export const findArrivals = async (
  pass: CopyPass,
  tasks: readonly CopyTask[],
  context: Context,
): Promise<ReadonlySet<CopyTask>> => {
  const arrived = new Set<CopyTask>();
  const { service } = context;
  // What carries an earlier run's tags was recognised on its own night.
  const isFresh = (copy: Snapshot): boolean =>
    (ownedBy(service, copy)?.runId ?? pass.input.run.id) === pass.input.run.id;
  for (const [family, some] of Map.groupBy(tasks, (task) => task.family)) {
    const present = await context.engines[family].listSnapshots(pass.input.destination.region);
    const likely = some.filter((task) => present.some((copy) => mayBeOf(copy, task) && isFresh(copy)));
    const { sources } = await findSources(pass, likely, context);
    const tagged = await tagArrivals(pass, { owned: [...sources.values()], present }, context);
    for (const task of likely) {
      const arn = sources.get(task.source)?.snapshot.arn;
      if (arn !== undefined && tagged.get(arn)?.status === "available") arrived.add(task);
    }
  }
  return arrived;
};

/** Available, of the task's cluster, and from its region: perhaps the copy that is waited for. */
const mayBeOf = (copy: Snapshot, task: CopyTask): boolean =>
  copy.status === "available" && copy.sourceRegion === task.region && copy.cluster === task.cluster;

interface Recognition {
  readonly owned: readonly OwnedSnapshot[];
  readonly present: readonly Snapshot[];
}

/**
 * Recognises AWS's own copies of our snapshots, and tags them as soon as they are available: they come without
 * any. By the ARN of what they are copies of, with the tags that they then have.
 */
export const tagArrivals = async (
  { copyPlan, input }: CopyPass,
  { owned, present }: Recognition,
  { engines, journal, service }: Context,
): Promise<ReadonlyMap<string, Snapshot>> => {
  const { region } = input.destination;
  const arrivals = new Map<string, Snapshot>();
  for (const copy of present.filter(({ sourceRegion }) => sourceRegion !== undefined)) {
    const source = owned.find((one) => isArrivalOf(copy, one.snapshot));
    if (source === undefined) continue;
    const untagged = copy.status === "available" && ownedBy(service, copy) === undefined;
    const tags = untagged ? stampCopy(source, copyPlan.retention) : copy.tags;
    if (untagged && tags) {
      await engines[traitsOf(copy.engine).family].tagSnapshot({ snapshot: copy, tags });
      journal({ kind: "copy.recognised", region, source: source.snapshot.id, copy: copy.id });
    }
    arrivals.set(source.snapshot.arn, { ...copy, tags });
  }
  return arrivals;
};
