import { distinctProblems, problemKey } from "../lib/core/problem.ts";
import type { ToldProblem } from "./aws-words.ts";
import type { ForetoldSweep } from "./plan-sweep.ts";
import type { ForetoldRun, JudgedPoint, PreviewedCluster } from "./preview-document.ts";

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
  /** By the plans' runs and by Sweep. */
  readonly pruned: Differences;
  /** What Sweep would remove of what only with the changed configuration no plan's run visits. */
  readonly swept: readonly Change[];
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

/** What would happen with a configuration. */
export interface Foreseen {
  readonly runs: readonly ForetoldRun[];
  readonly sweep: ForetoldSweep;
}

/** `off`: plans that the changed configuration has and switches off. */
export const changes = (now: Foreseen, then: Foreseen, off: readonly string[]): PlanChanges => {
  const names = ({ runs }: Foreseen) => runs.map(({ plan }) => plan);
  const told = new Set(problemsOf(now).map(problemKey));
  const gone = names(now).filter((name) => !names(then).includes(name));
  const orphans = new Set(now.sweep.sets.map(({ key }) => key));
  return {
    plansAdded: names(then).filter((name) => !names(now).includes(name)),
    plansRemoved: gone.filter((name) => !off.includes(name)),
    plansOff: gone.filter((name) => off.includes(name)),
    taken: differences(now, then, (one) => one.runs.flatMap(takes)),
    copied: differences(now, then, (one) => one.runs.flatMap(copies)),
    pruned: differences(now, then, prunes),
    swept: then.sweep.sets.filter(({ key }) => !orphans.has(key)).flatMap(({ removes }) => removes),
    problems: [
      ...distinctProblems([
        ...[...problemsOf(now), ...problemsOf(then)].filter(isBlind),
        ...problemsOf(then).filter((one) => !told.has(problemKey(one))),
      ]),
      ...unseenPlans([...now.runs, ...then.runs]),
    ],
  };
};

const problemsOf = ({ runs, sweep }: Foreseen): readonly ToldProblem[] => [
  ...[...runs.filter(isForetold), ...sweep.sets].flatMap(({ problems }) => problems),
  ...sweep.unlisted,
];

const isForetold = ({ run }: ForetoldRun): boolean => run !== null;

/** Each plan of which nothing was foretold, though the region be one, and once where both configurations have it. */
const unseenPlans = (runs: readonly ForetoldRun[]): readonly ToldProblem[] => {
  const unseen = runs.filter((run) => !isForetold(run));
  return [...new Map(unseen.map(({ plan, problems }) => [plan, problems])).values()].flat();
};

/** Whether a run could not see all that it decides by. */
export const isBlind = ({ code }: ToldProblem): boolean =>
  ["unlisted", "prune-suspended", "tags-unknown", "lost"].includes(code);

/** A change, and what makes it the same one in both configurations: its words may differ. */
interface Keyed {
  readonly key: string;
  readonly change: Change;
}

type ChangesOf<T> = (what: T) => readonly Keyed[];

const differences = (now: Foreseen, then: Foreseen, of: ChangesOf<Foreseen>): Differences => {
  const [here, there] = [of(now), of(then)];
  const [hereKeys, thereKeys] = [new Set(here.map(({ key }) => key)), new Set(there.map(({ key }) => key))];
  return {
    more: there.filter(({ key }) => !hereKeys.has(key)).map(({ change }) => change),
    fewer: here.filter(({ key }) => !thereKeys.has(key)).map(({ change }) => change),
  };
};

/** By cluster, not by the snapshot's name: the two runs may be of different times. Several clusters may have one name. */
const takes: ChangesOf<ForetoldRun> = ({ plan, clusters }) =>
  clusters
    .filter(({ action }) => action === "take")
    .map(({ region, cluster, arn, because }) => ({
      key: `${plan} ${arn}`,
      change: { plan, region, id: cluster, because },
    }));

/** Under another key it is another copy. */
const copies: ChangesOf<ForetoldRun> = ({ plan, clusters }) =>
  clusters.flatMap(({ arn, region: from, cluster, copies: some }) =>
    some
      .filter(({ action }) => action === "start" || action === "arrives")
      .map(({ region, kmsKey }) => ({
        key: `${plan} ${arn} ${region} ${kmsKey}`,
        change: {
          ...{ plan, region, id: cluster },
          because: `from ${from}, ${kmsKey === null ? "without a key" : `with ${kmsKey}`}`,
        },
      })),
  );

const prunes: ChangesOf<Foreseen> = ({ runs, sweep }) =>
  [...runs.flatMap(prunesOfRun), ...sweep.sets.flatMap(({ removes }) => removes)].map((change) => ({
    key: `${change.plan} ${change.region} ${change.id}`,
    change,
  }));

const prunesOfRun = ({ plan, clusters }: ForetoldRun): readonly Change[] =>
  clusters.flatMap(({ prune }: PreviewedCluster) =>
    prune.map(({ region, id, because }: JudgedPoint) => ({ plan, region, id, because: because.join(", ") })),
  );
