import { distinctProblems, problemKey } from "../lib/core/problem.ts";
import type { ForetoldRun, JudgedPoint, PreviewedCluster } from "./preview-document.ts";
import type { ToldProblem } from "./result-document.ts";

/** Something that happens with one configuration and not with the other. */
export interface Change {
  readonly plan: string;
  readonly region: string;
  readonly id: string;
  readonly because: string;
}

/** What another holdfast.yml would do differently in the plans' next runs. */
export interface PlanChanges {
  readonly plansAdded: readonly string[];
  readonly plansRemoved: readonly string[];
  /** Switched off: what they mean is neither taken nor pruned. */
  readonly plansOff: readonly string[];
  readonly taken: Differences;
  readonly copied: Differences;
  readonly pruned: Differences;
  /**
   * Of the changed configuration's runs, those that the present one's do not have; and of both what was not seen, without
   * which a difference may be missing.
   */
  readonly problems: readonly ToldProblem[];
}

export interface Differences {
  readonly more: readonly Change[];
  readonly fewer: readonly Change[];
}

/** `off`: plans that the changed configuration has and switches off. */
export const changes = (
  now: readonly ForetoldRun[],
  then: readonly ForetoldRun[],
  off: readonly string[],
): PlanChanges => {
  const names = (documents: readonly ForetoldRun[]) => documents.map(({ plan }) => plan);
  const told = new Set(now.flatMap(({ problems }) => problems).map(problemKey));
  const gone = names(now).filter((name) => !names(then).includes(name));
  return {
    plansAdded: names(then).filter((name) => !names(now).includes(name)),
    plansRemoved: gone.filter((name) => !off.includes(name)),
    plansOff: gone.filter((name) => off.includes(name)),
    taken: differences(now, then, takes),
    copied: differences(now, then, copies),
    pruned: differences(now, then, prunes),
    problems: distinctProblems([
      ...[...now, ...then].flatMap(({ problems }) => problems).filter(isBlind),
      ...then.flatMap(({ problems }) => problems).filter((one) => !told.has(problemKey(one))),
    ]),
  };
};

/** Whether a run could not see all that it decides by. */
export const isBlind = ({ code }: ToldProblem): boolean =>
  ["unlisted", "prune-suspended", "tags-unknown", "lost"].includes(code);

type ChangesOf = (document: ForetoldRun) => readonly Change[];

const differences = (
  now: readonly ForetoldRun[],
  then: readonly ForetoldRun[],
  of: ChangesOf,
): Differences => {
  const key = ({ plan, region, id }: Change) => `${plan} ${region} ${id}`;
  const [here, there] = [now.flatMap(of), then.flatMap(of)];
  const [hereKeys, thereKeys] = [new Set(here.map(key)), new Set(there.map(key))];
  return {
    more: there.filter((one) => !hereKeys.has(key(one))),
    fewer: here.filter((one) => !thereKeys.has(key(one))),
  };
};

/** By cluster, not by the snapshot's name: the two runs may be of different times. */
const takes: ChangesOf = ({ plan, clusters }) =>
  clusters
    .filter(({ action }) => action === "take")
    .map(({ region, cluster, because }) => ({ plan, region, id: cluster, because }));

const copies: ChangesOf = ({ plan, clusters }) =>
  clusters.flatMap((one) =>
    one.copies
      .filter(({ action }) => action === "start" || action === "arrives")
      .map(({ region, kmsKey }) => ({
        ...{ plan, region, id: one.cluster },
        because: kmsKey === null ? "without a key" : `with ${kmsKey}`,
      })),
  );

const prunes: ChangesOf = ({ plan, clusters }) =>
  clusters.flatMap(({ prune }: PreviewedCluster) =>
    prune.map(({ region, id, because }: JudgedPoint) => ({ plan, region, id, because: because.join(", ") })),
  );
