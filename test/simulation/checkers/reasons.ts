import type { MakeChecker } from "./checker.ts";
import { isAvailable, isFailed, isOurs, planOf, resourceOf } from "./ownership.ts";
import {
  type EndedRun,
  keyOf,
  type Scene,
  type SeenCall,
  type SeenCluster,
  type SeenSnapshot,
} from "./records.ts";
import { timeIn } from "./run-members.ts";

/**
 * The word by which a run says why something is missing has its reason in what AWS answered the run, or in what there is. A
 * wrong word sends people to the wrong place: to a role, say, where a quota is full.
 */
export const reasons: MakeChecker = (scene, complain, count) => {
  /** Of each run, by its execution, what was answered to what it asked for. */
  const answers = new Map<number, Answer[]>();
  /** Statuses that clusters were shown with, by execution: `region id status`. */
  const statuses = new Map<number, Set<string>>();
  /** What was asked for of copies of a cluster, by any execution of a run: `region cluster`. */
  const copies = new Map<string, Answer[]>();
  /** The names that snapshots of a cluster were asked for under, by any execution of a run: `region cluster time`. */
  const taken = new Map<string, Set<string>>();
  /** Clusters of whose snapshots or copies one was in progress when a report of the run looked, by execution. */
  const late = new Map<number, Set<string>>();
  return {
    departed: ({ invocation: { function: name, execution, whole = execution, at = "" } }) => {
      if (name !== "report" || whole === undefined) return;
      const own = late.get(whole) ?? new Set();
      late.set(whole, own);
      for (const one of scene.snapshots()) if (isInProgress(one, at)) own.add(one.cluster);
    },
    answered: (call) => {
      const { execution, whole = execution } = call.invocation;
      const answer = asAnswer(call, scene);
      if (whole === undefined || answer === undefined) return;
      answers.set(whole, [...(answers.get(whole) ?? []), answer]);
      const key = `${call.region} ${answer.cluster} ${answer.time}`;
      if (answer.what === "take") taken.set(key, (taken.get(key) ?? new Set()).add(answer.name));
      if (answer.what !== "copy") return;
      const place = `${call.region} ${answer.cluster}`;
      copies.set(place, [...(copies.get(place) ?? []), answer]);
    },
    found: ({ invocation: { execution, whole = execution }, clusters }) => {
      if (whole === undefined) return;
      const own = statuses.get(whole) ?? new Set();
      statuses.set(whole, own);
      for (const { region, id, status } of clusters)
        if (status !== "available") own.add(`${region} ${id} ${status}`);
    },
    runEnded: (run) => {
      const seen: Evidence = {
        answers: answers.get(run.execution) ?? [],
        statuses: statuses.get(run.execution) ?? new Set(),
        late: late.get(run.execution) ?? new Set(),
        takenAs: ({ region, cluster }) => taken.get(`${region} ${cluster} ${timeIn(run.at)}`) ?? new Set(),
        copiesAsked: (to, cluster) => copies.get(`${to} ${cluster}`) ?? [],
      };
      answers.delete(run.execution);
      statuses.delete(run.execution);
      late.delete(run.execution);
      for (const row of run.report?.problems ?? []) {
        if (row.cluster === "*") continue;
        count();
        if (evidence[row.code]?.(row, seen, run, scene) ?? true) continue;
        complain(
          `the run of ${run.plan.name} at ${run.at} says ${row.code} of ${row.cluster} in ${row.region}, and nothing shows that`,
        );
      }
    },
  };
};

interface Row {
  readonly cluster: string;
  readonly region: string;
}

interface Answer {
  readonly what: "take" | "copy" | "key";
  readonly region: string;
  /** Of which cluster, and in its own region; unknown of a key, and of a source that is gone. */
  readonly cluster?: string | undefined;
  readonly home?: string | undefined;
  /** The run's time as its name has it. */
  readonly time: string;
  readonly name: string;
  readonly status: number;
  readonly code: string;
  readonly isUsable: boolean;
  readonly isLimit: boolean;
}

