import { type CopyTask, comingMinutesMax } from "../core/copying.ts";
import { laterAttempts } from "../core/naming.ts";
import { mayYetBeOurs, type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Context } from "./context.ts";
import type { CopyPass } from "./copy-pass.ts";
import { reach } from "./reach.ts";

export interface FoundSources {
  /** By identifier. */
  readonly sources: ReadonlyMap<string, OwnedSnapshot>;
  /** Identifiers that someone else's snapshots hold: what may yet be ours is as good as not there. */
  readonly strangers: ReadonlySet<string>;
  /** Regions that did not answer: of what lies there this look says nothing. */
  readonly unreached: ReadonlySet<string>;
}

/**
 * Whether a source must be there by now, so that where AWS's filter leaves it out the filter is doubted. One that nobody
 * has seen yet must be there ten minutes after its turn came. In a run in parts, which takes its snapshots for longer, it
 * is waited for to the end: else each part would list the whole region for what is merely not taken yet.
 */
const mustBeThere = ({ phase, asked = 0 }: CopyTask, { input, minutesElapsed }: CopyPass): boolean =>
  phase !== "awaited" || minutesElapsed - asked >= (input.run.part ? comingMinutesMax : 10);

/**
 * The source snapshots of some tasks: one listing for each region and family, and another for the later attempts of what
 * is awaited and should be there, where it is not: a failed one may be deleted before a pass has seen that it failed.
 */
export const findSources = async (
  pass: CopyPass,
  tasks: readonly CopyTask[],
  context: Context<"engines">,
): Promise<FoundSources> => {
  const { engines, service } = context;
  const unreached = new Set<string>();
  const groups = Map.groupBy(tasks, ({ region, family }) => `${region} ${family}`);
  const found = await Promise.all(
    [...groups.values()].map(async ([first, ...rest]): Promise<readonly Snapshot[]> => {
      if (first === undefined) return [];
      const { region, family } = first;
      const some = [first, ...rest];
      const ids = some.map(({ source }) => source);
      const certain = some.filter((task) => mustBeThere(task, pass));
      const query = { region, ids, runId: pass.input.run.id, expected: certain.map(({ source }) => source) };
      const find = async (): Promise<readonly Snapshot[]> => {
        const there = await engines[family].findSnapshots(query);
        const seen = new Set(there.flatMap((one) => (mayYetBeOurs(one) ? [] : one.id)));
        const later = certain
          .filter(({ phase, source }) => phase === "awaited" && !seen.has(source))
          .flatMap(({ source }) => laterAttempts(source));
        if (later.length === 0) return there;
        return [...there, ...(await engines[family].findSnapshots({ ...query, ids: later, expected: [] }))];
      };
      const answer = await reach({ region, family }, find, context);
      if (answer === undefined) unreached.add(region);
      return answer ?? [];
    }),
  );
  const owned = found.flat().flatMap((one) => ownedBy(service, one) ?? []);
  const sources = new Map(owned.map((one) => [one.snapshot.id, one]));
  const strangers = found.flat().filter((one) => !sources.has(one.id) && !mayYetBeOurs(one));
  return { sources, strangers: new Set(strangers.map(({ id }) => id)), unreached };
};

/** The task as its sources were found: under the name of a later attempt, where that is there and its own is not. */
export const asFound = (task: CopyTask, sources: FoundSources["sources"]): CopyTask => {
  const later = laterAttempts(task.source).findLast((name) => sources.has(name));
  return later === undefined || sources.has(task.source) ? task : { ...task, source: later };
};
