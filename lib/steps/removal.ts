import { chunk } from "../core/batch.ts";
import type { Family } from "../core/cluster.ts";
import { prunedEvent } from "../core/event.ts";
import type { OwnedSnapshot } from "../core/ownership.ts";
import type { Problem } from "../core/problem.ts";
import type { PruneVerdict } from "../core/pruning.ts";
import { BrokenInvariantError, mayPass } from "../errors.ts";
import { announce } from "./announce.ts";
import type { Context } from "./context.ts";

/** Deleted and then told together: a function that dies in between leaves at most so many untold. Redshift's are one call. */
const deletedAtOnce: Readonly<Record<Family, number>> = { rds: 10, redshift: 50 };

/** The verdict over one cluster's recovery points in one region, with the points that it was given over. */
export interface RegionVerdict {
  readonly region: string;
  readonly cluster: string;
  readonly arn: string;
  readonly verdict: PruneVerdict;
  readonly owned: readonly OwnedSnapshot[];
}

export interface RemovalOrder {
  readonly family: Family;
  /** The run, or the sweep, in whose name is deleted. */
  readonly run: string;
  readonly verdicts: readonly RegionVerdict[];
  /** What is more waits for the next call, which looks again. */
  readonly deletionsMax: number;
}

export interface Removal {
  readonly pruned: number;
  readonly problems: readonly Problem[];
  /** Verdicts name more, and a further call would get on. */
  readonly more: boolean;
}

/** Deletes what the verdicts name, the regions side by side, and nothing else. Refusals are problems. */
export const carryOut = async (
  { family, run, verdicts, deletionsMax }: RemovalOrder,
  context: Context<"engines" | "events">,
): Promise<Removal> => {
  for (const { region, cluster, arn, verdict } of verdicts) {
    context.journal({ kind: "prune.verdict", region, cluster, source: arn, verdict });
  }
  const doomed = verdicts.flatMap(doomedOf);
  // What failed goes last: AWS mostly refuses to delete it, and it must not stand before what can be deleted.
  const now = doomed.toSorted((a, b) => Number(isFailed(a)) - Number(isFailed(b))).slice(0, deletionsMax);
  const regions = [...Map.groupBy(now, ({ point }) => point.snapshot.region)];
  // Side by side, and each to its end: what one region refuses must not leave another's deletions untold.
  const done = await Promise.all(
    regions.map(([region, some]) => removeIn({ family, run, region, some }, context)),
  );
  const pruned = done.reduce((sum, one) => sum + one.pruned, 0);
  const failures = done.flatMap(({ failure }) => failure ?? []);
  // Where AWS stopped answering, the next call goes on: a retry of this one would lose count of what it has deleted.
  const failure = failures.find(({ error }) => pruned === 0 || !mayPass(error));
  if (failure) throw failure.error;
  const problems = done.flatMap((one) => one.problems);
  // What was refused would be refused again, and come first again: a call that deletes nothing is the last.
  const more = failures.length > 0 || (pruned > 0 && doomed.length > deletionsMax);
  return { pruned, problems, more };
};

interface RegionRemoval extends Pick<RemovalOrder, "family" | "run"> {
  readonly region: string;
  readonly some: readonly Doomed[];
}

interface RegionRemoved {
  readonly pruned: number;
  readonly problems: readonly Problem[];
  /** What has ended it before its end. */
  readonly failure?: { readonly error: unknown };
}

/** One region's deletions, a few at a time, each few told right after. */
const removeIn = async (
  { family, run, region, some }: RegionRemoval,
  context: Context<"engines" | "events">,
): Promise<RegionRemoved> => {
  let pruned = 0;
  const problems: Problem[] = [];
  try {
    for (const few of chunk(some, deletedAtOnce[family])) {
      for (let left = few; left.length > 0; ) {
        const outcome = await removeFew({ family, run, region, few: left }, context);
        if (outcome.answered === 0)
          throw new BrokenInvariantError(`${family} answered for no deletion at all`);
        left = left.slice(outcome.answered);
        pruned += outcome.answered - outcome.refused.length;
        problems.push(...outcome.refused, ...outcome.untold);
      }
    }
  } catch (error) {
    return { pruned, problems, failure: { error } };
  }
  return { pruned, problems };
};

interface Doomed {
  readonly point: OwnedSnapshot;
  readonly because: readonly string[];
}

const doomedOf = ({ owned, verdict }: RegionVerdict): readonly Doomed[] => {
  const remove = new Map(verdict.remove.map(({ id, because }) => [id, because]));
  return owned.flatMap((point) => {
    const because = remove.get(point.snapshot.id);
    return because ? [{ point, because }] : [];
  });
};

interface Few {
  readonly family: Family;
  readonly run: string;
  readonly region: string;
  readonly few: readonly Doomed[];
}

const removeFew = async ({ family, run, region, few }: Few, context: Context<"engines" | "events">) => {
  const { engines, service, now, journal } = context;
  const byId = new Map(few.map((one) => [one.point.snapshot.id, one]));
  const snapshots = few.map(({ point }) => point);
  const deletions = await engines[family].deleteSnapshots({ service, region, snapshots });
  const refused: Problem[] = [];
  const gone: Doomed[] = [];
  for (const { id, error } of deletions) {
    const one = byId.get(id);
    const place = { region, cluster: one?.point.snapshot.cluster ?? "*", snapshot: id };
    if (error !== undefined) {
      journal({ kind: "snapshot.undeleted", ...place, error: error.message });
      refused.push({ cluster: place.cluster, region, code: "undeletable" });
      continue;
    }
    journal({ kind: "snapshot.deleted", ...place });
    if (one) gone.push(one);
  }
  const events = gone.map(({ point, because }) => prunedEvent({ service, run, point, because, now }));
  return { answered: deletions.length, refused, untold: await announce({ events, region }, context) };
};

const isFailed = ({ point }: Doomed): boolean => point.snapshot.status === "failed";