interface Evidence {
  readonly answers: readonly Answer[];
  readonly statuses: ReadonlySet<string>;
  readonly late: ReadonlySet<string>;
  /** The names that the run has taken a cluster's snapshots under. */
  readonly takenAs: (row: Row) => ReadonlySet<string>;
  /** What was asked for of copies of a cluster's points into a region. */
  readonly copiesAsked: (to: string, cluster: string) => readonly Answer[];
}

const kinds: Readonly<Record<string, Answer["what"]>> = {
  CreateDBClusterSnapshot: "take",
  CreateClusterSnapshot: "take",
  CopyDBClusterSnapshot: "copy",
  DescribeKey: "key",
};

const asAnswer = (
  { operation, region, parameters, status, code, body }: SeenCall,
  scene: Scene,
): Answer | undefined => {
  const what = kinds[operation];
  if (what === undefined) return undefined;
  const arn = parameters.get("SourceDBClusterSnapshotIdentifier") ?? "";
  const home = what === "copy" ? arn.split(":")[3] : region;
  const cluster =
    what === "copy"
      ? scene.snapshots(home).find((one) => one.arn === arn)?.cluster
      : (parameters.get("DBClusterIdentifier") ?? parameters.get("ClusterIdentifier"));
  const name =
    parameters.get("TargetDBClusterSnapshotIdentifier") ??
    parameters.get("DBClusterSnapshotIdentifier") ??
    parameters.get("SnapshotIdentifier") ??
    "";
  const time = /\d{8}t\d{6}z/.exec(name)?.[0] ?? "";
  const isUsable = what !== "key" || (status === 200 && /"KeyState": ?"(Enabled|Updating)"/.test(body));
  const isLimit = body.includes("Cannot copy more than");
  return { what, region, home, cluster, time, name, status, code, isUsable, isLimit };
};

const concerns = (
  { cluster, region }: Row,
  { what, cluster: id = cluster, home = region }: Answer,
): boolean => what === "key" || (id === cluster && home === region);

const isDenied = ({ code, status }: Answer): boolean => status !== 200 && code.startsWith("AccessDenied");
/** A call that passes, or was not answered, says nothing of what it asked about. */
const isTold = ({ code, status }: Answer): boolean => status > 0 && status < 500 && !code.includes("Throttl");
/** The limit on running copies has the code of a full quota, and ends by itself. */
const isFull = ({ code, isLimit }: Answer): boolean => code.includes("Quota") && !isLimit;

/** What passes by itself, or has a word of its own, is no refusal. */
const isRefused = (answer: Answer): boolean =>
  isTold(answer) &&
  answer.status >= 400 &&
  !/^AccessDenied|^KMS|AlreadyExists|NotFound|State|Quota/.test(answer.code);

/** Whether some answer to the run that concerns the row is as it says. */
const answered =
  (isIt: (answer: Answer) => boolean): Has =>
  (row, { answers }) =>
    answers.some((one) => concerns(row, one) && isIt(one));

const inStatus =
  (...words: readonly string[]): Has =>
  ({ cluster, region }, { statuses }) =>
    words.some((word) => statuses.has(`${region} ${cluster} ${word}`));

type Has = (row: Row, seen: Evidence, run: EndedRun, scene: Scene) => boolean;

/** So often AWS may fail a snapshot, or a copy. */
const attempts = 3;

/** By the plans of the estate, less a look. */
const deadlineMs = 8 * 3_600_000 - 900_000;

/** So many copies of a point were begun, or the last name was asked for: under one before it a person's copy may have failed. */
const isSpent = (asked: readonly Answer[]): boolean =>
  asked.filter(({ status }) => status === 200).length >= attempts ||
  asked.some(({ name }) => name.endsWith(`-${attempts}`));

const isOfRun = (id: string, { at }: Pick<EndedRun, "at">): boolean => id.includes(timeIn(at));

