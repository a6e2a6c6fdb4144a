import type { CopyTask } from "../core/copying.ts";
import { callsIn } from "../core/lanes.ts";
import { ownedBy, promiseOf } from "../core/ownership.ts";
import { arnOf, type Snapshot } from "../core/snapshot.ts";
import { type Recognition, tagEachArrival } from "./arrivals.ts";
import type { Context } from "./context.ts";
import type { CopyPass } from "./copy-pass.ts";
import { type FoundSources, findSources } from "./copy-sources.ts";
import { reach } from "./reach.ts";

/**
 * Which of the tasks' copies AWS has brought into the destination by itself, each with the copy. One listing
 * tells, and where it does not answer none has arrived yet; the sources are looked at only when something has come that
 * could be a copy of theirs.
 */
export const findArrivals = async (
  pass: CopyPass,
  { tasks, known }: { readonly tasks: readonly CopyTask[]; readonly known: FoundSources["sources"] },
  context: Context<"engines">,
): Promise<ReadonlyMap<CopyTask, Snapshot>> => {
  const arrived = new Map<CopyTask, Snapshot>();
  const { service } = context;
  // What is tagged as the copy of another snapshot was recognised on its own night, whoever did it.
  const isFresh = (copy: Snapshot, { source }: CopyTask): boolean =>
    ownedBy(service, copy)?.source?.endsWith(source) ?? true;
  for (const [family, some] of Map.groupBy(tasks, (task) => task.family)) {
    const { region } = pass.input.destination;
    const pick = (copy: Snapshot) => (some.some((task) => mayBeOf(copy, task)) ? copy : undefined);
    const list = () => context.engines[family].pickSnapshots(region, pick);
    const present = (await reach({ region, family }, list, context)) ?? [];
    const likely = some.filter((task) => present.some((copy) => mayBeOf(copy, task) && isFresh(copy, task)));
    const unknown = likely.filter(({ source }) => !known.has(source));
    const sources = new Map([...known, ...(await findSources(pass, unknown, context)).sources]);
    const owned = likely.flatMap(({ source }) => sources.get(source) ?? []);
    const tagged = await tagEachArrival(
      recognition(pass, { owned, present }),
      tagsOf(pass, context),
      context,
    );
    for (const task of likely) {
      const source = sources.get(task.source)?.snapshot;
      const copy = source && tagged.get(arnOf(source));
      if (copy?.status === "available") arrived.set(task, copy);
    }
  }
  return arrived;
};

/** Available, of the task's cluster, and from its region: perhaps the copy that is waited for. */
const mayBeOf = (copy: Snapshot, task: CopyTask): boolean =>
  copy.status === "available" && copy.sourceRegion === task.region && copy.cluster === task.cluster;

/** So long the tagging of one pass may last by its share of the budget: with its looks and events a pass is over in a minute. */
const tagSecondsMax = 30;

/** How many copies a pass may tag. */
export const tagsOf = ({ input }: CopyPass, { config }: Context<"engines">): number =>
  callsIn(tagSecondsMax, { name: "Copy", event: input, region: input.destination.region }, config);

/** What the pump recognises: copies of its own plan's points, which get what the plan promises them. */
export const recognition = (
  { input, plan, copyPlan }: CopyPass,
  { owned, present }: Pick<Recognition, "owned" | "present">,
): Recognition => ({
  region: input.destination.region,
  owned: owned.filter((one) => one.plan === input.run.plan),
  present,
  promise: (source) => ({ retention: promiseOf(copyPlan, source), carry: plan.carryTags }),
});
