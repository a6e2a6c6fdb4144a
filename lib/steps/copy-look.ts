import { type Family, families, traitsOf } from "../core/cluster.ts";
import {
  type CopyStep,
  type CopyTask,
  copyProblem,
  foundOf,
  judgeCopy,
  judgeSource,
  judgeUnreached,
} from "../core/copying.ts";
import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import type { Problem } from "../core/problem.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Context } from "./context.ts";
import { findArrivals } from "./copy-arrivals.ts";
import { findAwaited, isThere } from "./copy-awaited.ts";
import type { CopyPass } from "./copy-pass.ts";
import { managedSettings, type Settings, settingProblemOf } from "./copy-setting.ts";
import { asFound } from "./copy-sources.ts";
import { reach } from "./reach.ts";

/** What a pass sees before it starts anything. */
export interface Look {
  readonly tasks: readonly CopyTask[];
  readonly problems: readonly Problem[];
  readonly done: number;
  /** Copies that this look found done, for the event bus. */
  readonly copied: readonly Snapshot[];
  /** Copies that run into the destination, as far as this look can tell. */
  readonly inFlight: number;
  /** Our running copies as this look shows them, by identifier. */
  readonly copies: ReadonlyMap<string, Snapshot>;
  /** Those among them that are no task of this pump, by identifier. */
  readonly others: readonly string[];
  /** Source snapshots that were seen, by identifier. */
  readonly sources: ReadonlyMap<string, OwnedSnapshot>;
  /** Regions that did not answer, of sources or the destination, and since which minute of the pump they do not. */
  readonly unreached: Readonly<Record<string, number>>;
  /** The minute of the last look at what AWS copies by itself, where there was one. */
  readonly arrivals?: number;
}

export const sinceWhen = (
  unreached: ReadonlySet<string>,
  { work, minutesElapsed }: CopyPass,
): Look["unreached"] =>
  Object.fromEntries(
    [...unreached].map((region) => [region, work.unreached?.[region] ?? Math.floor(minutesElapsed)]),
  );

/** Nobody asks for a copy that AWS makes by itself: once the snapshot is there, the copy is on its way. */
export const byItself = (task: CopyTask): CopyTask =>
  task.phase === "due" ? { ...task, phase: "arriving" } : task;

/** A later look: what is awaited in the sources, what runs and what should arrive in the destination, by id. */
export const lookAgain = async (pass: CopyPass, context: Context<"engines">): Promise<Look> => {
  const { tasks } = pass.work;
  const inPhase = (phase: CopyTask["phase"]): readonly CopyTask[] =>
    tasks.filter((task) => task.phase === phase);
  const { copies, others, silent: mute } = await findRunning(pass, inPhase("copying"), context);
  const running = inPhase("copying").filter((task) => stillRuns(task, { copies, mute, pass }));
  const asked = tasks.filter(({ family }) => context.engines[family].copies === "per-snapshot");
  const managed = tasks.filter((task) => !asked.includes(task));
  const often = minutesSinceArrivals(pass) >= arrivalMinutes;
  const alone = asked.every((task) => task.phase === "copying" && !running.includes(task));
  const wanted = { asked, managed: often || alone ? managed : [], inFlight: running.length + others.length };
  const { looked, sources, strangers, unreached: silent } = await findAwaited(pass, wanted, context);
  const { region } = pass.input.destination;
  const unreached = sinceWhen(mute.size > 0 ? new Set([...silent, region]) : silent, pass);
  const settings = await managedSettings(pass, sources, context);
  const coming = managed.filter((task) => task.phase === "arriving" || isThere(task, sources));
  // A look at them is the whole destination: alone they are looked at when all may have come.
  const arrivalsDue = often || (alone && coming.length === managed.length);
  const arrived = await findArrivals(pass, { tasks: arrivalsDue ? coming : [], known: sources }, context);
  const steps = tasks.map((task) => ({
    task,
    step:
      task.phase === "awaited" && !looked.has(task)
        ? task
        : judge(task, { sources, strangers, settings, copies, mute, arrived, pass, unreached }, context),
  }));
  const done = steps.flatMap(({ task, step }) => ("done" in step ? [task] : []));
  const held = [...others, ...unlookedAt(steps)];
  return {
    ...unzip(steps),
    done: done.length,
    copied: done.flatMap((task) => arrived.get(task) ?? copies.get(task.copy ?? "") ?? []),
    inFlight: steps.filter(({ step }) => "phase" in step && step.phase === "copying").length + held.length,
    copies,
    others: held,
    sources,
    unreached,
    ...(arrivalsDue && { arrivals: Math.floor(pass.minutesElapsed) }),
  };
};

type Step = { readonly task: CopyTask; readonly step: CopyStep };

