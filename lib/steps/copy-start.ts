import pMap from "p-map";
import { type CopyTask, copyName, copyProblem, lookedAtAnew } from "../core/copying.ts";
import { baseName } from "../core/naming.ts";
import { type OwnedSnapshot, ownedBy, promiseOf, stampCopy } from "../core/ownership.ts";
import { type Part, shareOf } from "../core/part.ts";
import type { Plan } from "../core/plan.ts";
import type { Problem, ProblemCode } from "../core/problem.ts";
import { arnPatternOf, isEncrypted, type Snapshot } from "../core/snapshot.ts";
import {
  ClusterBusyError,
  CopyLimitError,
  DeniedError,
  HoldfastError,
  KeyRefusedError,
  KeyUnusableError,
  MissingError,
  QuotaFullError,
  SnapshotExistsError,
  SnapshotStateError,
  TransientError,
} from "../errors.ts";
import type { Context } from "./context.ts";
import { findReplaced } from "./copy-again.ts";
import type { Look } from "./copy-look.ts";
import type { CopyPass } from "./copy-pass.ts";
import { type FoundSources, findSources } from "./copy-sources.ts";

/**
 * Copies that are asked for at once. By a limit like AWS's own they are few, and asked for one by one: what is
 * refused for the limit is then one call of a pass. Accounts with raised limits fill their places faster.
 */
const copiesAtOnce = (limit: number): number => (limit > 10 ? 5 : 1);

interface Orders {
  readonly picked: readonly CopyTask[];
  readonly look: Look;
}

/** What starting came to: the whole table as it now stands, and the limit as AWS taught it. */
export interface Started {
  readonly tasks: readonly CopyTask[];
  readonly problems: readonly Problem[];
  readonly done: number;
  /** Copies that were available in AWS's very answer. */
  readonly copied: readonly Snapshot[];
  readonly limit: number;
  /** The destination's key was looked at, now or before, and can be used. */
  readonly keyUsable?: true;
}

/** `untold`: KMS did not answer, and what needs the key waits for the next pass. */
type KeyVerdict = "usable" | "untold" | ProblemCode | undefined;

type Outcome =
  | { readonly task: CopyTask }
  | { readonly problem: ProblemCode }
  | { readonly done: true; readonly copy: Snapshot };

/** Starts the picked copies. At AWS's limit the rest stays due: that is back-pressure, not a failure. */
export const startCopies = async (
  pass: CopyPass,
  { picked, look }: Orders,
  context: Context<"engines" | "keys">,
): Promise<Started> => {
  const { sources, unreached } = await sourcesOf(pass, { picked, look }, context);
  const key = await examineKey(
    pass,
    picked.flatMap(({ source }) => sources.get(source) ?? []),
    context,
  );
  const replaced = await findReplaced(pass, picked, context);
  const brakes: Brakes = { limit: pass.work.limit, running: look.inFlight };
  const outcomes = await pMap(
    picked,
    async (task) => ({
      task,
      outcome: await startOne(pass, { task, sources, unreached, key, replaced, brakes }, context),
    }),
    { concurrency: copiesAtOnce(pass.work.limit) },
  );
  const outcomeOf = new Map(outcomes.map(({ task, outcome }) => [task, outcome]));
  const steps = look.tasks.map((task) => ({
    task,
    outcome: doubted(task, outcomeOf.get(task) ?? quotaOutcome(task, brakes), pass.minutesElapsed),
  }));
  const copied = steps.flatMap(({ outcome }) => ("done" in outcome ? [outcome.copy] : []));
  return {
    tasks: steps.flatMap(({ outcome }) => ("task" in outcome ? [outcome.task] : [])),
    problems: steps.flatMap(({ task, outcome }) =>
      "problem" in outcome ? [copyProblem(task, outcome.problem)] : [],
    ),
    done: copied.length,
    copied,
    limit: brakes.limit,
    ...(key === "usable" && { keyUsable: true }),
  };
};

