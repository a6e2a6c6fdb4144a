import { type Batch, membersOf } from "../core/batch.ts";
import { type CopyCapability, traitsOf } from "../core/cluster.ts";
import { isMended } from "../core/copy-setting.ts";
import { type CopyCandidate, type CopyStep, type CopyTask, foundOf, queueCopies } from "../core/copying.ts";
import { snapshotName } from "../core/naming.ts";
import { termsOf } from "../core/override.ts";
import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { mayBeTaken } from "../core/taking.ts";
import { tagEachArrival } from "./arrivals.ts";
import type { Context } from "./context.ts";
import { recognition, tagsOf } from "./copy-arrivals.ts";
import { firstLook, isRunningCopy } from "./copy-first.ts";
import { byItself, type Look, sinceWhen, unzip } from "./copy-look.ts";
import type { CopyPass } from "./copy-pass.ts";
import { clusterSettings, type Settings, settingProblemOf } from "./copy-setting.ts";

/** The first look: the destination listed whole, of the sources what this run wants; the queue made from them. */
export const openQueue = async (pass: CopyPass, context: Context<"engines">): Promise<Look> => {
  const { region } = pass.input.destination;
  const batches = pass.input.batches.filter((batch) => batch.region !== region);
  const { sources, unreached, present } = await firstLook(pass, batches, context);
  // A source region may be another one's copy region too: a copy there has the name of what it was made from.
  const owned = sources
    .flatMap((one) => ownedBy(context.service, one) ?? [])
    .filter(({ source }) => source === undefined);
  const arrivals = await tagEachArrival(
    recognition(pass, { owned, present }),
    tagsOf(pass, context),
    context,
  );
  const recognised = [...arrivals.values()].filter((copy) => !present.includes(copy));
  const copies = [...present, ...recognised].flatMap((one) => ownedBy(context.service, one) ?? []);
  const queue = queueCopies(
    batches.flatMap((batch) => candidatesOf(batch, { pass, owned, copies }, context)),
  );
  const settings = await clusterSettings(batches.map(idsOf), context);
  const sifted = sift(queue.tasks, { owned, settings, pass }, context);
  const running = present.filter(isRunningCopy);
  const own = new Set(sifted.tasks.map(({ copy }) => copy));
  return {
    ...sifted,
    done: queue.done,
    copied: [...recognised, ...copiedBy(pass.input.run.id, copies)],
    inFlight: running.length,
    copies: new Map(running.map((one) => [one.id, one])),
    others: running.flatMap(({ id }) => (own.has(id) ? [] : [id])).slice(0, othersMax),
    sources: new Map(owned.map((one) => [one.snapshot.id, one])),
    unreached: sinceWhen(unreached, pass),
  };
};

/** More than AWS lets run into a region, by any limit that was ever heard of. */
const othersMax = 100;

/** What a first look shows as done by this run itself: an earlier try of it died before it could tell. */
const copiedBy = (run: string, copies: readonly OwnedSnapshot[]): readonly Snapshot[] =>
  copies
    .filter(({ runId, snapshot }) => runId === run && snapshot.status === "available")
    .map(({ snapshot }) => snapshot);

const idsOf = ({ region, family, members }: Batch) => ({ region, family, ids: members.map(({ id }) => id) });

interface Sides {
  readonly pass: CopyPass;
  readonly owned: readonly OwnedSnapshot[];
  readonly copies: readonly OwnedSnapshot[];
}

const candidatesOf = (
  batch: Batch,
  { pass, owned, copies }: Sides,
  { service }: Context<"engines">,
): readonly CopyCandidate[] => {
  const { run, destination } = pass.input;
  const wanting = membersOf(batch).filter(({ overrides }) =>
    termsOf(pass.plan, overrides).plan.copies.some(({ region }) => region === destination.region),
  );
  return wanting.map((member) => {
    const isMembers = (one: OwnedSnapshot): boolean =>
      one.plan === run.plan && one.resource === member.resource;
    return {
      cluster: member.id,
      region: batch.region,
      family: batch.family,
      expected: snapshotName({ service, run, cluster: member }),
      expectable: mayBeTaken(member.status),
      ...(batch.startsAfter && { takenAfter: Math.ceil(batch.startsAfter / 60) }),
      points: owned.filter((one) => isMembers(one) && one.snapshot.region === batch.region),
      copies: copies.filter(isMembers),
    };
  });
};

interface Known extends Pick<Sides, "pass" | "owned"> {
  readonly settings: Settings;
}

/** What cannot be copied leaves the queue with its reason; what AWS copies by itself is waited for. */
const sift = (
  tasks: readonly CopyTask[],
  known: Known,
  { engines }: Context<"engines">,
): Pick<Look, "tasks" | "problems"> =>
  unzip(tasks.map((task) => ({ task, step: siftOne(task, engines[task.family].copies, known) })));

const siftOne = (task: CopyTask, copies: CopyCapability, { owned, settings, pass }: Known): CopyStep => {
  const source = owned.find(({ snapshot }) => snapshot.id === task.source && snapshot.region === task.region);
  if (source && traitsOf(source.snapshot.engine).copies === "none") return { problem: "copy-unsupported" };
  if (copies !== "by-cluster-setting")
    return source && task.phase === "due" ? { ...task, found: foundOf(source.snapshot) } : task;
  const problem = settingProblemOf(task, settings, pass);
  // What its plan manages is mended before the snapshot is taken: then it is looked at again.
  if (problem && task.phase === "awaited" && pass.copyPlan.manage && isMended(problem)) return task;
  return problem ? { problem } : byItself(task);
};