/** Copies that nobody could look at for so long that their tasks end: they may run on, and hold their places until a look tells. */
const unlookedAt = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ task: { phase, copy }, step }) =>
    phase === "copying" && copy !== undefined && "problem" in step && step.problem === "unlisted"
      ? [copy]
      : [],
  );

/** AWS's own copies take no place and are in nobody's way: while others are not done they are looked at so often, in minutes. */
const arrivalMinutes = 30;

const minutesSinceArrivals = ({ work, minutesElapsed }: CopyPass): number =>
  minutesElapsed - (work.arrivals ?? 0);

const stillRuns = (
  task: CopyTask,
  { copies, mute, pass }: Pick<Seen, "copies" | "mute" | "pass">,
): boolean => {
  if (mute.has(task.family)) return true;
  const step = judgeCopy(task, copies.get(task.copy ?? "")?.status, pass.minutesElapsed);
  return "phase" in step && step.phase === "copying";
};

interface Seen extends Pick<Look, "unreached"> {
  readonly pass: CopyPass;
  readonly strangers: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, OwnedSnapshot>;
  readonly settings: Settings;
  readonly copies: ReadonlyMap<string, Snapshot>;
  /** Families that did not answer in the destination: of what they copy there this look says nothing. */
  readonly mute: ReadonlySet<Family>;
  /** Tasks whose copy has arrived. */
  readonly arrived: ReadonlyMap<CopyTask, Snapshot>;
}

const judge = (
  task: CopyTask,
  { pass, sources, strangers, settings, copies, mute, arrived, unreached }: Seen,
  { engines }: Context<"engines">,
): CopyStep => {
  switch (task.phase) {
    case "awaited": {
      const found = asFound(task, sources);
      const source = sources.get(found.source)?.snapshot;
      // A name that a stranger holds is used up for Snapshot as well: ours comes under the next one.
      const status = strangers.has(found.source) ? "failed" : source?.status;
      const silentSince = unreached[task.region];
      if (status === undefined && silentSince !== undefined)
        return judgeUnreached(task, pass.minutesElapsed - silentSince);
      const step = judgeSource(found, status, pass.minutesElapsed);
      if (!("phase" in step) || step.phase !== "due") return step;
      if (source && traitsOf(source.engine).copies === "none") return { problem: "copy-unsupported" };
      if (engines[task.family].copies === "by-cluster-setting") {
        if (arrived.has(task)) return { done: true };
        const problem = settingProblemOf(task, settings, pass);
        return problem ? { problem } : byItself(step);
      }
      return source ? { ...step, found: foundOf(source) } : step;
    }
    case "arriving":
      return arrived.has(task) ? { done: true } : task;
    case "copying": {
      const muteSince = unreached[pass.input.destination.region];
      if (mute.has(task.family) && muteSince !== undefined)
        return judgeUnreached(task, pass.minutesElapsed - muteSince);
      return judgeCopy(task, copies.get(task.copy ?? "")?.status, pass.minutesElapsed);
    }
    case "due":
      return task;
    default:
      return task.phase satisfies never;
  }
};

export const unzip = (steps: readonly Step[]): Pick<Look, "tasks" | "problems"> => ({
  tasks: steps.flatMap(({ step }) => ("phase" in step ? [step] : [])),
  problems: steps.flatMap(({ task, step }) => ("problem" in step ? [copyProblem(task, step.problem)] : [])),
});

/**
 * What runs into the destination, in one listing: our copies, and the others that hold places as well. A stranger's
 * snapshot under the name of a copy of ours is not taken for it, and its task is due again. Nothing is concluded from one
 * of the others that is not found any more but that its place is free. Where it does not answer, all hold their places.
 */
const findRunning = async (
  { input, work }: CopyPass,
  tasks: readonly CopyTask[],
  context: Context<"engines">,
): Promise<Pick<Look, "copies" | "others"> & { readonly silent: ReadonlySet<Family> }> => {
  const { engines, service } = context;
  const { region } = input.destination;
  const expected = tasks.flatMap(({ copy }) => copy ?? []);
  const others = new Set(work.others);
  const query = { region, ids: [...expected, ...others], runId: input.run.id, expected };
  const asked = families.filter((family) => engines[family].copies === "per-snapshot");
  const answers = await Promise.all(
    asked.map((family) => reach({ region, family }, () => engines[family].findSnapshots(query), context)),
  );
  const silent = new Set(asked.filter((_, index) => answers[index] === undefined));
  const found = answers.flatMap((answer) => answer ?? []);
  const named = new Set(expected);
  const ours = found.filter((one) => named.has(one.id) && ownedBy(service, one) !== undefined);
  return {
    copies: new Map(ours.map((one) => [one.id, one])),
    others:
      silent.size > 0
        ? [...others]
        : found.flatMap(({ id, status }) => (others.has(id) && status === "copying" ? [id] : [])),
    silent,
  };
};
