import type { MakeChecker } from "./checker.ts";
import { isAvailable, isOurs, isRunningCopy, planOf, resourceOf, takenAt } from "./ownership.ts";
import { type EndedRun, keyOf, type Scene, type SeenSnapshot } from "./records.ts";
import { timeIn } from "./run-members.ts";

/** For an hour places are kept for whoever is further behind. */
const keptMs = 55 * 60_000;

/**
 * On a night without faults the cluster whose newest copy is the oldest comes first: no other's copy is begun before its own
 * once its snapshot is there, and while that is still being created a place is kept for it. Of the executions that do a run
 * in parts each knows its own clusters only, and asks for their copies by the names that they have now, and where the last
 * run of the schedule has brought one for no other: of one that was renamed nothing is asked, nor of one of which a person
 * has had a later copy made.
 */
export const turns: MakeChecker = (scene, complain, count) => {
  /** Of each pass of a pump, the sources that it could find available. */
  const found = new Map<number, ReadonlySet<string>>();
  const pumps = new Map<string, Pump>();
  /** Of each execution how old each resource's newest copy was when its pumps began, by region. */
  const begun = new Map<number, Begun>();
  return {
    departed: ({ invocation: { number, function: name, plan, execution }, at }) => {
      if (name !== "copy" || plan === undefined || execution === undefined || found.has(number)) return;
      const points = pointsOf(plan, scene);
      found.set(number, sourcesIn(points));
      if (!begun.has(execution)) {
        const scheduled = newestCopies(points.filter(isScheduled));
        begun.set(execution, { at, newest: newestCopies(points), scheduled });
      }
    },
    answered: ({ invocation, operation, region, parameters, at, status, code }) => {
      const { execution, whole = execution, plan, number } = invocation;
      const isTaken = code.includes("AlreadyExists");
      if (operation !== "CopyDBClusterSnapshot" || (status !== 200 && !isTaken)) return;
      const start = begun.get(execution ?? 0);
      const arn = parameters.get("SourceDBClusterSnapshotIdentifier") ?? "";
      const points = pointsOf(plan ?? "", scene);
      const source = points.find((one) => one.arn === arn);
      if (start === undefined || source === undefined || whole === undefined) return;
      const key = `${whole} ${execution} ${region}`;
      const pump = pumps.get(key) ?? { whole, region, copies: [], taken: new Set() };
      pumps.set(key, pump);
      if (isTaken) {
        pump.taken.add(arn);
        return;
      }
      const own = new Set([...pump.copies.map(({ source: one }) => one.arn), arn]);
      const running = points.filter((one) => one.region === region && isRunningCopy(one));
      const place = `${region} ${resourceOf(source)}`;
      const isRenamed = points.some(
        (other) => resourceOf(other) === resourceOf(source) && other.cluster !== source.cluster,
      );
      const isAskedFor = execution !== whole && start.newest.get(place) !== start.scheduled.get(place);
      pump.copies.push({
        source,
        pass: number,
        isUnknown: isRenamed || isAskedFor,
        newest: start.newest.get(place) ?? Number.NEGATIVE_INFINITY,
        isEarly: at - start.at < keptMs,
        wasAsked: pump.taken.has(arn),
        found: found.get(number) ?? new Set(),
        there: sourcesIn(points),
        running: running.filter(({ sourceArn = "" }) => own.has(sourceArn)).length,
      });
    },
    runEnded: (run) => {
      for (const [key, pump] of [...pumps].filter(([, { whole }]) => whole === run.execution)) {
        pumps.delete(key);
        if (!run.calm || run.asked) continue;
        count();
        for (const sentence of outOfTurn(pump, run)) complain(sentence);
      }
    },
    nightEnded: () => {
      found.clear();
      begun.clear();
    },
  };
};

interface Begun {
  readonly at: number;
  readonly newest: ReadonlyMap<string, number>;
  /** The same without what people asked for. */
  readonly scheduled: ReadonlyMap<string, number>;
}

interface Pump {
  readonly whole: number;
  readonly region: string;
  /** In the order in which they were begun. */
  readonly copies: Started[];
  /** Sources whose copies were asked for under a name that others hold: they have had their turn, and get another later. */
  readonly taken: Set<string>;
}

interface Started {
  readonly source: SeenSnapshot;
  /** The invocation; it asks for several at once. */
  readonly pass: number;
  /** There are points from before a renaming, or a later copy that a person asked for, of which its part does not know. */
  readonly isUnknown: boolean;
  /** When the cluster's newest copy was taken, as its pump began. */
  readonly newest: number;
  readonly isEarly: boolean;
  readonly wasAsked: boolean;
  /** The sources that were available when the pass began, and when this copy was. */
  readonly found: ReadonlySet<string>;
  readonly there: ReadonlySet<string>;
  /** The pump's copies under way, with this one. */
  readonly running: number;
}

const pointsOf = (plan: string, scene: Scene): readonly SeenSnapshot[] =>
  scene.snapshots().filter((one) => planOf(one) === plan && isOurs(one, scene.service));

const sourcesIn = (points: readonly SeenSnapshot[]): ReadonlySet<string> =>
  new Set(points.filter((one) => isAvailable(one) && !one.tags.has("holdfast:source")).map(keyOf));

const isScheduled = ({ tags }: SeenSnapshot): boolean =>
  tags.get("holdfast:run") === `${tags.get("holdfast:plan")}-${timeIn(tags.get("holdfast:taken-at") ?? "")}`;

/** One that is under way counts: its cluster has had its turn. */
const newestCopies = (points: readonly SeenSnapshot[]): ReadonlyMap<string, number> => {
  const newest = new Map<string, number>();
  for (const one of points.filter((copy) => isAvailable(copy) || isRunningCopy(copy))) {
    const key = `${one.region} ${resourceOf(one)}`;
    newest.set(key, Math.max(newest.get(key) ?? Number.NEGATIVE_INFINITY, takenAt(one)));
  }
  return newest;
};

const outOfTurn = ({ region, copies }: Pump, { plan, at }: EndedRun): readonly string[] =>
  copies.flatMap((one, index) => {
    if (!one.isEarly || one.isUnknown) return [];
    const behind = copies
      .slice(index + 1)
      .filter(({ newest, isUnknown, wasAsked }) => !isUnknown && !wasAsked && newest < one.newest);
    const passed = behind.filter(({ source, pass }) => pass !== one.pass && one.found.has(keyOf(source)));
    const awaited = behind.filter(({ source }) => !one.there.has(keyOf(source)));
    const what = `the run of ${plan.name} at ${at} copies ${one.source.id} to ${region}`;
    return [
      ...passed.map(({ source }) => `${what} before ${source.id}, whose cluster is further behind`),
      ...(one.running + awaited.length > plan.copiesInFlight
        ? [`${what} and keeps no place for ${awaited.map(({ source }) => source.id).join(", ")}`]
        : []),
    ];
  });
