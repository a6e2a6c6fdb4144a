import type { MakeChecker } from "./checker.ts";
import { isFailed, isOurs, planOf, resourceOf } from "./ownership.ts";
import { keyOf, type SeenSnapshot } from "./records.ts";
import { firstOf, plainOf } from "./run-members.ts";

interface Maker {
  readonly plan: string | undefined;
  readonly run: string;
  readonly execution: number | undefined;
}

interface Made extends Maker {
  /** Milliseconds since the epoch. */
  readonly when: number;
}

/**
 * A create is answered AlreadyExists at most once per lost answer or doubled run; and of one run a resource has one
 * living snapshot in a region, unless what one execution of it had made vanished and another made it anew.
 */
export const noDoubles: MakeChecker = (scene, complain, count) => {
  const times = new Map<string, number>();
  const made = new Map<string, Made>();
  const met = new Set<string>();
  /** What each execution asked for and had no answer to: if it is there when it asks again, it made it. */
  const unanswered = new Set<string>();
  /**
   * Names that a second execution of a run was given once more, since what the first had made under them vanished, or that
   * the first had given up: it cannot know that the first has come to the next name meanwhile.
   */
  const remade = new Set<string>();
  /** When each execution first called AWS. */
  const begun = new Map<number | undefined, number>();
  /**
   * Each execution may meet once what another of the same run has made; what another run of its plan has made since it
   * began itself, where both copy one older point; and what others hold, or have written on so that it is not known as ours.
   */
  const metAnother = (key: string, { plan, run, execution }: Maker): boolean => {
    const maker = made.get(key);
    const meeting = `${key} ${execution}`;
    if (met.has(meeting)) return false;
    const isSideBySide = ({ when, ...other }: Made): boolean =>
      other.plan === plan && when >= (begun.get(execution) ?? Number.POSITIVE_INFINITY);
    const isAnothers =
      maker !== undefined && maker.execution !== execution && (maker.run === run || isSideBySide(maker));
    if (!isAnothers && !scene.touched.has(key)) return false;
    met.add(meeting);
    return true;
  };
  return {
    answered: ({ operation, region, parameters, invocation, status, code }) => {
      const { plan, at, execution, whole = execution } = invocation;
      if (!begun.has(whole)) begun.set(whole, invocation.startedAt);
      if (!/^(Create|Copy).*Snapshot$/.test(operation)) return;
      const name =
        parameters.get("TargetDBClusterSnapshotIdentifier") ??
        parameters.get("DBClusterSnapshotIdentifier") ??
        parameters.get("SnapshotIdentifier") ??
        "";
      const key = `${region} ${name}`;
      const maker: Maker = { plan, run: `${plan} ${at}`, execution: whole };
      const asking = `${key} ${whole}`;
      if (status === 0) unanswered.add(asking);
      if (code.includes("AlreadyExists") && unanswered.has(asking) && !made.has(key))
        made.set(key, { ...maker, when: scene.now() });
      if (status === 200) {
        const before = [key, ...laterThan(key)].flatMap((one) => made.get(one) ?? []);
        if (before.some((one) => one.run === maker.run && one.execution !== maker.execution)) remade.add(key);
        made.set(key, { ...maker, when: scene.now() });
      }
      if (!code.includes("AlreadyExists")) return;
      count();
      // The name of a third attempt that failed is asked for once more by each later run, whose look at it then ends.
      if (name.endsWith("-3") && scene.snapshots().some((one) => keyOf(one) === key && isFailed(one))) return;
      if (metAnother(key, maker)) return;
      const refused = (times.get(key) ?? 0) + 1;
      times.set(key, refused);
      const allowed = scene.excuses(region, name);
      if (refused > allowed)
        complain(
          `${operation} of ${key} was answered AlreadyExists ${refused} times, for ${allowed} lost answers or doubled runs`,
        );
    },
    // What a listing that lagged has excused is no debt of another night's.
    nightEnded: () => times.clear(),
    runEnded: ({ at }) => {
      count();
      const living = scene
        .snapshots()
        .filter((one) => isOurs(one, scene.service) && !isFailed(one) && one.status !== "deleting")
        .filter(({ tags }) => tags.get("holdfast:taken-at") === at);
      // A cluster that is renamed between two executions is another to the second: its ARN is.
      const run = (one: (typeof living)[number]) =>
        `${one.region} ${resourceOf(one)} ${one.cluster} ${planOf(one)} ${one.tags.get("holdfast:run")}`;
      for (const some of Map.groupBy(living, run).values())
        if (some.length > 1 && !some.flatMap(keysOf).some((key) => scene.touched.has(key) || remade.has(key)))
          complain(`one run has ${some.map(keyOf).join(" and ")}`);
    },
  };
};

/** The names of the attempts after it. */
const laterThan = (key: string): readonly string[] =>
  [2, 3].map((attempt) => `${firstOf(key)}-${attempt}`).filter((one) => one > key);

/** A snapshot's, and its source's where AWS has copied it by itself. */
const keysOf = (one: SeenSnapshot): readonly string[] =>
  one.sourceRegion === undefined
    ? [keyOf(one)]
    : [keyOf(one), keyOf({ region: one.sourceRegion, id: plainOf(one.id) })];