/** What stops the remaining copies of this pass; written by whoever meets it first. */
interface Brakes {
  limit: number;
  /** Copies that run into the destination, those that this pass has started with them. */
  running: number;
  stop?: "limit" | "quota";
}

/** A copy that AWS may have begun without an answer is not given up, nor its source waited for, before a look has told. */
const doubted = (task: CopyTask, outcome: Outcome, minutesElapsed: number): Outcome => {
  const isGivenUp = "problem" in outcome || ("task" in outcome && outcome.task.phase === "awaited");
  if (!task.unanswered || task.phase !== "due" || !isGivenUp) return outcome;
  return { task: running(task, copyName(task), minutesElapsed) };
};

/** A full quota concerns everything that is due, whether it was picked or not. */
const quotaOutcome = (task: CopyTask, { stop }: Brakes): Outcome =>
  stop === "quota" && task.phase === "due" ? { problem: "copy-quota-full" } : { task };

/** The picked tasks' sources: as this pass or an earlier one has seen them, and one listing for the rest. */
const sourcesOf = async (pass: CopyPass, { picked, look }: Orders, context: Context<"engines" | "keys">) => {
  const carried = picked.flatMap((task) => carriedBy(task, context) ?? []);
  const known = new Map([...carried.map((one) => [one.snapshot.id, one] as const), ...look.sources]);
  const unseen = picked.filter(({ source }) => !known.has(source));
  const { sources, unreached } = await findSources(pass, unseen, context);
  return { sources: new Map([...known, ...sources]), unreached };
};

const carriedBy = (task: CopyTask, { service }: Context<"engines" | "keys">): OwnedSnapshot | undefined => {
  const { found, source: id, region, cluster } = task;
  if (found === undefined) return undefined;
  const { arn, ...told } = found;
  const place = { id, arnPattern: arnPatternOf(arn, id), region, cluster };
  return ownedBy(service, { ...told, ...place, status: "available", manual: true });
};

/** What is under a key that AWS owns is copied without one where the plan names none. */
const usesKey = ({ encrypted, awsOwnedKey }: Snapshot, kmsKey: string | undefined): boolean =>
  encrypted || (awsOwnedKey === true && kmsKey !== undefined);

/**
 * The destination's key is looked at before it is asked for, and only when something encrypted is about to go: once for each
 * pump, and where it cannot be used once more in every pass, since that is mended meanwhile or mends itself.
 */
const examineKey = async (
  { copyPlan, work }: CopyPass,
  sources: readonly OwnedSnapshot[],
  { keys, journal }: Context<"engines" | "keys">,
): Promise<KeyVerdict> => {
  const { region, kmsKey } = copyPlan;
  if (!sources.some(({ snapshot }) => usesKey(snapshot, kmsKey))) return undefined;
  if (work.keyUsable) return "usable";
  if (kmsKey === undefined) return "key-missing";
  try {
    const verdict = await keys.examine({ region, id: kmsKey });
    if ("usable" in verdict) return "usable";
    journal({ kind: "copy.refused", region, source: "*", error: verdict.unusable });
    return "key-unusable";
  } catch (error) {
    // A permission that lacks, or a KMS out of reach, concerns what is encrypted, and not the destination's other copies.
    if (!(error instanceof DeniedError || error instanceof TransientError)) throw error;
    journal({ kind: "copy.refused", region, source: "*", error: error.message });
    return error instanceof DeniedError ? "denied" : "untold";
  }
};

interface StartOne extends Pick<FoundSources, "sources" | "unreached"> {
  readonly task: CopyTask;
  readonly key: KeyVerdict;
  /** What another pump of the run has made, by its name's base; `undefined` where nobody knows. */
  readonly replaced: ReadonlyMap<string, Snapshot> | undefined;
  readonly brakes: Brakes;
}