const isInProgress = (one: SeenSnapshot, at: string): boolean =>
  !isAvailable(one) && !isFailed(one) && isOfRun(one.id, { at });

/** Clusters as any part of the run was shown them. */
const viewed = ({ cluster, region }: Row, { execution }: EndedRun, scene: Scene): readonly SeenCluster[] =>
  scene
    .views(execution)
    .flat()
    .filter((one) => one.id === cluster && one.region === region);

/** The row's cluster is not the one that the run began with. */
const isGone: Has = (row, _, run, scene) => {
  const now = scene.clusters().filter(({ id, region }) => id === row.cluster && region === row.region);
  return viewed(row, run, scene).some(({ resource }) => now.every((one) => one.resource !== resource));
};

/** By the words of holdfast's rows; of others nothing is asked. */
const evidence: Readonly<Record<string, Has>> = {
  denied: answered(isDenied),
  refused: answered(isRefused),
  // Every further one of the region would be refused as well.
  "quota-full": ({ region }, { answers }) =>
    answers.some((one) => one.what === "take" && one.region === region && isFull(one)),
  "copy-quota-full": ({ region }, { answers }, { plan }) =>
    answers.some(
      (one) => one.what === "copy" && isFull(one) && plan.copies.some((to) => to.region === one.region),
    ) && plan.regions.includes(region),
  stopped: inStatus("stopped", "stopping", "paused"),
  missing: (row, seen, run, scene) =>
    inStatus("deleting")(row, seen, run, scene) || isGone(row, seen, run, scene),
  "key-missing": (row, _, run, scene) =>
    viewed(row, run, scene).some(({ encrypted, awsOwned }) => encrypted || awsOwned) &&
    run.plan.copies.some(({ key }) => key === undefined),
  "key-unusable": (row, { answers }) =>
    answers.some((one) => one.what === "key" && !one.isUsable && isTold(one) && !isDenied(one)) ||
    answers.some((one) => one.what === "copy" && concerns(row, one) && one.code.startsWith("KMS")),
  // A stranger's, or one that others have written on.
  "name-taken": ({ cluster, region }, _, run, scene) =>
    scene
      .snapshots(region)
      .some(
        (one) =>
          isOfRun(one.id, run) &&
          one.cluster === cluster &&
          (!isOurs(one, scene.service) || scene.touched.has(keyOf(one))),
      ),
  "snapshot-failed": (row, { takenAs }, run, scene) => {
    const { cluster, region } = row;
    const failed = scene
      .snapshots(region)
      .filter((one) => isFailed(one) && one.cluster === cluster && isOfRun(one.id, run));
    return new Set([...takenAs(row), ...failed.map(({ id }) => id)]).size >= attempts;
  },
  // Of a cluster that is stopped the newest point is copied, whenever it was taken.
  "copy-failed": (row, { copiesAsked }, run, scene) => {
    const isLast = viewed(row, run, scene).some(({ status }) => status !== "available");
    const asked = run.plan.copies.map(({ region }) =>
      copiesAsked(region, row.cluster).filter(({ name }) => isLast || isOfRun(name, run)),
    );
    return asked.some((some) => [...Map.groupBy(some, ({ time }) => time).values()].some(isSpent));
  },
  deadline: ({ cluster }, { late }, run, scene) =>
    scene.now() - run.startedAt > deadlineMs || late.has(cluster),
  superseded: (row, _, run, scene) => {
    const regions = [row.region, ...run.plan.copies.map(({ region }) => region)];
    const gone = regions.flatMap((region) => scene.removedByOthers(region, run.startedAt));
    return [...scene.snapshots(), ...gone].some(
      (one) =>
        planOf(one) === run.plan.name &&
        one.cluster === row.cluster &&
        viewed(row, run, scene).some(({ resource }) => resource === resourceOf(one)) &&
        (one.tags.get("holdfast:taken-at") ?? "") > run.at,
    );
  },
};
