import { metricNames } from "../core/measure.ts";
import { capProblems, type Problem } from "../core/problem.ts";
import {
  beginSweep,
  countKeys,
  type FamilyWork,
  isSwept,
  type KeyLook,
  type SweepWork,
  suspend,
  withProblems,
} from "../core/sweep-work.ts";
import { setKey } from "../core/sweeping.ts";
import { HoldfastError } from "../errors.ts";
import type { Context } from "./context.ts";
import { examineKeys } from "./key-survey.ts";
import type { Scheduled } from "./survey.ts";
import { lookOn, stretchPages } from "./sweep-look.ts";
import { removeOrphans } from "./sweep-orphans.ts";

export interface SweepInput extends Scheduled {
  /** Absent in a sweep's first pass. */
  readonly work?: SweepWork | undefined;
}

/** What all passes so far came to. */
export interface Swept {
  readonly pruned: number;
  readonly problems: readonly Problem[];
}

export interface SweepOutput extends Scheduled, Swept {
  readonly next: "Sweep" | "Done";
  readonly work: SweepWork;
}

type SweepContext = Context<"engines" | "events">;

/** Deletions of one pass and family: RDS's go one by one. After so many the next pass goes on. */
const deletionsMax = 150;

/**
 * A pass over what there is, page by page: prunes what no plan's run visits, by the policies stamped on it, and counts
 * the points that need each key. A copy in progress shows only in its destination, so once a region cannot be listed
 * nothing more of that family is deleted anywhere.
 */
export const sweep = async ({ at, work }: SweepInput, context: SweepContext): Promise<SweepOutput> => {
  const before = work ?? beginSweep(context.config.regions);
  const passes = await Promise.allSettled(before.families.map((one) => passThrough(one, at, context)));
  const failures = passes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  // What one family met must not cost the other its turn; then it fails the pass, which is made once more.
  if (failures.length > 0) throw failures.find((one) => !(one instanceof HoldfastError)) ?? failures[0];
  const done = passes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const unseen = new Set([...before.unseen, ...done.flatMap((one) => one.unseen)]);
  const after = done
    .flatMap(({ keys }) => keys)
    .reduce(countKeys, { families: done.map((one) => one.work), keys: before.keys, unseen: [...unseen] });
  const problems = after.families.flatMap((one) => one.problems);
  const pruned = after.families.reduce((sum, one) => sum + one.pruned, 0);
  const output = { at, work: after, pruned, problems: capProblems(problems) };
  if (!isSwept(after)) return { ...output, next: "Sweep" };
  const value = problems.length;
  context.measure({ name: metricNames.sweepProblems, unit: "Count", value, dimensions: {} });
  for (const one of after.families) {
    const { family, sets, pruned: gone, problems: met } = one;
    context.journal({ kind: "sweep.ended", family, sets, pruned: gone, problems: met });
  }
  return { ...output, next: "Done" };
};

/** All passes, one after the other: where nothing travels between states. */
export const sweepThrough = async ({ at }: Scheduled, context: SweepContext): Promise<Swept> => {
  let pass = await sweep({ at }, context);
  while (pass.next === "Sweep") pass = await sweep(pass, context);
  return { pruned: pass.pruned, problems: pass.problems };
};

/** A pass as it is deployed: after the last one the keys are examined that all have counted. */
export const sweepWithKeys = async (
  input: SweepInput,
  context: Context<"engines" | "events" | "keys">,
): Promise<SweepOutput> => {
  const output = await sweep(input, context);
  if (output.next === "Done") await examineKeys(output.work, context);
  return output;
};

interface FamilyPass {
  readonly work: FamilyWork;
  readonly keys: readonly KeyLook[];
  /** Regions whose snapshots were not seen to their end. */
  readonly unseen: readonly string[];
}

/** Orphans among some pages are judged before the next pages come. */
const passThrough = async (before: FamilyWork, at: string, context: SweepContext): Promise<FamilyPass> => {
  const { family } = before;
  const keys: KeyLook[] = [];
  const unseen: string[] = [];
  const judged = new Set<string>();
  let work = before;
  const room = (): number => deletionsMax - (work.pruned - before.pruned);
  const pagesIn = stretchPages(context);
  for (let pages = 0; work.left.length > 0 && pages < context.pagesMax && room() > 0; pages += pagesIn) {
    const look = await lookOn(work, context);
    unseen.push(...look.unseen);
    work = suspend(work, look.unlisted);
    const orphans = look.orphans.filter((set) => !judged.has(setKey(set)));
    if (!work.suspended && orphans.length > 0) {
      const order = { family, at, known: look.clusters, orphans, deletionsMax: room() };
      const { unlisted, sets, pruned, problems, more } = await removeOrphans(order, context);
      work = withProblems(suspend(work, unlisted), problems);
      work = { ...work, sets: work.sets + sets, pruned: work.pruned + pruned };
      // The same pages once more: what is deleted is in them no longer.
      if (more) break;
      for (const set of orphans) judged.add(setKey(set));
    }
    keys.push(look.keys);
    work = { ...work, left: look.left };
  }
  return { work, keys, unseen };
};