const startOne = async (
  { input, copyPlan, plan, minutesElapsed }: CopyPass,
  { task, sources, unreached, key, replaced, brakes }: StartOne,
  { engines, journal }: Context<"engines" | "keys">,
): Promise<Outcome> => {
  if (task.lost && replaced === undefined) return { task };
  const other = replaced?.get(baseName(task.source));
  if (other?.status === "available") return { done: true, copy: other };
  if (other) return { task: running(task, other.id, minutesElapsed) };
  if (brakes.stop !== undefined) return quotaOutcome(task, brakes);
  const source = sources.get(task.source);
  // Awaited once more, a task leaves its place to one of a region that answers.
  if (source === undefined)
    return unreached.has(task.region) ? { task: { ...task, phase: "awaited" } } : { problem: "no-snapshot" };
  const { region, kmsKey } = copyPlan;
  const keyed = usesKey(source.snapshot, kmsKey);
  if (keyed && key === "untold") return { task };
  if (keyed && key !== undefined && key !== "usable") return { problem: key };
  const id = copyName(task);
  const tags = stampCopy({ source, retention: promiseOf(copyPlan, source), carry: plan.carryTags });
  try {
    const order = {
      source: source.snapshot,
      region,
      id,
      tags,
      ...(keyed && kmsKey && { kmsKey }),
    };
    const copy = await engines[task.family].copySnapshot(order);
    journal({ kind: "copy.started", region, source: task.source, copy: id });
    // A copy may be available at once, without ever being seen `copying`.
    if (copy.status === "available") return { done: true, copy: { ...copy, tags } };
    brakes.running += 1;
    return { task: running(task, id, minutesElapsed) };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    journal({ kind: "copy.refused", region, source: task.source, error: error.message });
    if (error instanceof SnapshotExistsError) return { task: running(task, id, minutesElapsed) };
    const asked: CopyTask = error.unanswered ? { ...task, unanswered: true } : task;
    const outcome: Outcome =
      !keyed && isEncrypted(source.snapshot) && error instanceof KeyRefusedError
        ? { problem: "key-missing" }
        : refused(asked, { error, brakes, plan, part: input.run.part });
    return doubted(asked, outcome, minutesElapsed);
  }
};

// A name that is taken is ours after a lost answer, or a second pump's, or a stranger's: the next look tells.
const running = (
  { found: _, unbelieved: __, unanswered: ___, ...task }: CopyTask,
  copy: string,
  minutesElapsed: number,
): CopyTask => ({
  ...task,
  phase: "copying",
  copy,
  asked: Math.round(minutesElapsed * 100) / 100,
});

interface Refusal {
  readonly error: HoldfastError;
  readonly brakes: Brakes;
  readonly plan: Plan;
  readonly part: Part | undefined;
}

const refused = (task: CopyTask, { error, brakes, plan, part }: Refusal): Outcome => {
  // In words that tell no limit, while nothing runs that could end, it can only be the quota.
  if (error instanceof CopyLimitError && (error.limit !== undefined || brakes.running > 0)) {
    brakes.stop = "limit";
    // AWS names the account's places; the plan may want fewer of them.
    if (error.limit !== undefined) brakes.limit = shareOf(Math.min(error.limit, plan.copiesInFlight), part);
    return { task };
  }
  if (isFull(error)) brakes.stop = "quota";
  if (error instanceof TransientError) return { task };
  const anew = mayBeMended(error) ? lookedAtAnew(task) : undefined;
  return anew ? { task: anew } : { problem: problemOf(error) };
};

const isFull = (error: HoldfastError): boolean =>
  error instanceof QuotaFullError || error instanceof CopyLimitError;

const wantsSource = (error: HoldfastError): boolean =>
  error instanceof MissingError || error instanceof SnapshotStateError;

/** AWS documents of a copy as well that a cluster may be in the wrong state for it, which passes. */
const mayBeMended = (error: HoldfastError): boolean =>
  wantsSource(error) || error instanceof ClusterBusyError;

const problemOf = (error: HoldfastError): ProblemCode => {
  if (isFull(error)) return "copy-quota-full";
  if (wantsSource(error)) return "no-snapshot";
  if (error instanceof KeyUnusableError) return "key-unusable";
  return error instanceof DeniedError ? "denied" : "refused";
};
