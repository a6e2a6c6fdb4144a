import { chunk } from "../core/batch.ts";
import { type CopyTask, pickCopies } from "../core/copying.ts";
import type { Context } from "./context.ts";
import type { CopyPass } from "./copy-pass.ts";
import { type FoundSources, findSources } from "./copy-sources.ts";

/** Whose snapshots a pass may look at. */
interface Wanted {
  /** All that we copy, in the queue's order: what of it is awaited could take a place. */
  readonly asked: readonly CopyTask[];
  /** What AWS copies by itself, where it is time to look at it. */
  readonly managed: readonly CopyTask[];
  readonly inFlight: number;
}

interface FoundAwaited extends FoundSources {
  /** Of what is not among these nothing was asked. */
  readonly looked: ReadonlySet<CopyTask>;
}

/** So many sources of one place are one call. */
const sourcesAtOnce = 100;

/**
 * The sources of what is awaited, one call for each place at a time, until there is a copy for each free place: without
 * a place nothing comes of knowing that a snapshot is available.
 */
export const findAwaited = async (
  pass: CopyPass,
  { asked, managed, inFlight }: Wanted,
  context: Context<"engines">,
): Promise<FoundAwaited> => {
  const { minutesElapsed } = pass;
  const { limit } = pass.work;
  const looked = new Set(managed.filter(isAwaited));
  let found = await findSources(pass, [...looked], context);
  // Of what is not awaited no source is looked for.
  const asSeen = (task: CopyTask): CopyTask =>
    isThere(task, found.sources) ? { ...task, phase: "due" } : task;
  for (const some of roundsOf(asked.filter(isAwaited))) {
    if (pickCopies({ tasks: asked.map(asSeen), inFlight, limit, minutesElapsed }).length >= limit - inFlight)
      break;
    for (const task of some) looked.add(task);
    found = together(found, await findSources(pass, some, context));
  }
  return { ...found, looked };
};

export const isThere = ({ source }: CopyTask, sources: FoundSources["sources"]): boolean =>
  sources.get(source)?.snapshot.status === "available";

const isAwaited = ({ phase }: CopyTask): boolean => phase === "awaited";

/** The first hundred of each place, then the second. */
const roundsOf = (tasks: readonly CopyTask[]): readonly (readonly CopyTask[])[] => {
  const places = [...Map.groupBy(tasks, ({ region, family }) => `${region} ${family}`).values()];
  const hundreds = places.map((some) => chunk(some, sourcesAtOnce));
  const rounds = Math.max(0, ...hundreds.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => hundreds.flatMap((some) => some[round] ?? []));
};

const together = (one: FoundSources, other: FoundSources): FoundSources => ({
  sources: new Map([...one.sources, ...other.sources]),
  strangers: new Set([...one.strangers, ...other.strangers]),
  unreached: new Set([...one.unreached, ...other.unreached]),
});
