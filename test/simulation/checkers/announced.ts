import type { MakeChecker } from "./checker.ts";
import { lookOut } from "./looks.ts";
import { isAvailable, isOurs, planOf, resourceOf } from "./ownership.ts";
import { type EndedRun, keyOf, type Scene, type SeenSnapshot } from "./records.ts";
import { isScheduledPoint, meantAtStart } from "./run-members.ts";
import { placesOf } from "./terms.ts";

/**
 * The event bus is told what happens: that a run is complete, on a night without faults what any run came to; every recovery
 * point and copy of a cluster of which the run says nothing else; and on a night without faults all that was deleted. A function that dies between its deletion and its
 * telling leaves that untold, and says so in its log only.
 */
export const announced: MakeChecker = (scene, complain, count) => {
  /** What was told of each ARN. */
  const told = new Map<string, Set<string>>();
  const outcomes: Outcome[] = [];
  /** Regions of whose points nothing could be told, by run. */
  const deafIn = new Map<string, Set<string>>();
  /** Invocations to which the bus did not listen, by number, and which has tagged a copy that AWS had brought, by its ARN. */
  const unheard = new Set<number>();
  const recognised = new Map<string, number>();
  const looks = lookOut(scene);
  const deleted: SeenSnapshot[] = [];
  const isTold = (what: string, arn: string): boolean => told.get(what)?.has(arn) ?? false;
  return {
    departed: looks.departed,
    answered: (call) => {
      looks.answered(call);
      const { invocation, operation, parameters, status } = call;
      if (operation === "PutEvents" && status !== 200) unheard.add(invocation.number);
      if (operation === "CreateTags") recognised.set(parameters.get("ResourceName") ?? "", invocation.number);
    },
    unanswered: looks.unanswered,
    invocationEnded: looks.invocationEnded,
    told: ({ type, resources, detail }) => {
      const own = told.get(type) ?? new Set();
      told.set(type, own);
      for (const arn of resources) own.add(arn);
      const { plan, at } = detail as { readonly plan?: string; readonly at?: string };
      if (resources.length === 0) outcomes.push({ type, plan, at });
    },
    deleted: ({ snapshot }) => void deleted.push(snapshot),
    runEnded: (run) => {
      const { plan, at, report, asked } = run;
      const { untold } = looks.of(run);
      if (report === undefined || asked) return;
      count();
      const right = `Holdfast Backup ${report.outcome === "complete" ? "Completed" : "Incomplete"}`;
      // What tells that a run is incomplete may itself be cut off: its execution has failed all the same.
      const isDue = (report.outcome === "complete" && !untold) || run.calm;
      if (isDue && !outcomes.some((one) => one.type === right && one.plan === plan.name && one.at === at))
        complain(`the run of ${plan.name} at ${at} is ${report.outcome}, and no event says so`);
      const wide = report.problems.filter(({ cluster }) => cluster === "*");
      // There the bus did not listen, which is said; an execution before may have said it, whose report was not heard either.
      const deaf = deafIn.get(`${plan.name} ${at}`) ?? new Set();
      deafIn.set(`${plan.name} ${at}`, deaf);
      for (const { region, code } of wide) if (code === "untold") deaf.add(region);
      if (wide.some(({ code }) => code !== "untold")) return;
      const amiss = new Set(
        report.problems.flatMap(({ cluster, code }) => (lasting.has(code) ? [] : cluster)),
      );
      for (const one of pointsOf(run, scene).filter(
        ({ cluster, region, arn }) =>
          !amiss.has(cluster) && !deaf.has(region) && !unheard.has(recognised.get(arn) ?? Number.NaN),
      )) {
        const what = one.tags.has("holdfast:source") ? "Copied" : "Created";
        if (!isTold(`Holdfast Recovery Point ${what}`, one.arn))
          complain(`${keyOf(one)} is there, and no event says so`);
      }
    },
    nightEnded: ({ calm }) => {
      for (const one of calm > 0 ? deleted : []) {
        count();
        if (!isTold("Holdfast Recovery Point Pruned", one.arn))
          complain(`${keyOf(one)} was deleted, and no event says so`);
      }
      deleted.splice(0);
      outcomes.splice(0);
    },
  };
};

/** What is said of a cluster night after night, and keeps nobody from telling what there is. */
const lasting: ReadonlySet<string> = new Set([
  ...["override-retention", "override-copies", "override-plan", "copy-unsupported", "key-missing"],
  ...["brake", "copy-gate", "undeletable"],
]);

interface Outcome {
  readonly type: string;
  readonly plan: string | undefined;
  readonly at: string | undefined;
}

/**
 * Of a cluster that was not there when the run began, that it did not mean or not want there, or that had another name by
 * then, what another execution of it had begun is known to none; nor is what a killed Snapshot had begun of one in whose
 * place the next has taken another.
 */
const pointsOf = (run: EndedRun, scene: Scene): readonly SeenSnapshot[] => {
  const wanted = new Set(
    meantAtStart(run, scene).flatMap(([cluster, ...others]) =>
      placesOf(cluster, run.plan)
        .filter((region) => others.every((one) => placesOf(one, run.plan).includes(region)))
        .map((region) => `${cluster.resource} ${cluster.id} ${region}`),
    ),
  );
  const points = scene.snapshots().filter((one) => one.tags.get("holdfast:taken-at") === run.at);
  return points.filter(
    (one) =>
      isAvailable(one) &&
      wanted.has(`${resourceOf(one)} ${one.cluster} ${one.region}`) &&
      !scene.touched.has(keyOf(one)) &&
      isScheduledPoint(one, run) &&
      isOurs(one, scene.service) &&
      planOf(one) === run.plan.name &&
      !points.some((other) => hasReplaced(other, one)),
  );
};

/** Whether a run has taken another cluster later, in the place of the one that it had taken. */
const hasReplaced = (later: SeenSnapshot, one: SeenSnapshot): boolean =>
  later.tags.get("holdfast:run") === one.tags.get("holdfast:run") &&
  later.tags.get("holdfast:cluster") === one.tags.get("holdfast:cluster") &&
  later.cluster === one.cluster &&
  resourceOf(later) !== resourceOf(one) &&
  later.startedAt > one.startedAt;
